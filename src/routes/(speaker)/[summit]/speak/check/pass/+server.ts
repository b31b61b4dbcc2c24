import { m } from '#lib/i18n/messages.ts';
import { readDeviceCheck } from '#lib/speakers/server/device-check.ts';
import { trialPass } from '#lib/stage/server/tokens.ts';
import { error, json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** A token for a private test room, for speakers of this Summit. Only our own page may request it. */
export const POST: RequestHandler = async ({ locals }) => {
	if (!locals.summit || !(await readDeviceCheck(locals.supabase, locals.summit.id))) error(404, m.ui_not_found());
	const pass = await trialPass();
	return json(pass, { status: pass ? 200 : 503, headers: { 'cache-control': 'no-store' } });
};
