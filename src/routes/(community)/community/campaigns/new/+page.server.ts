import { randomUUID } from 'node:crypto';
import { campaignOf, campaignSchema } from '#lib/campaigns/forms.ts';
import { kindFrom, segmentFrom, sentChoices, type CampaignFields } from '#lib/campaigns/segment.ts';
import { countCampaign, listCampaignChoices, readCampaign, saveCampaign } from '#lib/campaigns/server/campaigns.ts';
import { byStatus } from '#lib/database/by-status.ts';
import type { DataClient } from '#lib/database/client.ts';
import { isId } from '#lib/forms/ids.ts';
import type { FormResult } from '#lib/forms/parse.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const nobody = { people: 0, reachable: 0, unreachable: 0, unsubscribed: 0, languages: {}, members: [] };

async function counted(client: DataClient, { segment, kind }: Pick<CampaignFields, 'segment' | 'kind'>) {
	return (await countCampaign(client, segment, kind)) ?? nobody;
}

/** Whom the form that was sent means. */
function chosen({ values }: FormResult): Pick<CampaignFields, 'segment' | 'kind'> {
	const search = sentChoices(values);
	return { segment: segmentFrom(search), kind: kindFrom(search) };
}

export const load: PageServerLoad = async ({ locals: { supabase }, request, url }) => {
	const asked = url.searchParams.get('draft');
	const [choices, found] = await Promise.all([
		listCampaignChoices(supabase),
		asked && isId(asked) ? readCampaign(supabase, asked) : null
	]);
	if (!choices || (asked && !found)) error(404, m.ui_not_found());
	const draft = found?.campaign.state === 'draft' ? found.campaign : null;
	// Somebody has started it. A form that was sent meanwhile is answered here, with what was typed.
	if (found && !draft && request.method === 'GET') redirect(303, href(`/community/campaigns/${found.campaign.id}`));
	const count = await counted(supabase, draft ?? { segment: { recipients: 'focal_points' }, kind: 'service' });
	return { choices, draft, count, newId: randomUUID() };
};

export const actions: Actions = {
	count: formAction(v.object({}), async (_, { locals: { supabase } }, form) => ({
		form,
		count: await counted(supabase, chosen(form))
	})),
	save: formAction(campaignSchema, async (sent, { locals: { supabase } }, form) => {
		const choices = await listCampaignChoices(supabase);
		if (!choices) return notFound();
		const zoneOf = (summit: string) => choices.summits.find(({ id }) => id === summit)?.zone ?? 'UTC';
		const { fields, issues } = campaignOf(sent, chosen(form), zoneOf);
		if (issues.length > 0) return fail(422, { form: { ...form, issues }, count: await counted(supabase, fields) });
		return byStatus(await saveCampaign(supabase, { id: sent.draft || null, after: sent.after }, fields), {
			ok: ({ id }) => `/community/campaigns/${id}?done=saved`,
			stale: () => refuse('', m.campaigns_stale()),
			wrong_state: () => refuse('', m.campaigns_no_draft()),
			invalid: () => refuse('', m.campaigns_invalid(), 422),
			not_found: notFound
		});
	})
};
