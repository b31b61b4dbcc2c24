import { createHash } from 'node:crypto';
import { etagMatches } from '#lib/live/response-cache.ts';
import { problemBody, problems, type ProblemCode } from '../problems.ts';

/** What a response is about: the request, and the headers that each response of its key has. */
export interface Answering {
	request: Request;
	/** Of the site. */
	origin: string;
	headers: Headers;
}

/** The headers of every response: what one key reads is for no shared cache, and is asked for again each time. */
export function apiHeaders(): Headers {
	return new Headers({ 'cache-control': 'private, no-cache', vary: 'authorization', 'x-robots-tag': 'noindex' });
}

/** Answers with JSON and a strong ETag, or with 304 where the client has it. */
export function answerJson({ request, headers }: Answering, body: unknown, type = 'application/json'): Response {
	const text = JSON.stringify(body);
	const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
	headers.set('etag', etag);
	const isRead = request.method === 'GET' || request.method === 'HEAD';
	if (isRead && etagMatches(request.headers.get('if-none-match') ?? undefined, etag))
		return new Response(null, { status: 304, headers });
	headers.set('content-type', type);
	return new Response(text, { headers });
}

/** Refuses a request. */
export function answerProblem(
	{ origin, headers }: Pick<Answering, 'origin' | 'headers'>,
	code: ProblemCode,
	more: Record<string, string> = {}
): Response {
	const { status } = problems[code];
	headers.set('content-type', 'application/problem+json');
	headers.set('cache-control', 'no-store');
	if (status === 401)
		headers.set('www-authenticate', `Bearer${code === 'key_missing' ? '' : ' error="invalid_token"'}`);
	if (status === 503) headers.set('retry-after', '5');
	return new Response(JSON.stringify(problemBody(code, origin, more)), { status, headers });
}

/** A refusal that a step before the routes of the API made, or a fault, in the form of all others. */
export async function inFormOfApi(response: Response, origin: string): Promise<Response> {
	const { status, headers: given } = response;
	if (status < 400 || given.get('content-type') === 'application/problem+json') return response;
	const body: unknown = await response.json().catch(() => null);
	const reference = typeof body === 'object' && body !== null && 'reference' in body ? String(body.reference) : null;
	const headers = apiHeaders();
	const wait = given.get('retry-after');
	if (wait !== null) headers.set('retry-after', wait);
	const code =
		status >= 500 ? (status === 503 ? 'unavailable' : 'failed') : status === 429 ? 'too_many_requests' : 'not_found';
	return answerProblem({ origin, headers }, code, reference === null ? {} : { reference });
}
