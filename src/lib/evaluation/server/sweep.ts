import { callPrivate } from '#lib/database/server/pool.ts';
import type { Job } from '#lib/live/server/jobs.ts';

/** Each minute: mixes answers, so that their order says nothing of who wrote them. */
export function evaluationJobs(): Job[] {
	return [{ task: 'mix_survey_answers', everyMinute: true, run: mixAnswers }];
}

async function mixAnswers(): Promise<void> {
	await callPrivate('mix_survey_answers');
}
