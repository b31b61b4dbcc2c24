import { callPrivate } from '#lib/database/server/pool.ts';
import type { Job } from '#lib/live/server/jobs.ts';

// In parts, so that people who act at that moment can proceed in between; the rest waits a minute.
const mostParts = 50;

async function sweep(): Promise<void> {
	for (let part = 0; part < mostParts; part += 1) {
		const [answer] = await callPrivate('sweep_deadlines');
		if (!answer?.sweep_deadlines.more) return;
	}
}

/** Each minute: passes expired seats to the queue, in order. */
export function registrationJobs(): Job[] {
	return [{ task: 'sweep_registrations', everyMinute: true, run: sweep }];
}
