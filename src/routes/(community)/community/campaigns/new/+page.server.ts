import { randomUUID } from 'node:crypto';
import { campaignOf, campaignSchema } from '#lib/campaigns/forms.ts';
import { kindFrom, segmentFrom } from '#lib/campaigns/segment.ts';
import { countCampaign, listCampaignChoices, readCampaign, saveCampaign } from '#lib/campaigns/server/campaigns.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { isId } from '#lib/forms/ids.ts';
import { formAction, FormRefusal, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

const refused = () => error(404, m.ui_not_found());

export const load: PageServerLoad = async ({ locals: { supabase }, url }) => {
	const asked = url.searchParams.get('draft');
	const [choices, found] = await Promise.all([
		listCampaignChoices(supabase),
		asked && isId(asked) ? readCampaign(supabase, asked) : null
	]);
	if (!choices || (asked && !found)) refused();
	const draft = found?.campaign.state === 'draft' ? found.campaign : null;
	// A draft opens with its own segment, until another one is counted.
	const isCounted = url.searchParams.has('counted');
	const own = draft && !isCounted ? draft : null;
	const segment = own?.segment ?? segmentFrom(url.searchParams);
	const kind = own?.kind ?? kindFrom(url.searchParams);
	const nobody = { people: 0, reachable: 0, unreachable: 0, unsubscribed: 0, languages: {}, members: [] };
	const count = (await countCampaign(supabase, segment, kind)) ?? nobody;
	return {
		choices: choices ?? refused(),
		draft,
		segment,
		kind,
		count,
		isChosen: isCounted || draft !== null,
		newId: randomUUID()
	};
};

export const actions: Actions = {
	default: formAction(campaignSchema, async (sent, { locals: { supabase }, url }) => {
		const choices = await listCampaignChoices(supabase);
		if (!choices) return notFound();
		const segment = { segment: segmentFrom(url.searchParams), kind: kindFrom(url.searchParams) };
		const zoneOf = (summit: string) => choices.summits.find(({ id }) => id === summit)?.zone ?? 'UTC';
		const { fields, issues } = campaignOf(sent, segment, zoneOf);
		if (issues.length > 0) return new FormRefusal(issues, 422);
		return byStatus(await saveCampaign(supabase, { id: sent.draft || null, after: sent.after }, fields), {
			ok: ({ id }) => `/community/campaigns/${id}?done=saved`,
			stale: () => refuse('', m.campaigns_stale()),
			wrong_state: () => refuse('', m.campaigns_no_draft()),
			invalid: () => refuse('', m.campaigns_invalid(), 422),
			not_found: notFound
		});
	})
};
