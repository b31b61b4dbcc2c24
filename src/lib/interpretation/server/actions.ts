import type { DataClient } from '#lib/database/client.ts';
import type { RequestEvent } from '@sveltejs/kit';
import * as v from 'valibot';
import { id, requiredLines, wholeNumber, yesNo } from '#lib/forms/fields.ts';
import { acted, formAction, refuse } from '#lib/forms/server/action.ts';
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
const booth = { run: id(), language };

function act<Schema extends v.GenericSchema>(
	name: string,
	schema: Schema,
	work: (client: DataClient, input: v.InferOutput<Schema>) => Promise<'ok' | 'already' | BoothRefusal>
) {
	return formAction(name, schema, async (input, event: RequestEvent) => {
		const status = await work(event.locals.supabase, input);
		// A partner may have done the same a moment before.
		if (status === 'ok' || status === 'already') return acted(event);
		return refuse('', boothRefusal(status));
	});
}

/** Form actions of interpreters in a booth; the database decides who may. */
export const boothActions = {
	take: act('booth', v.object(booth), (client, input) => takeBooth(client, input.run, input.language)),
	offer: act('booth', v.object({ ...booth, offered: yesNo() }), (client, input) =>
		offerBooth(client, input.run, input.language, input.offered)
	),
	leave: act('booth', v.object(booth), (client, input) => leaveBooth(client, input.run, input.language)),
	say: act('line', v.object({ ...booth, words: requiredLines(500) }), (client, input) =>
		sayInBooth(client, input.run, input.language, input.words)
	)
};

/** Form actions about its booths, of people who run the stage. */
export const boothsActions = {
	air: act('booths', v.object({ ...booth, person: v.optional(person) }), (client, input) =>
		putOnAir(client, input.run, input.language, input.person ?? null)
	),
	seat: act('booths', v.object({ ...booth, person, seated: yesNo() }), (client, input) =>
		seatInBooth(client, input.run, input.language, input.person, input.seated)
	),
	open: act('open', v.object({ ...booth, minutes: wholeNumber(5, 120) }), (client, input) =>
		saveBooth(client, input.run, input.language, input.minutes)
	),
	close: act('booths', v.object(booth), (client, input) => closeBooth(client, input.run, input.language)),
	say: boothActions.say
};
