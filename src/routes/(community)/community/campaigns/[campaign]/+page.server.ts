import { laterSchema, startSchema } from '#lib/campaigns/forms.ts';
import {
	controlCampaign,
	countCampaign,
	listCampaignChoices,
	readCampaign,
	sendCampaignTest,
	startCampaign
} from '#lib/campaigns/server/campaigns.ts';
import { campaignZone } from '#lib/campaigns/words.ts';
import type { Campaign } from '#lib/database/answers/campaigns.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { isId } from '#lib/forms/ids.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { withIssue, type FormResult } from '#lib/forms/parse.ts';
import { isolated, locales, type Locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { withLocale } from '#lib/i18n/server/request-locale.ts';
import { number } from '#lib/i18n/time.ts';
import type { Rendered } from '#lib/mail/letter.ts';
import { writeMail } from '#lib/mail/templates.ts';
import { instantOf } from '#lib/summits/local-time.ts';
import { findSummit } from '#lib/summits/server/cache.ts';
import { error, fail } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

/** The campaign as readers of each language get it, for the first of its members. */
async function previews(
	campaign: Campaign,
	member: string,
	origin: string
): Promise<{ locale: Locale; mail: Rendered }[]> {
	const found = campaign.summit && (await findSummit(campaign.summit.slug, null));
	const summit = found ? { ...found, reply_to: null } : null;
	const params = { members: [member], until: campaign.deadline, page: campaign.page, kind: campaign.kind };
	return locales.flatMap((locale) => {
		const wording = campaign.texts[locale];
		const context = { params, summit, zone: null, origin };
		const mail = wording && withLocale(locale, () => writeMail('campaign', context, locale, wording));
		return mail ? [{ locale, mail }] : [];
	});
}

/** Whether it can be written in each of its languages: a subject without one of its values cannot. */
async function isWritable(campaign: Campaign, origin: string): Promise<boolean> {
	return (await previews(campaign, campaign.title, origin)).length === Object.keys(campaign.texts).length;
}

export const load: PageServerLoad = async ({ locals: { supabase }, params, url }) => {
	const [read, choices] = await Promise.all([
		isId(params.campaign) ? readCampaign(supabase, params.campaign) : null,
		listCampaignChoices(supabase)
	]);
	if (!read || !choices) error(404, m.ui_not_found());
	const { campaign, members } = read;
	const waits = campaign.state === 'draft' || campaign.state === 'scheduled';
	const count = waits ? await countCampaign(supabase, campaign.segment, campaign.kind) : null;
	const member = count?.members[0]?.name ?? members[0]?.name ?? '';
	return {
		campaign,
		members,
		choices,
		count,
		previews: await previews(campaign, member, url.origin),
		done: url.searchParams.get('done')
	};
};

const page = (campaign: string, done: string) => `/community/campaigns/${campaign}?done=${done}`;

/** What follows from a start. */
const started = (campaign: string, form: FormResult) => ({
	ok: () => page(campaign, 'started'),
	// It was started or changed meanwhile: the page shows its present state.
	already: () => `/community/campaigns/${campaign}`,
	stale: () => refuse('', m.mail_send_stale()),
	similar: ({ title }: { title: string }) =>
		fail(409, {
			form: withIssue({ ...form, values: {} }, '', m.campaigns_similar({ title: isolated(title) })),
			similar: true
		}),
	changed: ({ people }: { people: number }) =>
		refuse('', m.mail_send_changed({ count: people, shown: number(people) })),
	nobody: () => refuse('', m.mail_send_nobody()),
	invalid: () => refuse('', m.campaigns_time_past(), 422),
	not_found: notFound
});

const steerSchema = v.object({ act: v.picklist(['revise', 'cancel', 'retry', 'delete']) });

export const actions: Actions = {
	send: formAction('send', startSchema, async (sent, { locals: { supabase }, params, url }, form) => {
		const id = params['campaign'] ?? '';
		const read = isId(id) ? await readCampaign(supabase, id) : null;
		if (!read) return notFound();
		if (!(await isWritable(read.campaign, url.origin))) return refuse('', m.campaigns_incomplete(), 422);
		return byStatus(await startCampaign(supabase, id, { ...sent, at: null }), started(id, form));
	}),
	schedule: formAction(
		'schedule',
		laterSchema,
		async ({ after, at: wall }, { locals: { supabase }, params, url }, form) => {
			const id = params['campaign'] ?? '';
			const read = isId(id) ? await readCampaign(supabase, id) : null;
			if (!read) return notFound();
			const at = instantOf(wall, campaignZone(read.campaign));
			if (!(await isWritable(read.campaign, url.origin))) return refuse('', m.campaigns_incomplete(), 422);
			if (!at) return refuse('at', m.ui_form_wrong(), 422);
			const answer = await startCampaign(supabase, id, { after, expected: 0, at, anyway: true });
			return byStatus(answer, { ...started(id, form), invalid: () => refuse('at', m.campaigns_time_past(), 422) });
		}
	),
	test: formAction('test', v.object({}), async (_, { locals: { supabase }, params }) => {
		const id = params['campaign'] ?? '';
		return byStatus(await sendCampaignTest(supabase, id), {
			ok: () => page(id, 'tested'),
			too_many: () => refuse('', m.campaigns_test_many()),
			not_found: notFound
		});
	}),
	steer: formAction('steer', steerSchema, async ({ act }, { locals: { supabase }, params }) => {
		const id = params['campaign'] ?? '';
		return byStatus(await controlCampaign(supabase, id, act), {
			ok: () =>
				act === 'delete'
					? '/community/campaigns'
					: page(id, act === 'retry' ? 'again' : act === 'cancel' ? 'stopped' : 'saved'),
			wrong_state: () => refuse('', m.mail_steer_changed()),
			not_found: notFound
		});
	})
};
