/* The guided set-up: from an owner without a Summit to open registration and a first published agenda. */
import { randomBytes } from 'node:crypto';
import type { Page } from '@playwright/test';
import { dayFromNow } from '../../fixtures/clock.ts';
import { setUpFirstSummit } from '../../fixtures/first-summit.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';

const db = useClient();
let owner: TestPerson;

test.beforeEach(async () => {
	owner = await makePerson(db.client, 'First Owner');
	await db.client.query(`insert into public.role_grants (person_id, role) values ($1, 'owner')`, [owner.person]);
});

// While there is another owner for all Summits, or was until lately, the sample's owner grants no strong role alone.
test.afterEach(() =>
	db.client.query(
		'update public.role_grants set ended_at = now(), ended_by = person_id where person_id = $1 and summit_id is null',
		[owner.person]
	)
);

const newSlug = () => `first-${randomBytes(4).toString('hex')}`;

/** Makes a draft by the form, with what a Summit needs at least. */
async function createDraft(page: Page, slug: string): Promise<void> {
	await page.goto('/organise/new');
	await page.getByLabel('Name', { exact: true }).fill('Summit of the Harbours');
	await page.getByLabel('First day').fill(dayFromNow(90));
	await page.getByLabel('Last day').fill(dayFromNow(91));
	await page.getByLabel('Address').fill(slug);
	await page.getByLabel('Time zone of the venue').selectOption('Africa/Nairobi');
	await page.getByRole('button', { name: 'Create the Summit' }).click();
	await expect(page.getByText('The Summit exists as a draft')).toBeVisible();
}

for (const javaScriptEnabled of [true, false]) {
	test(`opens registration with a first agenda, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async ({
		browser
	}) => {
		test.setTimeout(120_000);
		const summit = { name: 'Summit of the Harbours', slug: newSlug(), session: `Opening ${newSlug()}` };
		const page = await openPage(browser, owner, { javaScriptEnabled });
		await page.goto('/organise/new');
		await setUpFirstSummit(page, summit);
		await expect(page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Set-up/ })).toHaveCount(0);
		// A visitor reads the agenda, and somebody who signs in gets the form.
		const visitor = await (await browser.newContext({ baseURL: new URL(page.url()).origin })).newPage();
		await visitor.goto(`/${summit.slug}/agenda`);
		await expect(visitor.getByRole('link', { name: summit.session }).first()).toBeVisible();
		await visitor.goto(`/${summit.slug}/talk`);
		await expect(visitor.getByRole('link', { name: 'safeguarding@summit.example' })).toBeVisible();
		const delegate = await openPage(browser, await makePerson(db.client, 'New Delegate'));
		await delegate.goto(`/${summit.slug}/register`);
		await delegate.getByRole('link', { name: 'Begin' }).click();
		await expect(delegate.getByLabel('Name on your badge')).toBeVisible();
	});
}

test('names what is needed before registration opens, and leads to the step', async ({ browser }) => {
	const slug = newSlug();
	const page = await openPage(browser, owner);
	await createDraft(page, slug);
	await page.goto(`/${slug}/organise`);
	await page.getByRole('navigation', { name: 'Pages: Overview' }).getByRole('link', { name: 'Set-up' }).click();
	const steps = page.getByRole('complementary', { name: 'Steps' });
	await expect(steps.getByText('1 of 9 steps done')).toBeVisible();
	await steps.getByRole('link', { name: 'Open registration' }).click();
	const needed = page.getByRole('region', { name: 'Needed first' });
	await expect(needed.getByRole('link')).toHaveText([
		'Texts in each language',
		'Seats for members',
		'Contact for safeguarding',
		'Contact of the organisers',
		'Consents',
		'Fees decided'
	]);
	await page.getByRole('button', { name: 'Open registration' }).click();
	await expect(page.getByText(/^Not yet\. First: Texts in each language, Seats for members, /).first()).toBeVisible();
	// Still a draft.
	expect((await page.request.get(`/${slug}`, { headers: { cookie: '' } })).status()).toBe(404);
	await needed.getByRole('link', { name: 'Seats for members' }).click();
	await expect(page.getByRole('heading', { level: 1, name: 'Seats' })).toBeVisible();
	await page.getByRole('link', { name: 'Skip this step' }).click();
	await expect(page.getByRole('heading', { level: 1, name: 'Fees' })).toBeVisible();
	await page.getByRole('link', { name: 'Back to: Seats' }).click();
	await expect(page.getByRole('heading', { level: 1, name: 'Seats' })).toBeVisible();
});

test('refuses a typed agenda at its day, and keeps it', async ({ browser }) => {
	const slug = newSlug();
	const page = await openPage(browser, owner);
	await createDraft(page, slug);
	await page.goto(`/${slug}/organise/setup/agenda`);
	const days = page.getByRole('textbox', { name: /^\w+day / });
	await page.getByLabel('Rooms').fill('Main hall');
	await days.nth(1).fill('09:00-10:00 One\nTwo at ten');
	await page.getByRole('button', { name: 'Add to the agenda' }).click();
	await expect(page.getByText('Line 2 has no time and title: Two at ten').first()).toBeVisible();
	await expect(days.nth(1)).toHaveValue('09:00-10:00 One\nTwo at ten');
	await days.nth(1).fill('09:00-10:00 One');
	await page.getByRole('button', { name: 'Add to the agenda' }).click();
	await expect(page.getByText('The sessions are in the agenda.')).toBeVisible();
	// The room is taken by a session of the draft.
	await days.nth(1).fill('09:30-10:30 Another');
	await page.getByRole('button', { name: 'Add to the agenda' }).click();
	await expect(
		page.getByText('A room is taken at that time by a session of the draft: Another.').first()
	).toBeVisible();
});

test('starts a Summit from an earlier edition', async ({ browser }) => {
	const earlier = newSlug();
	const page = await openPage(browser, owner);
	await createDraft(page, earlier);
	await page.goto(`/${earlier}/organise/setup/agenda`);
	await page.getByLabel('Rooms').fill('Baobab hall, 300');
	await page
		.getByRole('textbox', { name: /^\w+day / })
		.first()
		.fill('09:00-10:00 A session of the earlier edition');
	await page.getByRole('button', { name: 'Add to the agenda' }).click();
	await expect(page.getByText('The sessions are in the agenda.')).toBeVisible();
	await db.client.query(
		`insert into public.consent_items (summit_id, key, label) select id, 'rules', '{"original":"en","en":"I keep to the rules."}' from public.summits where slug = $1`,
		[earlier]
	);
	const slug = newSlug();
	await page.goto(`/organise/new?from=${earlier}`);
	await expect(page.getByText('Starts from Summit of the Harbours')).toBeVisible();
	await page.getByLabel('Name', { exact: true }).fill('Summit of the Mountains');
	await page.getByLabel('First day').fill(dayFromNow(400));
	await page.getByLabel('Last day').fill(dayFromNow(402));
	await page.getByLabel('Address').fill(slug);
	await page.getByLabel('Fees').uncheck();
	await page.getByLabel('Roles of organisers').check();
	await page.getByRole('button', { name: 'Create the Summit' }).click();
	await expect(page.getByText('The Summit exists as a draft')).toBeVisible();
	await expect(page.getByRole('heading', { name: 'What to look at' })).toBeVisible();
	await expect(page.getByRole('link', { name: 'Consents to read again' })).toBeVisible();
	await expectWholePage(page);
	await page.getByRole('link', { name: 'Go on with the set-up' }).click();
	await expect(page).toHaveURL(/\/organise\/setup\//);
	await page.goto(`/${slug}/organise/setup/agenda`);
	await expect(page.getByText('There are already: Baobab hall.')).toBeVisible();
	await expect(page.getByText('A session of the earlier edition')).toHaveCount(0);
	// Only an owner of all Summits makes one, of that edition too.
	const stranger = await openPage(browser, await makePerson(db.client, 'Stranger'));
	expect((await stranger.goto(`/organise/new?from=${earlier}`))?.status()).toBe(403);
	expect((await stranger.goto(`/${slug}/organise/setup/seats`))?.status()).toBe(404);
});

test('has no fault in any step, in Arabic', async ({ browser }) => {
	test.setTimeout(120_000);
	const slug = newSlug();
	const made = await openPage(browser, owner);
	await createDraft(made, slug);
	const steps = ['place', 'languages', 'seats', 'fees', 'contacts', 'texts', 'announcement', 'agenda', 'open'];
	for (const step of steps) {
		expect((await made.goto(`/ar/${slug}/organise/setup/${step}`))?.status()).toBe(200);
		await expectWholePage(made);
	}
});
