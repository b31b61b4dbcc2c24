/* An organiser designs questions in two languages; a registrant answers them without JavaScript, and the reading role reads. */
import type { Page } from '@playwright/test';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { openPage } from '../../fixtures/open-page.ts';
import {
	latestRegistration,
	makeSummit,
	readValue,
	submitDraft,
	type RegisteringSummit
} from '../../fixtures/registering.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson } from '../../fixtures/world.ts';

const db = useClient();

test.describe.configure({ timeout: 120_000 });

let summit: RegisteringSummit & { slug: string };

test.beforeEach(async () => {
	const made = await makeSummit(db.client);
	await db.client.query(`update public.summits set languages = '{en,ar}' where id = $1`, [made.summit]);
	const slug = await readValue<string>(db.client, 'select slug from public.summits where id = $1', [made.summit]);
	summit = { ...made, slug };
});

async function design(
	page: Page,
	kind: string,
	question: string,
	more: (page: Page) => Promise<void> = async () => {}
) {
	await page.goto(`/${summit.slug}/organise/logistics/fields/new?form=registration`);
	await page.getByRole('link', { name: kind, exact: true }).click();
	await page.getByLabel('Question (English)').fill(question);
	await page.getByLabel('What for (English)').fill('To prepare your stay.');
	await more(page);
	await page.getByRole('button', { name: 'Save the question' }).click();
	await expect(page.getByText('The question is saved.')).toBeVisible();
}

test('designs a question of each kind with a condition, which a registrant answers without JavaScript', async ({
	browser
}) => {
	const desk = await openPage(browser, summit.organiser);
	await design(desk, 'One of a list', 'How do you travel', async (page) => {
		await page.getByText(/^Question in other languages/).click();
		await page.getByLabel('Question (Arabic)').fill('كيف تسافرون؟');
		await page.getByLabel('Choices (English)').fill('By air\nBy train');
		await page.getByLabel('Must be answered').check();
		// Each language is shown as it is typed.
		const preview = page.getByRole('region', { name: 'Preview' });
		await expect(preview.getByRole('combobox', { name: /How do you travel/ })).toBeVisible();
		await expect(preview.getByRole('combobox', { name: /كيف تسافرون/ })).toBeVisible();
		expect(await faultsOfPage(page)).toEqual([]);
	});
	await design(desk, 'A line of text', 'Flight number', async (page) => {
		await page.getByText('Only after an answer to another question').click();
		await page.getByLabel('By air').check();
	});
	for (const [kind, question] of [
		['Several lines of text', 'Anything else'],
		['Yes or no', 'First visit'],
		['A number', 'Pieces of luggage'],
		['A date', 'Arrival'],
		['A country', 'Country of departure'],
		['A consent', 'Share my arrival with the host']
	] as const)
		await design(desk, kind, question);
	await design(desk, 'Several of a list', 'Meals', async (page) => {
		await page.getByLabel('Choices (English)').fill('Breakfast\nDinner');
		await page.getByLabel('Team that meets it').selectOption('Registration');
	});
	expect(await faultsOfPage(desk)).toEqual([]);
	await desk.getByRole('button', { name: 'Move up: Meals' }).click();
	await expect(desk.getByText('The question is moved.')).toBeVisible();
	await desk.goto(`/${summit.slug}/organise/logistics/fields/preview?form=registration&language=ar`);
	await expect(desk.getByRole('combobox', { name: /كيف تسافرون/ })).toBeVisible();
	expect(await faultsOfPage(desk)).toEqual([]);

	const person = await makePerson(db.client, 'Ana Lima');
	await db.client.query(
		`insert into public.registrations (summit_id, person_id, member_id, mode, form_step) values ($1, $2, $3, 'in_person', 4)`,
		[summit.summit, person.person, summit.members[0]]
	);
	const page = await openPage(browser, person, { javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
	await page.goto(`/${summit.slug}/register/4`);
	await expect(page.getByText('Only if “How do you travel” is answered: By air.')).toBeVisible();
	await page.getByRole('button', { name: 'Save and continue' }).click();
	await expect(page.getByRole('combobox', { name: 'How do you travel' })).toHaveAttribute('aria-invalid', 'true');
	await page.getByRole('combobox', { name: 'How do you travel' }).selectOption('By air');
	await page.getByLabel('Flight number').fill('QX 100');
	await page.getByLabel('Pieces of luggage').fill('two');
	await page.getByLabel('Dinner').check();
	await page.getByLabel('Share my arrival with the host').check();
	await page.getByRole('button', { name: 'Save and continue' }).click();
	await expect(page.getByText('Enter a number, for example 12 or 2.5.').first()).toBeVisible();
	await page.getByLabel('Pieces of luggage').fill('2');
	await page.getByRole('button', { name: 'Save and continue' }).click();
	await expect(page).toHaveURL(/\/register\/5$/);
	const stored = await db.client.query<{ key: string; value: string[] | null }>(
		`select f.key, a.value from private.logistics_answers as a join public.logistics_fields as f on f.id = a.field_id
		where f.summit_id = $1 order by f.key`,
		[summit.summit]
	);
	expect(stored.rows).toEqual([
		{ key: 'flight_number', value: null },
		{ key: 'how_do_you_travel', value: ['by_air'] },
		{ key: 'meals', value: ['dinner'] },
		{ key: 'pieces_of_luggage', value: ['2'] },
		{ key: 'share_my_arrival_with_the_host', value: ['yes'] }
	]);

	// With a script, a question whose condition is not met is not shown.
	const again = await openPage(browser, person);
	await again.goto(`/${summit.slug}/register/4`);
	await expect(again.getByLabel('Flight number')).toHaveValue('QX 100');
	await again.getByRole('combobox', { name: 'How do you travel' }).selectOption('By train');
	await expect(again.getByLabel('Flight number')).toBeHidden();
	expect(await faultsOfPage(again)).toEqual([]);
	await again.getByRole('button', { name: 'Save and continue' }).click();
	await expect(again).toHaveURL(/\/register\/5$/);
	expect(
		await readValue(
			db.client,
			`select count(*)::integer from private.logistics_answers as a join public.logistics_fields as f on f.id = a.field_id
			where f.summit_id = $1 and f.key = 'flight_number'`,
			[summit.summit]
		)
	).toBe(0);

	// The answer that is a need is met, or refused with a reason that the person reads.
	await db.client.query(
		`update public.registrations set code_of_conduct_at = now() where summit_id = $1 and person_id = $2`,
		[summit.summit, person.person]
	);
	await submitDraft(db.client, person, await latestRegistration(db.client, person.person));
	await desk.goto(`/${summit.slug}/organise/needs`);
	expect(await faultsOfPage(desk)).toEqual([]);
	await desk.getByRole('link', { name: 'Ana Lima' }).click();
	await expect(desk.getByText('Dinner')).toBeVisible();
	await desk.getByLabel('Cannot be met').check();
	await desk.getByRole('button', { name: 'Save the need' }).click();
	await expect(desk.getByText('Say why it cannot be met: the person reads it.').first()).toBeVisible();
	await desk.getByLabel('Note to the person').fill('No dinner is served.');
	await desk.getByRole('button', { name: 'Save the need' }).click();
	await expect(desk.getByText('The need is saved.')).toBeVisible();
	expect(await faultsOfPage(desk)).toEqual([]);
	await page.goto(`/${summit.slug}/me/logistics`);
	await expect(page.getByText('Meals: Cannot be met')).toBeVisible();
	await expect(page.getByText('No dinner is served.')).toBeVisible();
});
