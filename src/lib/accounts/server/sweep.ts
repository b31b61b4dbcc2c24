import { callPrivate } from '#lib/database/server/pool.ts';
import type { Job } from '#lib/live/server/jobs.ts';

/** Each minute: sign-in codes that ran out a day ago go. */
export function accountJobs(): Job[] {
	return [
		{
			task: 'delete_expired_challenges',
			everyMinute: true,
			run: async () => void (await callPrivate('delete_expired_challenges'))
		}
	];
}
