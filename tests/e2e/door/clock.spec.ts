import type { Page } from '@playwright/test';
import { clock } from '../../../src/lib/i18n/time.ts';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { signInAs } from '../../fixtures/sample.ts';
import { addCheckpoint, selectColumn, findCodes, openDoor, scan, summitId } from '../../fixtures/scanning.ts';
import { expect, test } from '../../fixtures/test.ts';

const hour = 3_600_000;

/** Shifts the page's clock by some hours, and again after a reload; timers are not changed. */
async function setClock(page: Page, hours: number): Promise<void> {
	await page.addInitScript((off) => {
		const real = Date;
		sessionStorage['clock'] ??= String(off);
		const now = () => real.now() + Number(sessionStorage['clock']);
		window.Date = class extends real {
			constructor(...args: []) {
				if (args.length === 0) super(now());
				else super(...args);
			}
			static override now = now;
		} as DateConstructor;
	}, hours * hour);
}

const waits = (page: Page) => page.getByText('Scans that wait');
const setRight = (page: Page) => page.evaluate(() => void (sessionStorage['clock'] = '0'));

for (const { hours, word, skip } of [
	{ hours: 2, word: 'fast', skip: 150 },
	{ hours: -2, word: 'slow', skip: 154 }
])
	test(`warns on a device whose clock is two hours ${word}, and records its scans at their true time`, async ({
		browser
	}) => {
		test.setTimeout(120_000);
		const [name, door] = [`Tablet ${word}`, `Door of a clock that is ${word}`];
		const checkpoint = await addCheckpoint(door, null);
		const zone = await selectColumn<string>(`select zone as value from public.summits where id = $1`, [
			await summitId()
		]);
		const here = () => clock(Date.now(), zone[0] ?? '', 'en');
		const [online, offline] = await findCodes(2, skip);
		const page = await openDoor(browser, name, door, (fresh) => setClock(fresh, hours));
		const sentence = page.getByRole('status').filter({ hasText: 'The clock of this device is' });
		await expect(sentence).toHaveText(
			`The clock of this device is 2 hours ${word}. Answers and scans are corrected. While there is a network, set its date and time to automatic.`
		);
		expect(await page.evaluate(() => Date.now())).toBeCloseTo(Date.now() + hours * hour, -5);
		expect(await scan(page, online?.code ?? '')).toBe('welcome');
		// Until the page itself is cached, it opens only online.
		await page.waitForFunction(() => caches.match(location.pathname));
		await page.context().setOffline(true);
		const before = here();
		expect(await scan(page, offline?.code ?? '')).toBe('welcome');
		const after = here();
		await page.reload();
		// The clock offset, the list and the waiting scans survive an offline reload.
		await expect(sentence).toContainText(`2 hours ${word}`);
		await expect(page.getByText('Scans that wait to be sent: 1')).toBeVisible();
		expect(await faultsOfPage(page)).toEqual([]);
		expect(await scan(page, offline?.code ?? '')).toBe('already_in');
		const since = /\d\d:\d\d/.exec((await page.locator('[data-answer]').textContent()) ?? '')?.[0];
		expect([before, after]).toContain(since);

		await page.context().setOffline(false);
		await expect(page.getByText('Scans that wait')).toBeHidden({ timeout: 40_000 });
		const stored = await selectColumn(
			`select jsonb_build_object('answer', answer, 'offline', is_offline, 'off', round(extract(epoch from device_at - scanned_at) / 60),
				'near', scanned_at between now() - interval '2 minutes' and now()) as value from private.door_scans where checkpoint_id = $1 order by scanned_at`,
			[checkpoint]
		);
		const off = hours * 60;
		expect(stored).toEqual([
			{ answer: 'welcome', offline: false, off, near: true },
			{ answer: 'welcome', offline: true, off, near: true },
			{ answer: 'already_in', offline: true, off, near: true }
		]);

		await setRight(page);
		await expect(sentence).toBeHidden({ timeout: 40_000 });
		await page.context().close();
		const desk = await browser.newPage();
		await signInAs(desk, 'Emeka Nwosu');
		await desk.goto('/montevideo/organise/door');
		await expect(
			desk.getByText(`The clock of ${name} is 2 hours ${word}. Its scan times were corrected.`).first()
		).toBeVisible();
		await desk.close();
	});

for (const { hours, reloads, skip } of [
	{ hours: 2, reloads: false, skip: 158 },
	{ hours: 3, reloads: true, skip: 160 },
	{ hours: -3, reloads: true, skip: 162 }
])
	test(`corrects times after a clock ${hours} hours ahead is set right offline${reloads ? ', across a reload' : ''}`, async ({
		browser
	}) => {
		test.setTimeout(120_000);
		const name = `Door of a clock set right from ${hours}${reloads ? ' over a reload' : ''}`;
		const checkpoint = await addCheckpoint(name, null);
		const [online, offline] = await findCodes(2, skip);
		const page = await openDoor(browser, `Tablet ${hours}`, name, (fresh) => setClock(fresh, hours));
		const sentence = page.getByRole('status').filter({ hasText: 'The clock of this device is' });
		await expect(sentence).toBeVisible();
		expect(await scan(page, online?.code ?? '')).toBe('welcome');
		await page.waitForFunction(() => caches.match(location.pathname));
		await page.context().setOffline(true);
		await setRight(page);
		if (reloads) await page.reload();
		if (hours < 0) {
			// It was slow: a clock that was set forward looks like one that went on. A person has to set it.
			await expect(sentence).toContainText('If that is wrong, its clock was set meanwhile.');
			expect(await faultsOfPage(page)).toEqual([]);
			await page.getByRole('button', { name: 'Go by its own clock' }).click();
		}
		await expect(sentence).toBeHidden({ timeout: 20_000 });
		expect(await scan(page, offline?.code ?? '')).toBe('welcome');
		await expect(waits(page)).toBeVisible();
		await page.context().setOffline(false);
		await expect(waits(page)).toBeHidden({ timeout: 40_000 });
		const stored = await selectColumn(
			`select jsonb_build_object('off', round(extract(epoch from device_at - scanned_at) / 60), 'set', round(offset_ms / 60000.0), 'near', scanned_at > now() - interval '3 minutes') as value
			from private.door_scans where checkpoint_id = $1 and is_offline`,
			[checkpoint]
		);
		expect(stored).toEqual([{ off: 0, set: 0, near: true }]);
		await page.context().close();
	});
