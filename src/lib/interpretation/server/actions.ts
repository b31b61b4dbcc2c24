import type { DataClient } from '#lib/database/client.ts';
import type { RequestEvent } from '@sveltejs/kit';
import * as v from 'valibot';
import { id, requiredLines, wholeNumber } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { isLanguageTag } from '#lib/interpretation/interpretation.ts';
import { boothRefusal, type BoothRefusal } from '#lib/interpretation/words.ts';
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

function act<Schema extends v.GenericSchema>(
	name: string,
	schema: Schema,
	work: (client: DataClient, wish: v.InferOutput<Schema>) => Promise<'ok' | 'already' | BoothRefusal>
) {
	return formAction(name, schema, async (wish, { locals }: RequestEvent) => {
		const status = await work(locals.supabase, wish);
		// A partner may have done the same a moment before.
		if (status === 'ok' || status === 'already') return { done: true as const };
		return refuse('', boothRefusal(status));
	});
}

/** Form actions of interpreters in a booth; the database decides who may. */
export const boothActions = {
	take: act('booth', v.object(booth), (client, wish) => takeBooth(client, wish.run, wish.language)),
	offer: act('booth', v.object({ ...booth, offered: yes }), (client, wish) =>
		offerBooth(client, wish.run, wish.language, wish.offered)
	),
	leave: act('booth', v.object(booth), (client, wish) => leaveBooth(client, wish.run, wish.language)),
	say: act('line', v.object({ ...booth, words: requiredLines(500) }), (client, wish) =>
		sayInBooth(client, wish.run, wish.language, wish.words)
	)
};

/** Form actions about its booths, of people who run the stage. */
export const boothsActions = {
	air: act('booths', v.object({ ...booth, person: v.optional(person) }), (client, wish) =>
		putOnAir(client, wish.run, wish.language, wish.person ?? null)
	),
	seat: act('booths', v.object({ ...booth, person, seated: yes }), (client, wish) =>
		seatInBooth(client, wish.run, wish.language, wish.person, wish.seated)
	),
	open: act('open', v.object({ ...booth, minutes: wholeNumber(5, 120) }), (client, wish) =>
		saveBooth(client, wish.run, wish.language, wish.minutes)
	),
	close: act('booths', v.object(booth), (client, wish) => closeBooth(client, wish.run, wish.language)),
	say: boothActions.say
};
