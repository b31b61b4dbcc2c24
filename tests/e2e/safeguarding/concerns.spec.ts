/* Looking for help, raising a concern without an account or script, and coming back with the code. */
import type { Page } from '@playwright/test';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { useStageBrowsers } from '../../fixtures/stage-browsers.ts';
import { expect, test } from '../../fixtures/test.ts';

const stage = useStageBrowsers();

// All tests that are not signed in come from one address.
test.beforeEach(() => stage.client.query(`delete from private.concern_sources`));

const codeOn = async (page: Page) => (await page.locator('.code').textContent())?.trim() ?? '';

test('raises a concern from the footer without account or script, once, and leads back by the code', async ({
	browser
}) => {
	const { people, slug } = stage.world;
	const reporter = await stage.open(browser, null, `/${slug}`, { javaScriptEnabled: false });
	await reporter.getByRole('contentinfo').getByRole('link', { name: 'Report a concern' }).click();
	await expect(reporter).toHaveURL(`/${slug}/talk/write`);
	await expect(reporter).toHaveTitle('Global Summit');
	await reporter.getByRole('button', { name: 'Send to the safeguarding leads' }).click();
	await expect(reporter.getByText('Say in a few words what happened.').first()).toBeVisible();
	await reporter.getByLabel('What happened').fill('Somebody waits at the door each evening.');
	await reporter.getByRole('button', { name: 'Send to the safeguarding leads' }).click();
	await expect(reporter.getByText('It has been sent. Keep this code.')).toBeVisible();
	const code = await codeOn(reporter);
	expect(code).toMatch(/^(?:[A-HJKMNP-Z2-9]{4}-){4}[A-HJKMNP-Z2-9]{4}$/);
	// A reload sends the form again.
	await reporter.reload();
	expect(await codeOn(reporter)).toBe(code);
	const { rows } = await stage.client.query(
		`select count(*)::int as count, bool_and(reporter_id is null) as nameless from private.concerns where summit_id = $1`,
		[stage.world.summit]
	);
	expect(rows).toEqual([{ count: 1, nameless: true }]);

	const lead = await stage.open(browser, people.safeguarding, `/${slug}/organise/safeguarding/concerns`);
	await expect(lead.getByText('Somebody waits at the door each evening.')).toBeVisible();
	await lead.getByText('Answer who reported it').click();
	await lead.getByLabel('Answer', { exact: true }).fill('We walk with you tonight.');
	await lead.getByRole('button', { name: 'Send the answer' }).click();
	await expect(lead.getByText('The reporter reads it with their code.')).toBeVisible();

	await reporter.goto('/talk/answers');
	await reporter.getByLabel('Your code').fill('ABCD-EFGH-JKMN-PQRS-TUVW');
	await reporter.getByRole('button', { name: 'Open' }).click();
	await expect(reporter.getByText('Nothing has this code.').first()).toBeVisible();
	await reporter.getByLabel('Your code').fill(` ${code.toLowerCase().replaceAll('-', ' ')} `);
	await reporter.getByRole('button', { name: 'Open' }).click();
	await expect(reporter.getByText('We walk with you tonight.')).toBeVisible();
	await expect(reporter.getByText('Safeguarding has read it.')).toBeVisible();
	expect(await reporter.content()).not.toContain(people.safeguarding.name);
	expect(reporter.url()).not.toContain(code.slice(0, 4));
	await reporter.getByLabel('Add something').fill('Thank you. Hall B, at nine.');
	await reporter.getByRole('button', { name: 'Send', exact: true }).click();
	await expect(reporter.getByText('It has been added.')).toBeVisible();
	await reporter.reload();
	await expect(reporter.getByText('Thank you. Hall B, at nine.')).toHaveCount(1);
	await expect(lead.getByText('Thank you. Hall B, at nine.')).toBeVisible();
	expect(await faultsOfPage(lead)).toEqual([]);
});

test('is answered with headers that leave nothing behind', async ({ request }) => {
	const { slug } = stage.world;
	for (const path of ['/talk/write', `/${slug}/talk/write`, '/talk/answers', `/ar/${slug}/talk/write`]) {
		const answer = await request.get(path);
		expect([path, answer.status(), answer.headers()['cache-control'], answer.headers()['referrer-policy']]).toEqual([
			path,
			200,
			'no-store',
			'same-origin'
		]);
	}
	const talk = await request.get(`/${slug}/talk`);
	expect(talk.headers()['referrer-policy']).toBe('same-origin');
});

test('lists the numbers of the country chosen, also without script, and none that it does not know', async ({
	browser
}) => {
	const { slug } = stage.world;
	const page = await stage.open(browser, null, `/${slug}/talk`, { javaScriptEnabled: false });
	await page.getByLabel('Where you are').selectOption('GB');
	await page.getByRole('button', { name: 'Show the numbers' }).click();
	await expect(page.getByRole('link', { name: 'Call 0800 1111' })).toHaveAttribute('href', 'tel:08001111');
	await expect(page.getByRole('link', { name: 'Call 999' })).toBeVisible();
	await page.goto(`/${slug}/talk?country=XX`);
	await expect(page.getByRole('link', { name: 'Child Helpline International' })).toHaveAttribute('rel', /noreferrer/);
});

test('is written by keyboard in Arabic on a phone, and left at once', async ({ browser }) => {
	const { slug, people } = stage.world;
	const page = await stage.open(browser, null, `/ar/${slug}/talk`, { viewport: { width: 390, height: 844 } });
	await page.emulateMedia({ colorScheme: 'dark' });
	expect(await faultsOfPage(page)).toEqual([]);
	await page.getByRole('main').getByRole('link', { name: 'أبلغ عن أمر مقلق' }).focus();
	await page.keyboard.press('Enter');
	await expect(page).toHaveURL(`/ar/${slug}/talk/write`);
	await page.getByLabel('ما الذي حدث').focus();
	await page.keyboard.type('أحدهم يلتقط صورًا للأطفال.');
	await page.keyboard.press('Tab');
	await page.keyboard.press('Space');
	await page.keyboard.press('Tab');
	await page.keyboard.press('Enter');
	await expect(page.getByText('أُرسل البلاغ. احتفظ بهذا الرمز.')).toBeVisible();
	expect(await faultsOfPage(page)).toEqual([]);
	expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
	const { rows } = await stage.client.query(
		`select c.locale, exists (select from private.concern_subjects as x where x.concern_id = c.id and x.person_id = $2) as about
		from private.concerns as c where c.summit_id = $1`,
		[stage.world.summit, people.safeguarding.person]
	);
	expect(rows).toEqual([{ locale: 'ar', about: true }]);
	await page.getByRole('link', { name: 'خروج سريع' }).click();
	await expect(page).toHaveURL('/blank.html');
});

test('staff write one down for somebody who calls, and do not read it again', async ({ browser }) => {
	const { people, slug } = stage.world;
	const desk = await stage.open(browser, people.registration, `/${slug}/organise/help-desk/concern`);
	await desk.getByLabel('What they say').fill('A caller was followed to the hotel.');
	await desk.getByRole('button', { name: 'Send to the safeguarding leads' }).click();
	await expect(desk.getByText('It has been sent. Keep this code.')).toBeVisible();
	expect(await faultsOfPage(desk)).toEqual([]);
	const lead = await stage.open(browser, people.safeguarding, `/${slug}/organise/safeguarding/concerns`);
	await expect(lead.getByText('written down by')).toContainText(people.registration.name);
	const other = await stage.open(browser, people.delegate);
	expect((await other.goto(`/${slug}/organise/help-desk/concern`))?.status()).toBe(403);
	expect((await desk.goto(`/${slug}/organise/safeguarding/concerns`))?.status()).toBe(403);
});

test('someone signed in is named unless they say otherwise', async ({ browser }) => {
	const { people, slug } = stage.world;
	for (const nameless of [false, true]) {
		const page = await stage.open(browser, people.delegate, `/${slug}/talk/write`);
		await page.getByLabel('What happened').fill(`Named: ${!nameless}`);
		if (nameless) await page.getByLabel('Without my name').check();
		await page.getByRole('button', { name: 'Send to the safeguarding leads' }).click();
		await expect(page.getByText('It has been sent. Keep this code.')).toBeVisible();
	}
	const { rows } = await stage.client.query(
		`select reporter_id from private.concerns where summit_id = $1 order by created_at`,
		[stage.world.summit]
	);
	expect(rows).toEqual([{ reporter_id: people.delegate.person }, { reporter_id: null }]);
});

test('one of many from one address is read, answered and taken into a case like any other', async ({ browser }) => {
	const { people, slug, summit } = stage.world;
	const page = await stage.open(browser, people.virtual, `/${slug}/talk/write`);
	for (let count = 1; count <= 6; count += 1) {
		await page.goto(`/${slug}/talk/write`);
		await page.getByLabel('What happened').fill(`Report number ${count}`);
		await page.getByRole('button', { name: 'Send to the safeguarding leads' }).click();
		await expect(page.getByText('It has been sent. Keep this code.')).toBeVisible();
	}
	const lead = await stage.open(browser, people.safeguarding, `/${slug}/organise/safeguarding/concerns`);
	await lead.getByRole('link', { name: 'Read them' }).click();
	const last = lead.getByRole('article').filter({ hasText: 'Report number 6' }).last();
	await last.getByRole('checkbox', { name: 'Take into a case' }).check();
	await lead.getByRole('button', { name: 'Take the ticked ones into it' }).click();
	await expect(lead).toHaveURL(/\/cases\/[0-9a-f-]{36}$/);
	await expect(lead.getByText('Report number 6')).toBeVisible();
	const { rows } = await stage.client.query(
		`select c.batch_id is not null as many from private.case_concerns as j join private.concerns as c on c.id = j.concern_id where c.summit_id = $1`,
		[summit]
	);
	expect(rows).toEqual([{ many: true }]);
});
