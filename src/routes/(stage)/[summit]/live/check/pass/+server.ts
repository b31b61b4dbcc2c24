import { triesTooOften } from '#lib/connection-check/server/rates.ts';
import { m } from '#lib/i18n/messages.ts';
import { trialPass } from '#lib/stage/server/tokens.ts';
import { error, json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/**
 * A token for a private test room, for anybody who may see the Summit, because public streams are for everyone. Only
 * our own page may request it.
 */
export const POST: RequestHandler = async (event) => {
	if (triesTooOften(event)) error(429, m.ui_too_often());
	const pass = await trialPass();
	return json(pass, { status: pass ? 200 : 503, headers: { 'cache-control': 'no-store' } });
};
