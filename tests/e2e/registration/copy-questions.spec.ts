/* Questions of an earlier Summit are copied into one that exists; and the people at the door read those that name them. */
import { faultsInBothThemes } from '../../fixtures/axe.ts';
import { logisticsField } from '../../fixtures/logistics.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { callAs, makeSummit, readValue, type RegisteringSummit } from '../../fixtures/registering.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson } from '../../fixtures/world.ts';

const db = useClient();

test.describe.configure({ timeout: 120_000 });

let earlier: RegisteringSummit;
let summit: RegisteringSummit & { slug: string };

const labelled = (key: string, label: string, more: Record<string, unknown> = {}) =>
	logisticsField(key, { label: { original: 'en', en: label }, ...more });
const save = (to: RegisteringSummit, field: Record<string, unknown>) =>
	callAs<{ id: string }>(db.client, to.organiser, 'public.save_logistics_field($1, $2)', [
		to.summit,
		JSON.stringify(field)
	]);

test.beforeEach(async () => {
	earlier = await makeSummit(db.client);
	const made = await makeSummit(db.client);
	summit = {
		...made,
		slug: await readValue(db.client, 'select slug from public.summits where id = $1', [made.summit])
	};
	await db.client.query(`update public.summits set name = '{"original":"en","en":"Earlier Summit"}' where id = $1`, [
		earlier.summit
	]);
	await db.client.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'registration', $2)`, [
		summit.organiser.person,
		earlier.summit
	]);
});

for (const javaScriptEnabled of [true, false])
	test(`copies the ticked questions, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async ({ browser }) => {
		await save(earlier, labelled('hotel', 'Where you stay'));
		await save(earlier, labelled('arrival', 'When you arrive', { kind: 'date' }));
		await save(earlier, labelled('shirt', 'Size of your shirt'));
		await save(summit, labelled('hotel', 'Your hotel'));
		const page = await openPage(browser, summit.organiser, { javaScriptEnabled });
		await page.goto(`/${summit.slug}/organise/logistics/fields`);
		await page.getByRole('link', { name: 'Copy from an earlier Summit' }).click();
		await expect(page.getByRole('heading', { name: 'Copy from an earlier Summit' })).toBeVisible();
		await page.getByLabel('Summit', { exact: true }).selectOption({ label: 'Earlier Summit' });
		await page.getByRole('button', { name: 'Show', exact: true }).click();
		// One that this Summit has cannot be chosen; all others are ticked.
		await expect(page.getByRole('checkbox', { name: 'Where you stay' })).toBeDisabled();
		await expect(page.getByText('This Summit has a question with this key, or had one.')).toBeVisible();
		await expect(page.getByRole('checkbox', { name: 'When you arrive' })).toBeChecked();
		if (javaScriptEnabled) expect(await faultsInBothThemes(page)).toEqual([]);

		await page.getByRole('checkbox', { name: 'When you arrive' }).uncheck();
		await page.getByRole('checkbox', { name: 'Size of your shirt' }).uncheck();
		await page.getByRole('button', { name: 'Copy the ticked questions' }).click();
		await expect(page.getByText('Tick at least one question.').first()).toBeVisible();

		await page.getByRole('checkbox', { name: 'When you arrive' }).check();
		await page.getByRole('checkbox', { name: 'Size of your shirt' }).uncheck();
		await page.getByRole('button', { name: 'Copy the ticked questions' }).click();
		await expect(page.getByText('Questions copied: 1.')).toBeVisible();
		await expect(page.getByRole('heading', { name: 'When you arrive' })).toBeVisible();
		await expect(page.getByRole('heading', { name: 'Size of your shirt' })).toHaveCount(0);
		await page.context().close();
	});

test('opens the answers to the people at the door where the question names them', async ({ browser }) => {
	const named = await save(summit, labelled('lift', 'Do you need the lift', { kind: 'yes_no', visible_to: ['door'] }));
	const other = await save(summit, labelled('hotel', 'Where you stay', { visible_to: ['registration'] }));
	const door = await makePerson(db.client, 'Staff door');
	await db.client.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'door', $2)`, [
		door.person,
		summit.summit
	]);
	const page = await openPage(browser, door);
	await page.goto(`/${summit.slug}/organise/logistics/fields`);
	await expect(page.getByRole('link', { name: 'Read them' })).toHaveCount(1);
	await page.getByRole('link', { name: 'Read them' }).click();
	await expect(page).toHaveURL(`/${summit.slug}/organise/logistics/answers/${named.id}`);
	await expect(page.getByRole('heading', { name: 'Do you need the lift' })).toBeVisible();
	const refused = await page.request.get(`/${summit.slug}/organise/logistics/answers/${other.id}`);
	expect(refused.status()).toBe(404);
	expect((await page.request.get(`/${summit.slug}/organise/logistics/fields/copy`)).status()).not.toBe(200);
	await page.context().close();
});
