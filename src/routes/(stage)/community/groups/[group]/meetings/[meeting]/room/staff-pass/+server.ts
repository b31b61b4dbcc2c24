import { jsonBody } from '#lib/forms/server/request-body.ts';
import { m } from '#lib/i18n/messages.ts';
import { answerPass } from '#lib/stage/server/answer-pass.ts';
import { meetingStaffPassFor } from '#lib/stage/server/tokens.ts';
import { passRequestFrom } from '#lib/stage/stage.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** A token for the live room of a meeting, for its interpreters and captioners. Only our own pages may request it. */
export const POST: RequestHandler = async ({ request, locals, params }) => {
	if (!passRequestFrom(await jsonBody(request))) error(400, m.ui_form_wrong());
	return answerPass(await meetingStaffPassFor(locals, params.group, params.meeting));
};
