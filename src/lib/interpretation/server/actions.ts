import type { DataClient } from '#lib/database/client.ts';
import { error, fail, type ActionFailure } from '@sveltejs/kit';
import * as v from 'valibot';
import { id, requiredLines, wholeNumber } from '#lib/forms/fields.ts';
import { parseForm, withIssue, type FormResult } from '#lib/forms/parse.ts';
import { m } from '#lib/i18n/messages.ts';
import { isLanguageTag } from '#lib/interpretation/interpretation.ts';
import { boothRefusal } from '#lib/interpretation/words.ts';
import {
	closeBooth,
	leaveBooth,
	offerBooth,
	putOnAir,
	saveBooth,
	sayInBooth,
	seatInBooth,
	takeBooth
} from './booths.ts';

interface Event {
	request: Request;
	locals: { supabase: DataClient };
}

type Answer = Promise<ActionFailure<{ form: FormResult }> | { done: true }>;

const language = v.pipe(
	v.string(),
	v.trim(),
	v.check(isLanguageTag, () => m.interpretation_refused_invalid())
);
const person = v.pipe(v.string(), v.regex(/^[A-Z0-9]{4,12}$/));
const yes = v.pipe(
	v.picklist(['yes', 'no']),
	v.transform((value) => value === 'yes')
);
const booth = { run: id(), language };

async function act<Schema extends v.GenericSchema>(
	{ request, locals }: Event,
	name: string,
	schema: Schema,
	work: (client: DataClient, wish: v.InferOutput<Schema>) => Promise<string>
): Answer {
	const parsed = parseForm(await request.formData(), schema, name);
	if (!parsed.ok) return fail(422, { form: parsed.form });
	const status = await work(locals.supabase, parsed.output);
	// A partner may have done the same a moment before.
	if (status === 'ok' || status === 'already') return { done: true };
	const sentence = boothRefusal(status);
	if (!sentence) error(404, m.shell_not_found());
	return fail(409, { form: withIssue(parsed.form, '', sentence) });
}

/** Form actions of those who work in a booth; the database decides who may. */
export const boothActions = {
	take: (event: Event) =>
		act(event, 'booth', v.object(booth), (client, wish) => takeBooth(client, wish.run, wish.language)),
	offer: (event: Event) =>
		act(event, 'booth', v.object({ ...booth, offered: yes }), (client, wish) =>
			offerBooth(client, wish.run, wish.language, wish.offered)
		),
	leave: (event: Event) =>
		act(event, 'booth', v.object(booth), (client, wish) => leaveBooth(client, wish.run, wish.language)),
	say: (event: Event) =>
		act(event, 'line', v.object({ ...booth, words: requiredLines(500) }), (client, wish) =>
			sayInBooth(client, wish.run, wish.language, wish.words)
		)
};

/** Form actions of whoever runs the stage, about its booths. */
export const boothsActions = {
	air: (event: Event) =>
		act(event, 'booths', v.object({ ...booth, person: v.optional(person) }), (client, wish) =>
			putOnAir(client, wish.run, wish.language, wish.person ?? null)
		),
	seat: (event: Event) =>
		act(event, 'booths', v.object({ ...booth, person, seated: yes }), (client, wish) =>
			seatInBooth(client, wish.run, wish.language, wish.person, wish.seated)
		),
	open: (event: Event) =>
		act(event, 'open', v.object({ ...booth, minutes: wholeNumber(5, 120) }), (client, wish) =>
			saveBooth(client, wish.run, wish.language, wish.minutes)
		),
	close: (event: Event) =>
		act(event, 'booths', v.object(booth), (client, wish) => closeBooth(client, wish.run, wish.language)),
	say: boothActions.say
};
