import { jsonBody } from '#lib/forms/server/request-body.ts';
import { m } from '#lib/i18n/messages.ts';
import { answerPass } from '#lib/stage/server/answer-pass.ts';
import { passFor } from '#lib/stage/server/tokens.ts';
import { passRequestFrom } from '#lib/stage/stage.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** A token for the room's LiveKit room, for this reader at this moment. Only our own pages may request it. */
export const POST: RequestHandler = async ({ request, locals, params }) => {
	const wanted = passRequestFrom(await jsonBody(request));
	if (!wanted) error(400, m.ui_form_wrong());
	return answerPass(await passFor(locals, params.room, wanted));
};
