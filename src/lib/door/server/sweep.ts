import { callPrivate } from '#lib/database/server/pool.ts';
import type { Duty } from '#lib/live/server/duties.ts';

/** What must be forgotten is, and minutes in rooms are written, each minute. */
export function doorDuties(): Duty[] {
	return [
		{
			task: 'sweep_door',
			eachMinute: true,
			work: async () => {
				await callPrivate('sweep_door');
				await callPrivate('notify_door_by_clock');
			}
		}
	];
}
