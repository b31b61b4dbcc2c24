import { jsonBody } from '#lib/forms/server/request-body.ts';
import { m } from '#lib/i18n/messages.ts';
import { passFor, streamState } from '#lib/stage/server/tokens.ts';
import { passRequestFrom, type Pass } from '#lib/stage/stage.ts';
import { error, json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

const noStore = { 'cache-control': 'no-store' };

/** A token for the room's LiveKit room, for this reader at this moment. Only our own pages may request it. */
export const POST: RequestHandler = async ({ request, locals, params }) => {
	const wanted = passRequestFrom(await jsonBody(request));
	if (!wanted) error(400, m.ui_form_wrong());
	const pass = await passFor(locals, params.room, wanted);
	if (pass.status === 'none') error(404, m.ui_not_found());
	if (pass.status !== 'ok' && pass.status !== 'away') return json(pass, { status: 403, headers: noStore });
	// A token is useless while LiveKit does not answer.
	const stream = pass.status === 'ok' ? await streamState() : 'away';
	const answer: Pass = stream === 'ready' ? pass : { status: 'away', building: stream === 'building' };
	return json(answer, { status: answer.status === 'ok' ? 200 : 503, headers: noStore });
};
