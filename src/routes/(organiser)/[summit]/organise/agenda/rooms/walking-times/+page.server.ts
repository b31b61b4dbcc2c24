import { m } from '#lib/i18n/messages.ts';
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

const roomMissing = () => m.agenda_walking_room_missing();
const schema = v.object({
	one: v.pipe(v.string(), v.nonEmpty(roomMissing)),
	other: v.pipe(v.string(), v.nonEmpty(roomMissing)),
	minutes: v.pipe(
		v.optional(v.string(), ''),
		v.trim(),
		v.regex(/^(\d{0,2}|1\d\d|2[0-3]\d|240)$/, () => m.agenda_walking_minutes_wrong())
	)
});

export const actions: Actions = {
	default: formAction(schema, async ({ one, other, minutes }, { locals, params }) => {
		const { summit } = locals;
		if (one === other) return refuse('other', m.agenda_walking_same(), 422);
		const status = await saveWalkingTime(
			locals.supabase,
			summit.id,
			one,
			other,
			minutes === '' ? null : Number(minutes)
		);
		const notSaved = () => refuse('', m.agenda_not_saved());
		return byStatus(status, {
			ok: () => `/${params.summit}/organise/agenda/rooms/walking-times?done=saved`,
			invalid: notSaved,
			unknown: notSaved,
			not_allowed: notSaved
		});
	})
};
