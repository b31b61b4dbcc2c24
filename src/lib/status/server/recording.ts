/* Writes down, each minute, how the parts of the site are and what requests were answered. */
import { callPrivate } from '#lib/database/server/pool.ts';
import type { Job } from '#lib/live/server/jobs.ts';
import { requestTally } from '#lib/live/server/request-tally.ts';
import type { PartStates, SitePart } from '../parts.ts';
import { measuredParts } from './status.ts';

/** A minute, as `private.record_part_minutes` takes it. */
export interface PartMinute {
	at: string;
	parts: Partial<Record<SitePart, boolean>>;
}

const minuteMs = 60_000;
// A day without a database.
const mostMinutes = 1440;

/** Which parts worked: a slow one did. What nobody could look at is left out. */
export const workingParts = (parts: PartStates): PartMinute['parts'] =>
	Object.fromEntries(
		Object.entries(parts).flatMap(([part, state]) => (state === 'unknown' ? [] : [[part, state !== 'down']]))
	);

/** Begins; returns the function that writes what is left and ends it. Minutes without a database are written once it is back. */
export function startStatusRecording(everyMs = minuteMs): () => Promise<void> {
	let minutes: PartMinute[] = [];
	let running: Promise<void> | null = null;
	async function record(): Promise<void> {
		const at = new Date(Math.floor(Date.now() / minuteMs) * minuteMs).toISOString();
		const parts = workingParts((await measuredParts()).parts);
		if (Object.keys(parts).length > 0) minutes = [...minutes, { at, parts }].slice(-mostMinutes);
		const hours = requestTally().take();
		const [sent, isSent] = [minutes, { parts: false, requests: false }];
		minutes = [];
		try {
			if (sent.length > 0) await callPrivate('record_part_minutes', [JSON.stringify(sent)]);
			isSent.parts = true;
			if (hours.length > 0) await callPrivate('record_requests', [JSON.stringify(hours)]);
			isSent.requests = true;
		} catch {
			if (!isSent.parts) minutes = [...sent, ...minutes];
			if (!isSent.requests) requestTally().putBack(hours);
		}
	}
	const run = () =>
		(running ??= record()
			.catch(() => undefined)
			.finally(() => (running = null)));
	const timer = setInterval(() => void run(), everyMs).unref();
	return async () => {
		clearInterval(timer);
		await running;
		await run();
	};
}

/** Forgets what was measured long ago. */
export const statusJobs = (): Job[] => [
	{ task: 'clean_status', everyMinute: true, run: async () => void (await callPrivate('clean_status', [new Date()])) }
];
