import { list } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { listSpeakers, remindSpeakers } from '#lib/speakers/server/desk.ts';
import { taskNames } from '#lib/speakers/tasks.ts';
import { error, fail } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const size = 50;

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit } = locals;
	const asked = url.searchParams.get('missing') ?? '';
	const missing = ['any', ...taskNames].find((name) => name === asked) ?? null;
	const query = (url.searchParams.get('q') ?? '').trim().slice(0, 100);
	const page = Math.max(1, Math.min(1000, Number(url.searchParams.get('page')) || 1));
	const speakers = await listSpeakers(locals.supabase, summit.id, { missing, query, size, page });
	return { speakers: speakers ?? error(404), missing, query, page, size };
};

export const actions: Actions = {
	remind: async ({ locals, request }) => {
		const { summit } = locals;
		const schema = v.object({ 'people[]': list(v.pipe(v.string(), v.uuid())) });
		const parsed = parseForm(await request.formData(), schema, 'remind');
		if (!parsed.ok) return fail(422, { form: parsed.form, done: null });
		const people = parsed.output['people[]'];
		if (people.length === 0)
			return fail(422, { form: withIssue(parsed.form, '', 'Choose who is to be reminded.'), done: null });
		const sent = await remindSpeakers(locals.supabase, summit.id, people);
		if (sent.status !== 'ok')
			return fail(409, { form: withIssue(parsed.form, '', 'Nobody was reminded.'), done: null });
		return { form: null, done: sent };
	}
};
