import { randomBytes } from 'node:crypto';
import type { Page } from '@playwright/test';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { dayFromNow, middayZone } from '../../fixtures/clock.ts';
import { signInAs } from '../../fixtures/sample.ts';
import { expect, test } from '../../fixtures/test.ts';

// An optional field says so after its label.
const named = (label: string) => new RegExp(`^${label.replace(/[()]/g, '\\$&')}(\\s·.*)?$`);

/** Fills in a form by labels, submits it and waits for the page that confirms it. */
async function send(page: Page, values: Record<string, string>, button: string, done: string | RegExp): Promise<void> {
	for (const [label, value] of Object.entries(values)) await page.getByLabel(named(label)).first().fill(value);
	await page.getByRole('button', { name: button, exact: true }).click();
	await expect(page.getByText(done).first()).toBeVisible();
}

async function makeSummit(page: Page, slug: string): Promise<void> {
	await page.goto('/organise/new');
	// A zone in which it is noon: its first day is today, which the agenda opens with.
	await page.getByLabel('Time zone of the venue').selectOption(middayZone());
	await page.getByLabel('Français').check();
	const days = { 'First day': dayFromNow(0), 'Last day': dayFromNow(1) };
	await send(
		page,
		{ Name: 'Summit from Nothing', Address: slug, ...days },
		'Create the Summit',
		'The Summit exists as a draft'
	);
}

async function addRow(page: Page, slug: string, list: string, fill: () => Promise<void>): Promise<void> {
	await page.goto(`/${slug}/organise/settings/${list}/new`);
	await fill();
	await page.getByRole('button', { name: 'Add', exact: true }).click();
	await expect(page.getByText('Added.')).toBeVisible();
}

async function setEverything(page: Page, slug: string): Promise<void> {
	const base = `/${slug}/organise/settings`;
	await page.goto(base);
	await page.getByLabel('Country').selectOption('KE');
	await send(
		page,
		{ 'Name (French)': 'Sommet à partir de rien', 'City (English)': 'Nairobi', Currency: 'KES' },
		'Save',
		'Saved.'
	);
	await page.goto(`${base}/deadlines`);
	await send(
		page,
		{
			'Registration opens': `${dayFromNow(-2)}T09:00`,
			'Registration closes': `${dayFromNow(1)}T18:00`,
			'Days to pay': '7'
		},
		'Save',
		'Saved.'
	);
	await page.goto(`${base}/seats`);
	await page.getByRole('group', { name: 'Seats in all' }).getByLabel('In the hall').fill('40');
	await page.getByRole('group', { name: 'Seats in all' }).getByLabel('Online').fill('200');
	await page.getByRole('group', { name: 'Each member: civil society' }).getByLabel('Online').fill('3');
	await send(page, {}, 'Save', 'Saved.');
	await addRow(page, slug, 'rooms', async () => {
		await page.getByLabel('Name (English)').fill('Baobab Hall');
		await page.getByLabel('Kind').selectOption('hall');
		await page.getByLabel('Places').fill('300');
	});
	await expect(page.getByRole('row', { name: /Baobab Hall/ })).toContainText('baobab-hall');
	await addRow(page, slug, 'tracks', () => page.getByLabel('Name (English)').fill('Knowledge'));
	await addRow(page, slug, 'formats', async () => {
		await page.getByLabel('Name (English)').fill('Panel');
		await page.getByLabel('Minutes').fill('60');
	});
	await page.goto(`/${slug}/organise/money/fees`);
	await page.getByLabel('Only for the sector').selectOption('private_sector');
	await send(page, { Amount: '58,000.50' }, 'Add the fee', /Saved/);
	await changeCurrency(page, base);
	await addRow(page, slug, 'consents', async () => {
		await page.getByLabel('Sentence (English)').fill('I may be photographed');
		await page.getByLabel('Short name').fill('photographs');
	});
	for (const kind of ['wellbeing', 'safeguarding', 'general', 'privacy'])
		await addRow(page, slug, 'contacts', async () => {
			await page.getByLabel('Who answers (English)').fill(`Somebody who listens: ${kind}`);
			await page.getByLabel('About what').selectOption(kind);
			await page.getByLabel('Mail').fill('listen@summit.example');
		});
	await publishPage(page, slug, 'Privacy', 'We ask only for what we need.', 'Rien de trop.');
	const open = async (done: string | RegExp) => {
		await page.goto(`${base}/state`);
		await page.getByLabel('Open', { exact: false }).first().check();
		await send(page, {}, 'Set the state', done);
	};
	await open('Not yet. First: Texts in each language.');
	await publishPage(page, slug, 'Code of conduct', 'Be kind.', 'Soyez aimables.');
	await open('Saved.');
}

/** Writes a page with one text in two languages and publishes it. */
async function publishPage(page: Page, slug: string, kind: string, english: string, french: string): Promise<void> {
	await page.goto(`/${slug}/organise/pages`);
	await page.getByLabel('Kind of page').selectOption(kind);
	await page.getByRole('button', { name: 'Add page' }).click();
	await page.getByRole('button', { name: 'French', exact: true }).click();
	await page.getByLabel('Text (English)').fill(english);
	await page.getByLabel('Text (French)').fill(french);
	await page.getByRole('button', { name: 'Publish page' }).click();
	await expect(page.getByText('Published. Readers see this version now.')).toBeVisible();
}

/** A fee keeps the currency in which it was made, in the list, in its form and when it is saved. */
async function changeCurrency(page: Page, base: string): Promise<void> {
	await page.goto(base);
	await send(page, { Currency: 'JPY' }, 'Save', 'Saved.');
	for (const saved of [false, true]) {
		await page.goto(`${base}/../money/fees`);
		const row = page.getByRole('row', { name: /Private sector/ }).first();
		await expect(row).toContainText(/(KES|Ksh)\s*58,000\.50/);
		await row.getByRole('link').first().click();
		await expect(page.getByLabel('Currency')).toHaveValue('KES');
		await expect(page.getByLabel('Amount')).toHaveValue('58000.50');
		if (!saved) await send(page, {}, 'Save the fee', /Saved/);
	}
	await page.goto(base);
	await send(page, { Currency: 'KES' }, 'Save', 'Saved.');
}

async function makeAgenda(page: Page, slug: string): Promise<void> {
	await page.goto(`/${slug}/organise/agenda/new`);
	await page.getByLabel('Title (English)').fill('A session from nothing');
	await page.getByLabel('Format').selectOption({ label: 'Panel' });
	await page.getByLabel('Track').selectOption({ label: 'Knowledge' });
	await page.getByRole('group', { name: 'Confidentiality level' }).getByRole('radio').first().check();
	await page.getByRole('group', { name: 'Who may attend' }).getByRole('radio').first().check();
	await page.getByLabel('Begins').fill(`${dayFromNow(0)}T10:00`);
	await page.getByLabel('Ends').fill(`${dayFromNow(0)}T11:00`);
	await page.getByLabel('Baobab Hall').check();
	await page.getByRole('button', { name: 'Add the session' }).click();
	await expect(page.getByText('The session is in the draft.')).toBeVisible();
	const people = page.getByRole('complementary', { name: 'People' });
	await people.getByLabel('Mail address').fill(`speaker-${slug}@people.example`);
	await people.getByLabel('Name', { exact: true }).fill('Amani Tester');
	await people.getByRole('button', { name: 'Send the invitation' }).click();
	await expect(people.getByText('Amani Tester', { exact: true })).toBeVisible();
	await page.goto(`/${slug}/organise/agenda/release`);
	await page.getByRole('button', { name: 'Make release 1 public' }).click();
	await expect(page.getByText('Release 1 is public.')).toBeVisible();
}

for (const javaScriptEnabled of [true, false]) {
	test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
		test.use({ javaScriptEnabled });

		test('lets an owner make a Summit from nothing, with an agenda that visitors read', async ({ page, browser }) => {
			test.setTimeout(120_000);
			const slug = `made-${randomBytes(4).toString('hex')}`;
			await signInAs(page, 'Lucía Ferrer');
			await makeSummit(page, slug);
			const visitor = await browser.newPage();
			const before = await visitor.goto(`/${slug}`);
			expect(before?.status()).toBe(404);
			await setEverything(page, slug);
			await makeAgenda(page, slug);
			await visitor.goto(`/fr/${slug}`);
			await expect(visitor.getByRole('heading', { level: 1 })).toContainText('Sommet à partir de rien');
			await visitor.goto(`/${slug}/agenda`);
			await expect(visitor.getByRole('link', { name: 'A session from nothing' }).first()).toBeVisible();
			await visitor.goto(`/${slug}/talk`);
			await expect(visitor.getByText('Somebody who listens: wellbeing')).toBeVisible();
			await visitor.goto(`/${slug}/privacy`);
			const toWriteTo = visitor.getByRole('region', { name: 'Who to write to about your data' });
			await expect(toWriteTo.getByRole('heading', { level: 3 })).toHaveText(['Somebody who listens: privacy']);
			await expect(toWriteTo.getByRole('link')).toHaveAttribute('href', 'mailto:listen@summit.example');
			await visitor.close();
		});
	});
}

test('shows errors at their fields, and keeps what was typed', async ({ page }) => {
	await signInAs(page, 'Lucía Ferrer');
	await page.goto('/organise/new');
	await page.getByLabel('Time zone of the venue').selectOption('Africa/Nairobi');
	const days = { 'First day': dayFromNow(5), 'Last day': dayFromNow(3) };
	await send(
		page,
		{ Name: 'Backwards', Address: 'organise', ...days },
		'Create the Summit',
		'Use small letters, figures and hyphens, and no word'
	);
	await send(page, { Address: 'montevideo' }, 'Create the Summit', 'The last day comes before the first');
	await send(page, { 'Last day': dayFromNow(6) }, 'Create the Summit', 'Another Summit has this address.');
	await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Backwards');
	expect(await faultsOfPage(page)).toEqual([]);
});

test('refuses a capacity below the seats taken, and removing a room in use', async ({ page }) => {
	await signInAs(page, 'Lucía Ferrer');
	await page.goto('/montevideo/organise/settings/seats');
	await page.getByRole('group', { name: 'Seats in all' }).getByLabel('In the hall').fill('3');
	await send(page, {}, 'Save', 'More seats are taken than this would allow');
	await page.goto('/montevideo/organise/settings/rooms');
	await page.getByRole('link', { name: 'Río' }).click();
	await page.getByText('Remove this room').click();
	await page.getByRole('button', { name: 'Remove permanently' }).click();
	await expect(page.getByText('It is in use and was not removed.').first()).toBeVisible();
});

test('invites to a role by mail address, and revokes the invitation', async ({ page }) => {
	const address = `helper-${randomBytes(4).toString('hex')}@people.example`;
	await signInAs(page, 'Lucía Ferrer');
	await page.goto('/montevideo/organise/roles');
	const byMail = page.getByRole('region', { name: 'Invite to a role by mail address' });
	const name = `Helper ${address.slice(7, 15)}`;
	await byMail.getByLabel('Mail address').fill(address);
	await byMail.getByLabel('Name', { exact: true }).fill(name);
	await byMail.getByLabel('Role').selectOption('door');
	await byMail.getByRole('button', { name: 'Send the invitation' }).click();
	await expect(page.getByText('The invitation is on its way.')).toBeVisible();
	const row = page.getByRole('table', { name: 'Open invitations' }).getByRole('row', { name: new RegExp(name) });
	await expect(row).toContainText('Door');
	await row.getByRole('button', { name: /^Take back/ }).click();
	await expect(page.getByText('The invitation is withdrawn.')).toBeVisible();
	await expect(row).toHaveCount(0);
});

test('grants a role to a person of the Summit, and ends it', async ({ page }) => {
	await signInAs(page, 'Lucía Ferrer');
	await page.goto('/montevideo/organise/roles?q=Grace+Wanjiru');
	const known = page.getByRole('region', { name: 'Grant a role to somebody of this Summit' });
	await known.getByLabel('Person').selectOption({ index: 1 });
	await known.getByLabel('Role').selectOption('finance');
	await known.getByRole('button', { name: 'Grant the role' }).click();
	await expect(page.getByText('The role is granted.')).toBeVisible();
	const row = page.getByRole('row', { name: /Grace Wanjiru.*Finance/ });
	await row.getByRole('button', { name: /^End/ }).click();
	await expect(page.getByText('The role has ended.')).toBeVisible();
	await expect(row).toHaveCount(0);
});

test('lets a safeguarding lead confirm a new lead, and not the owner who proposed it', async ({ page }) => {
	await signInAs(page, 'Lucía Ferrer');
	await page.goto('/montevideo/organise/roles?q=Grace+Wanjiru');
	const known = page.getByRole('region', { name: 'Grant a role to somebody of this Summit' });
	await known.getByLabel('Person').selectOption({ index: 1 });
	await known.getByLabel('Role').selectOption('safeguarding');
	await known.getByRole('button', { name: 'Grant the role' }).click();
	await expect(page.getByText('Proposed. It takes effect when a second person confirms it')).toBeVisible();
	const waiting = page.getByRole('region', { name: 'Waiting for a second person' });
	await expect(waiting).toContainText('Can be confirmed by Ileana Duarte');
	await expect(waiting.getByRole('button', { name: /^Confirm/ })).toHaveCount(0);
	await expect(page.getByRole('row', { name: /Grace Wanjiru.*Safeguarding/ })).toHaveCount(0);
	await signInAs(page, 'Ileana Duarte');
	await page.goto('/montevideo/organise/roles');
	await expect(page.getByRole('region', { name: 'Grant a role to somebody of this Summit' })).toHaveCount(0);
	await waiting.getByRole('button', { name: /^Confirm/ }).click();
	await expect(page.getByText('Confirmed. The role is theirs')).toBeVisible();
	await expect(page.getByRole('row', { name: /Grace Wanjiru.*Safeguarding/ })).toContainText(
		'Proposed by Lucía Ferrer, confirmed by Ileana Duarte'
	);
	await signInAs(page, 'Lucía Ferrer');
	await page.goto('/montevideo/organise/roles');
	const row = page.getByRole('row', { name: /Grace Wanjiru.*Safeguarding/ });
	await row.getByRole('button', { name: /^End/ }).click();
	await expect(row).toHaveCount(0);
});

test('opens settings and roles to owners only, and the draft to agenda organisers only', async ({ page }) => {
	await signInAs(page, 'Emeka Nwosu');
	for (const path of ['settings', 'settings/rooms', 'roles', 'agenda']) {
		const answer = await page.goto(`/montevideo/organise/${path}`);
		expect(answer?.status(), path).toBe(403);
	}
	expect((await page.goto('/organise/new'))?.status()).toBe(403);
});

test('shows the settings in Arabic, from right to left', async ({ page }) => {
	await signInAs(page, 'Lucía Ferrer');
	await page.goto('/ar/montevideo/organise/settings');
	await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
	const pages = page.getByRole('navigation', { name: 'صفحات: الإعدادات' });
	await expect(pages.getByRole('link', { name: 'الإعدادات' })).toHaveAttribute('aria-current', 'page');
	const content = page.getByRole('main');
	await expect(content).not.toHaveAttribute('dir');
	await expect(content).not.toHaveAttribute('lang');
	for (const [tab, words] of [
		['القاعات', 'إضافة قاعة'],
		['لقاء تفريغ نفسي', 'السطر الفارغ يبدأ فقرة جديدة.'],
		['الحالة', 'لا يرى وجودها إلا منظموها.']
	] as const) {
		await content.getByRole('link', { name: tab, exact: true }).click();
		await expect(content.getByText(words).first()).toBeVisible();
	}
});
