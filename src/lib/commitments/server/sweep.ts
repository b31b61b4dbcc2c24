import type { Job } from '#lib/live/server/jobs.ts';
import { sendCommitmentMails } from './commitments.ts';

/** Each minute: mails announcements whose time has come, and reminds of reports. */
export function commitmentJobs(): Job[] {
	return [{ task: 'send_commitment_mails', everyMinute: true, run: sendCommitmentMails }];
}
