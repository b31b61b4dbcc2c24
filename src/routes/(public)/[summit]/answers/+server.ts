import { addAnswers } from '#lib/evaluation/server/answering.ts';
import { id } from '#lib/forms/fields.ts';
import { jsonBody } from '#lib/forms/server/request-body.ts';
import { json } from '@sveltejs/kit';
import * as v from 'valibot';
import type { RequestHandler } from './$types';

const hex = (most: number) => v.pipe(v.string(), v.maxLength(most), v.regex(/^(?:[0-9a-f]{2})+$/));
const sent = v.object({
	collection: id(),
	token: hex(64),
	signature: hex(1024),
	answers: v.record(
		v.pipe(v.string(), v.maxLength(40)),
		v.pipe(v.array(v.pipe(v.string(), v.maxLength(2000))), v.maxLength(20))
	)
});

/** Takes answers with a signed token, from nobody in particular: the page sends them without its cookies. */
export const POST: RequestHandler = async ({ request, locals: { summit } }) => {
	const read = v.safeParse(sent, await jsonBody(request));
	if (!read.success) return json({ status: 'invalid' }, { status: 400 });
	const { collection, answers, ...signed } = read.output;
	return json(
		{ status: await addAnswers(summit.id, collection, signed, answers) },
		{ headers: { 'cache-control': 'no-store' } }
	);
};
