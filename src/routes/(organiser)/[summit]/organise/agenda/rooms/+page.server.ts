import { itemsOf, unknownRoom } from '#lib/agenda/checks/facts.ts';
import { readRoomFacts, saveRoomFacts } from '#lib/agenda/server/checks.ts';
import { checkbox, optionalText } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { href } from '#lib/i18n/locale.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const { summit } = locals;
	const known = (await readRoomFacts(locals.supabase, summit.id)) ?? error(404);
	return { rooms: summit.rooms.map((room) => ({ ...room, facts: known[room.slug] ?? unknownRoom(room.slug) })) };
};

const fields = {
	building: optionalText(80),
	floor: optionalText(40),
	is_step_free: checkbox(),
	has_hearing_loop: checkbox(),
	is_streamed: checkbox(),
	is_open: checkbox(),
	equipment: optionalText(1000)
};

export const actions: Actions = {
	default: async ({ locals, params, request }) => {
		const { summit } = locals;
		const named = summit.rooms.map(({ slug }) =>
			Object.entries(fields).map(([name, schema]) => [`${slug}.${name}`, schema] as const)
		);
		const parsed = parseForm(await request.formData(), v.object(Object.fromEntries(named.flat()) as v.ObjectEntries));
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const output = parsed.output as Record<string, string | boolean>;
		const facts = summit.rooms.map(({ slug }) => {
			const word = (name: string) => String(output[`${slug}.${name}`]);
			const is = (name: string) => output[`${slug}.${name}`] === true;
			return {
				room: slug,
				building: word('building'),
				floor: word('floor'),
				is_step_free: is('is_step_free'),
				has_hearing_loop: is('has_hearing_loop'),
				is_streamed: is('is_streamed'),
				is_open: is('is_open'),
				equipment: itemsOf(word('equipment'))
			};
		});
		const status = await saveRoomFacts(locals.supabase, summit.id, facts);
		if (status !== 'ok')
			return fail(409, { form: withIssue(parsed.form, '', 'A room has at most thirty things. Nothing was saved.') });
		redirect(303, href(`/${params.summit}/organise/agenda/rooms?done=saved`));
	}
};
