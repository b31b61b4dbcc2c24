/* My data: a copy of everything, downloaded once, with a page to read and JSON for programs. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { receiveMail } from '../../fixtures/engines.ts';
import { signInByCode } from '../../fixtures/mailed-codes.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { readZip } from '../../fixtures/zip.ts';

const db = useClient();

interface Data {
	format: number;
	accounts: { address: string }[];
	tables: { name: string; rows: Record<string, unknown>[] }[];
	mails: { subject: string; text: string }[];
}

for (const script of [true, false]) {
	test(`downloads everything about me, once${script ? '' : ', without JavaScript'}`, async ({ browser, baseURL }) => {
		const address = `copied-${randomUUID().slice(0, 8)}@example.org`;
		const context = await browser.newContext({ baseURL, locale: 'en-GB', javaScriptEnabled: script });
		const page = await context.newPage();
		await page.goto('/account');
		await signInByCode(page, address);
		await page.goto('/account/data');
		await page.getByRole('button', { name: 'Prepare my copy' }).click();
		await expect(page.getByText('Your copy is ready')).toBeVisible();
		if (script) expect(await faultsOfPage(page)).toEqual([]);
		await receiveMail(address, ({ subject }) => subject === 'A copy of your data was asked for');
		const link = page.getByRole('link', { name: 'Download my copy (ZIP)' });
		const copyAddress = (await link.getAttribute('href')) ?? '';
		const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
		expect(download.suggestedFilename()).toBe('my-data.zip');
		const entries = readZip(readFileSync(await download.path()));
		expect([...entries.keys()]).toEqual(['index.html', 'data.json', 'data.schema.json']);
		const data = JSON.parse(entries.get('data.json')?.toString() ?? '') as Data;
		expect(data.format).toBe(1);
		expect(data.accounts.map((account) => account.address)).toEqual([address]);
		// The address is sealed in the database, and open here.
		expect(data.tables.find(({ name }) => name === 'private.person_addresses')?.rows).toMatchObject([{ address }]);
		expect(data.mails.map(({ subject }) => subject)).toContain('A copy of your data was asked for');
		await page.goto(copyAddress);
		await expect(page.getByText('This copy was downloaded already. Prepare another one.')).toBeVisible();
		await page.setContent(entries.get('index.html')?.toString() ?? '');
		await expect(page.getByRole('heading', { name: 'My data at the Global Summit', level: 1 })).toBeVisible();
		await expect(page.getByText(address).first()).toBeVisible();
		if (script) expect(await faultsOfPage(page)).toEqual([]);
		await context.close();
	});
}

test('a protected person signs in once more before', async ({ browser, baseURL }) => {
	const address = `protected-${randomUUID().slice(0, 8)}@example.org`;
	const context = await browser.newContext({ baseURL, locale: 'en-GB' });
	const page = await context.newPage();
	await page.goto('/account');
	const used = await signInByCode(page, address);
	const account = `(select id from auth.users where email = '${address}')`;
	await db.client.query(
		`insert into private.protections (person_id, kind) select person_id, 'talk_first' from public.account_people where account_id = ${account}`
	);
	await db.client.query(`update auth.sessions set created_at = now() - interval '1 hour' where user_id = ${account}`);
	await page.goto('/account/data');
	await page.getByRole('button', { name: 'Prepare my copy' }).click();
	await expect(page.getByText('Sign in once more first: this copy says who you are.')).toBeVisible();
	await page.getByRole('link', { name: 'Sign in once more with a code' }).click();
	await signInByCode(page, address, used);
	await page.getByRole('button', { name: 'Prepare my copy' }).click();
	await expect(page.getByText('Your copy is ready')).toBeVisible();
	await context.close();
});
