import { m } from '#lib/i18n/messages.ts';
import { placingFields, seenFrom, whenFrom } from '#lib/agenda/builder/placing-form.ts';
import type { Change } from '#lib/agenda/builder/builder.ts';
import { refusalWords } from '#lib/agenda/builder/words.ts';
import { changePlacements, readBuilder } from '#lib/agenda/server/placing.ts';
import { requiredText } from '#lib/forms/fields.ts';
import { formAction, FormRefusal, refuse } from '#lib/forms/server/action.ts';
import { text } from '#lib/i18n/locale.ts';
import { dayKey } from '#lib/i18n/time.ts';
import { error, type RequestEvent } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit } = locals;
	const asked = url.searchParams.get('slot');
	const blocks = asked ? ((await readBuilder(locals.supabase, summit.id))?.blocks ?? []) : [];
	const slot = blocks.find((one) => one.slot === asked) ?? null;
	if (asked && !slot) error(404);
	return { slot, day: url.searchParams.get('day') ?? summit.starts_on, rooms: summit.rooms };
};

type Event = Pick<RequestEvent<{ summit: string }>, 'locals' | 'params'>;

async function write({ locals, params }: Event, change: Change, at: string) {
	const { summit } = locals;
	const answer = await changePlacements(locals.supabase, summit.id, [change]);
	if (answer.status === 'ok') return `/${params.summit}/organise/agenda?day=${dayKey(at, summit.zone)}`;
	const names = new Map(summit.rooms.map(({ slug, name }) => [slug, text(name).text]));
	return refuse('', refusalWords(answer, summit.zone, names));
}

const holdSchema = v.object({
	...placingFields,
	block_reason: requiredText(200, () => m.agenda_block_reason_missing())
});
const freeSchema = v.object({ slot: v.pipe(v.string(), v.uuid()), seen: v.string() });

export const actions: Actions = {
	hold: formAction('hold', holdSchema, async (input, event, given) => {
		const { when, form } = whenFrom(input, given, event.locals.summit.zone);
		if (!when) return new FormRefusal(form.issues, 422);
		const { slot, seen, block_reason } = input;
		const change = slot ? { slot, seen: seenFrom(seen), block_reason, ...when } : { block_reason, ...when };
		return write(event, change, when.start);
	}),
	free: formAction('free', freeSchema, async (input, event) => {
		const seen = seenFrom(input.seen);
		return write(event, { slot: input.slot, seen, remove: true }, seen.start);
	})
};
