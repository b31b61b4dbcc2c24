import { m } from '#lib/i18n/messages.ts';
import { hallCookie } from '#lib/stage/hall.ts';
import { hallPassFor } from '#lib/stage/server/livekit-hall.ts';
import { error, json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** A token for the browser that sends for the hall. Only our own page may request it. */
export const POST: RequestHandler = async ({ url, locals, params, cookies }) => {
	const pass = await hallPassFor(
		cookies.get(hallCookie(params.room)) ?? '',
		locals.summit.id,
		params.room,
		url.searchParams.has('takes')
	);
	if (pass.status === 'refused' || pass.status === 'none') error(404, m.ui_not_found());
	const status = { ok: 200, busy: 403, away: 503 }[pass.status as 'ok' | 'busy' | 'away'];
	return json(pass, { status, headers: { 'cache-control': 'no-store' } });
};
