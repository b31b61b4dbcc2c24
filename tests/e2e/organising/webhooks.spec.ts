/* Webhooks as an owner sets them up: with and without script, to a system on this machine that verifies what it gets. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { makeDraft } from '../../fixtures/drafting.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';

const db = useClient();
const received: { headers: IncomingHttpHeaders; body: string }[] = [];
let status = 200;
let server: Server;
let address = '';

test.describe.configure({ timeout: 120_000 });

test.beforeAll(async () => {
	server = createServer((request, response) => {
		let body = '';
		request.setEncoding('utf8').on('data', (part: string) => (body += part));
		request.on('end', () => {
			received.push({ headers: request.headers, body });
			response.writeHead(status).end('Thank you');
		});
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`;
});
test.afterAll(() => server.close());
test.beforeEach(() => {
	received.length = 0;
	status = 200;
});

async function makeOwned() {
	const draft = await makeDraft(db.client);
	const [owner] = draft.organisers;
	await db.client.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'owner', $2)`, [
		owner.person,
		draft.summit
	]);
	const happen = (number: number) =>
		db.client.query(`insert into public.figure_releases (summit_id, number, content) values ($1, $2, '{}')`, [
			draft.summit,
			number
		]);
	return { ...draft, owner, happen };
}

for (const javaScriptEnabled of [true, false])
	test(`adds an endpoint, sees its secret once, tests it and sends again, ${javaScriptEnabled ? 'with' : 'without'} script`, async ({
		browser
	}) => {
		const { slug, owner, happen } = await makeOwned();
		const page = await openPage(browser, owner, { javaScriptEnabled });
		await page.goto(`/${slug}/organise/webhooks`);
		await page.getByRole('link', { name: 'Add endpoint' }).click();
		// An address of the local network is refused, and what was chosen stays.
		await page.getByLabel('Address').fill('https://169.254.169.254/latest');
		await page.getByLabel('Description').fill('Badge printers');
		await page.getByRole('checkbox', { name: 'Figures released' }).check();
		await page.getByRole('button', { name: 'Save endpoint' }).click();
		await expect(page.getByRole('link', { name: 'Enter a public address' })).toBeVisible();
		await page.getByLabel('Address').fill(address);
		await expect(page.getByRole('checkbox', { name: 'Figures released' })).toBeChecked();
		await page.getByRole('button', { name: 'Save endpoint' }).click();
		const secret = await page.locator('code', { hasText: 'whsec_' }).innerText();

		await page.getByRole('link', { name: 'See the endpoint' }).click();
		await expect(page.getByRole('heading', { level: 1, name: 'Badge printers' })).toBeVisible();
		await expect(page.getByText('whsec_')).toHaveCount(0);
		await page.getByRole('button', { name: 'Send test event' }).click();
		await expect(page.getByText('Answered 200 after')).toHaveCount(2);
		const [{ headers, body } = { headers: {}, body: '' }] = received;
		expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({ type: 'webhook.test' });

		// What happens is there without any act of the owner, and a failure is tried again.
		status = 503;
		await happen(1);
		await expect.poll(() => received.length).toBeGreaterThan(1);
		await expect(async () => {
			await page.goto(page.url().replace(/\?.*/, ''));
			await expect(page.getByRole('row', { name: 'Figures released' })).toContainText('Answered 503', {
				timeout: 1000
			});
		}).toPass();
		if (javaScriptEnabled) await expectWholePage(page);
		status = 200;
		await page.getByRole('button', { name: 'Send again: Figures released' }).click();
		await expect(async () => {
			await page.goto(page.url().replace(/\?.*/, ''));
			await expect(page.getByRole('row', { name: 'Figures released' })).toContainText('Delivered', { timeout: 1000 });
		}).toPass();
	});

test('pauses, replaces the secret and removes the endpoint', async ({ browser }) => {
	const { slug, owner, happen } = await makeOwned();
	const page = await openPage(browser, owner);
	await page.goto(`/${slug}/organise/webhooks/new`);
	await page.getByLabel('Address').fill(address);
	await page.getByRole('checkbox', { name: 'Figures released' }).check();
	await page.getByRole('button', { name: 'Save endpoint' }).click();
	await page.getByRole('link', { name: 'See the endpoint' }).click();
	await page.getByRole('button', { name: 'Pause' }).click();
	await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible();
	await happen(1);
	await page.getByRole('button', { name: 'Resume' }).click();
	await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
	await page.getByRole('button', { name: 'Replace secret' }).click();
	const secret = await page.locator('code', { hasText: 'whsec_' }).innerText();
	await expect(page.getByText('The secret before signs too until')).toBeVisible();
	await happen(2);
	await expect.poll(() => received.length).toBe(1);
	const [{ headers, body } = { headers: {}, body: '' }] = received;
	expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({ data: { release: 2 } });
	await page.getByRole('button', { name: 'Remove endpoint' }).click();
	await expect(page.getByText('No endpoints yet')).toBeVisible();
});

test('a programme organiser finds neither the menu entry nor the pages', async ({ browser }) => {
	const { slug, organisers } = await makeOwned();
	const page = await openPage(browser, organisers[1]);
	await page.goto(`/${slug}/organise`);
	await expect(page.getByRole('link', { name: 'Webhooks' })).toHaveCount(0);
	const answer = await page.goto(`/${slug}/organise/webhooks`);
	expect(answer?.status()).toBe(403);
});
