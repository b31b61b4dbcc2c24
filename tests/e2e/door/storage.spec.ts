import type { Page } from '@playwright/test';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { addCheckpoint, selectColumn, findCodes, openDoor, scan } from '../../fixtures/scanning.ts';
import { expect, test } from '../../fixtures/test.ts';

const full = 'This device has no room to keep scans and its list.';

// Limits the site's storage to so many bytes while the developer tools session is open.
async function limit(page: Page, quotaSize: number): Promise<void> {
	const devtools = await page.context().newCDPSession(page);
	await devtools.send('Storage.overrideQuotaForOrigin', { origin: process.env.E2E_ORIGIN ?? '', quotaSize });
}

// Fills the storage, as photographs on a phone do, until not even a hundred bytes are left.
async function fillUp(page: Page): Promise<string[]> {
	return page.evaluate(async () => {
		const db = await new Promise<IDBDatabase>((done) => {
			const opening = indexedDB.open('filling');
			opening.onupgradeneeded = () => opening.result.createObjectStore('rows', { autoIncrement: true });
			opening.onsuccess = () => done(opening.result);
		});
		const put = (size: number) =>
			new Promise<string | null>((done) => {
				const act = db.transaction('rows', 'readwrite');
				act.objectStore('rows').add(crypto.getRandomValues(new Uint8Array(Math.min(size, 65_536))));
				for (let more = size - 65_536; more > 0; more -= 65_536)
					act.objectStore('rows').add(crypto.getRandomValues(new Uint8Array(65_536)));
				act.oncomplete = () => done(null);
				act.onabort = () => done(act.error?.name ?? 'none');
			});
		const refused: string[] = [];
		for (const size of [4_194_304, 262_144, 16_384, 1024, 100]) {
			let error: string | null = null;
			while (error === null) error = await put(size);
			refused.push(error);
		}
		db.close();
		return refused;
	});
}

test('answers, warns and loses no scan on a device whose storage is full', async ({ browser }) => {
	test.setTimeout(120_000);
	const checkpoint = await addCheckpoint('Full tablet', null);
	const [first, second, third] = await findCodes(3, 140);
	const page = await openDoor(browser, 'Tablet F', 'Full tablet', (fresh) => limit(fresh, 40_000_000));
	await expect.poll(() => page.evaluate(async () => (await caches.match(location.pathname)) !== undefined)).toBe(true);
	expect(new Set(await fillUp(page))).toEqual(new Set(['QuotaExceededError']));
	expect(await scan(page, first?.code ?? '')).toBe('welcome');
	await expect(page.getByText(full)).toBeVisible();
	await page.context().setOffline(true);
	expect(await scan(page, second?.code ?? '')).toBe('welcome');
	expect(await scan(page, second?.code ?? '')).toBe('already_in');
	const alone = page.getByRole('alert').filter({ hasText: 'Scans stored on this page only: 2.' });
	await expect(alone).toBeVisible();
	expect(await faultsOfPage(page)).toEqual([]);
	await page.context().setOffline(false);
	await expect(alone).toBeHidden({ timeout: 40_000 });
	const stored = () =>
		selectColumn(`select answer as value from private.door_scans where checkpoint_id = $1 order by scanned_at`, [
			checkpoint
		]);
	expect(await stored()).toEqual(['welcome', 'welcome', 'already_in']);

	// There is room again: what follows survives an offline reload.
	await page.evaluate(
		() => new Promise((done) => (indexedDB.deleteDatabase('filling').onsuccess = () => done(undefined)))
	);
	await expect(page.getByText(full)).toBeHidden({ timeout: 40_000 });
	await page.context().setOffline(true);
	expect(await scan(page, third?.code ?? '')).toBe('welcome');
	await page.reload();
	await expect(page.getByText('Scans that wait to be sent: 1')).toBeVisible();
	await page.context().close();
});

test('sets up a browser that stores nothing with a warning, and checks badges', async ({ browser }) => {
	await addCheckpoint('Private window', null);
	const [badge, other] = await findCodes(2, 144);
	const page = await openDoor(browser, 'Phone P', 'Private window', (fresh) =>
		fresh.addInitScript(() => Object.defineProperty(window, 'indexedDB', { get: () => undefined }))
	);
	await expect(page.getByText(full)).toBeVisible();
	expect(await scan(page, badge?.code ?? '')).toBe('welcome');
	await page.context().setOffline(true);
	expect(await scan(page, badge?.code ?? '')).toBe('already_in');
	expect(await scan(page, other?.code ?? '')).toBe('welcome');
	await expect(page.getByText('Scans stored on this page only: 2.')).toBeVisible();
	await page.context().close();
});
