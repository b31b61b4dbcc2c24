import { Buckets } from '#lib/accounts/buckets.ts';
import { engineKey, noteEngine } from '#lib/accounts/server/rates.ts';
import { postCaptions } from '#lib/captions/server/captions.ts';
import type { EnginePosted } from '#lib/database/answers/captions.ts';
import { isJson } from '#lib/forms/server/request-body.ts';
import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

// Speech makes about three partial lines a second.
const rates = new Buckets({ burst: 40, perSecond: 8 });
const largest = 16_384;
const noStore = { 'cache-control': 'no-store' };

const refusals: Record<Exclude<EnginePosted['status'], 'ok'>, { code: number; words: string }> = {
	refused: { code: 401, words: 'This token is unknown, was revoked, or its session is over.' },
	not_at_this_level: { code: 403, words: 'The session is held at a level at which no engine writes captions.' },
	not_live: { code: 409, words: 'The session is not live. Send lines while it is.' },
	invalid: {
		code: 422,
		words: 'Send {"lines": [{"words", "took", "key", "is_final"}]}: 1 to 20 lines of 1 to 500 characters.'
	}
};

function refuse(status: string, { code, words }: { code: number; words: string }): Response {
	return json({ status, message: words }, { status: code, headers: noStore });
}

/** Lines of an engine, with its token as `Authorization: Bearer …`. How it works: src/lib/captions/README.md. */
export const POST: RequestHandler = async ({ request }) => {
	const token = engineKey({ request });
	if (!token) return refuse('refused', refusals.refused);
	if (!rates.take(token, Date.now()))
		return refuse('too_often', { code: 429, words: 'Too many requests: send several lines at once.' });
	if (Number(request.headers.get('content-length') ?? 0) > largest)
		return refuse('too_large', { code: 413, words: `At most ${largest} bytes at once.` });
	if (!isJson(request)) return refuse('not_json', { code: 415, words: 'Send application/json.' });
	const body = await request.text();
	if (body.length > largest) return refuse('too_large', { code: 413, words: `At most ${largest} bytes at once.` });
	const answer = await postCaptions(token, linesOf(body));
	if (answer.status === 'ok') noteEngine(token);
	return answer.status === 'ok' ? json(answer, { headers: noStore }) : refuse(answer.status, refusals[answer.status]);
};

// The database refuses invalid JSON as it refuses anything that is not a list.
function linesOf(body: string): unknown {
	try {
		const value: unknown = JSON.parse(body);
		return typeof value === 'object' && value !== null && 'lines' in value ? value.lines : null;
	} catch {
		return null;
	}
}
