/* Changing one's address: a code from each mailbox, with and without JavaScript. */
import { randomUUID } from 'node:crypto';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { receiveMail } from '../../fixtures/engines.ts';
import { signInByCode } from '../../fixtures/mailed-codes.ts';
import { expect, test } from '../../fixtures/test.ts';

const codeOf = async (address: string) => {
	const mail = await receiveMail(address, ({ subject }) => subject === 'Change of your address');
	return /\b\d{8}\b/.exec(mail.text)?.[0] ?? '';
};

for (const script of [true, false]) {
	test(`changes the address, which signs in from then on${script ? '' : ', without JavaScript'}`, async ({
		browser,
		baseURL
	}) => {
		const [present, next] = [
			`present-${randomUUID().slice(0, 8)}@example.org`,
			`next-${randomUUID().slice(0, 8)}@example.org`
		];
		const context = await browser.newContext({ baseURL, locale: 'en-GB', javaScriptEnabled: script });
		const page = await context.newPage();
		await page.goto('/account');
		await signInByCode(page, present);
		await page.getByRole('link', { name: 'Change my address' }).click();
		if (script) expect(await faultsOfPage(page)).toEqual([]);
		await page.getByLabel('New address').fill(present);
		await page.getByRole('button', { name: 'Send both codes' }).click();
		await expect(page.getByText('This is your address already.').first()).toBeVisible();
		await page.getByLabel('New address').fill(next);
		await page.getByRole('button', { name: 'Send both codes' }).click();
		await expect(page.getByText('The codes are on their way. They are valid for one hour.')).toBeVisible();
		if (script) expect(await faultsOfPage(page)).toEqual([]);
		await page.getByLabel('Code sent to your present address').fill('12345678');
		await page.getByLabel(`Code sent to ${next}`).fill(await codeOf(next));
		await page.getByRole('button', { name: 'Change my address' }).click();
		await expect(page.getByText('One of the codes is not the one that we sent.').first()).toBeVisible();
		await page.getByLabel('Code sent to your present address').fill(await codeOf(present));
		await page.getByLabel(`Code sent to ${next}`).fill(await codeOf(next));
		await page.getByRole('button', { name: 'Change my address' }).click();
		await expect(page.getByText('Your address was changed. Your other devices were signed out.')).toBeVisible();
		await receiveMail(present, ({ subject }) => subject === 'Your address was changed');
		await context.close();
		const other = await browser.newContext({ baseURL, locale: 'en-GB' });
		const again = await other.newPage();
		await again.goto('/account/data');
		await signInByCode(again, next, await codeOf(next));
		await expect(again.getByRole('heading', { name: 'My data', level: 1 })).toBeVisible();
		await other.close();
	});
}
