import { jsonBody } from '#lib/forms/server/request-body.ts';
import { m } from '#lib/i18n/messages.ts';
import { answerPass } from '#lib/stage/server/answer-pass.ts';
import { workshopStaffPassFor } from '#lib/stage/server/tokens.ts';
import { passRequestFrom } from '#lib/stage/stage.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { RequestHandler } from './$types';

const uuid = v.pipe(v.string(), v.uuid());

/** A token for the room of a workshop, for its interpreters. Only our own pages may request it. */
export const POST: RequestHandler = async ({ request, locals, params }) => {
	if (!passRequestFrom(await jsonBody(request))) error(400, m.ui_form_wrong());
	if (!v.is(uuid, params.run)) error(404, m.ui_not_found());
	return answerPass(await workshopStaffPassFor(locals, params.run));
};
