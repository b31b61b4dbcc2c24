import { copyDay, readBuilder } from '#lib/agenda/server/placing.ts';
import { boardEntriesOf } from '#lib/agenda/builder/builder.ts';
import { boardDays } from '#lib/agenda/builder/board.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { checkbox } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { isDate } from '#lib/summits/local-time.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit } = locals;
	const builder = (await readBuilder(locals.supabase, summit.id)) ?? error(404);
	const starts = boardEntriesOf(builder).map(({ start }) => start);
	return { days: boardDays(summit, starts), from: url.searchParams.get('day') ?? '' };
};

const chooseDay = () => m.agenda_builder_choose_day();
const day = v.pipe(v.string(chooseDay), v.check(isDate, chooseDay));

export const actions: Actions = {
	default: formAction(v.object({ from: day, to: day, sessions: checkbox() }), async (input, { locals, params }) => {
		const { from, to, sessions } = input;
		if (from === to) return refuse('to', m.agenda_copy_same_day(), 422);
		const answer = await copyDay(locals.supabase, locals.summit.id, { from, to, sessions });
		return byStatus(answer, {
			ok: ({ copied, skipped }) => `/${params.summit}/organise/agenda?day=${to}&copied=${copied}&skipped=${skipped}`,
			nothing: ({ skipped }) => refuse('', m.agenda_copy_nothing({ count: skipped })),
			invalid: () => refuse('', m.agenda_builder_choose_day()),
			not_allowed: notFound
		});
	})
};
