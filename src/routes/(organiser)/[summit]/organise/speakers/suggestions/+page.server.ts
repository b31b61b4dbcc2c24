import { id, optionalLines, wholeNumber } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import {
	decideCoSpeaker,
	decideTexts,
	listCoSpeakerSuggestions,
	listTextSuggestions
} from '#lib/speakers/server/desk.ts';
import { fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit } = locals;
	const [texts, people] = await Promise.all([
		listTextSuggestions(locals.supabase, summit.id),
		listCoSpeakerSuggestions(locals.supabase, summit.id)
	]);
	return { texts, people, done: url.searchParams.get('done') };
};

const decision = v.picklist(['accept', 'decline']);
const refusals: Record<string, string> = {
	conflict: 'The session changed meanwhile. Look at its texts as they stand now, and decide again.',
	not_found: 'This was decided or taken back meanwhile.',
	cancelled: 'The session is cancelled: nobody is invited to it.',
	limited: 'That is enough invitations for a day.',
	invalid: 'It would leave the session without a title. Change the session itself.'
};

export const actions: Actions = {
	texts: async ({ locals, params, request }) => {
		const schema = v.object({ suggestion: id(), decision, version: wholeNumber(), reason: optionalLines(1000) });
		const parsed = parseForm(await request.formData(), schema, 'texts');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { suggestion, version, reason } = parsed.output;
		const accept = parsed.output.decision === 'accept';
		const status = await decideTexts(locals.supabase, suggestion, accept, version, reason);
		if (status !== 'ok') return fail(409, { form: withIssue(parsed.form, '', refusals[status] ?? status) });
		redirect(303, href(`/${params.summit}/organise/speakers/suggestions?done=${accept ? 'texts' : 'declined'}`));
	},
	person: async ({ locals, params, request }) => {
		const parsed = parseForm(await request.formData(), v.object({ suggestion: id(), decision }), 'person');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const accept = parsed.output.decision === 'accept';
		const status = await decideCoSpeaker(locals.supabase, parsed.output.suggestion, accept);
		if (status !== 'ok') return fail(409, { form: withIssue(parsed.form, '', refusals[status] ?? status) });
		redirect(303, href(`/${params.summit}/organise/speakers/suggestions?done=${accept ? 'invited' : 'declined'}`));
	}
};
