import type { RefusalOf } from '#lib/database/calls.ts';
import { id, optionalLines, wholeNumber } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import {
	decideCoSpeaker,
	decideTexts,
	listCoSpeakerSuggestions,
	listTextSuggestions
} from '#lib/speakers/server/desk.ts';
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
const refusals: Record<RefusalOf<'decide_text_suggestion' | 'decide_co_speaker'>, () => string> = {
	conflict: m.speakers_suggestion_conflict,
	not_found: m.speakers_suggestion_gone,
	cancelled: m.speakers_suggestion_cancelled,
	limited: m.speakers_suggestion_limited,
	invalid: m.speakers_suggestion_invalid
};

const textsSchema = v.object({ suggestion: id(), decision, version: wholeNumber(), reason: optionalLines(1000) });
const personSchema = v.object({ suggestion: id(), decision });

export const actions: Actions = {
	texts: formAction('texts', textsSchema, async ({ suggestion, version, reason, decision }, { locals, params }) => {
		const accept = decision === 'accept';
		const status = await decideTexts(locals.supabase, suggestion, accept, version, reason);
		if (status !== 'ok') return refuse('', refusals[status]());
		return `/${params.summit}/organise/speakers/suggestions?done=${accept ? 'texts' : 'declined'}`;
	}),
	person: formAction('person', personSchema, async ({ decision, suggestion }, { locals, params }) => {
		const accept = decision === 'accept';
		const status = await decideCoSpeaker(locals.supabase, suggestion, accept);
		if (status !== 'ok') return refuse('', refusals[status]());
		return `/${params.summit}/organise/speakers/suggestions?done=${accept ? 'invited' : 'declined'}`;
	})
};
