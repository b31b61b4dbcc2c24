import { listScreens, makeScreen, revokeScreen } from '#lib/agenda/server/now.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { requiredText } from '#lib/forms/fields.ts';
import { isId } from '#lib/forms/ids.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { error, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const { summit } = locals;
	return { screens: await listScreens(locals.supabase, summit.id), rooms: summit.rooms };
};

const makeSchema = v.object({ room: requiredText(40), name: requiredText(80) });

export const actions: Actions = {
	make: formAction(makeSchema, async ({ room, name }, { locals, url }) => {
		const { summit } = locals;
		const { status, token } = await makeScreen(locals.supabase, summit.id, room, name);
		return byStatus(status, {
			ok: () => ({ link: `${url.origin}/${summit.slug}/rooms/${room}/${token}` }),
			unknown: () => refuse('room', m.agenda_screens_choose_room()),
			invalid: () => refuse('name', m.ui_form_wrong(), 422),
			not_allowed: () => error(403, m.ui_forbidden())
		});
	}),
	revoke: async ({ locals, request, params }) => {
		const screen = String((await request.formData()).get('screen') ?? '');
		if (isId(screen)) await revokeScreen(locals.supabase, screen);
		redirect(303, href(`/${params.summit}/organise/agenda/now/screens`));
	}
};
