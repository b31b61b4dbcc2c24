/* The registration form from sign-in to badge: with and without JavaScript, in two windows, and on a phone. */
import { openPage, variables } from '../../fixtures/open-page.ts';
import { browserOf } from '../../fixtures/livekit.ts';
import { fillInRegistration } from '../../fixtures/form.ts';
import { signInByCode } from '../../fixtures/mailed-codes.ts';
import { makeDrafts, register, stateOf, readValue } from '../../fixtures/registering.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson } from '../../fixtures/world.ts';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { expectMail, makeOpenSummit } from '../../fixtures/registration-pages.ts';

const db = useClient();

test.describe.configure({ timeout: 120_000 });

test('registers from the mailed code to the badge', async ({ page, browser, request }) => {
	const summit = await makeOpenSummit(db.client, 5, true);
	const address = `ndeye-${crypto.randomUUID()}@people.example`;
	await page.goto(`/${summit.slug}/register`);
	await signInByCode(page, address);
	await expect(page).toHaveURL(new RegExp(`/${summit.slug}/register$`));
	await fillInRegistration(page, summit.slug, { name: 'Ndèye Sarr', member: summit.member, mode: /In the hall/ });
	await expect(page.getByText(/We hold a seat for you until/)).toBeVisible();
	await expectMail(request, address, /^We have your registration/);

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
	await expectMail(request, address, /^Confirmed/);
	await page.getByRole('link', { name: 'My badge' }).click();
	await expect(page.getByRole('img', { name: /The code of your badge/ })).toBeVisible();
	await expect(page.getByText('Accredited. Welcome on every day.')).toBeVisible();
	const badgeCode = await readValue<string>(
		db.client,
		`select badge_code from public.badges as b join public.registrations as r on r.id = b.registration_id where r.summit_id = $1`,
		[summit.summit]
	);
	await expect(page.getByText(badgeCode.replace(/(.{4})(?=.)/g, '$1 '))).toBeVisible();
	expect(await faultsOfPage(page)).toEqual([]);

	// Lost: the old badge code is gone, and the door knows that the old badge is revoked.
	await page.getByRole('link', { name: 'Phone or badge lost? Make it invalid' }).click();
	await page.getByRole('button', { name: 'Make it invalid' }).click();
	await expect(page.getByText('The old badge is invalid. This is your new one.')).toBeVisible();
	await expect(page.getByText(badgeCode.replace(/(.{4})(?=.)/g, '$1 '))).toHaveCount(0);
	const { rows } = await db.client.query(
		`select revoked_reason from public.badges where summit_id = $1 order by issued_at`,
		[summit.summit]
	);
	expect(rows).toEqual([{ revoked_reason: 'lost' }, { revoked_reason: null }]);
});

test('@phone registers under another name from the first step, and stores nothing of the own name', async ({
	browser
}) => {
	const summit = await makeOpenSummit(db.client);
	const who = await makePerson(db.client, '');
	// Registering under another name creates another person id; the account stays.
	const ofPerson = (sql: string) =>
		readValue(db.client, `${sql} = (select person_id from public.account_people where account_id = $1)`, [who.account]);
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
		db.client,
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

test('asks nobody for the name that is known already', async ({ browser }) => {
	const summit = await makeOpenSummit(db.client);
	const page = await openPage(browser, await makePerson(db.client, 'Delegate of before'));
	await page.goto(`/${summit.slug}/register/1`);
	await expect(page.getByLabel('Name on your badge')).toHaveValue('Delegate of before');
});

test.describe('without JavaScript', () => {
	test('takes the whole form, mistakes included, and a withdrawal', async ({ browser }) => {
		const summit = await makeOpenSummit(db.client, 5, true);
		const who = await makePerson(db.client, '');
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
		const summit = await makeOpenSummit(db.client);
		const who = await makePerson(db.client, 'Delegate Declined');
		const { id } = await register(db.client, who, summit.summit, summit.members[0] ?? '');
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

test('shows the second window what the first saved, and lets it replace that', async ({ browser }) => {
	const summit = await makeOpenSummit(db.client);
	const who = await makePerson(db.client, 'Two Windows');
	await makeDrafts(db.client, summit.summit, [who], () => summit.members[0] ?? '');
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
		await readValue(db.client, 'select access_needs from public.registration_needs where person_id = $1', [who.person])
	).toBe('From the first window');
	await two.getByRole('button', { name: 'Save and finish later' }).click();
	await expect(two.getByText('Saved. Nothing is sent until you finish.')).toBeVisible();
	expect(
		await readValue(db.client, 'select access_needs from public.registration_needs where person_id = $1', [who.person])
	).toBe('From the second window');
});

test('makes one registration of two clicks on "send"', async ({ browser }) => {
	const summit = await makeOpenSummit(db.client, 5, true);
	const who = await makePerson(db.client, 'Double Click');
	const [id = ''] = await makeDrafts(db.client, summit.summit, [who], () => summit.members[0] ?? '');
	const { context, page } = await browserOf(browser, variables, who);
	await page.goto(`/${summit.slug}/register/5`);
	const item = await readValue<string>(
		db.client,
		`select id from public.consent_items where summit_id = $1 and is_required`,
		[summit.summit]
	);
	const version = await readValue<number>(db.client, 'select version from public.registrations where id = $1', [id]);
	const send = () =>
		context.request.post(`/${summit.slug}/register/5`, {
			form: { version: String(version), code_of_conduct: 'yes', [`consent_${item}`]: 'yes' },
			headers: { origin: variables.ORIGIN ?? '', accept: 'text/html' },
			maxRedirects: 0
		});
	const answers = await Promise.all([send(), send(), send()]);
	expect(answers.some((answer) => answer.status() === 303)).toBe(true);
	expect(await stateOf(db.client, id)).toBe('submitted');
	expect(
		await readValue(db.client, `select count(*)::integer from public.seats where registration_id = $1`, [id])
	).toBe(1);
	expect(
		await readValue(
			db.client,
			`select count(*)::integer from private.outbox where person_id = $1 and template = 'registration_received'`,
			[who.person]
		)
	).toBe(1);
});

test('chooses the organisation that the affiliation of a person names', async ({ browser }) => {
	const summit = await makeOpenSummit(db.client);
	const who = await makePerson(db.client, 'Known Affiliation');
	await db.client.query('update public.people set affiliation = $2 where id = $1', [who.person, summit.member]);
	const page = await openPage(browser, who);
	await page.goto(`/${summit.slug}/register/1`);
	await page.getByLabel('Name on your badge').fill('Known Affiliation');
	await page.getByLabel('Country you represent').selectOption('SN');
	await page.getByRole('button', { name: 'Save and continue' }).click();
	await expect(page.getByRole('radio', { name: summit.member })).toBeChecked();
	await expect(page.getByLabel('Find your organisation')).toBeHidden();
	await page.getByText('Choose another organisation').click();
	await expect(page.getByLabel('Find your organisation')).toBeVisible();
	await page.getByRole('button', { name: 'Save and continue' }).click();
	await expect(page).toHaveURL(/register\/3$/);
});

test('does not call back a person who goes on before the list of organisations has loaded', async ({ browser }) => {
	const summit = await makeOpenSummit(db.client);
	const who = await makePerson(db.client, 'Quick Typist');
	await makeDrafts(db.client, summit.summit, [who], () => summit.members[0] ?? '');
	const page = await openPage(browser, who);
	// The list follows the typing after a delay: a long one here.
	await page.addInitScript(() => {
		const later = window.setTimeout.bind(window);
		const longer = (act: TimerHandler, ms?: number, ...rest: unknown[]) => later(act, ms === 200 ? 2000 : ms, ...rest);
		window.setTimeout = longer as typeof window.setTimeout;
	});
	await page.goto(`/${summit.slug}/register/2`);
	await page.getByText('Choose another organisation').click();
	await page.getByLabel('Find your organisation').fill(summit.member);
	await page.getByRole('button', { name: 'Save and continue' }).click();
	await expect(page).toHaveURL(/register\/3/);
	await page.evaluate(() => new Promise((done) => setTimeout(done, 2500)));
	await expect(page).toHaveURL(/register\/3$/);
});

test('@phone passes axe in each step of the form in Arabic, and on withdrawing', async ({ browser }) => {
	const summit = await makeOpenSummit(db.client, 5, true);
	const who = await makePerson(db.client, 'Axe Reader');
	await makeDrafts(db.client, summit.summit, [who], () => summit.members[0] ?? '');
	const page = await openPage(browser, who, { viewport: { width: 390, height: 844 } });
	for (const path of ['register/1', 'register/2', 'register/3', 'register/4', 'register/5', 'me/withdraw']) {
		await page.goto(`/ar/${summit.slug}/${path}`);
		await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
		expect(await faultsOfPage(page)).toEqual([]);
	}
});
