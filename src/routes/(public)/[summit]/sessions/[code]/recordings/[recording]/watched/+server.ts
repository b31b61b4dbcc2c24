import { jsonBody } from '#lib/forms/server/request-body.ts';
import { m } from '#lib/i18n/messages.ts';
import { saveWatching } from '#lib/recording/server/recordings.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { RequestHandler } from './$types';

const position = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(999_999_999));
const report = v.pipe(v.array(v.tuple([position, position])), v.maxLength(500));

/** The player's report of what it has played. Nothing is answered: whether it counts is shown on the page. */
export const POST: RequestHandler = async ({ locals: { viewer, supabase }, params, request }) => {
	const played = v.safeParse(report, await jsonBody(request));
	if (!viewer || !played.success) error(played.success ? 404 : 400, m.ui_not_found());
	if ((await saveWatching(supabase, params.recording, played.output)) === 'not_found') error(404, m.ui_not_found());
	return new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } });
};
