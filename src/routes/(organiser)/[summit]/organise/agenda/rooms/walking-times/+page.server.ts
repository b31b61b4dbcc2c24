import { readWalkingTimes, saveWalkingTime } from '#lib/agenda/server/checks.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const { summit } = locals;
	const walkingTimes = (await readWalkingTimes(locals.supabase, summit.id)) ?? error(404);
	return { walkingTimes, rooms: summit.rooms.filter(({ kind }) => kind !== 'online') };
};

const schema = v.object({
	one: v.pipe(v.string(), v.nonEmpty('Choose a room.')),
	other: v.pipe(v.string(), v.nonEmpty('Choose a room.')),
	minutes: v.pipe(
		v.optional(v.string(), ''),
		v.trim(),
		v.regex(/^(\d{0,2}|1\d\d|2[0-3]\d|240)$/, 'Give 0 to 240, or nothing.')
	)
});

export const actions: Actions = {
	default: formAction(schema, async ({ one, other, minutes }, { locals, params }) => {
		const { summit } = locals;
		if (one === other) return refuse('other', 'Choose two different rooms.', 422);
		const status = await saveWalkingTime(
			locals.supabase,
			summit.id,
			one,
			other,
			minutes === '' ? null : Number(minutes)
		);
		const notSaved = () => refuse('', 'This could not be saved.');
		return byStatus(status, {
			ok: () => `/${params.summit}/organise/agenda/rooms/walking-times?done=saved`,
			invalid: notSaved,
			unknown: notSaved,
			not_allowed: notSaved
		});
	})
};
