import { list } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { listSpeakers, remindSpeakers } from '#lib/speakers/server/desk.ts';
import { taskNames } from '#lib/speakers/tasks.ts';
import { sortingFrom } from '#lib/ui/sorting.ts';
import { pageNumber } from '#lib/ui/page-number.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const size = 50;

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit } = locals;
	const asked = url.searchParams.get('missing') ?? '';
	const missing = ['any', ...taskNames].find((name) => name === asked) ?? null;
	const query = (url.searchParams.get('q') ?? '').trim().slice(0, 100);
	const sort = sortingFrom(url.searchParams, ['name', 'missing'] as const);
	const page = pageNumber(url.searchParams);
	const speakers = await listSpeakers(locals.supabase, summit.id, { missing, query, sort, size, page });
	return { speakers: speakers ?? error(404), missing, query, sort, page, size };
};

const remindSchema = v.object({ 'people[]': list(v.pipe(v.string(), v.uuid())) });

export const actions: Actions = {
	remind: formAction('remind', remindSchema, async ({ 'people[]': people }, { locals }) => {
		if (people.length === 0) return refuse('', m.speakers_desk_nobody_chosen(), 422);
		const sent = await remindSpeakers(locals.supabase, locals.summit.id, people);
		return sent.status === 'ok' ? { done: sent } : refuse('', m.speakers_desk_nobody_reminded());
	})
};
