import { m } from '#lib/i18n/messages.ts';
import { readAllRooms } from '#lib/stage/server/all-rooms.ts';
import { deskActions } from '#lib/stage/server/desk.ts';
import { error } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

/** All rooms at a glance, for whoever answers for all stages. */
export const load: PageServerLoad = async ({ locals, depends, setHeaders }) => {
	depends('stage:desk');
	if (!locals.summit) error(404, m.shell_not_found());
	const desk = await readAllRooms(locals.supabase, locals.summit.id);
	if (!desk) error(403, m.shell_forbidden());
	setHeaders({ 'cache-control': 'no-store' });
	return { desk };
};

export const actions: Actions = deskActions;
