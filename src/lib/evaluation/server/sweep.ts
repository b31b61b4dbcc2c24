import { callPrivate } from '#lib/database/server/pool.ts';
import type { Job } from '#lib/live/server/jobs.ts';

/** Each minute: mixes answers, so that their order says nothing of who wrote them, and mails invitations and reminders. */
export function evaluationJobs(): Job[] {
	return [
		{ task: 'mix_survey_answers', everyMinute: true, run: mixAnswers },
		{ task: 'send_survey_mails', everyMinute: true, run: sendMails }
	];
}

async function mixAnswers(): Promise<void> {
	await callPrivate('mix_survey_answers');
}

async function sendMails(): Promise<void> {
	await callPrivate('send_survey_mails');
}
