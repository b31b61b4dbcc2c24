import { placingFields, seenFrom, whenFrom } from '#lib/agenda/builder/placing-form.ts';
import type { Change } from '#lib/agenda/builder/builder.ts';
import { refusalWords } from '#lib/agenda/builder/words.ts';
import { changePlacements, readBuilder } from '#lib/agenda/server/placing.ts';
import { requiredText } from '#lib/forms/fields.ts';
import { parseForm, withIssue, type FormResult } from '#lib/forms/parse.ts';
import { formAction } from '#lib/forms/server/action.ts';
import { href, text } from '#lib/i18n/locale.ts';
import { dayKey } from '#lib/i18n/time.ts';
import { error, fail, redirect, type RequestEvent } from '@sveltejs/kit';
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

async function write({ locals, params }: Event, change: Change, form: FormResult, at: string) {
	const { summit } = locals;
	const answer = await changePlacements(locals.supabase, summit.id, [change]);
	if (answer.status === 'ok') redirect(303, href(`/${params.summit}/organise/agenda?day=${dayKey(at, summit.zone)}`));
	const names = new Map(summit.rooms.map(({ slug, name }) => [slug, text(name).text]));
	return fail(409, { form: withIssue(form, '', refusalWords(answer, summit.zone, names)) });
}

const freeSchema = v.object({ slot: v.pipe(v.string(), v.uuid()), seen: v.string() });

export const actions: Actions = {
	hold: async (event) => {
		const { summit } = event.locals;
		const schema = v.object({
			...placingFields,
			block_reason: requiredText(200, () => 'Say what the room is held for.')
		});
		const parsed = parseForm(await event.request.formData(), schema, 'hold');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { when, form } = whenFrom(parsed.output, parsed.form, summit.zone);
		if (!when) return fail(422, { form });
		const { slot, seen, block_reason } = parsed.output;
		return write(
			event,
			slot ? { slot, seen: seenFrom(seen), block_reason, ...when } : { block_reason, ...when },
			form,
			when.start
		);
	},
	free: formAction('free', freeSchema, async (input, event, form) => {
		const seen = seenFrom(input.seen);
		return write(event, { slot: input.slot, seen, remove: true }, form, seen.start);
	})
};
