import { callPrivate } from '#lib/database/server/pool.ts';
import type { Job } from '#lib/live/server/jobs.ts';

/** Each minute: deletes sign-in codes that expired a day ago. */
export function accountJobs(): Job[] {
	return [
		{
			task: 'delete_expired_challenges',
			everyMinute: true,
			run: async () => void (await callPrivate('delete_expired_challenges'))
		}
	];
}
