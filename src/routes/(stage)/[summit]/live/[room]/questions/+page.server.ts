import { m } from '#lib/i18n/messages.ts';
import { readStage } from '#lib/stage/server/reading.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

/**
 * The questions of a room's current session, or the shown poll, for a screen in the hall: only what every viewer may
 * read.
 */
export const load: PageServerLoad = async ({ locals, params, depends, setHeaders }) => {
	depends('stage:view');
	setHeaders({ 'cache-control': 'no-store' });
	const stage = await readStage(locals.supabase, locals.summit.id, params.room);
	if (!stage) error(404, m.ui_not_found());
	const { room, run, session, entry, flow, announcement } = stage;
	return { room, run, session: entry === 'ok' ? session : null, poll: flow?.poll ?? null, announcement };
};
