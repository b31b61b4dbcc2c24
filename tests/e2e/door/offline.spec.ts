import type { Page } from '@playwright/test';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { addCheckpoint, selectColumn, findCodes, openDoor, scan } from '../../fixtures/scanning.ts';
import { expect, test } from '../../fixtures/test.ts';

async function scanAll(page: Page, codes: { code: string }[]): Promise<Record<string, number>> {
	const counts: Record<string, number> = {};
	for (const { code } of codes) {
		const answer = (await scan(page, code)) ?? 'none';
		counts[answer] = (counts[answer] ?? 0) + 1;
	}
	return counts;
}

test('loses nothing, counts nothing twice and names each conflict on three devices, one offline and one reloaded', async ({
	browser
}) => {
	test.setTimeout(240_000);
	const checkpoint = await addCheckpoint('Reception', 90);
	const all = await findCodes(101, 0);
	const [a, b, c] = [
		await openDoor(browser, 'Tablet A', 'Reception'),
		await openDoor(browser, 'Tablet B', 'Reception'),
		await openDoor(browser, 'Tablet C', 'Reception')
	];
	await b.context().setOffline(true);
	const first = all.slice(0, 30);
	expect(await scanAll(a, [...first, ...first, ...first])).toEqual({ welcome: 30, already_in: 60 });
	await selectColumn(`update public.badges set revoked_at = now(), revoked_reason = 'lost' where id = $1`, [
		all[40]?.badge
	]);
	// Ten have entered by another door that this device has no events of, and one was revoked meanwhile.
	const second = all.slice(20, 60);
	expect(await scanAll(b, [...second, ...second])).toEqual({ welcome: 40, already_in: 40 });
	await expect(b.getByText('No network')).toBeVisible();
	await expect(b.getByText('Scans that wait to be sent: 80')).toBeVisible();
	const third = all.slice(60, 95);
	expect(await scanAll(c, third)).toEqual({ welcome: 35 });
	await c.reload();
	await expect(c.getByText('Ready', { exact: true })).toBeVisible();
	expect(await scanAll(c, [...third, ...third])).toEqual({ already_in: 70 });
	await c.context().setOffline(true);
	await c.reload();
	await expect(c.getByText('Ready', { exact: true })).toBeVisible();
	const last = all.slice(95, 100);
	// Admitted offline too, by the last known count: sixty-five, so that five find room.
	expect(await scanAll(c, last)).toEqual({ welcome: 5 });
	await c.reload();
	await expect(c.getByText('Scans that wait to be sent: 5')).toBeVisible();
	expect(await scanAll(c, [...last, ...last, ...last, ...last])).toEqual({ already_in: 20 });
	await Promise.all([b, c].map((page) => page.context().setOffline(false)));
	for (const page of [b, c]) await expect(page.getByText('Scans that wait')).toBeHidden({ timeout: 40_000 });

	const count = async (sql: string) => Number((await selectColumn<string>(sql, [checkpoint]))[0]);
	expect(await count(`select count(*) as value from private.door_scans where checkpoint_id = $1`)).toBe(300);
	expect(
		await count(`select count(*) as value from private.door_periods where checkpoint_id = $1 and left_at is null`)
	).toBe(100);
	expect(
		await count(`select count(distinct person_id) as value from private.door_periods where checkpoint_id = $1`)
	).toBe(100);
	const kinds = await selectColumn<string>(
		`select kind || ' ' || count(*) as value from private.door_conflicts where checkpoint_id = $1 group by kind order by kind`,
		[checkpoint]
	);
	expect(kinds).toEqual(['over_capacity 1', 'revoked 1', 'two_doors 10']);
	expect(await scan(a, all[100]?.code ?? '')).toBe('full');
	for (const page of [a, b, c]) await page.context().close();
});

test('sends waiting scans even when a device’s day has ended, before it forgets its key', async ({ browser }) => {
	test.setTimeout(120_000);
	// A retry makes its own checkpoint. The first test withdraws the badge at place 40: these come after it.
	const name = `Garden ${test.info().retry}`;
	const checkpoint = await addCheckpoint(name, null);
	const codes = await findCodes(60, 41);
	const page = await openDoor(browser, 'Tablet H', name);
	await page.waitForFunction(() => caches.match(location.pathname));
	await page.context().setOffline(true);
	expect(await scanAll(page, [...codes, ...codes])).toEqual({ welcome: 60, already_in: 60 });
	await page.clock.setSystemTime(Date.now() + 40 * 3_600_000);
	await page.reload();
	// Its list has expired and admits nobody, but its waiting scans are kept.
	await expect(page.getByText('Scans that wait to be sent: 120')).toBeVisible();
	expect(await scan(page, codes[0]?.code ?? '')).toBe('no_network');
	await selectColumn(`update private.door_devices set expires_at = now() where name = 'Tablet H'`);
	await page.context().setOffline(false);
	await expect(page.getByText('Set up for this checkpoint')).toBeVisible({ timeout: 40_000 });
	const count = async (sql: string) => Number((await selectColumn<string>(sql, [checkpoint]))[0]);
	expect(await count(`select count(*) as value from private.door_scans where checkpoint_id = $1`)).toBe(120);
	expect(
		await count(
			`select count(*) as value from private.door_periods where checkpoint_id = $1 and entered_at between now() - interval '5 minutes' and now()`
		)
	).toBe(60);
	await page.context().close();
});

test('tells a device that it is shut out, and clears its data', async ({ browser }) => {
	await addCheckpoint('Side door', null);
	const [badge] = await findCodes(1, 110);
	const page = await openDoor(browser, 'Tablet D', 'Side door');
	expect(await scan(page, badge?.code ?? '')).toBe('welcome');
	await page.getByRole('button', { name: 'Undo' }).click();
	await expect(page.getByText('Undone')).toBeVisible();
	expect(await scan(page, badge?.code ?? '')).toBe('welcome');
	expect(await faultsOfPage(page)).toEqual([]);
	await selectColumn(`update private.door_devices set device_revoked_at = now() where name = 'Tablet D'`);
	await page.getByLabel('QR code or badge code').fill(badge?.code ?? '');
	await page.keyboard.press('Enter');
	await expect(page.getByText('This device was shut out')).toBeVisible();
	const held = await page.evaluate(async () => {
		const [{ name = '' } = {}] = await indexedDB.databases();
		const db = await new Promise<IDBDatabase>((done) => {
			const opening = indexedDB.open(name);
			opening.onsuccess = () => done(opening.result);
		});
		return new Promise<number>((done) => {
			const asked = db.transaction('things').objectStore('things').count();
			asked.onsuccess = () => done(asked.result);
		});
	});
	expect(held).toBe(0);
	await page.context().close();
});
