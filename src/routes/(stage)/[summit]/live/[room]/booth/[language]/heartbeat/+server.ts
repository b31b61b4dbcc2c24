import { jsonBody } from '#lib/forms/server/request-body.ts';
import { m } from '#lib/i18n/messages.ts';
import { sendBoothHeartbeat } from '#lib/interpretation/server/booths.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { RequestHandler } from './$types';

const schema = v.object({ run: v.pipe(v.string(), v.uuid()) });

/** A heartbeat of an open and connected booth page. Only our own pages may send it. */
export const POST: RequestHandler = async ({ request, locals, params }) => {
	const asked = v.safeParse(schema, await jsonBody(request));
	if (!asked.success) error(400, m.ui_form_wrong());
	if (!locals.viewer || (await sendBoothHeartbeat(locals.supabase, asked.output.run, params.language)) !== 'ok')
		error(404, m.ui_not_found());
	return new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } });
};
