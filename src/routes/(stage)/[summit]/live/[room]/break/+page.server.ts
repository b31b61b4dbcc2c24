import { m } from '#lib/i18n/messages.ts';
import { supportPage, stageConcernAction } from '#lib/safeguarding/server/reporting.ts';
import { readStage } from '#lib/stage/server/reading.ts';
import { error } from '@sveltejs/kit';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const stageOf = ({ locals, params }: Pick<RequestEvent, 'locals' | 'params'>) =>
	readStage(locals.supabase, locals.summit.id, params.room);

/** A pause from a stage: nothing of the session is on this page. */
export const load: PageServerLoad = async (event) => {
	event.setHeaders({ 'cache-control': 'no-store' });
	const stage = await stageOf(event);
	if (!stage) error(404, m.ui_not_found());
	const { contacts, rooms, country } = supportPage(event);
	const near = ['wellbeing', 'safeguarding', 'emergency'];
	return {
		room: stage.room.slug,
		isOn: stage.run !== null && stage.entry === 'ok',
		contacts: (contacts ?? []).filter(({ kind }) => near.includes(kind)),
		rooms,
		country
	};
};

export const actions: Actions = { concern: stageConcernAction((event: RequestEvent) => stageOf(event)) };
