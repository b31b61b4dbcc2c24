import { callPrivate } from '#lib/database/server/pool.ts';
import type { Job } from '#lib/live/server/jobs.ts';
import { erasureLogJob } from './erasure-log.ts';

// More would keep the other jobs of this minute waiting.
const mostAtOnce = 50;
const mostSteps = 100;

async function sweepRetention(): Promise<void> {
	let place = 0;
	for (let step = 0; step < mostSteps; step += 1) {
		const [row] = await callPrivate('sweep_retention', [place]);
		if (typeof row?.sweep_retention !== 'number') return;
		place = row.sweep_retention;
	}
}

/**
 * Each minute: erases the people whose time to think it over has passed, one after the other, and deletes in small steps
 * the data whose time has passed. Once nothing is left, the database looks again after an hour.
 */
export function privacyJobs(): Job[] {
	return [
		erasureLogJob,
		{
			task: 'erase_people',
			everyMinute: true,
			async run() {
				for (let count = 0; count < mostAtOnce; count += 1) {
					const [row] = await callPrivate('erase_due_person');
					if (!row?.erase_due_person) return;
				}
			}
		},
		{ task: 'sweep_retention', everyMinute: true, run: sweepRetention }
	];
}
