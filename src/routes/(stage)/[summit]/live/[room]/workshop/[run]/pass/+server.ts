import { jsonBody } from '#lib/forms/server/request-body.ts';
import { m } from '#lib/i18n/messages.ts';
import { requireWorkshop } from '#lib/meetings/server/run-room.ts';
import { answerPass } from '#lib/stage/server/answer-pass.ts';
import { workshopPassFor } from '#lib/stage/server/tokens.ts';
import { passRequestFrom } from '#lib/stage/stage.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** A token for the room of a workshop, for this reader at this moment. Only our own page may request it. */
export const POST: RequestHandler = async ({ request, locals, params }) => {
	const asked = passRequestFrom(await jsonBody(request));
	if (!asked) error(400, m.ui_form_wrong());
	return answerPass(await workshopPassFor(locals, await requireWorkshop(locals, params), asked.camera === true));
};
