import { callPrivate } from '#lib/database/server/pool.ts';
import type { Job } from '#lib/live/server/jobs.ts';

/** Each minute: deletes what must be forgotten, and records minutes in rooms. */
export function doorJobs(): Job[] {
	return [
		{
			task: 'sweep_door',
			everyMinute: true,
			run: async () => {
				await callPrivate('sweep_door');
				await callPrivate('notify_door_by_clock');
			}
		}
	];
}
