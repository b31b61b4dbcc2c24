import { placingSchema, seenFrom, whenFrom } from '#lib/agenda/builder/placing-form.ts';
import { freePlaces } from '#lib/agenda/builder/proposals.ts';
import { refusalWords } from '#lib/agenda/builder/words.ts';
import { changePlacements, readMove } from '#lib/agenda/server/placing.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { formAction } from '#lib/forms/server/action.ts';
import { href, text } from '#lib/i18n/locale.ts';
import { dayKey } from '#lib/i18n/time.ts';
import type { Summit } from '#lib/summits/summit.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import { requireSession } from '../require-session.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, url }) => {
	const { summit, session } = await requireSession(locals, params);
	const facts = (await readMove(locals.supabase, session.id)) ?? error(404);
	const slot = session.slots.find(({ id }) => id === url.searchParams.get('slot')) ?? null;
	const usual = summit.formats.find(({ id }) => id === session.format_id)?.minutes ?? 60;
	const length = slot ? (Date.parse(slot.end) - Date.parse(slot.start)) / 60_000 : usual;
	const asked = Number(url.searchParams.get('minutes'));
	const minutes = Number.isInteger(asked) && asked >= 5 && asked <= 720 ? asked : length;
	const { zone, starts_on, ends_on } = summit;
	const wish = { session: session.id, attendance: session.attendance, minutes, zone, starts_on, ends_on };
	return { session, slot, minutes, rooms: summit.rooms, proposals: freePlaces(facts, wish) };
};

function refuse(summit: Summit, form: Parameters<typeof withIssue>[0], answer: Parameters<typeof refusalWords>[0]) {
	const names = new Map(summit.rooms.map(({ slug, name }) => [slug, text(name).text]));
	return fail(409, { form: withIssue(form, '', refusalWords(answer, summit.zone, names)) });
}

const takeSchema = v.object({ slot: v.pipe(v.string(), v.uuid()), seen: v.string() });

export const actions: Actions = {
	place: async ({ locals, params, request }) => {
		const { summit, session } = await requireSession(locals, params);
		const parsed = parseForm(await request.formData(), placingSchema(), 'place');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { when, form } = whenFrom(parsed.output, parsed.form, summit.zone);
		if (!when) return fail(422, { form });
		const { slot, seen } = parsed.output;
		const [change] = slot
			? [{ slot, seen: seenFrom(seen), ...when }]
			: [{ session: session.id, times: session.slots.length, ...when }];
		const answer = await changePlacements(locals.supabase, summit.id, [change]);
		if (answer.status !== 'ok') return refuse(summit, form, answer);
		redirect(303, href(`/${params.summit}/organise/agenda?day=${dayKey(when.start, summit.zone)}`));
	},
	take: formAction('take', takeSchema, async ({ slot, seen }, { locals, params }, form) => {
		const { summit } = await requireSession(locals, params);
		const answer = await changePlacements(locals.supabase, summit.id, [{ slot, seen: seenFrom(seen), remove: true }]);
		if (answer.status !== 'ok') return refuse(summit, form, answer);
		return `/${params.summit}/organise/agenda?day=${dayKey(seenFrom(seen).start, summit.zone)}`;
	})
};
