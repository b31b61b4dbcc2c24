/* Delegation payments by invoice and bank, a waiver that another person decides, and fees that depend on the date. */
import type { Page } from '@playwright/test';
import { openPage } from '../../fixtures/open-page.ts';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { dayFromNow } from '../../fixtures/clock.ts';
import { booksOf, makePayers, type Payers } from '../../fixtures/paying.ts';
import { stateOf, readValue } from '../../fixtures/registering.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import type { TestPerson } from '../../fixtures/world.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';

const db = useClient();

const phone = { viewport: { width: 390, height: 844 } };

test.describe.configure({ timeout: 240_000 });

async function payers(count: number): Promise<Payers & { slug: string }> {
	const made = await makePayers(db.client, count);
	return { ...made, slug: await readValue(db.client, 'select slug from public.summits where id = $1', [made.summit]) };
}

async function uploadStatement(page: Page, rows: string[]): Promise<void> {
	const read = page.getByRole('button', { name: 'Read the statement' });
	// Collapsed while rows wait; a click before the script has loaded may be lost.
	await expect(async () => {
		if (!(await read.isVisible())) await page.getByText('Import a bank statement').click();
		await expect(read).toBeVisible({ timeout: 1000 });
	}).toPass();
	await page.getByLabel('Statement: CSV, CAMT.053 or MT940').setInputFiles({
		name: 'statement.csv',
		mimeType: 'text/csv',
		buffer: Buffer.from(['Date;Amount;Currency;Text', ...rows].join('\n'))
	});
	await read.click();
}

test('invoices, reconciles, confirms and credits one order for a delegation, and closes the books', async ({
	browser
}) => {
	const s = await payers(2);
	const focal = await openPage(browser, s.focal, phone);
	await focal.goto(`/${s.slug}/delegation/orders`);
	expect(await faultsOfPage(focal)).toEqual([]);
	await focal.getByRole('button', { name: 'Make one order of the chosen' }).click();
	await expect(focal.getByText(/^2 taken into order/)).toBeVisible();
	await focal.getByRole('link', { name: /^Pay or see this order/ }).click();
	await expect(focal.getByText('€100.00').first()).toBeVisible();
	expect(await faultsOfPage(focal)).toEqual([]);
	await focal.getByRole('link', { name: 'Pay by bank transfer' }).click();
	await focal.getByRole('button', { name: 'Make the invoice' }).click();
	await expect(focal.getByRole('link', { name: 'Give a name of 2 to 200 letters.' })).toBeVisible();
	await focal.getByLabel('Name on the invoice').fill('Lantern Networks Ltd');
	await focal.getByLabel('Address').fill('4 Hill Road\nPorto');
	expect(await faultsOfPage(focal)).toEqual([]);
	await focal.getByRole('button', { name: 'Make the invoice' }).click();
	await expect(focal.getByText('Your invoice is ready')).toBeVisible();
	const paper = focal.getByRole('link', { name: /\(PDF\)$/ });
	const file = await focal.request.get((await paper.getAttribute('href')) ?? '');
	expect((await file.body()).subarray(0, 5).toString()).toBe('%PDF-');
	const number = /INV-\d{4}-\d{4}/.exec((await paper.textContent()) ?? '')?.[0] ?? '';

	const desk = await openPage(browser, s.finance);
	await desk.goto(`/${s.slug}/organise/money/bank`);
	const day = dayFromNow();
	await uploadStatement(desk, [
		`${day};60,00;EUR;${number} first half`,
		`${day};40,00;EUR;${number} second half`,
		`${day};12,00;EUR;A gift`
	]);
	await expect(desk.getByText(/^3 rows are new\./)).toBeVisible();
	expect(await faultsOfPage(desk)).toEqual([]);
	await expect(desk.getByRole('row').filter({ hasText: 'A gift' })).toContainText('No order found');
	await expect(desk.getByRole('row').filter({ hasText: 'first half' })).toContainText('Pays a part of it');
	await expect(desk.getByRole('checkbox', { name: /^Confirm line/, checked: true })).toHaveCount(2);
	await desk.getByRole('button', { name: 'Confirm the ticked rows' }).click();
	await expect(desk.getByText(/^Confirmed: 1 paid a part; 1 paid an order\.$/)).toBeVisible();
	for (const id of s.registrations) expect(await stateOf(db.client, id)).toBe('confirmed');
	await uploadStatement(desk, [`${day};60,00;EUR;${number} first half`]);
	await expect(desk.getByText(/1 were here before/)).toBeVisible();
	await desk.getByRole('row').filter({ hasText: 'A gift' }).locator('summary').click();
	await desk.getByLabel(/^Why line/).fill('A gift, sent on to the treasurer.');
	await desk.getByRole('button', { name: 'Ignore' }).click();
	await expect(desk.getByText('Nothing to confirm')).toBeVisible();

	await desk.goto(`/${s.slug}/organise/orders`);
	await expect(desk.getByRole('link', { name: 'Money', exact: true })).toHaveAttribute('aria-current', 'true');
	await desk
		.getByRole('rowheader')
		.filter({ has: desk.getByRole('link') })
		.first()
		.waitFor();
	const order = await readValue<string>(
		db.client,
		'select order_id from public.invoices where summit_id = $1 limit 1',
		[s.summit]
	);
	await desk.goto(`/${s.slug}/organise/orders/${order}`);
	await desk.getByRole('link', { name: 'Give money back' }).click();
	await desk.getByLabel('Amount in EUR').fill('20');
	await desk.getByLabel('Why').fill('The workshop they paid for was cancelled.');
	await desk.getByRole('button', { name: 'Give it back' }).click();
	await expect(desk.getByText('€20.00 goes back.')).toBeVisible();
	await expect(desk.getByRole('link', { name: /INV-C-\d{4}-0001/ })).toBeVisible();
	expect(await faultsOfPage(desk)).toEqual([]);
	await desk.goto(`/${s.slug}/organise/money/books`);
	await expect(desk.getByText('The books balance')).toBeVisible();
	expect(await booksOf(db.client, s.summit)).toEqual([]);
	await focal.reload();
	await expect(focal.getByRole('link', { name: /INV-C-\d{4}-0001/ })).toBeVisible();
});

test('decides a waiver, requested on a phone without JavaScript, by another person within the budget', async ({
	browser
}) => {
	const s = await payers(1);
	const [who, id = ''] = [s.people[0] as TestPerson, s.registrations[0]];
	await db.client.query(`update public.waiver_budgets set amount = 4000 where summit_id = $1`, [s.summit]);
	// The person who asks is also of finance, and may not decide their own request.
	await db.client.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'finance', $2)`, [
		who.person,
		s.summit
	]);
	const page = await openPage(browser, who, { ...phone, javaScriptEnabled: false });
	await page.goto(`/${s.slug}/me`);
	await page.getByRole('link', { name: 'Pay another way' }).click();
	await page.getByRole('link', { name: 'Ask for a waiver' }).click();
	const seen = await openPage(browser, who);
	await seen.goto(page.url());
	await expectWholePage(seen);
	await page.getByRole('button', { name: 'Send the request' }).click();
	await expect(page.getByText('One thing needs your attention')).toBeVisible();
	await page.getByRole('radio', { name: 'We are a small organisation' }).check();
	await page.getByLabel('What should they know?').fill('There are three of us.');
	await page.getByRole('button', { name: 'Send the request' }).click();
	await expect(page.getByText('Your request for a waiver waits for a decision.')).toBeVisible();
	await page.goto(`/${s.slug}/organise/money/waivers`);
	await expect(page.getByText('somebody else of finance decides it')).toBeVisible();
	await expect(page.getByRole('button', { name: 'Waive' })).toHaveCount(0);

	const desk = await openPage(browser, s.finance);
	await desk.goto(`/${s.slug}/organise/money/waivers`);
	expect(await faultsOfPage(desk)).toEqual([]);
	await desk.getByRole('button', { name: 'Waive' }).click();
	await expect(desk.getByText('The budget does not allow that much.').first()).toBeVisible();
	await desk
		.getByText(/budget/i)
		.and(desk.locator('summary'))
		.click();
	await desk.getByLabel('At most waived in all').fill('100');
	await desk.getByRole('button', { name: 'Set the budget' }).click();
	await desk.getByRole('button', { name: 'Waive' }).click();
	await expect(desk.getByText('The waiver is in the ledger, and they are written to.')).toBeVisible();
	expect(await stateOf(db.client, id)).toBe('confirmed');
	await page.goto(`/${s.slug}/me`);
	await expect(page.getByText('You have a seat in the hall.')).toBeVisible();
	expect(await booksOf(db.client, s.summit)).toEqual([]);
});

test('charges fees early and late, by sector, in two currencies; without JavaScript', async ({ browser }) => {
	const s = await payers(0);
	const desk = await openPage(browser, s.finance, { javaScriptEnabled: false });
	const fees = `/${s.slug}/organise/money/fees`;
	const soon = dayFromNow(10);
	const save = async (currency: string, amount: string, until = '', from = '') => {
		await desk.goto(fees);
		await desk.getByLabel('How they attend').selectOption('virtual');
		await desk.getByLabel('Only for the sector').selectOption('private_sector');
		await desk.getByLabel('Currency').fill(currency);
		await desk.getByLabel('Amount').fill(amount);
		await desk.getByLabel('From the beginning of').fill(from);
		await desk.getByLabel('Until the beginning of').fill(until);
		await desk.getByRole('button', { name: 'Add the fee' }).click();
	};
	await save('EUR', '10', soon);
	await expect(desk.getByText(/^Saved\./)).toBeVisible();
	await save('EUR', '15');
	await expect(desk.getByText(/There is a fee for the same people at the same time/).first()).toBeVisible();
	await save('EUR', '15,50', '', soon);
	await expect(desk.getByText(/^Saved\./)).toBeVisible();
	await save('USD', '12');
	await expect(desk.getByText(/^Saved\./)).toBeVisible();
	const paid = desk.getByRole('table', { name: /EUR/ }).getByRole('row').filter({ hasText: 'Online' });
	await expect(paid).toContainText('€10.00');
	await expect(paid).toContainText('€15.50');
	const page = await openPage(browser, s.finance, phone);
	await page.goto(fees);
	expect(await faultsOfPage(page)).toEqual([]);
});
