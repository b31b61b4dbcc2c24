import type { StageConnection } from './connection.svelte.ts';
import { QualityTally, type QualityReport } from './quality-report.ts';

const everyMs = 60_000;
const firstAfterMs = 15_000;

type About = Pick<QualityReport, 'summit' | 'kind' | 'mode'> & {
	/** Whether there is a picture to come. */
	hasPictures: boolean;
	/** The reader's own identity: their own picture comes from their own device. */
	own: string | null;
};

/**
 * Reports, a minute each, how joining went, how long the first picture took, how often the connection broke, and what it lost: counts of
 * nobody. Call it in a component's script.
 */
export function reportQuality(connection: StageConnection, about: () => About): void {
	const tally = new QualityTally();
	const { phase } = $derived(connection);
	const hasPictures = $derived(about().hasPictures);
	connection.line.onsample = ({ loss, elapsed }, grade) => tally.sample(loss, grade, elapsed);

	$effect(() => tally.enter(phase, performance.now()));
	$effect(() => {
		if (phase === 'joined' && !hasPictures) tally.stopWaiting();
	});
	$effect(() => {
		const send = () => {
			const counted = tally.take();
			if (!counted) return;
			const { summit, kind, mode } = about();
			const body = JSON.stringify({ summit, kind, mode, ...counted } satisfies QualityReport);
			// What is lost is not sent again: it is a sample.
			fetch('/api/stage-quality', {
				method: 'POST',
				body,
				headers: { 'content-type': 'application/json' },
				keepalive: true
			}).catch(() => undefined);
		};
		// A frame of a video in the document: its event does not bubble.
		const onframe = ({ target }: Event) => {
			const of = target instanceof HTMLVideoElement ? target.dataset['identity'] : undefined;
			if (of !== undefined && of !== about().own) tally.frame(performance.now());
		};
		document.addEventListener('loadeddata', onframe, true);
		const first = setTimeout(send, firstAfterMs);
		const timer = setInterval(send, everyMs);
		addEventListener('pagehide', send);
		return () => {
			clearTimeout(first);
			clearInterval(timer);
			document.removeEventListener('loadeddata', onframe, true);
			removeEventListener('pagehide', send);
			send();
		};
	});
}
