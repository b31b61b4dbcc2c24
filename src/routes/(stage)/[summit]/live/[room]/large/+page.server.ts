import { readCaptions } from '#lib/captions/server/captions.ts';
import { m } from '#lib/i18n/messages.ts';
import { readLarge } from '#lib/recording/server/large.ts';
import { readStage } from '#lib/stage/server/reading.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

/** A public session for more people than the stage supports, with a delay of some seconds. */
export const load: PageServerLoad = async ({ locals, params, depends, setHeaders }) => {
	depends('stage:view');
	setHeaders({ 'cache-control': 'no-store' });
	const readAt = Date.now();
	const [stage, captions] = await Promise.all([
		readStage(locals.supabase, locals.summit.id, params.room),
		readCaptions(locals.supabase, locals.summit.id, params.room)
	]);
	if (!stage) error(404, m.ui_not_found());
	const large = stage.run && stage.entry === 'ok' ? await readLarge(locals.supabase, stage.run.id) : null;
	return { readAt, stage, captions, large };
};
