import { callPrivate } from '#lib/database/server/pool.ts';
import type { Job } from '#lib/live/server/jobs.ts';

// A part at a time, so that whoever acts at that moment has their turn in between; what is left after so many waits a minute.
const mostParts = 50;

async function sweep(): Promise<void> {
	for (let part = 0; part < mostParts; part += 1) {
		const [answer] = await callPrivate<{ sweep_deadlines: { more: boolean } }>('sweep_deadlines');
		if (!answer?.sweep_deadlines.more) return;
	}
}

/** Each minute: what ran out is given to the queue, in order. */
export function registrationJobs(): Job[] {
	return [{ task: 'sweep_registrations', everyMinute: true, run: sweep }];
}
