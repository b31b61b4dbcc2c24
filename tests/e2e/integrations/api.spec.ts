/* The API with the client that is generated from its document: an owner makes a key without script, and another system uses it. */
import { randomUUID } from 'node:crypto';
import createClient, { type Middleware } from 'openapi-fetch';
import type { paths } from '../../fixtures/api-v1.d.ts';
import { Doors } from '../../fixtures/door.ts';
import { makeKey } from '../../fixtures/integrating.ts';
import { openPage, variables } from '../../fixtures/open-page.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makeWorld, type World } from '../../fixtures/world.ts';

const db = useClient();
const base = `${variables.ORIGIN ?? ''}/api/v1`;
let world: World;

test.describe.configure({ timeout: 90_000 });

test.beforeEach(async () => {
	world = await makeWorld(db.client);
});

function clientWith(key: string) {
	const client = createClient<paths>({ baseUrl: base });
	const authorize: Middleware = { onRequest: ({ request }) => request.headers.set('authorization', `Bearer ${key}`) };
	client.use(authorize);
	return client;
}

const ask = (path: string, key: string | null, init: RequestInit = {}) =>
	fetch(`${base}${path}`, {
		...init,
		headers: { ...(key !== null && { authorization: `Bearer ${key}` }), ...(init.headers as Record<string, string>) }
	});

async function problemOf(answer: Response) {
	const body = (await answer.json()) as { code: string; status: number; type: string };
	expect(answer.headers.get('content-type')).toBe('application/problem+json');
	expect(body.status).toBe(answer.status);
	expect(body.type).toBe(`${base}/openapi.json#${body.code}`);
	return [answer.status, body.code];
}

test('an owner makes a key without script, a client reads with it, and it ends when it is revoked', async ({
	browser
}) => {
	const page = await openPage(browser, world.people.owner, { javaScriptEnabled: false });
	await page.goto(`/${world.slug}/organise/api-keys`);
	await page.getByLabel('System that uses it').fill('Website of the Alliance');
	// What concerns single people is chosen by nobody unless they say so.
	for (const name of ['Registrations with names', 'Attendance with names', 'Check-in'])
		await expect(page.getByRole('checkbox', { name, exact: true })).not.toBeChecked();
	await page.getByRole('button', { name: 'Make key' }).click();
	const key = (await page.locator('code', { hasText: /^gs_[\w-]{43}$/ }).textContent()) ?? '';
	await page.goto(`/${world.slug}/organise/api-keys`);
	await expect(page.getByText(`gs_…${key.slice(-4)}`)).toBeVisible();
	expect(await page.content()).not.toContain(key);

	const client = clientWith(key);
	const about = await client.GET('/key');
	expect(about.data?.summit.slug).toBe(world.slug);
	expect(about.data?.scopes).toEqual(['agenda', 'sessions', 'speakers', 'commitments', 'documents']);
	const sessions = await client.GET('/sessions', { params: { query: { limit: 10 } } });
	expect(sessions.data?.items.map((each) => each.code)).toEqual([world.sessions.public.code]);
	expect(sessions.data?.items[0]?.title['en']).toBe(world.sessions.public.title);
	expect(sessions.response.headers.get('ratelimit-policy')).toBe('"key";q=600;w=60');
	expect((await client.GET('/speakers')).data?.items[0]?.display_name).toBe(world.people.speaker.name);
	const refused = await client.GET('/registrations');
	expect(refused.error).toMatchObject({ code: 'scope_missing', scope: 'registration_rows' });

	await page.goto(`/${world.slug}/organise/api-keys`);
	await expect(page.getByText('Last used')).toBeVisible();
	await page.getByRole('button', { name: 'Revoke key Website of the Alliance' }).click();
	await expect(page.getByText('Key revoked.')).toBeVisible();
	expect((await client.GET('/sessions')).error?.code).toBe('key_revoked');
});

test('answers conditional requests, and pages that follow each other', async () => {
	const { key } = await makeKey(db.client, world);
	const first = await ask('/members?limit=1', key);
	const body = (await first.json()) as { items: { code: string }[]; next: string };
	expect([first.status, first.headers.get('cache-control'), first.headers.get('vary')]).toEqual([
		200,
		'private, no-cache',
		expect.stringContaining('authorization')
	]);
	const etag = first.headers.get('etag') ?? '';
	expect(etag).toMatch(/^"[\w-]{22}"$/);
	const again = await ask('/members?limit=1', key, { headers: { 'if-none-match': etag } });
	expect([again.status, await again.text()]).toEqual([304, '']);
	const client = clientWith(key);
	const next = await client.GET('/members', { params: { query: { limit: 1, cursor: body.next } } });
	expect(next.data?.next).toBeNull();
	expect(next.data?.items[0]?.code).not.toBe(body.items[0]?.code);
	const confirmed = await client.GET('/registrations', { params: { query: { state: 'confirmed', limit: 1 } } });
	expect(confirmed.data?.items.map(({ state }) => state)).toEqual(['confirmed']);
	expect(confirmed.response.headers.get('link')).toContain('?state=confirmed&limit=1&cursor=');
	expect(await problemOf(await ask('/registrations?state=draft', key))).toEqual([400, 'invalid_query']);
	expect(first.headers.get('link')).toBe(`</api/v1/members?limit=1&cursor=${body.next}>; rel="next"`);
	// Another key with the same address gets its own Summit, whatever was answered before.
	const other = await makeWorld(db.client);
	const theirs = await makeKey(db.client, other);
	const theirMembers = await ask('/members?limit=1', theirs.key);
	expect(JSON.stringify(await theirMembers.json())).not.toContain(body.items[0]?.code);
	expect((await ask('/members?limit=1', null)).status).toBe(401);
});

test('refuses with the same form everywhere', async ({ browser }) => {
	const { key } = await makeKey(db.client, world, ['agenda']);
	const cases: [Promise<Response>, number, string][] = [
		[ask('/agenda', null), 401, 'key_missing'],
		[ask('/agenda', 'gs_short'), 401, 'key_unknown'],
		[ask('/agenda', `gs_${'A'.repeat(43)}`), 401, 'key_unknown'],
		[ask('/sessions', key), 403, 'scope_missing'],
		[ask('/agenda?limit=201', key), 400, 'invalid_query'],
		[ask('/agenda?order=desc', key), 400, 'invalid_query'],
		[ask(`/agenda?cursor=${encodeURIComponent("' or 1=1 --")}`, key), 400, 'invalid_cursor'],
		[ask('/agenda', key, { method: 'DELETE' }), 405, 'method_not_allowed'],
		[
			ask('/agenda', key, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }),
			405,
			'method_not_allowed'
		],
		[ask('/nothing/here', key), 404, 'not_found'],
		[ask('', key), 404, 'not_found'],
		[ask('/check-ins', key, { method: 'POST' }), 403, 'scope_missing']
	];
	for (const [answer, status, code] of cases) expect(await problemOf(await answer)).toEqual([status, code]);
	expect((await ask('/agenda', null)).headers.get('www-authenticate')).toBe('Bearer');
	expect((await ask('/agenda', key, { method: 'PUT' })).headers.get('allow')).toBe('GET, HEAD');
	expect((await ask('/agenda', key, { method: 'HEAD' })).status).toBe(200);
	// A session of a person opens nothing here.
	const page = await openPage(browser, world.people.owner);
	expect((await page.request.get(`${base}/agenda`)).status()).toBe(401);
});

test('limits what one key asks in a minute, and says when to come back', async () => {
	const { key, id } = await makeKey(db.client, world, ['agenda']);
	await ask('/agenda', key);
	await db.client.query(
		`update private.api_key_windows set begun_at = date_trunc('minute', clock_timestamp()) + interval '1 minute', requests = 600 where api_key_id = $1`,
		[id]
	);
	const limited = await ask('/agenda', key);
	expect(await problemOf(limited)).toEqual([429, 'too_many_requests']);
	expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
	expect(limited.headers.get('ratelimit')).toMatch(/^"key";r=0;t=\d+$/);
});

test('checks in once for each idempotency key', async () => {
	const doors = new Doors(db.client, world);
	await doors.open();
	const badge = await doors.badgeOf(world.registrations.delegate);
	const { key } = await makeKey(db.client, world, ['check_in']);
	const client = clientWith(key);
	const checkpoints = await client.GET('/checkpoints');
	const checkpoint = checkpoints.data?.items.find(({ kind }) => kind === 'entrance')?.id ?? '';
	const once = randomUUID();
	const scan = (body: { code: string; checkpoint?: string; direction?: 'in' | 'out' }, idempotency = once) =>
		client.POST('/check-ins', {
			params: { header: { 'Idempotency-Key': idempotency } },
			body: { direction: 'in', ...body }
		});
	const first = await scan({ code: badge.badge_code, checkpoint });
	expect(first.data).toMatchObject({ answer: 'welcome', checkpoint, display_name: world.people.delegate.name });
	const repeated = await scan({ code: badge.badge_code, checkpoint });
	expect(repeated.data).toEqual(first.data);
	expect(repeated.response.headers.get('idempotency-replayed')).toBe('true');
	expect((await scan({ code: badge.badge_code, checkpoint, direction: 'out' })).error).toMatchObject({
		status: 422,
		code: 'idempotency_key_reused'
	});
	expect((await scan({ code: badge.badge_code }, randomUUID())).data?.answer).toBe('already_in');
	expect((await scan({ code: 'no such code' }, randomUUID())).data?.answer).toBe('unreadable');
	expect((await scan({ code: badge.badge_code, checkpoint: randomUUID() }, randomUUID())).error?.code).toBe(
		'checkpoint_not_found'
	);
	const post = (body: string, headers: Record<string, string>) =>
		ask('/check-ins', key, { method: 'POST', body, headers }).then(problemOf);
	const json = { 'content-type': 'application/json' };
	const keyed = { ...json, 'idempotency-key': randomUUID() };
	expect(await post('{"code":"x"}', json)).toEqual([400, 'idempotency_key_missing']);
	expect(await post('{"code":"x"', keyed)).toEqual([422, 'invalid_body']);
	expect(await post('{"code":"x","as":"owner"}', keyed)).toEqual([422, 'invalid_body']);
	expect(await post('{"code":"x","checkpoint":"1 or 1=1"}', keyed)).toEqual([422, 'invalid_body']);
	expect(await post(JSON.stringify({ code: 'x'.repeat(5000) }), keyed)).toEqual([413, 'too_large']);
	const plain = { ...keyed, 'content-type': 'text/csv' };
	expect(await post('code', plain)).toEqual([415, 'not_json']);
});

test('describes itself to everybody', async () => {
	const answer = await fetch(`${base}/openapi.json`);
	expect(answer.status).toBe(200);
	const document = (await answer.json()) as { openapi: string; servers: { url: string }[] };
	expect([document.openapi, document.servers]).toEqual(['3.1.0', [{ url: base }]]);
});
