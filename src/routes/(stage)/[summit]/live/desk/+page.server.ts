import { parseForm } from '#lib/forms/parse.ts';
import { m } from '#lib/i18n/messages.ts';
import { readAllRooms } from '#lib/stage/server/all-rooms.ts';
import { deskActions } from '#lib/stage/server/desk.ts';
import { makeHallCode, revokeHallCodes } from '#lib/stage/server/running.ts';
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
	hall: async ({ request, locals }) => {
		const parsed = parseForm(await request.formData(), ofRoom, 'hall');
		if (!parsed.ok) error(404, m.ui_not_found());
		const code = await makeHallCode(locals.supabase, locals.summit.id, parsed.output.room);
		if (!code) error(404, m.ui_not_found());
		return { hall: { room: parsed.output.room, code } };
	},
	revoke: async ({ request, locals }) => {
		const parsed = parseForm(await request.formData(), ofRoom, 'hall');
		if (!parsed.ok) error(404, m.ui_not_found());
		const status = await revokeHallCodes(locals.supabase, locals.summit.id, parsed.output.room);
		if (status === 'not_found') error(404, m.ui_not_found());
		return { done: true as const };
	}
};
