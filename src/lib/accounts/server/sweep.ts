import { callPrivate } from '#lib/database/server/pool.ts';
import type { Duty } from '#lib/live/server/duties.ts';

/** Each minute: sign-in codes that ran out a day ago go. */
export function accountDuties(): Duty[] {
	return [
		{
			task: 'delete_expired_challenges',
			eachMinute: true,
			work: async () => void (await callPrivate('delete_expired_challenges'))
		}
	];
}
