import { jsonBody } from '#lib/forms/server/request-body.ts';
import { m } from '#lib/i18n/messages.ts';
import { noteListener } from '#lib/stage/server/tokens.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { RequestHandler } from './$types';

const heartbeat = v.object({
	run: v.pipe(v.string(), v.uuid()),
	visit: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{16,32}$/)),
	language: v.nullable(v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{1,35}$/))),
	reading: v.boolean(),
	late: v.optional(v.boolean(), false)
});

/** A heartbeat of an open stage page, with its listening language. Only our own pages may send it. */
export const POST: RequestHandler = async ({ request, locals }) => {
	const parsed = v.safeParse(heartbeat, await jsonBody(request));
	if (!parsed.success) error(400, m.ui_form_wrong());
	if ((await noteListener(locals.viewer?.personId ?? null, parsed.output)) !== 'ok') error(404, m.ui_not_found());
	return new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } });
};
