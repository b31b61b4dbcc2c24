import { placingSchema, seenFrom, whenFrom } from '#lib/agenda/builder/placing-form.ts';
import { freePlaces } from '#lib/agenda/builder/proposals.ts';
import { refusalWords } from '#lib/agenda/builder/words.ts';
import { changePlacements, readMove } from '#lib/agenda/server/placing.ts';
import { FormRefusal, formActionsAbout, refuse } from '#lib/forms/server/action.ts';
import { text } from '#lib/i18n/locale.ts';
import { dayKey } from '#lib/i18n/time.ts';
import type { Summit } from '#lib/summits/summit.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import { requireSession } from '../require-session.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = async ({ locals, params, url }) => {
	const { summit, session } = await requireSession(locals, params);
	const facts = (await readMove(locals.supabase, session.id)) ?? error(404);
	const slot = session.slots.find(({ id }) => id === url.searchParams.get('slot')) ?? null;
	const usual = summit.formats.find(({ id }) => id === session.format_id)?.minutes ?? 60;
	const length = slot ? (Date.parse(slot.end) - Date.parse(slot.start)) / 60_000 : usual;
	const asked = Number(url.searchParams.get('minutes'));
	const minutes = Number.isInteger(asked) && asked >= 5 && asked <= 720 ? asked : length;
	const { zone, starts_on, ends_on } = summit;
	const request = { session: session.id, attendance: session.attendance, minutes, zone, starts_on, ends_on };
	return { session, slot, minutes, rooms: summit.rooms, proposals: freePlaces(facts, request) };
};

function refused(summit: Summit, answer: Parameters<typeof refusalWords>[0]) {
	const names = new Map(summit.rooms.map(({ slug, name }) => [slug, text(name).text]));
	return refuse('', refusalWords(answer, summit.zone, names));
}

const takeSchema = v.object({ slot: v.pipe(v.string(), v.uuid()), seen: v.string() });

const about = formActionsAbout(({ locals, params }: RequestEvent) => requireSession(locals, params));

export const actions: Actions = {
	place: about('place', placingSchema(), async (input, { locals, params }, given, { summit, session }) => {
		const { when, form } = whenFrom(input, given, summit.zone);
		if (!when) return new FormRefusal(form.issues, 422);
		const { slot, seen } = input;
		const [change] = slot
			? [{ slot, seen: seenFrom(seen), ...when }]
			: [{ session: session.id, times: session.slots.length, ...when }];
		const answer = await changePlacements(locals.supabase, summit.id, [change]);
		if (answer.status !== 'ok') return refused(summit, answer);
		return `/${params.summit}/organise/agenda?day=${dayKey(when.start, summit.zone)}`;
	}),
	take: about('take', takeSchema, async ({ slot, seen }, { locals, params }, _, { summit }) => {
		const answer = await changePlacements(locals.supabase, summit.id, [{ slot, seen: seenFrom(seen), remove: true }]);
		if (answer.status !== 'ok') return refused(summit, answer);
		return `/${params.summit}/organise/agenda?day=${dayKey(seenFrom(seen).start, summit.zone)}`;
	})
};
