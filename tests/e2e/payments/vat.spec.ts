/* Value added tax from its setting to the invoice: finance sets it, a business in another country of the EU pays without, a person with. */
import { faultsOfPage } from '../../fixtures/axe.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { makePayers } from '../../fixtures/paying.ts';
import { faultsOf, readValue } from '../../fixtures/registering.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const db = useClient();

for (const javaScriptEnabled of [true, false]) {
	test(`finance sets the tax, and invoices state it${javaScriptEnabled ? '' : ', without JavaScript'}`, async ({
		browser
	}) => {
		test.setTimeout(120_000);
		const made = await makePayers(db.client, 2);
		const [business, person] = made.people as [TestPerson, TestPerson];
		const slug = await readValue<string>(db.client, 'select slug from public.summits where id = $1', [made.summit]);
		const desk = await openPage(browser, made.finance, { javaScriptEnabled });
		await desk.goto(`/${slug}/organise/money/vat`);
		await desk.getByLabel('The fees include VAT').check();
		await desk.getByRole('button', { name: 'Save', exact: true }).click();
		await expect(desk.getByText('Add the rate for all fees first.').first()).toBeVisible();
		await expect(desk.getByText('Choose the country.').first()).toBeVisible();
		if (javaScriptEnabled) expect(await faultsOfPage(desk)).toEqual([]);
		await desk.getByLabel('Per cent').fill('190');
		await desk.getByRole('button', { name: 'Add a rate' }).click();
		await expect(desk.getByText(/^Enter a number from 0 to 100/).first()).toBeVisible();
		await desk.getByLabel('Per cent').fill('19');
		await desk.getByRole('button', { name: 'Add a rate' }).click();
		await expect(desk.getByText('Saved. It applies to what is charged from now on.')).toBeVisible();
		await expect(desk.getByRole('row').filter({ hasText: 'All fees' })).toContainText('19%');
		await desk.getByLabel('The fees include VAT').check();
		await desk.getByLabel('Country').selectOption('DE');
		await desk.getByLabel('VAT identification number').fill('DE 123 456 789');
		await desk.getByLabel('Registration number').fill('HRB 12345');
		await desk.getByLabel(/^Businesses in other EU countries/).check();
		await desk.getByRole('button', { name: 'Save', exact: true }).click();
		await expect(desk.getByText('Saved. Invoices that are issued keep what they say.')).toBeVisible();

		/** Asks for an invoice; answers what its e-invoice says. */
		const invoiced = async (who: TestPerson, name: string, vatId: string) => {
			const page = await openPage(browser, who, { javaScriptEnabled });
			await page.goto(`/${slug}/me/pay`);
			await expect(page.getByText('Including €7.98 of VAT.')).toBeVisible();
			await page.getByRole('link', { name: 'Pay by bank transfer' }).click();
			await page.getByLabel('Name on the invoice').fill(name);
			await page.getByLabel('Address').fill('4 Hill Road\nPorto');
			await page.getByLabel('Country').selectOption('PT');
			await page.getByLabel(/^VAT/).fill(vatId);
			if (javaScriptEnabled) expect(await faultsOfPage(page)).toEqual([]);
			await page.getByRole('button', { name: 'Make the invoice' }).click();
			await expect(page.getByText('Your invoice is ready')).toBeVisible();
			if (javaScriptEnabled) expect(await faultsOfPage(page)).toEqual([]);
			const paper = (await page.getByRole('link', { name: /\(PDF\)$/ }).getAttribute('href')) ?? '';
			const pdf = await (await page.request.get(paper)).body();
			expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
			const other = await openPage(browser, who === business ? person : business);
			expect((await other.request.get(paper)).status()).toBe(404);
			return await (await page.request.get(`${paper}/xml`)).text();
		};
		const withTax = await invoiced(person, 'Quiet Harbour', '');
		expect(withTax).toContain('<ram:GrandTotalAmount>50.00</ram:GrandTotalAmount>');
		expect(withTax).toContain('<ram:CategoryCode>S</ram:CategoryCode>');
		const without = await invoiced(business, 'Lantern Networks Lda', 'PT 501 000 000');
		expect(without).toContain('<ram:GrandTotalAmount>42.02</ram:GrandTotalAmount>');
		expect(without).toContain('<ram:CategoryCode>AE</ram:CategoryCode>');

		// A rate that changes leaves what was charged; one that is corrected does not.
		const change = async (percent: string, correction: boolean, done: RegExp) => {
			await desk.getByRole('link', { name: 'Change the rate for All fees' }).click();
			await expect(desk.getByRole('heading', { name: 'Change the rate' })).toBeVisible();
			await desk.getByLabel('Per cent').fill(percent);
			if (correction) await desk.getByLabel(/^It was entered wrongly/).check();
			if (correction && javaScriptEnabled) expect(await faultsOfPage(desk)).toEqual([]);
			await desk.getByRole('button', { name: 'Save', exact: true }).first().click();
			await expect(desk.getByText(done)).toBeVisible();
		};
		const payer = await openPage(browser, person, { javaScriptEnabled });
		const includes = async (tax: string) => {
			await payer.goto(`/${slug}/me/pay`);
			await expect(payer.getByText(`Including ${tax} of VAT.`)).toBeVisible();
		};
		await change('7', true, /^Corrected, also in what was charged/);
		await includes('€3.27');
		await change('25', false, /^Saved. It applies to what is charged from now on/);
		await includes('€3.27');
		expect(await faultsOf(db.client, made.summit)).toEqual([]);
	});
}
