import { noteBoardPresence } from '#lib/agenda/server/placing.ts';
import { jsonBody } from '#lib/forms/server/request-body.ts';
import { m } from '#lib/i18n/messages.ts';
import { error, json } from '@sveltejs/kit';
import * as v from 'valibot';
import type { RequestHandler } from './$types';

const uuid = v.pipe(v.string(), v.uuid());
const schema = v.object({ page: uuid, session: v.nullable(uuid), isDragging: v.boolean(), leaves: v.boolean() });

/** Notes what a page of the board has open, and answers who else is there. */
export const POST: RequestHandler = async ({ request, locals }) => {
	const noted = v.safeParse(schema, await jsonBody(request));
	if (!noted.success) error(400, m.ui_form_wrong());
	const people = await noteBoardPresence(locals.supabase, locals.summit.id, noted.output);
	return json(people ?? error(404, m.ui_not_found()), { headers: { 'cache-control': 'no-store' } });
};
