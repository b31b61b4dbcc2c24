import { m } from '#lib/i18n/messages.ts';
import { readListedSpeaker } from '#lib/speakers/server/desk.ts';
import { openNeeds } from '#lib/speakers/server/work.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

async function requireSpeaker(locals: App.Locals, person: string) {
	const { summit } = locals;
	if (!v.is(v.pipe(v.string(), v.uuid()), person)) error(404, m.ui_not_found());
	const speaker = await readListedSpeaker(locals.supabase, summit.id, person);
	return speaker ? { summit, speaker } : error(404, m.ui_not_found());
}

export const load: PageServerLoad = async ({ locals, params, setHeaders }) => {
	setHeaders({ 'cache-control': 'no-store' });
	return { speaker: (await requireSpeaker(locals, params.person)).speaker };
};

export const actions: Actions = {
	// Each reading is logged, so it needs a click.
	needs: async ({ locals, params }) => {
		const { summit, speaker } = await requireSpeaker(locals, params.person);
		return { needs: await openNeeds(locals.supabase, summit.id, speaker.person_id) };
	}
};
