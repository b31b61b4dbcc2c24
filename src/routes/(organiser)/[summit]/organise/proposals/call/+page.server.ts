import { id, requiredText } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { callFrom, callSchema } from '#lib/proposals/call-form.ts';
import { makeLateLink, readCallSettings, revokeLateLink, saveCall } from '#lib/proposals/server/call.ts';
import { lateWords } from '#lib/summits/late.ts';
import { instantOf, localTimeOf } from '#lib/summits/local-time.ts';
import { tagsFor } from '#lib/summits/written.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

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

export const actions: Actions = {
	save: async ({ locals, params, request }) => {
		const { summit, supabase, settings } = await requireCall(locals);
		const tags = tagsFor(summit.languages, settings.call?.text);
		const parsed = parseForm(await request.formData(), callSchema(tags), 'call');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const fields = callFrom(parsed.output, tags, summit.zone);
		const status = await saveCall(supabase, summit.id, fields, Number(parsed.output['version']));
		if (status === 'ok') redirect(303, href(`/${params.summit}/organise/proposals/call?done=saved`));
		if (status === 'conflict') {
			const words = 'Somebody else saved the call meanwhile. Open it again to see theirs.';
			return fail(409, { form: withIssue(parsed.form, '', words) });
		}
		const words = status === 'late' ? lateWords : 'It closes after it opens.';
		return fail(422, { form: withIssue(parsed.form, 'closes_at', words) });
	},
	late: formAction('late', lateSchema, async (input, { locals, params, url }) => {
		const { summit, supabase } = await requireCall(locals);
		const until = instantOf(input.until, summit.zone);
		const { status, token } = until
			? await makeLateLink(supabase, summit.id, input.note, until)
			: { status: 'invalid' as const, token: '' };
		if (status === 'ok') return { link: `${url.origin}${href(`/${params.summit}/propose/late/${token}`, 'en')}` };
		const words =
			status === 'limited'
				? 'There are 200 open links.'
				: status === 'late'
					? lateWords
					: 'A time to come, within 90 days, of a call that is set.';
		return refuse('until', words, 422);
	}),
	revoke: formAction('revoke', v.object({ link: id() }), async ({ link }, { locals }) => {
		const { supabase } = await requireCall(locals);
		await revokeLateLink(supabase, link);
		return { revoked: true };
	})
};
