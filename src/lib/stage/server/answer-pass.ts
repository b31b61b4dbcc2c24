import { m } from '#lib/i18n/messages.ts';
import type { Pass } from '#lib/stage/stage.ts';
import { error, json } from '@sveltejs/kit';
import { passWhileReady } from './tokens.ts';

/** Answers a request for a pass: 404 as for something that does not exist, 403 with the reason, 503 without LiveKit. */
export async function answerPass(pass: Pass): Promise<Response> {
	if (pass.status === 'none') error(404, m.ui_not_found());
	const answer = await passWhileReady(pass);
	const status = answer.status === 'ok' ? 200 : answer.status === 'away' ? 503 : 403;
	return json(answer, { status, headers: { 'cache-control': 'no-store' } });
}
