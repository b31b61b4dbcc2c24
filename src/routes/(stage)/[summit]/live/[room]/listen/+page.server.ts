import { readCaptions } from '#lib/captions/server/captions.ts';
import { m } from '#lib/i18n/messages.ts';
import { readLanguages } from '#lib/interpretation/server/booths.ts';
import { participationActions } from '#lib/participation/server/acting.ts';
import { readRecording } from '#lib/recording/server/recordings.ts';
import { deskActions } from '#lib/stage/server/desk.ts';
import { readStage } from '#lib/stage/server/reading.ts';
import { passFor, streamState } from '#lib/stage/server/tokens.ts';
import { error } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

/** Audio only, in one language: for people's own phones in the hall, and for slow connections. */
export const load: PageServerLoad = async ({ locals, params, depends, setHeaders }) => {
	depends('stage:view');
	const { supabase, summit } = locals;
	setHeaders({ 'cache-control': 'no-store' });
	const readAt = Date.now();
	const [stage, booths, captions, stream] = await Promise.all([
		readStage(supabase, summit.id, params.room),
		readLanguages(supabase, summit.id, params.room),
		readCaptions(supabase, summit.id, params.room),
		streamState()
	]);
	if (!stage) error(404, m.ui_not_found());
	const request = { purpose: 'stage' as const, session: null };
	const [pass, recording] = await Promise.all([
		stage.entry === 'ok' ? passFor(locals, params.room, request) : null,
		stage.run ? readRecording(supabase, stage.run.id) : null
	]);
	return { readAt, stage, recording, booths, captions, stream, pass };
};

/** Questions, votes and raised hands from a seat in the hall. */
export const actions: Actions = {
	...participationActions,
	place: deskActions.place,
	confirm: deskActions.confirm
};
