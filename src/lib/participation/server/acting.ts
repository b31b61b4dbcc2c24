import type { SupabaseClient } from '@supabase/supabase-js';
import { ask } from '#lib/database/server/ask.ts';
import { checkbox, id, requiredText } from '#lib/forms/fields.ts';
import { parseForm, withIssue, type FormResult } from '#lib/forms/parse.ts';
import { refusalSentence } from '#lib/participation/words.ts';
import { fail, type ActionFailure } from '@sveltejs/kit';
import * as v from 'valibot';

/** What the actions need of a request. */
interface Event {
	request: Request;
	locals: { supabase: SupabaseClient };
}

type Answer = Promise<ActionFailure<{ form: FormResult }> | { done: string }>;

// Said twice, or said by somebody else a moment before, is said.
const fine = new Set(['ok', 'waiting', 'already']);

/** An action: a form's fields become the arguments of one function of the database, whose refusal becomes a sentence. */
export function act<Schema extends v.GenericSchema>(
	form: string,
	schema: Schema,
	call: (wish: v.InferOutput<Schema>) => [name: string, values: Record<string, unknown>]
): (event: Event) => Answer {
	return async ({ request, locals }) => {
		const parsed = parseForm(await request.formData(), schema, form);
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const status = await ask<string>(locals.supabase, ...call(parsed.output));
		if (fine.has(status)) return { done: form };
		return fail(409, { form: withIssue(parsed.form, '', refusalSentence(status)) });
	};
}

const yes = v.pipe(
	v.picklist(['yes', 'no']),
	v.transform((value) => value === 'yes')
);

const names = v.optional(v.picklist(['name', 'affiliation', 'nobody']), 'nobody');

/** Form actions of the questions of a run; the database decides who may. */
export const questionActions = {
	ask: act('ask', v.object({ run: id(), question: requiredText(2000), shown_as: names }), (wish) => [
		'ask_question',
		{ run: wish.run, body: wish.question, shown_as: wish.shown_as }
	]),
	askBack: act('take', v.object({ id: id() }), (wish) => ['withdraw_question', { question: wish.id }]),
	vote: act('take', v.object({ id: id(), up: yes }), (wish) => [
		'vote_for_question',
		{ question: wish.id, up: wish.up }
	]),
	moderate: act(
		'take',
		v.object({ id: id(), state: v.picklist(['asked', 'approved', 'current', 'answered', 'declined']) }),
		(wish) => ['set_question_state', { question: wish.id, state: wish.state }]
	),
	merge: act('take', v.object({ id: id(), into: id() }), (wish) => [
		'merge_questions',
		{ question: wish.id, into_question: wish.into }
	]),
	questionRules: act(
		'take',
		v.object({ session: id(), takes_questions: checkbox(), approve_first: checkbox() }),
		({ session, ...settings }) => ['set_participation', { session, settings }]
	)
};
