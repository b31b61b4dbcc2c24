/*
 * A registration from sign-in to badge, as its person and as the organisers see it: with and without JavaScript, with two windows, with one
 * seat for two people, and with ids that belong to others.
 */
import AxeBuilder from '@axe-core/playwright';
import type { APIRequestContext, Page } from '@playwright/test';
import pg from 'pg';
import { openPage, variables } from '../../fixtures/open-page.ts';
import { browserOf } from '../../fixtures/livekit.ts';
import { addConsents, fillInRegistration, signInByCode } from '../../fixtures/form.ts';
import {
	callAs,
	makeDrafts,
	makeSummit,
	register,
	stateOf,
	readValue,
	type RegisteringSummit
} from '../../fixtures/registering.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

test.describe.configure({ timeout: 120_000 });

let client: pg.Client;

test.beforeAll(async () => {
	client = new pg.Client({ connectionString: variables.DATABASE_URL });
	await client.connect();
});
test.afterAll(() => client.end());

/** A Summit for this test; with `asks` it has consents, a code of conduct and two languages. */
async function summitOf(hall = 5, asks = false): Promise<RegisteringSummit & { slug: string; member: string }> {
	const made = await makeSummit(client, { hall });
	if (asks) await addConsents(client, made.summit);
	const slug = await readValue<string>(client, 'select slug from public.summits where id = $1', [made.summit]);
	const member = await readValue<string>(client, 'select name from public.members where id = $1', [made.members[0]]);
	return { ...made, slug, member };
}

async function somebody(name: string): Promise<TestPerson> {
	return makePerson(client, name);
}

async function mailTo(request: APIRequestContext, address: string, subject: RegExp): Promise<void> {
	await expect(async () => {
		const inbox = await request.get(`${variables['LOCAL_INBOX_URL']}/messages?to=${encodeURIComponent(address)}`);
		const subjects = ((await inbox.json()) as { subject: string }[]).map((mail) => mail.subject);
		expect(subjects.filter((each) => subject.test(each))).toHaveLength(1);
	}).toPass({ timeout: 20_000 });
}

async function noFaults(page: Page): Promise<void> {
	const { violations } = await new AxeBuilder({ page })
		.withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
		.analyze();
	expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(' ')}`)).toEqual([]);
}

test('registers from the mailed code to the badge', async ({ page, browser, request }) => {
	const summit = await summitOf(5, true);
	const address = `ndeye-${crypto.randomUUID()}@people.example`;
	await page.goto(`/${summit.slug}/register`);
	await signInByCode(page, address);
	await expect(page).toHaveURL(new RegExp(`/${summit.slug}/register$`));
	await fillInRegistration(page, summit.slug, { name: 'Ndèye Sarr', member: summit.member, mode: /In the hall/ });
	await expect(page.getByText(/We hold a seat for you until/)).toBeVisible();
	await mailTo(request, address, /^We have your registration/);

	const desk = await openPage(browser, summit.organiser);
	await desk.goto(`/${summit.slug}/organise/registrations`);
	await desk.getByRole('link', { name: 'Ndèye Sarr' }).click();
	await expect(desk.getByRole('heading', { name: 'Ndèye Sarr', level: 2 })).toBeVisible();
	await expect(desk.getByText('A seat near the door')).toBeVisible();
	await desk.getByRole('button', { name: 'Accredit', exact: true }).last().click();
	await expect(desk.getByRole('status').filter({ hasText: 'Ndèye Sarr' })).toContainText(
		'is accredited within 10 seconds'
	);
	await expect(desk.getByRole('status').filter({ hasText: 'Ndèye Sarr' })).toContainText('confirmed', {
		timeout: 20_000
	});

	// The person's open page updates automatically.
	await expect(page.getByText('You have a seat in the hall. You can book travel now.')).toBeVisible();
	await mailTo(request, address, /^Confirmed/);
	await page.getByRole('link', { name: 'My badge' }).click();
	await expect(page.getByRole('img', { name: /The code of your badge/ })).toBeVisible();
	await expect(page.getByText('Accredited. Welcome on every day.')).toBeVisible();
	const badgeCode = await readValue<string>(
		client,
		`select badge_code from public.badges as b join public.registrations as r on r.id = b.registration_id where r.summit_id = $1`,
		[summit.summit]
	);
	await expect(page.getByText(badgeCode.replace(/(.{4})(?=.)/g, '$1 '))).toBeVisible();
	await noFaults(page);

	// Lost: the old badge code is gone, and the door knows that the old badge is revoked.
	await page.getByRole('link', { name: 'Phone or badge lost? Make it invalid' }).click();
	await page.getByRole('button', { name: 'Make it invalid' }).click();
	await expect(page.getByText('The old badge is invalid. This is your new one.')).toBeVisible();
	await expect(page.getByText(badgeCode.replace(/(.{4})(?=.)/g, '$1 '))).toHaveCount(0);
	const { rows } = await client.query(
		`select revoked_reason from public.badges where summit_id = $1 order by issued_at`,
		[summit.summit]
	);
	expect(rows).toEqual([{ revoked_reason: 'lost' }, { revoked_reason: null }]);
});

test('@phone registers under another name from the first step, and stores nothing of the own name', async ({
	browser
}) => {
	const summit = await summitOf();
	const who = await somebody('');
	// Registering under another name creates another person id; the account stays.
	const ofPerson = (sql: string) =>
		readValue(client, `${sql} = (select person_id from public.account_people where account_id = $1)`, [who.account]);
	const page = await openPage(browser, who, { viewport: { width: 390, height: 844 } });
	await page.goto(`/${summit.slug}/register/1`);
	await page.getByLabel('Name on your badge').fill('Perpetua Vanhoenacker');
	await page.getByRole('radio', { name: /Use another name for me/ }).check();
	await expect(page.getByLabel('Country you represent')).toBeHidden();
	await page.getByRole('button', { name: 'Save and continue' }).click();
	await expect(page.getByRole('link', { name: 'Enter the name to show instead of yours.' })).toBeVisible();
	await page.getByLabel('Name to show').fill('Wren');
	await page.getByRole('button', { name: 'Save and continue' }).click();
	await expect(page.getByRole('heading', { name: 'Your organisation', level: 1 })).toBeVisible();
	expect(await ofPerson('select display_name from public.people where id')).toBe('Wren');
	const seen = await readValue<number>(
		client,
		`select count(*)::integer from public.people as p where p::text like '%Vanhoenacker%'`
	);
	expect(seen).toBe(0);
	expect(await ofPerson('select length(real_name_sealed) > 28 from private.protections where person_id')).toBe(true);
	// On return, the own name is not shown to anybody, and need not be typed again.
	await page.goto(`/${summit.slug}/register/1`);
	await expect(page.getByLabel('Your own name')).toHaveValue('');
	await page.getByLabel('Name to show').fill('Wren A.');
	await page.getByRole('button', { name: 'Save and continue' }).click();
	await expect(page.getByRole('heading', { name: 'Your organisation', level: 1 })).toBeVisible();
	expect(await ofPerson('select display_name from public.people where id')).toBe('Wren A.');
});

test.describe('without JavaScript', () => {
	test('takes the whole form, mistakes included, and a withdrawal', async ({ browser }) => {
		const summit = await summitOf(5, true);
		const who = await somebody('');
		const page = await openPage(browser, who, { javaScriptEnabled: false });
		await page.goto(`/${summit.slug}/register/1`);
		await page.getByRole('button', { name: 'Save and continue' }).click();
		await expect(page.getByRole('heading', { name: '2 things need your attention' })).toBeVisible();
		await expect(page.getByLabel('Name on your badge')).toHaveAttribute('aria-invalid', 'true');
		await fillInRegistration(page, summit.slug, { name: 'Tevita Latu', member: summit.member, mode: /Online/ });
		await page.getByRole('link', { name: 'Withdraw' }).click();
		await expect(page.getByRole('heading', { name: 'Withdraw your registration?' })).toBeVisible();
		await page.getByRole('button', { name: 'Withdraw' }).click();
		await expect(page.getByText('You no longer take part. The seat went back.')).toBeVisible();
	});

	test('requires a reason to decline one person, which they read', async ({ browser }) => {
		const summit = await summitOf();
		const who = await somebody('Delegate Declined');
		const { id } = await register(client, who, summit.summit, summit.members[0] ?? '');
		const desk = await openPage(browser, summit.organiser, { javaScriptEnabled: false });
		await desk.goto(`/${summit.slug}/organise/registrations/${id}`);
		await desk.getByRole('button', { name: 'Decline' }).last().click();
		await expect(desk.getByRole('link', { name: 'Write the reason: it is sent with the mail.' })).toBeVisible();
		await desk.getByLabel('Reason, sent to the person').fill('Only one delegation of your office can come.');
		await desk.getByRole('button', { name: 'Decline' }).last().click();
		await expect(desk.getByText('1 declined.')).toBeVisible();
		const page = await openPage(browser, who);
		await page.goto(`/${summit.slug}/me`);
		await expect(page.getByText('The reason given: Only one delegation of your office can come.')).toBeVisible();
	});
});

test('gives the only seat to the next in the queue when its holder withdraws', async ({ browser }) => {
	const summit = await summitOf(1);
	const [first, second] = [await somebody('First Comer'), await somebody('Second Comer')];
	const one = await register(client, first, summit.summit, summit.members[0] ?? '');
	const two = await register(client, second, summit.summit, summit.members[0] ?? '');
	expect([one.status, two.status]).toEqual(['held', 'queued']);
	const waiting = await openPage(browser, second);
	await waiting.goto(`/${summit.slug}/me`);
	await expect(waiting.getByText('You are number 1 in the queue for a seat in the hall.')).toBeVisible();
	const leaving = await openPage(browser, first);
	await leaving.goto(`/${summit.slug}/me/withdraw`);
	await leaving.getByRole('button', { name: 'Withdraw' }).click();
	await expect(leaving.getByText('You no longer take part. The seat went back.')).toBeVisible();
	await expect(waiting.getByText(/We hold a seat for you until/)).toBeVisible();
});

test('accepts an offer from the queue, and gives the online seat back', async ({ browser }) => {
	const summit = await summitOf(1);
	const [holder, mover] = [await somebody('Holder of the seat'), await somebody('Mover to the hall')];
	const held = await register(client, holder, summit.summit, summit.members[0] ?? '');
	const online = await register(client, mover, summit.summit, summit.members[0] ?? '', 'virtual');
	await callAs(client, summit.organiser, `public.decide_registrations(array[$1, $2]::uuid[], 'accredit', '')`, [
		held.id,
		online.id
	]);
	const page = await openPage(browser, mover);
	await page.goto(`/${summit.slug}/me/switch`);
	await page.getByRole('button', { name: 'Join the queue' }).click();
	await expect(page.getByText('You are in the queue, and keep your present seat.')).toBeVisible();
	await callAs(client, holder, `public.withdraw_registration($1)`, [held.id]);
	await expect(page.getByText('A seat is free for you')).toBeVisible();
	await page.getByRole('button', { name: 'Accept the seat' }).click();
	await expect(page.getByText('You have accepted the seat.')).toBeVisible();
	await expect(page.getByText('You have a seat in the hall. You can book travel now.')).toBeVisible();
	const seats = await client.query(`select mode, state from public.seats where registration_id = $1 order by mode`, [
		online.id
	]);
	expect(seats.rows).toEqual([
		{ mode: 'in_person', state: 'taken' },
		{ mode: 'virtual', state: 'released' }
	]);
});

test('shows the second window what the first saved, and lets it replace that', async ({ browser }) => {
	const summit = await summitOf();
	const who = await somebody('Two Windows');
	await makeDrafts(client, summit.summit, [who], () => summit.members[0] ?? '');
	const { context, page: one } = await browserOf(browser, variables, who);
	const two = await context.newPage();
	await one.goto(`/${summit.slug}/register/4`);
	await two.goto(`/${summit.slug}/register/4`);
	await one.getByLabel('What do you need').fill('From the first window');
	await one.getByRole('button', { name: 'Save and finish later' }).click();
	await expect(one.getByText('Saved. Nothing is sent until you finish.')).toBeVisible();
	await two.getByLabel('What do you need').fill('From the second window');
	await two.getByRole('button', { name: 'Save and finish later' }).click();
	await expect(two.getByText('This step was changed in another window')).toBeVisible();
	await expect(two.getByLabel('What do you need')).toHaveValue('From the second window');
	expect(
		await readValue(client, 'select access_needs from public.registration_needs where person_id = $1', [who.person])
	).toBe('From the first window');
	await two.getByRole('button', { name: 'Save and finish later' }).click();
	await expect(two.getByText('Saved. Nothing is sent until you finish.')).toBeVisible();
	expect(
		await readValue(client, 'select access_needs from public.registration_needs where person_id = $1', [who.person])
	).toBe('From the second window');
});

test('makes one registration of two clicks on "send"', async ({ browser }) => {
	const summit = await summitOf(5, true);
	const who = await somebody('Double Click');
	const [id = ''] = await makeDrafts(client, summit.summit, [who], () => summit.members[0] ?? '');
	const { context, page } = await browserOf(browser, variables, who);
	await page.goto(`/${summit.slug}/register/5`);
	const item = await readValue<string>(
		client,
		`select id from public.consent_items where summit_id = $1 and is_required`,
		[summit.summit]
	);
	const version = await readValue<number>(client, 'select version from public.registrations where id = $1', [id]);
	const send = () =>
		context.request.post(`/${summit.slug}/register/5`, {
			form: { version: String(version), code_of_conduct: 'yes', [`consent_${item}`]: 'yes' },
			headers: { origin: variables.ORIGIN ?? '', accept: 'text/html' },
			maxRedirects: 0
		});
	const answers = await Promise.all([send(), send(), send()]);
	expect(answers.some((answer) => answer.status() === 303)).toBe(true);
	expect(await stateOf(client, id)).toBe('submitted');
	expect(await readValue(client, `select count(*)::integer from public.seats where registration_id = $1`, [id])).toBe(
		1
	);
	expect(
		await readValue(
			client,
			`select count(*)::integer from private.outbox where person_id = $1 and template = 'registration_received'`,
			[who.person]
		)
	).toBe(1);
});

test('hides what belongs to others', async ({ browser }) => {
	const [summit, other] = [await summitOf(), await summitOf()];
	const [mine, theirs] = [await somebody('Nosy Neighbour'), await somebody('Private Person')];
	const { id } = await register(client, theirs, summit.summit, summit.members[0] ?? '');
	const page = await openPage(browser, mine);
	for (const path of [
		`/${summit.slug}/delegation/${id}`,
		`/${summit.slug}/speak/${id}`,
		`/${summit.slug}/register/9`,
		'/no-such-summit/me'
	]) {
		const answer = await page.goto(path);
		expect({ path, status: answer?.status() }).toEqual({ path, status: 404 });
		expect(await page.content()).not.toContain('Private Person');
	}
	expect((await page.goto(`/${summit.slug}/organise/registrations/${id}`))?.status()).toBe(403);
	// An organiser of another Summit sees neither the person nor this Summit's list, and cannot decide through their own Summit.
	const desk = await openPage(browser, other.organiser);
	expect((await desk.goto(`/${summit.slug}/organise/registrations/${id}`))?.status()).toBe(403);
	expect((await desk.goto(`/${other.slug}/organise/registrations/${id}`))?.status()).toBe(404);
	const decided = await desk.request.post(`/${other.slug}/organise/registrations/${id}?/decide`, {
		form: { decision: 'decline', reason: 'Not yours to decide' },
		headers: { origin: variables.ORIGIN ?? '' }
	});
	expect(decided.status()).toBe(404);
	expect(await stateOf(client, id)).toBe('submitted');
	expect(
		(await desk.goto(`/${other.slug}/organise/registrations/00000000-0000-4000-8000-000000000000`))?.status()
	).toBe(404);
});

test('links an organisation that was not in the list, and holds a seat', async ({ browser }) => {
	const summit = await summitOf(5, true);
	const who = await somebody('Unlisted Person');
	const page = await openPage(browser, who);
	const [id = ''] = await makeDrafts(client, summit.summit, [who], () => summit.members[0] ?? '');
	await page.goto(`/${summit.slug}/register/2`);
	await page.getByRole('radio', { name: /Mine is not in the list/ }).check();
	await page.getByLabel('Name of your organisation').fill('Lumen Hotline Network');
	await page.getByLabel('Sector').selectOption('civil_society');
	await page.getByLabel('Country of its seat').selectOption('QA');
	await page.getByRole('button', { name: 'Save and finish later' }).click();
	await expect(page.getByText('Saved. Nothing is sent until you finish.')).toBeVisible();
	await client.query(
		`insert into public.consents (registration_id, person_id, item_id, given_at) select $1, $2, id, now() from public.consent_items where summit_id = $3 and is_required`,
		[id, who.person, summit.summit]
	);
	expect((await callAs<{ status: string }>(client, who, 'private.submit_registration($1)', [id])).status).toBe(
		'queued'
	);
	const desk = await openPage(browser, summit.organiser);
	await desk.goto(`/${summit.slug}/organise/members`);
	await desk.getByRole('link', { name: 'Link or add' }).click();
	await desk.getByRole('button', { name: 'Add and link' }).click();
	await expect(desk.getByText('The registration is linked to its organisation.')).toBeVisible();
	await expect(desk.getByRole('link', { name: 'Lumen Hotline Network' })).toBeVisible();
	await page.goto(`/${summit.slug}/me`);
	await expect(page.getByText(/We hold a seat for you until/)).toBeVisible();
});

test('does not call back a person who goes on before the list of organisations has loaded', async ({ browser }) => {
	const summit = await summitOf();
	const who = await somebody('Quick Typist');
	await makeDrafts(client, summit.summit, [who], () => summit.members[0] ?? '');
	const page = await openPage(browser, who);
	// The list follows the typing after a delay: a long one here.
	await page.addInitScript(() => {
		const later = window.setTimeout.bind(window);
		const longer = (act: TimerHandler, ms?: number, ...rest: unknown[]) => later(act, ms === 200 ? 2000 : ms, ...rest);
		window.setTimeout = longer as typeof window.setTimeout;
	});
	await page.goto(`/${summit.slug}/register/2`);
	await page.getByLabel('Find your organisation').fill(summit.member);
	await page.getByRole('button', { name: 'Save and continue' }).click();
	await expect(page).toHaveURL(/register\/3/);
	await page.evaluate(() => new Promise((done) => setTimeout(done, 2500)));
	await expect(page).toHaveURL(/register\/3$/);
});

test('shows a focal point their own people, and lets them withdraw one', async ({ browser }) => {
	const summit = await summitOf();
	const [focal, colleague] = [await somebody('Focal Point'), await somebody('Colleague One')];
	const stranger = await somebody('Of Another Member');
	await client.query(`insert into public.focal_points (summit_id, member_id, person_id) values ($1, $2, $3)`, [
		summit.summit,
		summit.members[0],
		focal.person
	]);
	const { id } = await register(client, colleague, summit.summit, summit.members[0] ?? '');
	await register(client, stranger, summit.summit, summit.members[1] ?? '');
	const page = await openPage(browser, focal);
	await page.goto(`/${summit.slug}/delegation`);
	await expect(page.getByRole('heading', { name: summit.member })).toBeVisible();
	await expect(page.getByText('Of Another Member')).toHaveCount(0);
	await noFaults(page);
	await page.getByRole('link', { name: 'Colleague One' }).click();
	await page.getByRole('link', { name: 'Withdraw Colleague One' }).click();
	await page.getByLabel('Reason, sent to Colleague One').fill('Somebody else comes.');
	await page.getByRole('button', { name: 'Withdraw' }).click();
	await expect(page.getByText('Colleague One was withdrawn.')).toBeVisible();
	expect(await stateOf(client, id)).toBe('withdrawn');
});

test('lets a speaker answer and give each consent', async ({ browser }) => {
	const summit = await summitOf();
	const who = await somebody('Speaker Here');
	const session = await readValue<string>(
		client,
		`insert into public.sessions (summit_id, title, state) values ($1, '{"original":"en","en":"Referral that works"}', 'confirmed') returning id`,
		[summit.summit]
	);
	await client.query(
		`insert into public.session_people (session_id, summit_id, person_id, role) values ($1, $2, $3, 'speaker')`,
		[session, summit.summit, who.person]
	);
	const page = await openPage(browser, who);
	await page.goto(`/${summit.slug}/speak`);
	await expect(page.getByRole('heading', { name: 'Referral that works' })).toBeVisible();
	await page.getByRole('button', { name: 'Accept', exact: true }).click();
	await expect(page.getByText('Noted: you take part.')).toBeVisible();
	await page.getByRole('checkbox', { name: 'Stream me live' }).check();
	await page.getByRole('button', { name: 'Save' }).click();
	await expect(page.getByText('Saved.')).toBeVisible();
	await noFaults(page);
	await page.getByRole('link', { name: 'Decline' }).click();
	await page.getByRole('button', { name: 'Decline' }).click();
	await expect(page.getByText('Noted: you do not take part.')).toBeVisible();
	const { rows } = await client.query(`select state, consent_live from public.session_people where session_id = $1`, [
		session
	]);
	expect(rows).toEqual([{ state: 'declined', consent_live: false }]);
});

for (const language of ['en', 'ar'] as const) {
	test(`@phone passes axe on the form in ${language}`, async ({ browser }) => {
		const summit = await summitOf(5, true);
		const who = await somebody('Axe Reader');
		await makeDrafts(client, summit.summit, [who], () => summit.members[0] ?? '');
		const page = await openPage(browser, who, { viewport: { width: 390, height: 844 } });
		const prefix = language === 'en' ? '' : `/${language}`;
		for (const path of [
			'register/1',
			'register/2',
			'register/3',
			'register/4',
			'register/5',
			'me',
			'me/badge',
			'me/withdraw'
		]) {
			await page.goto(`${prefix}/${summit.slug}/${path}`);
			await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
			await noFaults(page);
		}
	});
}
