import { callPrivate } from '#lib/database/server/pool.ts';
import type { Job } from '#lib/live/server/jobs.ts';

/** Forgets faults after 30 days. */
export const faultJobs = (): Job[] => [
	{ task: 'clean_faults', everyMinute: true, run: async () => void (await callPrivate('clean_faults', [new Date()])) }
];
