/* Minutes of attendance for participants and organisers: one's own, figures, names, and none where names are not recorded. */
import { createHash } from 'node:crypto';
import type { Browser, Page } from '@playwright/test';
import { AccessToken } from 'livekit-server-sdk';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { variables } from '../../fixtures/open-page.ts';
import { browserOf } from '../../fixtures/livekit.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const small = useWorld(async ({ client, world }) => {
	await client.query(`update public.runs set started_at = now() - interval '60 minutes' where id = $1`, [world.run]);
	await client.query(
		`insert into public.presence (summit_id, person_id, session_id, run_id, kind, entered_at, left_at)
		values ($1, $2, $3, $4, 'stream', now() - interval '50 minutes', now() - interval '8 minutes')`,
		[world.summit, world.people.delegate.person, world.sessions.public.id, world.run]
	);
});

async function open(browser: Browser, who: TestPerson, path: string, options: object = {}): Promise<Page> {
	const { page } = await browserOf(browser, variables, who, options);
	await page.goto(path);
	return page;
}

test('shows each person their own minutes, linked from their registration', async ({ browser }) => {
	const page = await open(browser, small.world.people.delegate, `/${small.world.slug}/me`);
	await page.getByRole('link', { name: 'My attendance' }).click();
	await expect(page.getByRole('heading', { level: 1, name: 'My attendance' })).toBeVisible();
	await expect(page.getByRole('listitem').filter({ hasText: small.world.sessions.public.title })).toContainText(
		'42 minutes'
	);
	const other = await open(browser, small.world.people.virtual, `/${small.world.slug}/me/attendance`);
	await expect(other.getByText('Nothing yet')).toBeVisible();
});

test('passes axe on a phone in Arabic', async ({ browser }) => {
	const page = await open(browser, small.world.people.delegate, `/ar/${small.world.slug}/me/attendance`, {
		viewport: { width: 390, height: 844 },
		colorScheme: 'dark',
		javaScriptEnabled: true
	});
	await expect(page.getByRole('heading', { level: 1, name: 'حضوري' })).toBeVisible();
	await expect(page.getByText('42 دقيقة', { exact: true })).toBeVisible();
	expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
	expect(await faultsOfPage(page)).toEqual([]);
});

test('shows names to registration organisers, small groups to nobody else, and nothing after a raised level', async ({
	browser
}) => {
	const { public: session } = small.world.sessions;
	const organise = `/${small.world.slug}/organise/attendance`;
	const page = await open(browser, small.world.people.registration, organise);
	await page.getByRole('link', { name: session.title }).click();
	await expect(page.getByRole('row').filter({ hasText: small.world.people.delegate.name })).toContainText('42');
	const stage = await open(browser, small.world.people.stage, organise);
	await expect(stage.getByRole('row').filter({ hasText: session.title })).toContainText('Too few to show');
	expect((await stage.goto(`${organise}?session=${session.id}`))?.status()).toBe(404);
	expect((await (await open(browser, small.world.people.finance, '/')).goto(organise))?.status()).toBe(403);
	await small.client.query(
		`update public.sessions set level = 'chatham_house', audience = 'registered' where id = $1`,
		[session.id]
	);
	expect((await page.goto(`${organise}?session=${session.id}`))?.status()).toBe(404);
	await page.goto(organise);
	await expect(page.getByRole('row').filter({ hasText: session.title })).toHaveCount(0);
	await stage.goto(organise);
	await expect(stage.getByRole('row').filter({ hasText: session.title })).toContainText('Not kept');
});

test('shows organisers the page in Arabic', async ({ browser }) => {
	const page = await open(browser, small.world.people.stage, `/ar/${small.world.slug}/organise/attendance`);
	await expect(page.getByRole('heading', { level: 1, name: 'الحضور', exact: true })).toBeVisible();
	await expect(page.getByRole('row').filter({ hasText: small.world.sessions.public.title })).toContainText(
		'أقل من أن يُعرض العدد'
	);
	expect(await faultsOfPage(page)).toEqual([]);
});

test('counts a replayed webhook once, and accepts none signed with a viewer’s token', async ({ request }) => {
	const { virtual } = small.world.people;
	const { rows } = await small.client.query<{ pass: { room: string; identity: string } }>(
		`select private.stage_pass($1, $2, 'plenary') as pass`,
		[virtual.person, small.world.summit]
	);
	const { room = '', identity = '' } = rows[0]?.pass ?? {};
	const second = Math.floor(Date.now() / 1000) - 600;
	const body = JSON.stringify({
		event: 'participant_left',
		createdAt: String(second + 120),
		room: { name: room },
		participant: { identity, sid: `PA_${small.world.slug}`, joinedAt: String(second) }
	});
	const { LIVEKIT_API_KEY = '', LIVEKIT_API_SECRET = '' } = variables;
	const send = async (authorization: string) =>
		(
			await request.post('/webhooks/livekit', {
				headers: { 'content-type': 'application/webhook+json', authorization },
				data: body
			})
		).status();
	const stored = async () =>
		(
			await small.client.query<{ seconds: number }>(
				`select extract(epoch from left_at - entered_at)::int as seconds from public.presence where run_id = $1 and person_id = $2`,
				[small.world.run, virtual.person]
			)
		).rows;
	// Every viewer holds such a token: signed by the same key, for another purpose.
	const own = new AccessToken(LIVEKIT_API_KEY, LIVEKIT_API_SECRET, { identity, ttl: 60 });
	own.addGrant({ roomJoin: true, room });
	expect(await send(await own.toJwt())).toBe(401);
	const sign = (ttl: number) => {
		const token = new AccessToken(LIVEKIT_API_KEY, LIVEKIT_API_SECRET, { ttl });
		token.sha256 = createHash('sha256').update(body).digest('base64');
		return token.toJwt();
	};
	expect(await send(await sign(-300))).toBe(401);
	expect(await stored()).toEqual([]);
	const signed = await sign(60);
	for (let time = 0; time < 3; time++) expect(await send(signed)).toBe(204);
	expect(await stored()).toEqual([{ seconds: 120 }]);
});
