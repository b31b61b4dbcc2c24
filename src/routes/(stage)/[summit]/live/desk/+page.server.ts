import { acted, formAction } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { readAllRooms } from '#lib/stage/server/all-rooms.ts';
import { deskActions } from '#lib/stage/server/desk.ts';
import { makeHallCode, revokeHallCodes } from '#lib/stage/server/runs.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

/** An overview of all rooms, for organisers of all stages. */
export const load: PageServerLoad = async ({ locals, depends, setHeaders }) => {
	depends('stage:desk');
	const desk = await readAllRooms(locals.supabase, locals.summit.id);
	if (!desk) error(403, m.ui_forbidden());
	setHeaders({ 'cache-control': 'no-store' });
	return { desk };
};

const ofRoom = v.object({ room: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,60}$/)) });

export const actions: Actions = {
	...deskActions,
	hall: formAction('hall', ofRoom, async ({ room }, { locals }) => {
		const code = await makeHallCode(locals.supabase, locals.summit.id, room);
		if (!code) error(404, m.ui_not_found());
		return { hall: { room, code } };
	}),
	revoke: formAction('hall', ofRoom, async ({ room }, event) => {
		const { locals } = event;
		if ((await revokeHallCodes(locals.supabase, locals.summit.id, room)) === 'not_found') error(404, m.ui_not_found());
		return acted(event);
	})
};
