import type {
	Campaign,
	CampaignChoices,
	CampaignCount,
	CampaignMember,
	CampaignSegment,
	ListedCampaign
} from '#lib/database/answers/campaigns.ts';
import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { Enums } from '#lib/database/types.ts';
import type { Job } from '#lib/live/server/jobs.ts';
import type { CampaignFields } from '../segment.ts';

/** A page of the campaigns, newest first; null for everybody but the secretariat. */
export function listCampaigns(
	client: DataClient,
	{ page, size }: { page: number; size: number }
): Promise<{ total: number; campaigns: ListedCampaign[] } | null> {
	return rpc(client, 'list_campaigns', { page_size: size, page_start: (page - 1) * size });
}

/** One campaign and what came of it by member; null where there is none or the reader may not see it. */
export function readCampaign(
	client: DataClient,
	campaign: string
): Promise<{ campaign: Campaign; members: CampaignMember[] } | null> {
	return rpc(client, 'read_campaign', { campaign });
}

/** What the form offers; null for everybody but the secretariat. */
export function listCampaignChoices(client: DataClient): Promise<CampaignChoices | null> {
	return rpc(client, 'list_campaign_choices');
}

/** How many people a segment means today, and its members; null for what is no segment. */
export function countCampaign(
	client: DataClient,
	segment: CampaignSegment,
	kind: Enums<'campaign_kind'>
): Promise<CampaignCount | null> {
	return rpc(client, 'count_campaign', { segment, kind });
}

/** Writes a campaign (`id` null), or changes a draft after its version. */
export function saveCampaign(
	client: DataClient,
	{ id, after }: { id: string | null; after: number },
	fields: CampaignFields
): Promise<AnswerOf<'save_campaign'>> {
	return rpc(client, 'save_campaign', { campaign: id, after, fields });
}

/** Sends it in each of its languages to who asks. */
export function sendCampaignTest(client: DataClient, campaign: string) {
	return rpc(client, 'send_campaign_test', { campaign });
}

/** Starts a draft: now (`at` null) to as many people as the reader saw, or at a time; `anyway` after a similar one. */
export function startCampaign(
	client: DataClient,
	campaign: string,
	{ after, expected, at, anyway }: { after: number; expected: number; at: string | null; anyway: boolean }
): Promise<AnswerOf<'start_campaign'>> {
	return rpc(client, 'start_campaign', { campaign, after, expected, anyway, ...(at !== null && { send_at: at }) });
}

/** Makes a scheduled one a draft again, stops one, sends what failed again, or deletes a draft. */
export function controlCampaign(
	client: DataClient,
	campaign: string,
	action: 'revise' | 'cancel' | 'retry' | 'delete'
) {
	return rpc(client, 'control_campaign', { campaign, action });
}

/** Whether the signed-in person gets news of the Alliance. */
export function getsNews(client: DataClient): Promise<boolean> {
	return rpc(client, 'gets_news');
}

/** Sets it. */
export function saveNewsChoice(client: DataClient, choice: boolean) {
	return rpc(client, 'save_news_choice', { gets_news: choice });
}

// One that fails holds up no other; the last failure is reported.
async function runCampaigns(): Promise<void> {
	const due = await callPrivate('list_due_campaigns');
	const ends = [];
	for (const { list_due_campaigns: id } of due)
		ends.push(...(await Promise.allSettled([callPrivate('run_due_campaign', [id])])));
	const failed = ends.findLast((end) => end.status === 'rejected');
	if (failed) throw failed.reason;
}

/** Each minute: begins what is due, queues the next mails of each campaign, and ends what is over. */
export function campaignJobs(): Job[] {
	return [
		{
			task: 'run_campaigns',
			everyMinute: true,
			run: runCampaigns
		}
	];
}
