/* The overview in each state of a Summit: the checklist and its refusal, pictures while it is open, the rooms while it is held, closing. */
import { faultsOfPage } from '../../fixtures/axe.ts';
import { openPage, variables } from '../../fixtures/open-page.ts';
import { makeLive } from '../../fixtures/sample.ts';
import { openSession } from '../../fixtures/sessions.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { publishSitePage } from '../../fixtures/writing-pages.ts';
import { makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useClient();
let world: World;
const put = (sql: string, ...values: unknown[]) => db.client.query(sql, [world.summit, ...values]);
const setState = (state: string) => put('update public.summits set state = $2 where id = $1', state);

test.beforeEach(async () => {
	world = await makeWorld(db.client);
});

for (const javaScriptEnabled of [true, false]) {
	test(`an owner does what a draft needs and opens it, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async ({
		browser
	}) => {
		await setState('draft');
		for (const kind of ['privacy', 'code_of_conduct'])
			await publishSitePage(db.client, world.summit, kind, { original: 'en', en: 'Text' });
		await put(
			`insert into public.consent_items (summit_id, key, label) values ($1, 'photographs', '{"original":"en","en":"Photographs"}')`
		);
		for (const kind of ['general', 'safeguarding'])
			await put(
				`insert into public.summit_contacts (summit_id, kind, label, mail) values ($1, $2, '{"original":"en","en":"Us"}', 'us@summit.example')`,
				kind
			);
		const page = await openPage(browser, world.people.owner, { javaScriptEnabled });
		const open = async () => {
			await page.goto(`/${world.slug}/organise/settings/state`);
			await page.getByLabel('Open', { exact: false }).first().check();
			await page.getByRole('button', { name: 'Set the state' }).click();
		};
		await open();
		await expect(page.getByText('Not yet. First: Fees decided.').first()).toBeVisible();
		await page.getByRole('link', { name: 'See what has to be done first' }).click();
		const list = page.getByRole('region', { name: 'Before the Summit opens' });
		await expect(list).toContainText(/\d of 10 done/);
		await expect(list.getByRole('listitem').first()).toContainText('Fees decided · needed');
		if (javaScriptEnabled) expect(await faultsOfPage(page)).toEqual([]);
		await list.getByRole('link', { name: 'Fees decided' }).click();
		await page.getByRole('button', { name: 'This Summit has no fees' }).click();
		await expect(page.getByText('It is decided that nobody pays.')).toBeVisible();
		await page.goto(`/${world.slug}/organise`);
		await expect(list).toContainText('Everything that is needed is done.');
		await list.getByRole('link', { name: 'Open or close the Summit' }).click();
		await open();
		await expect(page.getByText('Saved.').first()).toBeVisible();
		await page.goto(`/${world.slug}/organise`);
		await expect(list).toHaveCount(0);
		await expect(page.getByRole('region', { name: 'Before the Summit goes live' })).toBeVisible();
	});
}

test('while it is open, registration sees the curve and the balance, and each role its own part', async ({
	browser
}) => {
	const page = await openPage(browser, world.people.registration);
	await page.goto(`/${world.slug}/organise`);
	await expect(page.getByRole('img', { name: /confirmed now/ })).toBeVisible();
	const balance = page.getByRole('region', { name: 'Balance' });
	const hall = balance.getByRole('row', { name: /^In the hall/ });
	await expect(hall).toContainText('of 3');
	await hall.getByRole('link').click();
	await expect(page.getByRole('main')).toContainText(world.people.delegate.name);
	await page.goto(`/${world.slug}/organise`);
	await expect(page.getByRole('region', { name: 'Before the Summit goes live' })).toContainText('Door set up');
	expect(await faultsOfPage(page)).toEqual([]);
	const programme = await openPage(browser, world.people.programme);
	await programme.goto(`/${world.slug}/organise`);
	const list = programme.getByRole('region', { name: 'Before the Summit goes live' });
	// That all is done can only say who sees all.
	await expect(list.getByText('Everything that is needed is done.')).toHaveCount(0);
	await list.getByText('Done: 1').click();
	await expect(list.getByRole('link', { name: 'First release of the agenda' })).toBeVisible();
	await expect(list.getByRole('listitem')).toHaveCount(1);
	await expect(programme.getByRole('region', { name: 'Balance' })).toHaveCount(0);
	await expect(programme.getByRole('region', { name: 'Seats' })).toHaveCount(0);
});

test('while it is held, the rooms and the arrivals, without what finance does not read', async ({ browser }) => {
	await makeLive(db.client, world.summit);
	const page = await openPage(browser, world.people.stage, { viewport: { width: 390, height: 844 } });
	await page.goto(`/${world.slug}/organise`);
	const rooms = page.getByRole('region', { name: 'In the rooms, now and next' });
	await expect(rooms.getByRole('listitem')).toHaveCount(1);
	await expect(rooms.getByRole('listitem')).toContainText(world.sessions.public.title);
	await expect(rooms.getByRole('listitem')).toContainText('Live');
	await expect(page.getByRole('region', { name: 'Arrivals' })).toContainText('0 of 2 confirmed for the hall');
	expect(await faultsOfPage(page)).toEqual([]);
	const finance = await openPage(browser, world.people.finance);
	await finance.goto(`/${world.slug}/organise`);
	await expect(finance.getByRole('heading', { name: 'Needs you now' })).toBeVisible();
	for (const name of ['In the rooms, now and next', 'Arrivals', 'Seats', 'Registrations'])
		await expect(finance.getByRole('region', { name })).toHaveCount(0);
	await expect(finance.getByRole('region', { name: 'Money' }).getByRole('link')).toHaveText([
		'Overdue orders',
		'Orders to be paid',
		'Refunds that failed'
	]);
	await expect(page.getByRole('region', { name: 'Money' })).toHaveCount(0);
	await rooms.getByRole('link', { name: 'All stages' }).click();
	await expect(page).toHaveURL(/\/live\/desk$/);
});

test('at the end, the closing steps of each role', async ({ browser }) => {
	await setState('closed');
	const steps = async (who: 'owner' | 'finance' | 'programme' | 'stage') => {
		const page = await openPage(browser, world.people[who]);
		await page.goto(`/${world.slug}/organise`);
		await expect(page.getByRole('heading', { name: 'Needs you now' })).toBeVisible();
		if (who === 'owner') expect(await faultsOfPage(page)).toEqual([]);
		return page.getByRole('region', { name: 'Closing the Summit' }).getByRole('link').allInnerTexts();
	};
	const orders = ['Overdue orders', 'Orders to be paid', 'Refunds that failed'];
	expect(await steps('owner')).toEqual(['Recordings to publish', 'Certificates', ...orders, 'Data retention']);
	expect(await steps('finance')).toEqual(orders);
	expect(await steps('programme')).toEqual(['Recordings to publish']);
	expect(await steps('stage')).toEqual([]);
});

test('a count of devices that are offline leads to exactly these', async ({ browser }) => {
	await put(
		`insert into public.checkpoints (summit_id, kind, name) values ($1, 'entrance', '{"original":"en","en":"Main entrance"}')`
	);
	for (const [name, seen] of [
		['Tablet silent', '5 minutes'],
		['Tablet heard', '0 minutes']
	])
		await put(
			`with device as (
				insert into private.door_devices (summit_id, checkpoint_id, name, key_hash, enrolled_by, expires_at)
				select $1, id, $2, sha256(gen_random_uuid()::text::bytea), $4, now() + interval '1 hour' from public.checkpoints
				where summit_id = $1 and kind = 'entrance' returning id)
			insert into private.door_device_states (device_id, last_seen_at) select id, now() - $3::interval from device`,
			name,
			seen,
			world.people.door.person
		);
	const page = await openPage(browser, world.people.registration);
	await page.goto(`/${world.slug}/organise`);
	const line = page.getByRole('listitem').filter({ hasText: 'Devices offline at the door' });
	await expect(line.getByRole('strong')).toHaveText('1');
	await line.getByRole('link').click();
	const devices = page.getByRole('table', { name: 'Devices at the doors' });
	await expect(devices).toContainText('Tablet silent');
	await expect(devices).not.toContainText('Tablet heard');
	await page.getByRole('link', { name: 'Show all devices' }).click();
	await expect(devices).toContainText('Tablet heard');
});

test('by REST nobody leads a draft around its checklist', async ({ request }) => {
	await setState('draft');
	const base = `${variables['SUPABASE_URL']}/rest/v1`;
	const headersOf = async (who: TestPerson) => {
		const { cookies } = await openSession(variables, `${who.account}@example.org`);
		const kept = cookies
			.filter(({ name }) => name.startsWith('gs-session'))
			.sort((a, b) => a.name.localeCompare(b.name))
			.map(({ value }) => value)
			.join('');
		const { access_token } = JSON.parse(Buffer.from(kept.replace(/^base64-/, ''), 'base64url').toString()) as {
			access_token: string;
		};
		return { apikey: variables['SUPABASE_PUBLISHABLE_KEY'] ?? '', authorization: `Bearer ${access_token}` };
	};
	const headers = await headersOf(world.people.owner);
	const read = await request.get(`${base}/summits?id=eq.${world.summit}&select=state`, { headers });
	expect(await read.json()).toEqual([{ state: 'draft' }]);
	const patched = await request.patch(`${base}/summits?id=eq.${world.summit}`, { headers, data: { state: 'open' } });
	expect(await patched.json()).toEqual(expect.objectContaining({ code: '42501' }));
	const call = async (who: TestPerson, state: string) => {
		const data = { summit: world.summit, state };
		return (
			await request.post(`${base}/rpc/set_summit_state`, { headers: await headersOf(who), data })
		).json() as unknown;
	};
	expect(await call(world.people.owner, 'live')).toEqual({
		status: 'not_ready',
		items: ['texts', 'safeguarding_contact', 'contact', 'consents', 'fees']
	});
	expect(await call(world.people.programme, 'open')).toEqual({ status: 'not_allowed' });
	const { rows } = await put('select state from public.summits where id = $1');
	expect(rows).toEqual([{ state: 'draft' }]);
});

test('blocking checks and stale proposals lead to exactly these', async ({ browser }) => {
	await put(
		`insert into public.check_settings (summit_id, code, severity) select distinct $1::uuid, code, 'block' from private.findings($1)`
	);
	await put('insert into private.reviewers (summit_id, person_id) values ($1, $2)', world.people.newcomer.person);
	for (const [title, age, owner] of [
		['An old proposal', '20 days', world.people.speaker.person],
		['A new proposal', '2 days', world.people.delegate.person]
	])
		await put(
			`insert into private.proposals (summit_id, owner_id, title, state, submitted_at)
			values ($1, $4, jsonb_build_object('original', 'en', 'en', $2::text), 'submitted', now() - $3::interval)`,
			title,
			age,
			owner
		);
	const page = await openPage(browser, world.people.programme);
	const follow = async (label: string) => {
		await page.goto(`/${world.slug}/organise`);
		const line = page.getByRole('region', { name: 'Needs you now' }).getByRole('listitem').filter({ hasText: label });
		const count = await line.getByRole('strong').innerText();
		await line.getByRole('link').click();
		return count;
	};
	const blocking = await follow('Checks that block a release');
	await expect(
		page.getByRole('link', { name: new RegExp(` ${blocking}$`) }).and(page.locator('[aria-current]'))
	).toBeVisible();
	expect(await follow('Proposals without a review')).toBe('1');
	await expect(page.getByRole('link', { name: 'An old proposal' })).toBeVisible();
	await expect(page.getByRole('link', { name: 'A new proposal' })).toHaveCount(0);
});
