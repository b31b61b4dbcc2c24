import { byStatus } from '#lib/database/by-status.ts';
import { id, requiredText } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { number } from '#lib/i18n/time.ts';
import { callFrom, callSchema } from '#lib/proposals/call-form.ts';
import { makeLateLink, readCallSettings, revokeLateLink, saveCall } from '#lib/proposals/server/call.ts';
import { lateWords } from '#lib/summits/late.ts';
import { instantOf, localTimeOf } from '#lib/summits/local-time.ts';
import { tagsFor } from '#lib/summits/written.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

async function requireCall({ summit, supabase }: App.Locals) {
	const settings = await readCallSettings(supabase, summit.id);
	if (!settings) error(403, m.ui_forbidden());
	return { summit, supabase, settings };
}

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, settings } = await requireCall(locals);
	const { zone, formats, tracks, languages } = summit;
	const { call } = settings;
	const wall = {
		opens_at: localTimeOf(call?.opens_at ?? null, zone),
		closes_at: localTimeOf(call?.closes_at ?? null, zone)
	};
	return { ...settings, wall, formats, tracks, languages, done: url.searchParams.get('done') };
};

const lateSchema = v.object({ note: requiredText(120), until: requiredText(20) });

async function callForm({ locals }: RequestEvent) {
	const known = await requireCall(locals);
	const tags = tagsFor(known.summit.languages, known.settings.call?.text);
	return { ...known, tags, name: 'call', schema: callSchema(tags) };
}

export const actions: Actions = {
	save: formAction(callForm, async (input, { params }, _, { summit, supabase, tags }) => {
		const fields = callFrom(input, tags, summit.zone);
		return byStatus(await saveCall(supabase, summit.id, fields, Number(input['version'])), {
			ok: () => `/${params.summit}/organise/proposals/call?done=saved`,
			conflict: () => refuse('', m.proposals_call_conflict()),
			late: () => refuse('closes_at', lateWords(), 422),
			invalid: () => refuse('closes_at', m.proposals_call_closes_first(), 422),
			not_allowed: () => error(403, m.ui_forbidden())
		});
	}),
	late: formAction('late', lateSchema, async (input, { locals, params, url }) => {
		const { summit, supabase } = await requireCall(locals);
		const until = instantOf(input.until, summit.zone);
		const { status, token } = until
			? await makeLateLink(supabase, summit.id, input.note, until)
			: { status: 'invalid' as const, token: '' };
		const refused = (words: string) => () => refuse('until', words, 422);
		return byStatus(status, {
			ok: () => ({ link: `${url.origin}${href(`/${params.summit}/propose/late/${token}`, 'en')}` }),
			limited: refused(m.proposals_late_limited({ most: number(200) })),
			late: refused(lateWords()),
			invalid: refused(m.proposals_late_invalid()),
			not_allowed: () => error(403, m.ui_forbidden())
		});
	}),
	revoke: formAction('revoke', v.object({ link: id() }), async ({ link }, { locals }) => {
		const { supabase } = await requireCall(locals);
		await revokeLateLink(supabase, link);
		return { revoked: true };
	})
};
