/* The faults of this process. Noting one touches nothing that could fail: they are written in the background. */
import { trace } from '@opentelemetry/api';
import { recordFault } from '#lib/live/server/measures.ts';
import { serverFacts, type FaultFacts } from '../facts.ts';
import { makeReference } from '../reference.ts';
import { FaultRecorder, type RecordedFault } from './recorder.ts';

// The http server and the app are separate builds in one process.
const place = Symbol.for('global-summit.faults');
const shared = globalThis as unknown as Record<symbol, FaultRecorder | undefined>;
const recorder = (): FaultRecorder => (shared[place] ??= new FaultRecorder());

const everyMs = 2000;
const afterFailureMs = 30_000;

// Noted by the http server too, which is another build.
const releasePlace = Symbol.for('global-summit.release');
const releases = globalThis as unknown as Record<symbol, string | undefined>;
const release = () => releases[releasePlace] ?? 'unknown';

/** Begins to write what was noted, each two seconds at most. Returns the function that ends it, after it wrote what is left. */
export function startFaultRecording(
	version: string,
	write: (faults: RecordedFault[]) => Promise<unknown>
): () => Promise<void> {
	releases[releasePlace] = version;
	let notBefore = 0;
	let running: Promise<void> | null = null;
	async function flush(): Promise<void> {
		const faults = recorder().take();
		if (faults.length === 0) return;
		await write(faults).catch(() => {
			recorder().putBack(faults);
			notBefore = Date.now() + afterFailureMs;
		});
	}
	const timer = setInterval(() => {
		if (running || Date.now() < notBefore) return;
		running = flush().finally(() => (running = null));
	}, everyMs).unref();
	return async () => {
		clearInterval(timer);
		await running;
		await flush();
	};
}

function traceNow(): string | null {
	const id = trace.getActiveSpan()?.spanContext().traceId ?? '';
	return /^(?!0+$)[0-9a-f]{32}$/.test(id) ? id : null;
}

/** Notes an error that nothing expected, and answers the reference for the person and the log. Never fails. */
export function noteFault(thrown: unknown, route: string | null): string {
	try {
		recordFault(route);
		const fault = { ...serverFacts(thrown), origin: 'server' as const, route: route ?? 'none', release: release() };
		return recorder().note({ ...fault, trace: traceNow() }, Date.now());
	} catch {
		return makeReference();
	}
}

/** Notes an error of a page in a browser, which gave it its reference. */
export function noteBrowserFault(facts: FaultFacts, route: string, version: string, reference: string): void {
	const ofThis = version === release() ? version : 'other';
	recorder().note({ ...facts, origin: 'browser', route, release: ofThis, trace: null }, Date.now(), reference);
}
