import type { CaptionStatus } from '#lib/captions/words.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { jsonBody } from '#lib/forms/server/request-body.ts';
import { m } from '#lib/i18n/messages.ts';
import { error, json, type RequestEvent } from '@sveltejs/kit';
import * as v from 'valibot';
import type { RequestHandler } from './$types';

// Invalid characters (NUL, half a surrogate pair) cannot be in a caption.
const words = v.pipe(
	v.string(),
	v.maxLength(2000),
	v.transform((text) => text.replaceAll('\0', '').toWellFormed())
);

async function read<Schema extends v.GenericSchema>({ request }: RequestEvent, schema: Schema) {
	const asked = v.safeParse(schema, await jsonBody(request));
	if (!asked.success) error(400, m.ui_form_wrong());
	return asked.output;
}

function answer(status: CaptionStatus): Response {
	if (status === 'not_found') error(404, m.ui_not_found());
	return json({ status }, { headers: { 'cache-control': 'no-store' } });
}

/** A new line. Only our own pages may send it. */
export const POST: RequestHandler = async (event) => {
	const line = await read(event, v.object({ words }));
	const { meeting: code, language } = event.params;
	return answer((await rpc(event.locals.supabase, 'write_meeting_caption', { code, language, ...line })).status);
};

/** A corrected line, or, without text, a deleted one. */
export const PUT: RequestHandler = async (event) => {
	const number = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2_000_000_000));
	const line = await read(event, v.object({ words, number }));
	const { meeting: code, language } = event.params;
	return answer(await rpc(event.locals.supabase, 'correct_meeting_caption', { code, language, ...line }));
};
