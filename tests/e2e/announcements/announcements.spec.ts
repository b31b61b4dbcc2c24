/* An announcement on open pages, dismissed with and without JavaScript, and as a browser shows a push message. */
import type { Browser, Page } from '@playwright/test';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { variables } from '../../fixtures/open-page.ts';
import { browserOf } from '../../fixtures/livekit.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import type { TestPerson } from '../../fixtures/world.ts';

test.describe.configure({ timeout: 120_000 });

const small = useWorld();

async function open(browser: Browser, who: TestPerson, path: string, options = {}): Promise<Page> {
	const { page } = await browserOf(browser, variables, who, options);
	await page.goto(`/${small.world.slug}${path}`);
	return page;
}

/** Writes an announcement, previews it, and sends it. */
async function announce(page: Page, title: string, change: (page: Page) => Promise<void> = async () => undefined) {
	await page.getByLabel('Title (English)').fill(title);
	await change(page);
	await page.getByRole('button', { name: 'Preview' }).click();
	await expect(page.getByRole('heading', { name: 'Preview again' })).toBeVisible();
	await page.getByRole('button', { name: /^Announce to / }).click();
	await expect(page.getByText('It was announced.')).toBeVisible();
}

const row = (page: Page, title: string) => page.getByRole('row').filter({ hasText: title });

test('appears on open pages at once, an urgent one until it is read, and counts its readers', async ({ browser }) => {
	const organiser = await open(browser, small.world.people.programme, '/organise/announcements');
	const reader = await open(browser, small.world.people.delegate, '/agenda');
	const stage = await open(browser, small.world.people.virtual, '/live/plenary');
	await announce(organiser, 'The plenary hall is being cleared', (page) => page.getByLabel('Urgent').check());

	for (const page of [reader, stage]) await expect(page.getByText('The plenary hall is being cleared')).toBeVisible();
	await reader.reload();
	await expect(reader.getByText('The plenary hall is being cleared')).toBeVisible();
	await expect(row(organiser, 'being cleared').getByRole('cell').nth(5)).toHaveText('0');
	await reader.getByRole('button', { name: 'I have read it' }).click();
	await expect(reader.getByText('The plenary hall is being cleared')).toHaveCount(0);
	await reader.reload();
	await expect(reader.getByRole('heading', { level: 1 })).toBeVisible();
	await expect(reader.getByText('The plenary hall is being cleared')).toHaveCount(0);
	await expect(row(organiser, 'being cleared').getByRole('cell').nth(5)).toHaveText('1');

	expect(await faultsOfPage(stage, '.announcements')).toEqual([]);
	await row(organiser, 'being cleared').getByRole('button', { name: 'Withdraw' }).click();
	await expect(stage.getByText('The plenary hall is being cleared')).toHaveCount(0);
	await reader.goto(`/${small.world.slug}/announcements`);
	await expect(reader.getByText('Nothing has been announced to you.')).toBeVisible();
});

test('reaches only its audience, and shows errors at their fields', async ({ browser }) => {
	const organiser = await open(browser, small.world.people.programme, '/organise/announcements');
	const hall = await open(browser, small.world.people.delegate, '/agenda');
	const online = await open(browser, small.world.people.virtual, '/agenda');
	await organiser.getByLabel('Audience').selectOption('mode');
	await organiser.getByRole('button', { name: 'Preview' }).click();
	await expect(organiser.getByText('Choose one.').first()).toBeVisible();
	await expect(organiser.getByText('Write a title in one language at least.').first()).toBeVisible();
	await announce(organiser, 'Lunch is in the garden', async (page) => {
		await page.getByLabel('Which of them').selectOption('in_person');
	});
	await expect(hall.getByText('Lunch is in the garden')).toBeVisible();
	// It was visible on their screen: that counts as read.
	await expect(row(organiser, 'garden').getByRole('cell').nth(5)).toHaveText('1', { timeout: 20_000 });
	await hall.getByRole('button', { name: 'Close: Lunch is in the garden' }).click();
	await expect(hall.getByText('Lunch is in the garden')).toHaveCount(0);
	await online.reload();
	await expect(online.getByText('Lunch is in the garden')).toHaveCount(0);
	expect(await faultsOfPage(organiser)).toEqual([]);
});

test('counts as delivered by a page that shows it, not by a file or a page that a device stores', async ({
	browser
}) => {
	const organiser = await open(browser, small.world.people.programme, '/organise/announcements');
	await announce(organiser, 'Buses leave at six');
	const { page } = await browserOf(browser, variables, small.world.people.delegate);
	const delivered = async () => {
		const { rows } = await small.client.query<{ delivered: boolean }>(
			`select delivered_at is not null as delivered from private.announcement_readers where person_id = $1`,
			[small.world.people.delegate.person]
		);
		return rows.map((row) => row.delivered);
	};
	for (const path of ['/agenda.ics', '/schedule.json', '/agenda?keep'])
		expect((await page.request.get(`/${small.world.slug}${path}`)).status(), path).toBe(200);
	expect(await delivered()).toEqual([false]);
	const agenda = await page.request.get(`/${small.world.slug}/agenda`);
	expect(await agenda.text()).toContain('Buses leave at six');
	expect(await delivered()).toEqual([true]);
});

test('aligns an English announcement with the start of an Arabic page', async ({ browser }) => {
	const organiser = await open(browser, small.world.people.programme, '/organise/announcements');
	await announce(organiser, 'Buses leave at six', (page) =>
		page.getByLabel('More (English)').fill('From the north door.')
	);
	const reader = await open(browser, small.world.people.delegate, '/agenda');
	await reader.goto(`/ar/${small.world.slug}/announcements`);
	const start = async (name: string) => {
		const box = await reader.getByRole('main').getByText(name, { exact: true }).boundingBox();
		return Math.round((box?.x ?? 0) + (box?.width ?? 0));
	};
	const page = await reader.getByRole('heading', { level: 1 }).boundingBox();
	const edge = Math.round((page?.x ?? 0) + (page?.width ?? 0));
	expect([await start('Buses leave at six'), await start('From the north door.')]).toEqual([edge, edge]);
});

test('appears in the page’s language, and disappears from every device when dismissed on one', async ({ browser }) => {
	const organiser = await open(browser, small.world.people.programme, '/organise/announcements');
	const phone = await open(browser, small.world.people.delegate, '/agenda');
	await phone.goto(`/ar/${small.world.slug}/agenda`);
	const desk = await open(browser, small.world.people.delegate, '/agenda');
	await announce(organiser, 'The hall is being cleared', async (page) => {
		await page.getByLabel('Urgent').check();
		await page.locator('summary', { hasText: 'العربية' }).click();
		await page.getByLabel('Title (العربية)').fill('إخلاء القاعة');
	});
	// By a live event on an open page, and in a page that is opened.
	await expect(phone.getByText('إخلاء القاعة')).toBeVisible();
	await expect(desk.getByText('The hall is being cleared')).toBeVisible();
	await phone.reload();
	await expect(phone.getByText('إخلاء القاعة')).toBeVisible();
	await phone.locator('.announcements').getByRole('button').click();
	await expect(desk.getByText('The hall is being cleared')).toHaveCount(0);
	await phone.goto(`/ar/${small.world.slug}/announcements`);
	await expect(phone.getByRole('main').getByText('إخلاء القاعة')).toBeVisible();
});

test('shows the announcements form in Arabic', async ({ browser }) => {
	const organiser = await open(browser, small.world.people.programme, '/organise/announcements');
	await announce(organiser, 'Buses leave at six');
	await organiser.goto(`/ar/${small.world.slug}/organise/announcements`);
	await expect(organiser.getByRole('heading', { level: 1, name: 'الإعلانات', exact: true })).toBeVisible();
	await expect(row(organiser, 'Buses leave at six')).toHaveCount(1);
	await organiser.locator('[name=title_en]').fill('Buses leave at seven');
	await organiser.getByRole('button', { name: 'مراجعة الإعلان' }).click();
	await expect(organiser.locator('section .title')).toHaveText('Buses leave at seven');
	expect(await faultsOfPage(organiser)).toEqual([]);
});

test('can be dismissed and written without JavaScript', async ({ browser }) => {
	const plain = { javaScriptEnabled: false };
	const organiser = await open(browser, small.world.people.stage, '/organise/announcements', plain);
	await announce(organiser, 'Bus at six', (page) => page.getByLabel('Urgent').check());
	const reader = await open(browser, small.world.people.delegate, '/agenda', plain);
	await expect(reader.getByText('Bus at six')).toBeVisible();
	await reader.getByRole('button', { name: 'I have read it' }).click();
	await expect(reader).toHaveURL(new RegExp(`/${small.world.slug}/agenda$`));
	await expect(reader.getByText('Bus at six')).toHaveCount(0);
});

test('asks the browser to show a push message in its language', async ({ browser }) => {
	const page = await open(browser, small.world.people.delegate, '/announcements');
	await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
	const worker = page.context().serviceWorkers()[0];
	// A headless browser shows no notifications: the test reads what it is asked to show.
	await worker?.evaluate(() => {
		const scope = globalThis as unknown as { registration: ServiceWorkerRegistration; shown: unknown[] };
		scope.shown = [];
		scope.registration.showNotification = (title, options) => {
			scope.shown.push({ title, body: options?.body, dir: options?.dir, tag: options?.tag });
			return Promise.resolve();
		};
	});
	const devtools = await page.context().newCDPSession(page);
	const registration = new Promise<string>((found) => {
		devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
			const id = registrations.at(-1)?.registrationId;
			if (id) found(id);
		});
	});
	await devtools.send('ServiceWorker.enable');
	await devtools.send('ServiceWorker.deliverPushMessage', {
		origin: variables.ORIGIN ?? '',
		registrationId: await registration,
		data: JSON.stringify({ id: 'a', lang: 'ar', title: 'القاعة مغلقة', body: 'نص', url: '/ar/agenda', urgent: true })
	});
	const shown = () => worker?.evaluate(() => (globalThis as unknown as { shown: unknown[] }).shown);
	await expect.poll(shown).toEqual([{ title: 'القاعة مغلقة', body: 'نص', dir: 'rtl', tag: 'a' }]);
});

test('says so in a browser that blocks notifications, and stores only addresses of a push service', async ({
	browser
}) => {
	const page = await open(browser, small.world.people.delegate, '/announcements');
	const post = (endpoint: string) =>
		page.evaluate(
			async (address) =>
				(
					await fetch('/api/push', {
						method: 'POST',
						headers: { 'content-type': 'application/json' },
						body: JSON.stringify({ endpoint: address, keys: { p256dh: 'B'.repeat(87), auth: 'A'.repeat(22) } })
					})
				).status,
			endpoint
		);
	expect(await post('http://127.0.0.1:5432/')).toBe(422);
	expect(await post('https://fcm.googleapis.com/fcm/send/x')).toBe(200);
	await page.getByRole('button', { name: 'Show announcements on this device' }).click();
	await expect(page.getByRole('status').filter({ hasText: /browser/ })).toBeVisible();
	expect(await faultsOfPage(page)).toEqual([]);
});
