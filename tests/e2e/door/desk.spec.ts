import pg from 'pg';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { stackVariable } from '../../fixtures/engines.ts';
import { signInAs } from '../../fixtures/sample.ts';
import { expect, test } from '../../fixtures/test.ts';

async function run<Value>(sql: string): Promise<Value[]> {
	const client = new pg.Client({ connectionString: stackVariable('DATABASE_URL') });
	await client.connect();
	const { rows } = await client.query<{ value: Value }>(sql);
	await client.end();
	return rows.map(({ value }) => value);
}

test('lets organisers manage checkpoints, review incidents, and shut out a device', async ({ page }) => {
	await signInAs(page, 'Emeka Nwosu');
	await page.goto('/montevideo/organise/door/checkpoints');
	await page.getByLabel('Name', { exact: true }).fill('Lunch in the garden');
	await page.getByLabel('Room for').fill('120');
	await page.getByLabel('Crew').check();
	await page.getByRole('button', { name: 'Save' }).click();
	await expect(page.getByText('Saved.')).toBeVisible();
	await expect(page.getByRole('row', { name: /Lunch in the garden/ })).toContainText('Crew');
	expect(await faultsOfPage(page)).toEqual([]);
	const [device] = await run<string>(
		`with door as (select c.* from public.checkpoints as c join public.summits as s on s.id = c.summit_id where s.slug = 'montevideo' and c.kind = 'entrance' limit 1),
		made as (insert into private.door_devices (summit_id, checkpoint_id, name, key_hash, expires_at)
			select summit_id, id, 'Lost tablet', extensions.gen_random_bytes(32), now() + interval '5 h' from door returning *),
		found as (insert into private.door_conflicts (summit_id, kind, subject, device_id, facts) select summit_id, 'wrong_clock', id::text, id, '{"minutes":120}' from made)
		select id as value from made`
	);
	expect(device).toBeTruthy();
	await page.goto('/montevideo/organise/door');
	const conflict = page.locator('section', { hasText: 'The clock of Lost tablet is 2 hours slow' });
	await conflict.getByRole('button', { name: 'Write down' }).click();
	await expect(conflict.getByText('Fill this in.').first()).toBeVisible();
	await conflict.getByLabel('How it ended').fill('Set by hand');
	await conflict.getByRole('button', { name: 'Write down' }).click();
	await expect(page.getByRole('row', { name: /Set by hand/ })).toContainText('Emeka Nwosu');
	const row = page.getByRole('row', { name: /Lost tablet/ }).filter({ hasText: 'Change' });
	await row.getByText('Change').click();
	await row.getByRole('button', { name: 'Shut out' }).click();
	await expect(page.getByText('The device is shut out.')).toBeVisible();
	expect(
		await run(`select (device_revoked_at is not null) as value from private.door_devices where name = 'Lost tablet'`)
	).toEqual([true]);
	expect(await faultsOfPage(page)).toEqual([]);
});

test('lets an agenda organiser add a checkpoint for one closed session, and shows door staff only its name', async ({
	page,
	browser
}) => {
	await signInAs(page, 'Ana Petrović');
	const [session] = await run<string>(
		`select s.id::text as value from public.sessions as s join public.summits as m on m.id = s.summit_id where m.slug = 'montevideo' and s.level = 'closed' limit 1`
	);
	await page.goto(`/montevideo/organise/agenda/${session}`);
	const title = (await page.getByRole('heading', { level: 1 }).textContent()) ?? '';
	await page.getByRole('link', { name: 'Session check-in' }).click();
	await expect(page.getByRole('heading', { name: 'Checkpoints' })).toBeVisible();
	await page.getByLabel('Name', { exact: true }).fill('Door by the garden');
	await page.getByRole('button', { name: 'Save' }).click();
	await expect(page.getByText('Saved.')).toBeVisible();
	await expect(page.getByRole('row', { name: /Door by the garden/ })).toContainText('One session');
	await expect(page.getByRole('row', { name: /Main entrance/ })).toHaveCount(0);
	expect(await faultsOfPage(page)).toEqual([]);
	const staff = await browser.newPage();
	await signInAs(staff, 'Joaquín Montiel');
	await staff.goto('/montevideo/door');
	await expect(staff.getByText('Door by the garden').first()).toBeAttached();
	await expect(staff.locator('body')).not.toContainText(title);
	await staff.close();
});

test('keeps the list of who is inside on the page offline @phone', async ({ page }) => {
	await signInAs(page, 'Emeka Nwosu');
	await run(
		`select private.process_scan(c, (select b.id from public.badges as b where b.summit_id = c.summit_id and b.revoked_at is null order by b.badge_code desc limit 1), '{}') as value
		from public.checkpoints as c join public.summits as s on s.id = c.summit_id where s.slug = 'montevideo' and c.kind = 'entrance'`
	);
	await page.goto('/montevideo/organise/door/inside');
	await page.context().setOffline(true);
	await page.getByRole('checkbox').first().check();
	await expect(page.getByText(/Met: 1 of/)).toBeVisible();
	expect(await faultsOfPage(page)).toEqual([]);
});

test('shows a badge on the phone offline @phone', async ({ page }) => {
	await signInAs(page, 'Grace Wanjiru');
	await page.goto('/montevideo/me/badge');
	const badgeCode = page.getByText(/^[A-Z2-9]{4} [A-Z2-9]{4} [A-Z2-9]{4}$/);
	const shown = await badgeCode.textContent();
	await expect
		.poll(() =>
			page.evaluate(async () => (await caches.match(location.pathname, { cacheName: 'my-badge' })) !== undefined)
		)
		.toBe(true);
	await page.context().setOffline(true);
	await page.reload();
	await expect(badgeCode).toHaveText(shown ?? '');
	await expect(page.getByText('No network')).toBeVisible();
});
