import { requiredText } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { hallCookie } from '#lib/stage/hall.ts';
import { readStage } from '#lib/stage/server/reading.ts';
import { readHallCamera } from '#lib/stage/server/camera.ts';
import { hallPassFor } from '#lib/stage/server/livekit-hall.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

/** The browser at the desk of a room, for anybody who has its code. */
export const load: PageServerLoad = async ({ locals, params, cookies, depends, setHeaders }) => {
	depends('stage:hall');
	const stage = await readStage(locals.supabase, locals.summit.id, params.room);
	if (!stage) error(404, m.ui_not_found());
	setHeaders({ 'cache-control': 'no-store' });
	const code = cookies.get(hallCookie(params.room));
	const hasCode = code !== undefined && (await hallPassFor(code, locals.summit.id, params.room)).status !== 'refused';
	const camera = hasCode ? await readHallCamera(code, locals.summit.id, params.room) : null;
	return { room: stage.room, hasCode, camera };
};

const enterSchema = v.object({ code: requiredText(40) });

export const actions: Actions = {
	enter: formAction('hall', enterSchema, async (input, { locals, params, cookies, url }) => {
		const code = input.code.toUpperCase().replace(/[^A-Z0-9]/g, '');
		if ((await hallPassFor(code, locals.summit.id, params.room)).status === 'refused')
			return refuse('code', m.stage_hall_code_wrong(), 422);
		cookies.set(hallCookie(params.room), code, {
			path: '/',
			maxAge: 86_400,
			httpOnly: true,
			sameSite: 'strict',
			secure: url.protocol === 'https:'
		});
		return { done: true as const };
	})
};
