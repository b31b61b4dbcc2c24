import { correctCaption, writeCaption } from '#lib/captions/server/captions.ts';
import type { CaptionStatus } from '#lib/captions/words.ts';
import { jsonBody } from '#lib/forms/server/request-body.ts';
import { m } from '#lib/i18n/messages.ts';
import { error, json, type RequestEvent } from '@sveltejs/kit';
import * as v from 'valibot';
import type { RequestHandler } from './$types';

const noStore = { 'cache-control': 'no-store' };
// Invalid characters (NUL, half a surrogate pair) cannot be in a caption.
const words = v.pipe(
	v.string(),
	v.maxLength(2000),
	v.transform((text) => text.replaceAll('\0', '').toWellFormed())
);
const run = v.pipe(v.string(), v.uuid());
const whole = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2_000_000_000));

async function read<Schema extends v.GenericSchema>({ request, locals }: RequestEvent, schema: Schema) {
	if (!locals.viewer) error(404, m.ui_not_found());
	const asked = v.safeParse(schema, await jsonBody(request));
	if (!asked.success) error(400, m.ui_form_wrong());
	return asked.output;
}

function answer(status: CaptionStatus): Response {
	if (status === 'not_found') error(404, m.ui_not_found());
	return json({ status }, { headers: noStore });
}

/** A new line. Only our own pages may send it. */
export const POST: RequestHandler = async (event) => {
	const line = await read(event, v.object({ run, words, took: whole }));
	return answer(
		await writeCaption(event.locals.supabase, line.run, event.params.language, line.words, Math.min(line.took, 30_000))
	);
};

/** A corrected line, or, without text, a deleted one. */
export const PUT: RequestHandler = async (event) => {
	const line = await read(event, v.object({ run, words, number: whole }));
	return answer(await correctCaption(event.locals.supabase, line.run, event.params.language, line.number, line.words));
};
