/* Payment in a real browser: Stripe's page (a double), the return that waits for Stripe's webhook, mail, and who sees it. */
import { randomUUID } from 'node:crypto';
import type { Browser, BrowserContextOptions, Page } from '@playwright/test';
import pg from 'pg';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { receiveMail, steerStripe } from '../../fixtures/engines.ts';
import { callAs, makeSummit, register, readValue, type RegisteringSummit } from '../../fixtures/registering.ts';
import { openSession, type Session } from '../../fixtures/sessions.ts';
import { variables } from '../../fixtures/open-page.ts';
import { expect, test } from '../../fixtures/test.ts';
import type { TestPerson } from '../../fixtures/world.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';

// Stripe's webhooks are held back in between: one test at a time.
test.describe.configure({ mode: 'serial' });

let client: pg.Client;
let world: RegisteringSummit;
let slug: string;

test.beforeAll(async () => {
	client = new pg.Client({ connectionString: variables.DATABASE_URL });
	await client.connect();
	world = await makeSummit(client, { fee: 35_000 });
	slug = await readValue(client, `select slug from public.summits where id = $1`, [world.summit]);
});
test.afterAll(() => client.end());
test.afterEach(async () => {
	await steerStripe('release');
});

interface Person extends Session {
	address: string;
	who: TestPerson;
}

/** A person with a mail address, signed in. */
async function someone(locale = 'en'): Promise<Person> {
	const address = `payer-${randomUUID()}@example.org`;
	const session = await openSession(variables, address);
	const name = `Payer ${address.slice(6, 14)}`;
	await client.query(`update public.people set display_name = $2 where id = $1`, [session.person, name]);
	await client.query(`insert into public.person_preferences (person_id, locale) values ($1, $2)`, [
		session.person,
		locale
	]);
	return { ...session, address, who: { account: session.account, person: session.person, name } };
}

/** A person whose seat awaits payment. */
async function payer(locale = 'en'): Promise<Person & { order: string; registration: string }> {
	const person = await someone(locale);
	const { id } = await register(client, person.who, world.summit, world.members[1] ?? '');
	await callAs(client, world.organiser, `public.decide_registrations(array[$1::uuid], 'accredit', '')`, [id]);
	const order = await readValue<string>(client, `select order_id from public.order_lines where registration_id = $1`, [
		id
	]);
	return { ...person, order, registration: id };
}

async function pageOf(browser: Browser, { cookies }: Session, options: BrowserContextOptions = {}): Promise<Page> {
	const context = await browser.newContext({ baseURL: variables.ORIGIN, ...options });
	await context.addCookies(cookies.map((cookie) => ({ ...cookie, url: variables.ORIGIN ?? '' })));
	return context.newPage();
}

async function withRole(role: string): Promise<Person> {
	const person = await someone();
	await client.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, $2, $3)`, [
		person.person,
		role,
		world.summit
	]);
	return person;
}

test('leads from the mail to the confirmed seat: back without paying, then paid, and updates the page', async ({
	browser
}) => {
	const person = await payer();
	const asked = await receiveMail(person.address, ({ subject }) => subject.startsWith('Please pay'));
	expect(asked.text).toContain('€350.00');
	const link = /^https?:\S+\/me\/pay$/m.exec(asked.text)?.[0] ?? '';
	expect(link).toBe(`${variables.ORIGIN}/${slug}/me/pay`);
	const page = await pageOf(browser, person);
	await page.goto(link);
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Pay for your seat');
	expect(await faultsOfPage(page)).toEqual([]);
	await page.getByRole('button', { name: 'Pay €350.00' }).click();
	await page.getByRole('button', { name: 'Go back without paying' }).click();
	await expect(page.getByText('Nothing was charged')).toBeVisible();
	await page.getByRole('button', { name: 'Pay €350.00' }).click();
	await steerStripe('hold');
	await page.getByRole('button', { name: /^Pay .*350\.00$/ }).click();
	// The browser's return proves nothing.
	await expect(page.getByText('Waiting for the confirmation')).toBeVisible();
	await expectWholePage(page);
	expect(await readValue(client, `select state from public.registrations where id = $1`, [person.registration])).toBe(
		'awaiting_payment'
	);
	await expect(page.getByRole('link', { name: 'Look again' })).toBeVisible();
	await steerStripe('release');
	await expect(page.getByText('We have received your payment')).toBeVisible();
	await expect(page.getByRole('link', { name: 'My badge' })).toHaveAttribute('href', `/${slug}/me/badge`);
	await receiveMail(person.address, ({ subject }) => subject.startsWith('Payment received'));
	const confirmed = await receiveMail(person.address, ({ subject }) => subject.startsWith('Confirmed'));
	expect(confirmed.text).toContain('You can book your travel now.');
	await page.goto(`/${slug}/me/pay`);
	await expect(page.getByText('There is nothing to pay')).toBeVisible();
	await page.context().close();
});

test('takes payment in another currency that the organisers set, and returns, without JavaScript', async ({
	browser
}) => {
	const person = await payer();
	await client.query(
		`insert into public.fees (summit_id, mode, sector, amount, currency) values ($1, 'in_person', 'private_sector', 38000, 'USD')
		on conflict do nothing`,
		[world.summit]
	);
	const page = await pageOf(browser, person, { javaScriptEnabled: false });
	const choose = async (currency: string) => {
		await page.getByText('Pay in another currency').click();
		await page.getByLabel('Currency').selectOption(currency);
		await page.getByRole('button', { name: 'Change the currency' }).click();
	};
	await page.goto(`/${slug}/me/pay`);
	await choose('USD');
	await expect(page.getByRole('button', { name: /^Pay .*\$380\.00$/ })).toBeVisible();
	await choose('EUR');
	await expect(page.getByRole('button', { name: 'Pay €350.00' })).toBeVisible();
	await page.context().close();
});

test('takes payment without JavaScript, in Arabic, on a phone', async ({ browser }) => {
	const person = await payer('ar');
	const asked = await receiveMail(person.address, ({ subject }) => subject.startsWith('ادفع'));
	const page = await pageOf(browser, person, { javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
	await page.goto(/^https?:\S+\/me\/pay$/m.exec(asked.text)?.[0] ?? '');
	await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
	await page.getByRole('button', { name: /^ادفع/ }).click();
	await steerStripe('hold');
	await page.getByRole('button', { name: /^Pay .*350\.00$/ }).click();
	await expect(page.getByText('في انتظار التأكيد')).toBeVisible();
	await steerStripe('release');
	await page.getByRole('link', { name: 'تحقّق من جديد' }).click();
	await expect(page.getByText('وصلتنا دفعتك')).toBeVisible();
	expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
	await page.context().close();
});

test('answers alike for another person’s order and an unknown one', async ({ browser }) => {
	const [owed, outsider] = [await payer(), await someone()];
	const page = await pageOf(browser, outsider);
	const words: string[] = [];
	for (const order of [owed.order, randomUUID(), 'x']) {
		for (const path of ['pay', 'paid']) {
			const answer = await page.goto(`/${slug}/me/${path}?order=${order}`);
			expect(answer?.status()).toBe(404);
			words.push((await page.getByRole('main').innerText()).trim());
		}
		const posted = await page.request.post(`/${slug}/me/pay`, {
			form: { order },
			headers: { origin: variables.ORIGIN ?? '' },
			maxRedirects: 0
		});
		expect(posted.status()).toBe(404);
	}
	expect(new Set(words).size).toBe(1);
	expect(await readValue(client, `select count(*)::int from public.checkouts where order_id = $1`, [owed.order])).toBe(
		0
	);
	await page.context().close();
});

test('shows orders and their ledgers to finance, and not to other organisers', async ({ browser }) => {
	const reference = await readValue<string>(
		client,
		`select o.reference from public.orders as o where o.summit_id = $1 and o.closed_at is not null limit 1`,
		[world.summit]
	);
	const page = await pageOf(browser, await withRole('finance'));
	await page.goto(`/${slug}/organise/orders`);
	await page.getByRole('searchbox', { name: 'Order or payer' }).fill(reference);
	await page.getByRole('button', { name: 'Show' }).click();
	await expect(page.getByRole('rowheader')).toHaveText([reference]);
	await page.getByText(`Ledger of ${reference}`).click();
	await expect(page.getByRole('listitem').filter({ hasText: 'Payment' })).toContainText('-€350.00');
	await expect(page.getByRole('listitem').filter({ hasText: 'Balance' })).toContainText('€0.00');
	expect(await faultsOfPage(page)).toEqual([]);
	await page.context().close();
	const other = await pageOf(browser, await withRole('programme'));
	expect((await other.goto(`/${slug}/organise/orders`))?.status()).toBe(403);
	expect((await other.goto(`/${slug}/organise/mail`))?.status()).toBe(403);
	await other.context().close();
});

test('shows a failed mail with its reason, and sends it again', async ({ browser }) => {
	const person = await payer();
	await receiveMail(person.address, ({ subject }) => subject.startsWith('Please pay'));
	await client.query(
		`update private.outbox set state = 'dead', attempts = 12, last_error = 'ESOCKET' where person_id = $1 and template = 'payment_due'`,
		[person.person]
	);
	const page = await pageOf(browser, await withRole('registration'));
	await page.goto(`/${slug}/organise/mail`);
	const row = page.getByRole('row').filter({ hasText: person.who.name });
	await expect(row).toContainText('Payment asked for');
	await expect(row).toContainText('The mail server could not be reached (ESOCKET).');
	expect(await page.content()).not.toContain(person.address);
	expect(await faultsOfPage(page)).toEqual([]);
	await row.getByRole('button', { name: /^Send again/ }).click();
	await expect(page.getByText('The mail is on its way again.')).toBeVisible();
	await expect(row).toHaveCount(0);
	await expect
		.poll(() =>
			readValue(client, `select state from private.outbox where person_id = $1 and template = 'payment_due'`, [
				person.person
			])
		)
		.toBe('sent');
	await page.context().close();
});
