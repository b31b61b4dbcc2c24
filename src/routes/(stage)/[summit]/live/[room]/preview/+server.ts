import { jsonBody } from '#lib/forms/server/request-body.ts';
import { m } from '#lib/i18n/messages.ts';
import { deskPassFor } from '#lib/stage/server/tokens.ts';
import { error, json } from '@sveltejs/kit';
import * as v from 'valibot';
import type { RequestHandler } from './$types';

const schema = v.object({ run: v.pipe(v.string(), v.uuid()) });

/** A token for those who run a session to see who waits in its green room. Only our own page may request it. */
export const POST: RequestHandler = async ({ request, locals }) => {
	const asked = v.safeParse(schema, await jsonBody(request));
	if (!asked.success) error(400, m.ui_form_wrong());
	const pass = await deskPassFor(locals, asked.output.run, 'green_room');
	if (!pass) error(404, m.ui_not_found());
	return json(pass, { status: pass.status === 'ok' ? 200 : 503, headers: { 'cache-control': 'no-store' } });
};
