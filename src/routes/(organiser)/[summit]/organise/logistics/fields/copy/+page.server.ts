import { byStatus } from '#lib/database/by-status.ts';
import { id, list } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { copyQuestions, listSummitQuestions } from '#lib/logistics/server/copying.ts';
import { listSummits } from '#lib/summits/server/settings.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

/** The reader's other Summits, newest first, and the questions of the one that the address names. */
export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase } = locals;
	const others = (await listSummits(supabase))
		.filter((one) => one.id !== summit.id)
		.toSorted((a, b) => b.starts_on.localeCompare(a.starts_on));
	const asked = url.searchParams.get('from');
	const from = asked === null ? others[0] : others.find(({ slug }) => slug === asked);
	if (asked !== null && !from) error(404, m.ui_not_found());
	const used = new Set((await listSummitQuestions(supabase, summit.id, true)).map(({ key }) => key));
	const questions = from ? await listSummitQuestions(supabase, from.id) : [];
	return { others, from, questions: questions.map((one) => ({ ...one, isHere: used.has(one.key) })) };
};

export const actions: Actions = {
	default: formAction(v.object({ source: id(), 'fields[]': list(id()) }), async (input, { locals, params }) => {
		if (input['fields[]'].length === 0) return refuse('fields[]', m.logistics_copy_choose());
		const copied = await copyQuestions(locals.supabase, locals.summit.id, input.source, input['fields[]']);
		return byStatus(copied, {
			ok: ({ copied, skipped }) => `/${params.summit}/organise/logistics/fields?copied=${copied}&skipped=${skipped}`,
			not_allowed: () => error(403, m.ui_forbidden())
		});
	})
};
