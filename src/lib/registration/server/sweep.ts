import { callPrivate } from '#lib/database/server/pool.ts';
import type { Duty } from '#lib/live/server/duties.ts';

/** Each minute: what ran out is given to the queue, in order. */
export function sweepDuties(): Duty[] {
	return [{ task: 'sweep_registrations', eachMinute: true, work: async () => void (await callPrivate('sweep')) }];
}
