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
	const { status } = pass;
	if (status === 'refused' || status === 'none') error(404, m.ui_not_found());
	const code = { ok: 200, busy: 403, away: 503 }[status];
	return json(pass, { status: code, headers: { 'cache-control': 'no-store' } });
};
