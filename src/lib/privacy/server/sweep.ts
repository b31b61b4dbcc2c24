import { callPrivate } from '#lib/database/server/pool.ts';
import type { Job } from '#lib/live/server/jobs.ts';

// More would keep the other jobs of this minute waiting.
const mostAtOnce = 50;

/** Each minute: erases the people whose time to think it over has passed, one after the other. */
export function privacyJobs(): Job[] {
	return [
		{
			task: 'erase_people',
			everyMinute: true,
			async run() {
				for (let count = 0; count < mostAtOnce; count += 1) {
					const [row] = await callPrivate('erase_due_person');
					if (!row?.erase_due_person) return;
				}
			}
		}
	];
}
