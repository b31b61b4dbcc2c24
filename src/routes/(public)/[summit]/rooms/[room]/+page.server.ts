import { readRoom } from '#lib/agenda/server/now.ts';
import { anonymousClient } from '#lib/database/server/supabase.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const csr = false;

/** What everyone may see of the room, regardless of the reader, because the screen hangs in public. */
export const load: PageServerLoad = async ({ locals, params }) => {
	const { summit } = locals;
	const screen = await readRoom(anonymousClient(), summit.id, params.room);
	if (!screen) error(404, m.ui_not_found());
	return { screen, place: { id: summit.id, name: summit.name, zone: summit.zone, rooms: summit.rooms } };
};
