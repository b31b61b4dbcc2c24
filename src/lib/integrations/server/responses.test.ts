/* Answers of the API: validators, and one form for every refusal. */
import { expect, test } from 'vitest';
import { apiHeaders, answerJson, answerProblem, inFormOfApi } from './responses.ts';

const origin = 'https://summit.example.org';
const asked = (headers: Record<string, string> = {}, method = 'GET') => ({
	request: new Request(`${origin}/api/v1/key`, { headers, method }),
	origin,
	headers: apiHeaders()
});

test('the same answer has the same strong ETag, and is not sent again to a client that has it', async () => {
	const first = answerJson(asked(), { items: [1] });
	const etag = first.headers.get('etag') ?? '';
	expect(etag).toMatch(/^"[\w-]{22}"$/);
	expect(answerJson(asked(), { items: [2] }).headers.get('etag')).not.toBe(etag);
	for (const has of [etag, `"other", ${etag}`, '*']) {
		const again = answerJson(asked({ 'if-none-match': has }), { items: [1] });
		expect([has, again.status, await again.text(), again.headers.get('etag')]).toEqual([has, 304, '', etag]);
	}
	expect(answerJson(asked({ 'if-none-match': '"other"' }), { items: [1] }).status).toBe(200);
	// What was done is answered in any case.
	expect(answerJson(asked({ 'if-none-match': '*' }, 'POST'), { items: [1] }).status).toBe(200);
});

test('a refusal says its code, and how to come back', async () => {
	const refused = answerProblem(asked(), 'key_expired');
	expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"']);
	expect(await refused.json()).toEqual({
		type: `${origin}/api/v1/openapi.json#key_expired`,
		title: 'This key has expired.',
		status: 401,
		code: 'key_expired'
	});
	expect(answerProblem(asked(), 'unavailable').headers.get('retry-after')).toBe('5');
});

test('what other steps refuse gets the same form, without their words', async () => {
	const codeOf = async (response: Response) =>
		((await inFormOfApi(response, origin)).json() as Promise<{ code: string }>).then(({ code }) => code);
	const fault = Response.json({ message: 'This did not work.', reference: 'ABCD-1234' }, { status: 500 });
	const shown = await inFormOfApi(fault, origin);
	expect([shown.status, await shown.json()]).toEqual([
		500,
		expect.objectContaining({ code: 'failed', reference: 'ABCD-1234' })
	]);
	const waits = await inFormOfApi(new Response('busy', { status: 503, headers: { 'retry-after': '7' } }), origin);
	expect(waits.headers.get('content-type')).toBe('application/problem+json');
	expect(await codeOf(new Response('<h1>Not found</h1>', { status: 404 }))).toBe('not_found');
	const own = answerProblem(asked(), 'scope_missing', { scope: 'members' });
	expect(await inFormOfApi(own, origin)).toBe(own);
	const fine = answerJson(asked(), {});
	expect(await inFormOfApi(fine, origin)).toBe(fine);
});
