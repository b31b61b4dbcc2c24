/* The public site of a Summit: from the landing page to a speaker, with and without JavaScript; times in the zone of the reader. */
import type { Page } from '@playwright/test';
import { faultsInBothThemes, faultsOfPage } from '../../fixtures/axe.ts';
import { sampleSlug, signInAs } from '../../fixtures/sample.ts';
import { expect, test } from '../../fixtures/test.ts';

/** The last day of the agenda: it has no "now" that depends on when the test runs. */
async function openLastDay(page: Page, rest = ''): Promise<void> {
	await page.goto(`/${sampleSlug}/agenda${rest}`);
	await page.getByRole('navigation', { name: 'Days' }).getByRole('link').last().click();
	await expect(page.getByRole('navigation', { name: 'Days' }).getByRole('link').last()).toHaveAttribute(
		'aria-current',
		'page'
	);
}

test('leads a visitor from the landing page to the agenda, its filters, a session and its speaker', async ({
	page
}) => {
	await page.goto('/');
	await expect(page.getByRole('heading', { level: 1 })).toContainText('Global Summit');
	await expect(page.getByRole('heading', { name: 'Open to everyone' })).toBeVisible();
	await page.getByRole('link', { name: 'See the agenda' }).click();
	await expect(page.getByRole('heading', { name: 'Agenda', level: 1 })).toBeVisible();

	await page.getByRole('combobox', { name: 'Language' }).selectOption('fr');
	await expect(page).toHaveURL(/[?&]language=fr/);
	await expect(page.getByText('Showing sessions in French, spoken or interpreted.')).toBeVisible();
	await page.getByRole('link', { name: 'Clear', exact: true }).first().click();
	await expect(page).not.toHaveURL(/language/);

	await page.getByRole('searchbox').fill('threat assessment');
	await page.getByRole('searchbox').press('Enter');
	const found = page
		.getByRole('main')
		.getByRole('listitem')
		.filter({ has: page.getByRole('heading', { level: 3 }) });
	await expect(found).not.toHaveCount(0);
	for (const title of await found.getByRole('heading', { level: 3 }).allTextContents())
		expect(title).toMatch(/threat/i);
	await found.first().getByRole('link').first().click();

	await expect(page.getByRole('heading', { level: 1 })).toContainText(/threat/i);
	const people = page
		.getByRole('main')
		.getByRole('listitem')
		.filter({ hasText: /^\s*(Speaker|Chair|Moderator|Respondent)/ });
	const name = (await people.first().getByRole('link').textContent()) ?? '';
	await people.first().getByRole('link').click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
	await expect(page.getByRole('heading', { name: 'Sessions', level: 2 })).toBeVisible();
});

test.describe('without JavaScript', () => {
	test.use({ javaScriptEnabled: false });

	test('offers filters, search, days, layouts and zones as forms and links', async ({ page }) => {
		await openLastDay(page, '?view=list');
		const [hour] = await page
			.getByRole('heading', { level: 2 })
			.filter({ hasText: /^\d\d:\d\d\s*$/ })
			.allTextContents();
		expect(hour?.trim()).toMatch(/^\d\d:\d\d$/);
		await page.getByRole('link', { name: 'Rooms' }).click();
		await expect(page.getByRole('region', { name: 'Rooms' })).toBeVisible();
		await page.getByRole('link', { name: 'List', exact: true }).click();

		await page.getByRole('combobox', { name: 'Times also in' }).selectOption('Africa/Nairobi');
		await page.getByRole('combobox', { name: 'Language' }).selectOption('ar');
		await page.getByRole('button', { name: 'Show' }).click();
		await expect(page.getByText('Showing sessions in Arabic, spoken or interpreted.')).toBeVisible();
		await expect(
			page.getByRole('heading', { level: 2, name: /^\d\d:\d\d \d\d:\d\d.* in Nairobi$/ }).first()
		).toBeVisible();

		await page.getByRole('searchbox').fill('no such words anywhere');
		await page.getByRole('button', { name: 'Show' }).click();
		await expect(page.getByText('No session fits')).toBeVisible();
		await page.getByRole('main').getByRole('link', { name: 'Clear' }).first().click();
		await expect(page.getByText('No session fits')).toHaveCount(0);
	});

	test('marks a session and creates a calendar address by forms', async ({ page }) => {
		await signInAs(page, 'Farid Haddad');
		await openLastDay(page);
		const button = page.getByRole('button', { name: /in my agenda$/, pressed: false }).first();
		const title = ((await button.textContent()) ?? '').trim().replace(/: in my agenda$/, '');
		const same = page.getByRole('button', { name: `${title}: in my agenda` });
		await expect(same).toHaveAttribute('aria-pressed', 'false');
		await button.click();
		await expect(same).toHaveAttribute('aria-pressed', 'true');

		await page.goto(`/${sampleSlug}/me/agenda`);
		await expect(page.getByRole('link', { name: title })).toBeVisible();
		await page.getByRole('button', { name: /^Make an? (new )?address/ }).click();
		await expect(page.getByLabel('Address for your calendar')).toHaveValue(/\/calendar\/[A-Za-z0-9_-]{32}\.ics$/);
		await same.click();
		await expect(page.getByRole('link', { name: title })).toHaveCount(0);
	});
});

test('answers an unknown time zone with the right status, for the whole agenda and a session', async ({ request }) => {
	for (const path of [`/${sampleSlug}/agenda?zone=Mars/Base`, `/fr/${sampleSlug}/agenda?zone=%3Cscript%3E`]) {
		const answer = await request.get(path);
		expect(answer.status()).toBe(400);
		expect(await answer.text()).not.toContain('<script>“');
	}
	expect(await (await request.get(`/${sampleSlug}/agenda?zone=Mars/Base`)).text()).toContain(
		'There is no time zone called “Mars/Base”'
	);
});

test.describe('a reader in another zone', () => {
	test.use({ timezoneId: 'Africa/Nairobi' });

	test('shows both times, on the landing page, the agenda and the session', async ({ page }) => {
		await page.goto('/');
		await expect(page.getByRole('figure').getByText(/^\d\d:\d\d where you are/)).toBeVisible();
		await openLastDay(page, '?view=list');
		const heading = page.getByRole('heading', { level: 2, name: /in Nairobi$/ }).first();
		// Montevideo is three hours behind UTC, Nairobi three hours ahead.
		const [, here, there] =
			/^(\d\d):\d\d (\d\d):\d\d/.exec(((await heading.textContent()) ?? '').replaceAll(/\s+/g, ' ').trim()) ?? [];
		expect((Number(here) + 6) % 24).toBe(Number(there));
		await expect(page.getByRole('combobox', { name: 'Times also in' })).toHaveValue('');
		await page.getByRole('combobox', { name: 'Times also in' }).selectOption('Asia/Tokyo');
		await expect(page).toHaveURL(/zone=Asia\/Tokyo/);
		await expect(page.getByRole('heading', { level: 2, name: /in Tokyo$/ }).first()).toBeVisible();
	});
});

test('shows a time once where the reader’s zone is the venue’s', async ({ browser, baseURL }) => {
	const context = await browser.newContext({ timezoneId: 'America/Montevideo', baseURL });
	const page = await context.newPage();
	await openLastDay(page, '?view=list');
	await expect(page.getByRole('heading', { level: 2, name: /^\d\d:\d\d$/ }).first()).toBeVisible();
	await expect(page.getByText(/in Montevideo$/)).toHaveCount(0);
	await context.close();
});

test('lays the Arabic page out from right to left, and keeps the language in its links @phone', async ({ page }) => {
	await page.goto('/ar');
	await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
	expect(await faultsOfPage(page)).toEqual([]);
	await page.getByRole('link', { name: 'الاطلاع على البرنامج' }).click();
	await expect(page).toHaveURL(`/ar/${sampleSlug}/agenda`);
	await expect(page.getByRole('heading', { level: 1, name: 'البرنامج' })).toBeVisible();
	await page.getByRole('button', { name: 'تصفية' }).click();
	await page.getByRole('combobox', { name: 'اللغة' }).selectOption('ar');
	await expect(page.getByText('تُعرض الجلسات')).toBeVisible();
	expect(await faultsOfPage(page)).toEqual([]);
	await page.getByRole('heading', { level: 3 }).first().getByRole('link').click();
	await expect(page).toHaveURL(new RegExp(`/ar/${sampleSlug}/sessions/`));
	expect(await faultsOfPage(page)).toEqual([]);
});

test('passes axe as a grid, and where no session fits', async ({ page }) => {
	for (const query of ['view=grid', 'q=nothing+at+all']) {
		await page.goto(`/${sampleSlug}/agenda?${query}`);
		expect(await faultsInBothThemes(page)).toEqual([]);
	}
});

test('sends the public files, and sends them again only after a change', async ({ request }) => {
	const calendar = await request.get(`/ar/${sampleSlug}/agenda.ics`);
	expect((await calendar.text()).startsWith('BEGIN:VCALENDAR\r\n')).toBe(true);
	const { schedule } = (await (await request.get(`/${sampleSlug}/schedule.json`)).json()) as {
		schedule: { conference: { acronym: string; days: { rooms: Record<string, unknown[]> }[] } };
	};
	expect(schedule.conference.acronym).toBe(sampleSlug.replaceAll('-', '_').padStart(4, '_'));
	const events = schedule.conference.days.flatMap(({ rooms }) => Object.values(rooms).flat());
	const xml = await (await request.get(`/${sampleSlug}/schedule.xml`)).text();
	expect(xml.match(/<event /g)).toHaveLength(events.length);
	expect(await (await request.get('/sitemap.xml')).text()).toContain(`/fr/${sampleSlug}/agenda</loc>`);
	expect(await (await request.get('/robots.txt')).text()).toMatch(/^Sitemap: http.*\/sitemap\.xml$/m);
	for (const path of [
		`/${sampleSlug}/agenda.ics`,
		`/${sampleSlug}/schedule.json`,
		`/${sampleSlug}/schedule.xml`,
		`/${sampleSlug}/agenda`
	]) {
		// Releases of other tests clear the cache; the file is then built again with a new date.
		await expect(async () => {
			const answer = await request.get(path);
			const again = await request.get(path, { headers: { 'if-none-match': answer.headers()['etag'] ?? '' } });
			expect([path, again.status()]).toEqual([path, 304]);
		}).toPass({ timeout: 15_000 });
	}
});
