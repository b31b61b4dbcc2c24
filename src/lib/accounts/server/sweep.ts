import { callPrivate } from '#lib/database/server/pool.ts';
import type { Job } from '#lib/live/server/jobs.ts';
import { savePolicy } from './policy.ts';

/** Each minute: deletes sign-in codes that expired a day ago, and says again whether roles need passkeys, and ends roles whose day is over. */
export function accountJobs(): Job[] {
	return [
		{ task: 'save_sign_in_policy', everyMinute: true, run: savePolicy },
		{ task: 'end_lapsed_roles', everyMinute: true, run: async () => void (await callPrivate('end_lapsed_roles')) },
		{
			task: 'delete_expired_challenges',
			everyMinute: true,
			run: async () => void (await callPrivate('delete_expired_challenges'))
		}
	];
}
