/** The property of a video that the report needs. */
type Playing = Pick<HTMLVideoElement, 'played'>;

const every = 20_000;
// A report of more parts is none; somebody who jumps that often has played few seconds of each.
const most = 500;

/** What a player has really played since the page was opened, without what was skipped: milliseconds of the file. */
export function playedSpans({ played }: Playing): [number, number][] {
	return Array.from({ length: Math.min(played.length, most) }, (_, index): [number, number] => [
		Math.round(played.start(index) * 1000),
		Math.round(played.end(index) * 1000)
	]).filter(([from, until]) => until > from);
}

/** Reports it to an address: as playing begins, while it plays, and when it stops or the page is left. */
export function reportPlayed(video: HTMLVideoElement, address: string): () => void {
	let timer: ReturnType<typeof setInterval> | undefined;
	const send = () =>
		void fetch(address, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(playedSpans(video)),
			keepalive: true
			// The next report has this one's minutes too.
		}).catch(() => undefined);
	const begin = () => {
		send();
		clearInterval(timer);
		timer = setInterval(send, every);
	};
	const end = () => {
		if (timer === undefined) return;
		clearInterval(timer);
		timer = undefined;
		send();
	};
	video.addEventListener('play', begin);
	video.addEventListener('pause', end);
	video.addEventListener('ended', end);
	window.addEventListener('pagehide', end);
	return () => {
		end();
		video.removeEventListener('play', begin);
		video.removeEventListener('pause', end);
		video.removeEventListener('ended', end);
		window.removeEventListener('pagehide', end);
	};
}
