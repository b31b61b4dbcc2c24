import { listScreens, makeScreen, revokeScreen } from '#lib/agenda/server/now.ts';
import { requiredText } from '#lib/forms/fields.ts';
import { isId } from '#lib/forms/ids.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const { summit } = locals;
	return { screens: await listScreens(locals.supabase, summit.id), rooms: summit.rooms };
};

export const actions: Actions = {
	make: async ({ locals, request, url }) => {
		const { summit } = locals;
		const schema = v.object({ room: requiredText(40), name: requiredText(80) });
		const parsed = parseForm(await request.formData(), schema);
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { room, name } = parsed.output;
		const token = await makeScreen(locals.supabase, summit.id, room, name);
		if (token === null) return fail(409, { form: withIssue(parsed.form, 'room', 'Choose one of the rooms.') });
		return { link: `${url.origin}/${summit.slug}/rooms/${room}/${token}` };
	},
	revoke: async ({ locals, request, params }) => {
		const screen = String((await request.formData()).get('screen') ?? '');
		if (isId(screen)) await revokeScreen(locals.supabase, screen);
		redirect(303, href(`/${params.summit}/organise/agenda/now/screens`));
	}
};
