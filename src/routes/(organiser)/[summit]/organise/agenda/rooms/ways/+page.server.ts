import { readRoomWays, saveRoomWay } from '#lib/agenda/server/checks.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const { summit } = locals;
	const ways = (await readRoomWays(locals.supabase, summit.id)) ?? error(404);
	return { ways, rooms: summit.rooms.filter(({ kind }) => kind !== 'online') };
};

const schema = v.object({
	one: v.pipe(v.string(), v.nonEmpty('Choose a room.')),
	other: v.pipe(v.string(), v.nonEmpty('Choose a room.')),
	minutes: v.pipe(
		v.optional(v.string(), ''),
		v.trim(),
		v.regex(/^(\d{0,2}|1\d\d|2[0-3]\d|240)$/, 'Give 0 to 240, or nothing.')
	)
});

export const actions: Actions = {
	default: async ({ locals, params, request }) => {
		const { summit } = locals;
		const parsed = parseForm(await request.formData(), schema);
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { one, other, minutes } = parsed.output;
		if (one === other) return fail(422, { form: withIssue(parsed.form, 'other', 'Choose two different rooms.') });
		const status = await saveRoomWay(locals.supabase, summit.id, one, other, minutes === '' ? null : Number(minutes));
		if (status !== 'ok') return fail(409, { form: withIssue(parsed.form, '', 'This could not be saved.') });
		redirect(303, href(`/${params.summit}/organise/agenda/rooms/ways?done=saved`));
	}
};
