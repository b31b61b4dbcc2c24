import { m } from '#lib/i18n/messages.ts';
import { itemsOf, unknownRoom } from '#lib/agenda/checks/facts.ts';
import { readRoomFacts, saveRoomFacts } from '#lib/agenda/server/checks.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { checkbox, optionalText } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const { summit } = locals;
	const known = (await readRoomFacts(locals.supabase, summit.id)) ?? error(404);
	return { rooms: summit.rooms.map((room) => ({ ...room, facts: known[room.slug] ?? unknownRoom(room.slug) })) };
};

const fields = {
	building: optionalText(80),
	floor: optionalText(40),
	is_step_free: checkbox(),
	has_hearing_loop: checkbox(),
	is_streamed: checkbox(),
	is_open: checkbox(),
	equipment: optionalText(1000)
};

function schemaOf({ locals }: RequestEvent) {
	const named = locals.summit.rooms.map(({ slug }) =>
		Object.entries(fields).map(([name, schema]) => [`${slug}.${name}`, schema] as const)
	);
	return { schema: v.object(Object.fromEntries(named.flat()) as v.ObjectEntries) };
}

export const actions: Actions = {
	default: formAction(schemaOf, async (output, { locals, params }) => {
		const { summit } = locals;
		const facts = summit.rooms.map(({ slug }) => {
			const word = (name: string) => String(output[`${slug}.${name}`]);
			const is = (name: string) => output[`${slug}.${name}`] === true;
			return {
				room: slug,
				building: word('building'),
				floor: word('floor'),
				is_step_free: is('is_step_free'),
				has_hearing_loop: is('has_hearing_loop'),
				is_streamed: is('is_streamed'),
				is_open: is('is_open'),
				equipment: itemsOf(word('equipment'))
			};
		});
		const status = await saveRoomFacts(locals.supabase, summit.id, facts);
		return byStatus(status, {
			ok: () => `/${params.summit}/organise/agenda/rooms?done=saved`,
			invalid: () => refuse('', m.agenda_rooms_too_many()),
			not_allowed: notFound
		});
	})
};
