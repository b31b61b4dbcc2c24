import { requiredText } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { m } from '#lib/i18n/messages.ts';
import { hallCookie } from '#lib/stage/hall.ts';
import { readStage } from '#lib/stage/server/reading.ts';
import { hallPassFor } from '#lib/stage/server/livekit-hall.ts';
import { error, fail } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

/** The browser at the desk of a room: whoever has its code. */
export const load: PageServerLoad = async ({ locals, params, cookies, depends, setHeaders }) => {
	depends('stage:hall');
	const stage = await readStage(locals.supabase, locals.summit.id, params.room);
	if (!stage) error(404, m.shell_not_found());
	setHeaders({ 'cache-control': 'no-store' });
	const code = cookies.get(hallCookie(params.room));
	const hasCode = code !== undefined && (await hallPassFor(code, locals.summit.id, params.room)).status !== 'refused';
	return { room: stage.room, hasCode };
};

export const actions: Actions = {
	enter: async ({ locals, params, request, cookies, url }) => {
		const parsed = parseForm(await request.formData(), v.object({ code: requiredText(40) }), 'hall');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const code = parsed.output.code.toUpperCase().replace(/[^A-Z0-9]/g, '');
		if ((await hallPassFor(code, locals.summit.id, params.room)).status === 'refused')
			return fail(422, { form: withIssue(parsed.form, 'code', m.flow_hall_code_wrong()) });
		cookies.set(hallCookie(params.room), code, {
			path: '/',
			maxAge: 86_400,
			httpOnly: true,
			sameSite: 'strict',
			secure: url.protocol === 'https:'
		});
		return { done: true as const };
	}
};
