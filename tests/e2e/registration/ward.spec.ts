/* The page of a guardian about a minor, and what they change there. */
import { faultsOfPage } from '../../fixtures/axe.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';

const small = useWorld();

test.beforeEach(async () => {
	const { client, world } = small;
	const { registrations, people, sessions, summit } = world;
	await client.query(
		`update public.registrations set is_minor = true, guardian_id = $2, guardian_consent_at = now() where id = $1`,
		[registrations.virtual, registrations.delegate]
	);
	await client.query(
		`with item as (insert into public.consent_items (summit_id, key, label) values ($1, 'photographs', '{"original":"en","en":"Photographs of me may be taken"}') returning id)
		insert into public.consents (registration_id, person_id, item_id, given_at) select $2, $3, id, now() from item`,
		[summit, registrations.virtual, people.virtual.person]
	);
	await client.query(
		`update public.sessions set content_note = '{"original":"en","en":"Abuse is described."}' where id = $1`,
		[sessions.members.id]
	);
	await client.query(`insert into public.agenda_marks (person_id, session_id) values ($1, $2)`, [
		people.virtual.person,
		sessions.members.id
	]);
});

for (const script of [true, false]) {
	test(`shows a guardian what concerns the minor, and lets them forbid photographs${script ? '' : ', without JavaScript'}`, async ({
		browser
	}) => {
		const { world } = small;
		const page = await openPage(browser, world.people.delegate, { javaScriptEnabled: script });
		await page.goto(`/${world.slug}/me`);
		await page.getByRole('link', { name: `Everything about ${world.people.virtual.name} at this Summit` }).click();
		await expect(page.getByRole('heading', { level: 1, name: world.people.virtual.name })).toBeVisible();
		await expect(page.getByText('Abuse is described.')).toBeVisible();
		if (script) expect(await faultsOfPage(page)).toEqual([]);
		await page.getByRole('button', { name: 'Forbid photographs' }).click();
		await expect(page.getByText('Saved. This applies from now on.')).toBeVisible();
		await expect(page.getByText('You forbid it.')).toBeVisible();
		await page.getByRole('button', { name: 'Take back my wish' }).click();
		await page.getByRole('button', { name: 'Withdraw “Photographs of me may be taken”' }).click();
		await expect(page.getByText(/^Withdrawn by you on /)).toBeVisible();
		await page.getByRole('button', { name: /^Take back the withdrawal of/ }).click();
		await expect(page.getByText(/^Agreed by themselves on /)).toBeVisible();
	});
}

test('is found by nobody else, at any address', async ({ browser }) => {
	const { world } = small;
	const ward = `/${world.slug}/me/wards/${world.registrations.virtual}`;
	for (const who of [world.people.virtual, world.people.speaker, world.people.owner, world.people.safeguarding]) {
		const page = await openPage(browser, who);
		expect((await page.goto(ward))?.status()).toBe(404);
	}
	const guardian = await openPage(browser, world.people.delegate);
	for (const other of [world.registrations.speaker, 'x', '00000000-0000-4000-8000-000000000000'])
		expect((await guardian.goto(`/${world.slug}/me/wards/${other}`))?.status()).toBe(404);
});

test('fits a phone, in Arabic too', async ({ browser }) => {
	const { world } = small;
	const page = await openPage(browser, world.people.delegate, { viewport: { width: 390, height: 844 } });
	for (const language of ['', '/ar']) {
		await page.goto(`${language}/${world.slug}/me/wards/${world.registrations.virtual}`);
		await expect(page.getByRole('heading', { level: 1, name: world.people.virtual.name })).toBeVisible();
		expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(
			0
		);
		expect(await faultsOfPage(page)).toEqual([]);
	}
});
