import { m } from '#lib/i18n/messages.ts';
import { findView } from '#lib/recording/server/recorder.ts';
import { recorderPass } from '#lib/stage/server/tokens.ts';
import { error, json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** A token for the run's room, as a hidden viewer, while there is something to record. */
export const POST: RequestHandler = async ({ params }) => {
	const found = await findView(params.key);
	if (!found) error(404, m.ui_not_found());
	const pass = found.room ? await recorderPass(found.identity, found.room) : { status: 'none' as const };
	return json(pass, { headers: { 'cache-control': 'no-store' } });
};
