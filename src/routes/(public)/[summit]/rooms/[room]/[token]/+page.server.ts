import { readRoomScreen } from '#lib/agenda/server/now.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const csr = false;

/** The monitor at the door, by its secret link. Never cached, so that a revoked link shows nothing at once. */
export const load: PageServerLoad = async ({ locals, params, setHeaders }) => {
	setHeaders({ 'cache-control': 'no-store' });
	const { summit } = locals;
	const screen = await readRoomScreen(summit.id, params.room, params.token);
	if (!screen) error(404, m.ui_not_found());
	return { screen, place: { id: summit.id, name: summit.name, zone: summit.zone, rooms: summit.rooms } };
};
