import type { Page } from '@playwright/test';
import { create } from 'qrcode';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { signInAs } from '../../fixtures/sample.ts';
import { addCheckpoint, selectColumn, findCodes, openDoor, scan } from '../../fixtures/scanning.ts';
import { expect, test } from '../../fixtures/test.ts';

/** A camera frame that contains this code. */
async function showToCamera(page: Page, text: string): Promise<void> {
	const { modules } = create(text, { errorCorrectionLevel: 'M' });
	await page.evaluate(
		({ size, data }) => {
			const canvas = document.createElement('canvas');
			canvas.width = canvas.height = (size + 8) * 8;
			const paint = () => {
				const pen = canvas.getContext('2d');
				if (!pen) return;
				pen.fillStyle = '#fff';
				pen.fillRect(0, 0, canvas.width, canvas.height);
				pen.fillStyle = '#000';
				for (let at = 0; at < size * size; at += 1)
					if (data[at]) pen.fillRect(((at % size) + 4) * 8, (Math.floor(at / size) + 4) * 8, 8, 8);
				requestAnimationFrame(paint);
			};
			paint();
			navigator.mediaDevices.getUserMedia = () => Promise.resolve(canvas.captureStream(10));
		},
		{ size: modules.size, data: Array.from(modules.data) }
	);
}

test('reads a code from the camera, and counts one code before the lens as one scan', async ({ browser }) => {
	const checkpoint = await addCheckpoint('Camera door', null);
	const [badge] = await findCodes(1, 120);
	const page = await openDoor(browser, 'Phone', 'Camera door');
	const elsewhere: string[] = [];
	page.on('request', (request) => {
		if (!request.url().startsWith(process.env.E2E_ORIGIN ?? '')) elsewhere.push(request.url());
	});
	await showToCamera(page, badge?.code ?? '');
	await page.getByRole('button', { name: 'Use the camera' }).click();
	await expect(page.locator('[data-answer="welcome"]')).toBeVisible({ timeout: 20_000 });
	expect(
		await selectColumn(`select badge_id as value from private.door_scans where checkpoint_id = $1`, [checkpoint])
	).toEqual([badge?.badge]);
	expect(elsewhere).toEqual([]);
	await page.getByRole('button', { name: 'Camera off' }).click();
	await page.evaluate(() => (navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('refused'))));
	await page.getByRole('button', { name: 'Use the camera' }).click();
	await expect(page.getByText('The camera cannot be used here.')).toBeVisible();
	await page.context().close();
});

test('refuses a foreign code of any length, and stays online', async ({ browser }) => {
	await addCheckpoint('Window', null);
	const page = await openDoor(browser, 'Phone W', 'Window');
	await showToCamera(page, `HC1:${'6BFOXN%TSMAHN-H/P8JU6+BS.5E9'.repeat(25)}`);
	await page.getByRole('button', { name: 'Use the camera' }).click();
	await expect(page.locator('[data-answer="unreadable"]')).toBeVisible({ timeout: 20_000 });
	await expect(page.getByText('No network')).toBeHidden();
	await page.context().close();
});

test('reads a keyboard scanner wherever the focus is, in and out, and reports a full room', async ({ browser }) => {
	await addCheckpoint('Small room', 1);
	const [one, other] = await findCodes(2, 130);
	const page = await openDoor(browser, 'Desk', 'Small room');
	await page.getByRole('radio', { name: 'In', exact: true }).focus();
	await page.keyboard.type(one?.code ?? '', { delay: 0 });
	await page.keyboard.press('Enter');
	await expect(page.locator('[data-answer="welcome"]')).toBeVisible();
	expect(await scan(page, other?.code ?? '')).toBe('full');
	await expect(page.getByText('Inside: 1 of 1')).toBeVisible();
	await page.getByRole('radio', { name: 'Out' }).check();
	expect(await scan(page, one?.code ?? '')).toBe('left');
	await page.getByRole('radio', { name: 'In', exact: true }).check();
	expect(await scan(page, other?.code ?? '')).toBe('welcome');
	await page.context().close();
});

test('lets registration organisers find a person by name at the door, but not door staff', async ({ page }) => {
	const [name = ''] = await selectColumn<string>(
		`select p.display_name as value from public.badges as b join public.registrations as r on r.id = b.registration_id join public.people as p on p.id = r.person_id
		join public.summits as s on s.id = b.summit_id where s.slug = 'montevideo' and b.revoked_at is null and r.state = 'confirmed' and r.mode = 'in_person'
			and not exists (select from private.door_periods as d where d.person_id = p.id) order by b.badge_code desc limit 1`
	);
	await signInAs(page, 'Joaquín Montiel');
	await page.goto('/montevideo/door');
	await expect(page.getByText('Search by name')).toHaveCount(0);
	await signInAs(page, 'Emeka Nwosu');
	await page.goto('/montevideo/door');
	await page.getByText('Search by name').first().click();
	await page.getByLabel('Search by name').fill(name);
	await page.getByRole('button', { name: 'Search by name' }).click();
	await page
		.getByRole('button', { name: `Check ${name}` })
		.first()
		.click();
	await expect(page.getByRole('alert')).toContainText(name);
	expect(await faultsOfPage(page)).toEqual([]);
});
