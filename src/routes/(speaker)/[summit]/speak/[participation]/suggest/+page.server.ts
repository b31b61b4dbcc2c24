import { byStatus } from '#lib/database/by-status.ts';
import { id, mailAddress, optionalLines, requiredText } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { listCoSpeakers, suggestCoSpeaker, withdrawCoSpeaker } from '#lib/speakers/server/work.ts';
import { writesTexts } from '#lib/speakers/work.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import { participationOf } from '../../principal.ts';
import type { Actions, PageServerLoad } from './$types';

const schema = v.object({
	name: requiredText(120),
	address: mailAddress(),
	part: v.picklist(['speaker', 'chair', 'moderator', 'respondent'], () => m.ui_form_missing()),
	note: optionalLines(1000)
});

async function requireSuggestion(locals: App.Locals, participation: string) {
	const found = await participationOf(locals, participation);
	if (!writesTexts(found.participation) || found.participation.is_cancelled) error(404, m.ui_not_found());
	return found;
}

export const load: PageServerLoad = async ({ locals, params, url }) => ({
	participation: (await requireSuggestion(locals, params.participation)).participation,
	suggested: await listCoSpeakers(locals.supabase, params.participation),
	sent: url.searchParams.has('sent')
});

export const actions: Actions = {
	suggest: formAction('suggest', schema, async (input, { locals, params }) => {
		await requireSuggestion(locals, params.participation);
		const status = await suggestCoSpeaker(locals.supabase, params.participation, input);
		const notSaved = () => refuse('', m.speakers_not_saved());
		return byStatus(status, {
			ok: () => `/${params.summit}/speak/${params.participation}/suggest?sent`,
			limited: () => refuse('', m.speakers_co_limited()),
			invalid: notSaved,
			closed: notSaved,
			not_found: notSaved
		});
	}),
	withdraw: formAction('withdraw', v.object({ suggestion: id() }), async ({ suggestion }, { locals, params }) => {
		await withdrawCoSpeaker(locals.supabase, suggestion);
		return `/${params.summit}/speak/${params.participation}/suggest`;
	})
};
