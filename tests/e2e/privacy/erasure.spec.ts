/* My data: asking to be erased, stopping it, and what is left of the account afterwards. */
import { randomUUID } from 'node:crypto';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { receiveMail } from '../../fixtures/engines.ts';
import { signInByCode } from '../../fixtures/mailed-codes.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';

const db = useClient();

for (const script of [true, false]) {
	test(`asks for an erasure, stops it by the mail’s link, and is erased after seven days${script ? '' : ', without JavaScript'}`, async ({
		browser,
		baseURL
	}) => {
		const address = `erased-${randomUUID().slice(0, 8)}@example.org`;
		const context = await browser.newContext({ baseURL, locale: 'en-GB', javaScriptEnabled: script });
		const page = await context.newPage();
		await page.goto('/account');
		await signInByCode(page, address);
		await page.getByRole('link', { name: 'See, copy or erase my data' }).click();
		await expect(page.getByRole('heading', { name: 'My data', level: 1 })).toBeVisible();
		if (script) {
			expect(await faultsOfPage(page)).toEqual([]);
			// The browser itself asks for the tick; our own answer is for those that do not.
			await page.getByRole('checkbox').evaluate((box) => box.removeAttribute('required'));
			await page.getByRole('button', { name: 'Erase in seven days' }).click();
			await expect(page.getByText('Tick the box to go on.').first()).toBeVisible();
		}
		await page.getByRole('checkbox').check();
		await page.getByRole('button', { name: 'Erase in seven days' }).click();
		await expect(page.getByText(/^Everything about you is erased on /)).toBeVisible();
		if (script) expect(await faultsOfPage(page)).toEqual([]);
		const mail = await receiveMail(address, ({ subject }) => subject.startsWith('Everything about you will be erased'));
		await page.goto(/\S+\/account\/data/.exec(mail.text)?.[0] ?? '');
		await page.getByRole('button', { name: 'Stop the erasure' }).click();
		await expect(page.getByText('The erasure was stopped. Nothing was erased.')).toBeVisible();
		await page.getByRole('checkbox').check();
		await page.getByRole('button', { name: 'Erase in seven days' }).click();
		await expect(page.getByText(/^Everything about you is erased on /)).toBeVisible();
		await db.client.query(
			`update private.erasure_requests set due_at = now() where erased_at is null and stopped_at is null and person_id = (
				select a.person_id from public.account_people as a join auth.users as u on u.id = a.account_id where u.email = $1)`,
			[address]
		);
		// The job of the next minute would do it.
		await db.client.query(`select private.erase_due_person()`);
		await expect
			.poll(async () => (await page.goto('/account')) && new URL(page.url()).pathname, { timeout: 20_000 })
			.toBe('/sign-in');
		await context.close();
	});
}
