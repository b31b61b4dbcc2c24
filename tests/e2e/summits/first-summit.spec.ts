/* An empty installation: the owner named by OWNER_EMAIL finds the way to a first Summit, and back to its draft, from the first page. */
import { startStack } from '../../fixtures/summit.ts';
import { expect, test } from '../../fixtures/test.ts';

test('leads the first owner to a new Summit, and back to its draft from the first page @alone', async ({ browser }) => {
	test.setTimeout(240_000);
	const address = 'first.owner@example.org';
	const stack = await startStack({ env: { OWNER_EMAIL: address } });
	try {
		const context = await browser.newContext({ baseURL: stack.origin, javaScriptEnabled: false });
		const page = await context.newPage();
		await page.goto('/');
		// A visitor sees nothing of Summits that are not published.
		await expect(page.getByRole('link', { name: 'New Summit' })).toHaveCount(0);
		await page.goto('/sign-in');
		await page.getByLabel('Mail address').fill(address);
		await page.getByRole('button', { name: 'Send me a code' }).click();
		const code = async () => {
			const inbox = `${stack.variables['LOCAL_INBOX_URL']}/messages?to=${encodeURIComponent(address)}`;
			const mails = (await (await context.request.get(inbox)).json()) as { subject: string; text: string }[];
			return /\b\d{8}\b/.exec(mails.map(({ subject, text }) => `${subject} ${text}`).join(' '))?.[0] ?? '';
		};
		await expect.poll(code, { timeout: 20_000 }).toMatch(/^\d{8}$/);
		await page.getByLabel('Code from the mail').fill(await code());
		await page.getByRole('button', { name: 'Sign in', exact: true }).click();
		await expect(page).toHaveURL(/\/organise\/new$/);
		await expect(page.getByRole('heading', { level: 1, name: 'Create your Summit' })).toBeVisible();
		await page.goto('/');
		await expect(page.getByText('There is no Summit yet.')).toBeVisible();
		await page.getByRole('link', { name: 'New Summit' }).click();
		await page.getByLabel('Name', { exact: true }).fill('Summit from Nothing');
		await page.getByLabel('First day').fill('2029-06-10');
		await page.getByLabel('Last day').fill('2029-06-11');
		await page.getByLabel('Time zone of the venue').selectOption('Africa/Nairobi');
		await page.getByRole('button', { name: 'Create the Summit' }).click();
		await expect(page.getByText('The Summit exists as a draft')).toBeVisible();
		// Its address is made from the year; the next page is the first step that is open.
		await expect(page).toHaveURL(/\/2029\/organise\/setup\/place\?done=created$/);
		await page.goto('/');
		await page.getByRole('link', { name: 'Summit from Nothing' }).click();
		await expect(page).toHaveURL(/\/2029\/organise$/);
		await page.getByRole('navigation', { name: 'Pages: Overview' }).getByRole('link', { name: 'Set-up' }).click();
		await expect(page.getByRole('heading', { level: 1, name: 'Name, dates and place' })).toBeVisible();
		expect(stack.output()).not.toMatch(/cannot be reconciled|work behind the pages failed/);
		// Nobody else sees the draft.
		const visitor = await (await browser.newContext({ baseURL: stack.origin })).newPage();
		await visitor.goto('/');
		expect(await visitor.content()).not.toContain('Summit from Nothing');
	} finally {
		await stack.stop();
	}
});
