import { takeToken } from '#lib/evaluation/server/answering.ts';
import { id } from '#lib/forms/fields.ts';
import { jsonBody } from '#lib/forms/server/request-body.ts';
import { json } from '@sveltejs/kit';
import * as v from 'valibot';
import type { RequestHandler } from './$types';

const asked = v.object({
	collection: id(),
	blinded: v.pipe(v.string(), v.maxLength(1024), v.regex(/^(?:[0-9a-f]{2})+$/))
});

/** Signs a blinded token of the reader, once for each survey. */
export const POST: RequestHandler = async ({ request, locals }) => {
	const read = v.safeParse(asked, await jsonBody(request));
	if (!read.success) return json({ status: 'invalid' }, { status: 400 });
	const { collection, blinded } = read.output;
	return json(await takeToken(locals.supabase, collection, blinded), { headers: { 'cache-control': 'no-store' } });
};
