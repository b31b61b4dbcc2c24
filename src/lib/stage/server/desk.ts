import type { SupabaseClient } from '@supabase/supabase-js';
import { error, fail, type ActionFailure } from '@sveltejs/kit';
import * as v from 'valibot';
import { id } from '#lib/forms/fields.ts';
import { parseForm, withIssue, type FormResult } from '#lib/forms/parse.ts';
import { m } from '#lib/i18n/messages.ts';
import { refusalSentence } from '#lib/stage/words.ts';
import { barFromSession, openRun, setOnStage, setRunState } from './running.ts';

/** What the desk's actions need of a request. */
interface Event {
	request: Request;
	locals: { supabase: SupabaseClient };
}

type Answer = Promise<ActionFailure<{ form: FormResult }> | { done: true }>;

const person = v.pipe(v.string(), v.regex(/^[A-Z0-9]{4,12}$/));
const yes = v.pipe(
	v.picklist(['yes', 'no']),
	v.transform((value) => value === 'yes')
);

async function act<Schema extends v.GenericSchema>(
	{ request, locals }: Event,
	schema: Schema,
	work: (client: SupabaseClient, wish: v.InferOutput<Schema>) => Promise<string>
): Answer {
	const parsed = parseForm(await request.formData(), schema, 'desk');
	if (!parsed.ok) return fail(422, { form: parsed.form });
	const status = await work(locals.supabase, parsed.output);
	// Somebody else may have done the same a moment before.
	if (status === 'ok' || status === 'already') return { done: true };
	const sentence = refusalSentence(status);
	if (!sentence) error(404, m.shell_not_found());
	return fail(409, { form: withIssue(parsed.form, '', sentence) });
}

/** Form actions of whoever runs a session or speaks in it; the database decides who may. */
export const deskActions = {
	open: (event: Event) => act(event, v.object({ session: id() }), (client, { session }) => openRun(client, session)),
	state: (event: Event) =>
		act(event, v.object({ run: id(), state: v.picklist(['live', 'paused', 'ended']) }), (client, { run, state }) =>
			setRunState(client, run, state)
		),
	place: (event: Event) =>
		act(event, v.object({ run: id(), person, on: yes }), (client, wish) =>
			setOnStage(client, wish.run, wish.person, wish.on)
		),
	bar: (event: Event) =>
		act(event, v.object({ session: id(), person, barred: yes }), (client, wish) =>
			barFromSession(client, wish.session, wish.person, wish.barred)
		)
};
