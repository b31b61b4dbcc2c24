/* The organisers' menu: groups and pages by role, what waits, and finding anything by keyboard or without JavaScript. */
import { faultsOfPage } from '../../fixtures/axe.ts';
import { signInByCode } from '../../fixtures/mailed-codes.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { makeSummit, readValue } from '../../fixtures/registering.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useClient();
let world: World;

test.beforeAll(async () => {
	world = await makeWorld(db.client);
	await db.client.query(`update public.sessions set title = '{"original":"en","en":"Harbour lights"}' where id = $1`, [
		world.sessions.members.id
	]);
});

test('groups the pages of a role, counts what waits, and leads to exactly that list', async ({ browser }) => {
	const page = await openPage(browser, world.people.registration);
	await page.goto(`/${world.slug}/organise`);
	const groups = page.getByRole('navigation', { name: 'Main' });
	await expect(groups.getByRole('link')).toHaveText([
		/^Overview/,
		/^People/,
		/^On site/,
		/^Communication/,
		/^Safeguarding/,
		/^Settings/
	]);
	await expect(groups.getByRole('link', { name: /^Overview/ })).toHaveAttribute('aria-current', 'true');
	expect(await faultsOfPage(page)).toEqual([]);
	const waiting = page.getByRole('listitem').filter({ hasText: 'Registrations to decide' });
	const count = await waiting.getByRole('strong').innerText();
	await waiting.getByRole('link').click();
	await expect(page.getByRole('link', { name: `To decide ${count}` })).toHaveAttribute('aria-current', 'page');
	const pages = page.getByRole('navigation', { name: 'Pages: People' });
	await expect(pages.getByRole('link', { name: new RegExp(`^Accreditation ?: ${count} waiting$`) })).toHaveAttribute(
		'aria-current',
		'page'
	);
	await pages.getByRole('link', { name: 'Seats' }).click();
	await expect(page.getByRole('heading', { name: 'Seats', level: 1 })).toBeVisible();
});

test('has every page in one menu on a phone, in Arabic too, and nothing scrolls sideways', async ({ browser }) => {
	for (const language of ['', '/ar']) {
		const page = await openPage(browser, world.people.owner, { viewport: { width: 390, height: 844 } });
		await page.goto(`${language}/${world.slug}/organise/settings`);
		const sideways = () =>
			page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
		expect(await sideways()).toBe(0);
		await page.getByRole('banner').locator('summary').last().click();
		await page
			.getByRole('banner')
			.locator(`a[href$="/${world.slug}/organise/money/bank"]`)
			.filter({ visible: true })
			.click();
		await expect(page).toHaveURL(/\/organise\/money\/bank$/);
		expect(await sideways()).toBe(0);
		expect(await faultsOfPage(page)).toEqual([]);
	}
});

test('finds a session by Ctrl K and the keyboard alone', async ({ browser }) => {
	const page = await openPage(browser, world.people.programme);
	await page.goto(`/${world.slug}/organise`);
	const dialog = page.getByRole('dialog', { name: 'Find' });
	await expect(async () => {
		await page.keyboard.press('Control+k');
		await expect(dialog).toBeVisible({ timeout: 2_000 });
	}).toPass();
	await dialog.getByRole('searchbox').fill('harbour li');
	await expect(dialog.getByRole('link', { name: 'Harbour lights' }).first()).toBeVisible();
	expect(await faultsOfPage(page)).toEqual([]);
	await page.keyboard.press('ArrowDown');
	await expect(dialog.getByRole('link').first()).toBeFocused();
	await page.keyboard.press('ArrowDown');
	await expect(dialog.getByRole('link').nth(1)).toHaveText(/^Move: Harbour lights/);
	await page.keyboard.press('Enter');
	await expect(page).toHaveURL(new RegExp(`/organise/agenda/${world.sessions.members.id}/move$`));
	await expect(dialog).toHaveCount(0);
});

test('finds without JavaScript, and says when there is nothing', async ({ browser }) => {
	const page = await openPage(browser, world.people.registration, { javaScriptEnabled: false });
	await page.goto(`/${world.slug}/organise`);
	await page.getByRole('banner').getByRole('link', { name: 'Find' }).click();
	await page.getByLabel('People, members, sessions, orders, pages').fill(world.people.delegate.name);
	await page.getByRole('button', { name: 'Find' }).click();
	await page.getByRole('main').getByRole('link', { name: world.people.delegate.name }).click();
	await expect(page).toHaveURL(new RegExp(`/organise/registrations/${world.registrations.delegate}`));
	await page.goto(`/${world.slug}/organise/find?q=zzz`);
	await expect(page.getByRole('banner').locator('nav [aria-current]')).toHaveCount(0);
	await expect(page.getByText('Nothing found')).toBeVisible();
	expect((await page.request.get(`/${world.slug}/organise/find/answers?q=a`)).status()).toBe(200);
	const outsider = await openPage(browser, world.people.delegate);
	expect((await outsider.request.get(`/${world.slug}/organise/find/answers?q=a`)).status()).toBe(403);
});

test('leads staff to their work after signing in, and everybody else to the first page', async ({ browser }) => {
	const signedIn = async (who: TestPerson) => {
		const page = await openPage(browser, null, { javaScriptEnabled: false });
		await page.goto('/sign-in');
		await signInByCode(page, `${who.account}@example.org`);
		await expect(page).not.toHaveURL(/\/sign-in/);
		return new URL(page.url()).pathname;
	};
	// The current Summit may be another test's: staff of this one come to it all the same.
	expect(await signedIn(world.people.programme)).toBe(`/${world.slug}/organise`);
	expect(await signedIn(world.people.delegate)).toBe('/');
});

test('the name of the Summit leads to the reader’s other Summits, drafts included', async ({ browser }) => {
	const draft = await makeWorld(db.client);
	await db.client.query(
		`update public.summits set state = 'draft', name = '{"original":"en","en":"Summit of 2031"}' where id = $1`,
		[draft.summit]
	);
	await db.client.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'programme', $2)`, [
		world.people.programme.person,
		draft.summit
	]);
	const page = await openPage(browser, world.people.programme, { javaScriptEnabled: false });
	await page.goto(`/${world.slug}/organise`);
	await page.getByRole('banner').locator('summary').first().click();
	await expect(page.getByRole('banner').getByRole('link', { name: 'Summit of 2031 draft' })).toBeVisible();
	await page.getByRole('banner').getByRole('link', { name: 'Summit of 2031 draft' }).click();
	await expect(page.getByRole('heading', { name: 'Summit of 2031', level: 1 })).toBeVisible();
	// Only who organises it finds it.
	const other = await openPage(browser, world.people.owner);
	await other.goto(`/${world.slug}/organise`);
	expect(await other.content()).not.toContain('Summit of 2031');
});

test('counts what waits at the Summit to which the reader changed', async ({ browser }) => {
	const { summit } = await makeSummit(db.client);
	const slug = await readValue<string>(db.client, 'select slug from public.summits where id = $1', [summit]);
	await db.client.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'registration', $2)`, [
		world.people.registration.person,
		summit
	]);
	const page = await openPage(browser, world.people.registration);
	await page.goto(`/${world.slug}/organise`);
	const people = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^People/ });
	await expect(people).toHaveText(/waiting/);
	await page.getByRole('banner').locator('summary').first().click();
	await page.getByRole('banner').locator(`a[href="/${slug}/organise"]`).click();
	await expect(page).toHaveURL(new RegExp(`/${slug}/organise$`));
	await expect(people).toHaveText('People');
});
