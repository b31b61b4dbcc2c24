import { checkAtDoor, countAtDoor } from '#lib/door/server/check.ts';
import { optionalText, requiredText } from '#lib/forms/fields.ts';
import { parseForm } from '#lib/forms/parse.ts';
import { m } from '#lib/i18n/messages.ts';
import { error, fail } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, setHeaders }) => {
	const summit = locals.summit ?? error(404);
	setHeaders({ 'cache-control': 'no-store' });
	return { count: await countAtDoor(locals.supabase, summit.id) };
};

export const actions: Actions = {
	default: async ({ locals, request }) => {
		const summit = locals.summit ?? error(404);
		const schema = v.object({ code: requiredText(400, () => m.door_missing()), at: optionalText(80) });
		const parsed = parseForm(await request.formData(), schema);
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { code, at } = parsed.output;
		return { verdict: await checkAtDoor(locals.supabase, summit, code, at, Date.now()), at };
	}
};
