/*
 * The accreditation desk as two organisers and a delegate use it: by keyboard, in bulk, with a second decision, with a question and its
 * answer, and with a change after accreditation.
 */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import pg from 'pg';
import { openPage, variables } from '../../fixtures/open-page.ts';
import {
	inTurn,
	makeSummit,
	register,
	stateOf,
	readValue,
	type RegisteringSummit
} from '../../fixtures/registering.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

test.describe.configure({ timeout: 120_000 });

let client: pg.Client;

test.beforeAll(async () => {
	client = new pg.Client({ connectionString: variables.DATABASE_URL });
	await client.connect();
});
test.afterAll(() => client.end());

type Desk = RegisteringSummit & { slug: string; second: TestPerson; people: TestPerson[]; ids: string[] };

/** A Summit with two organisers and submitted registrations. */
async function deskOf(names: string[], change = ''): Promise<Desk> {
	const made = await makeSummit(client, { hall: 20 });
	const slug = await readValue<string>(client, 'select slug from public.summits where id = $1', [made.summit]);
	const second = await makePerson(client, 'Second Organiser');
	await client.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'registration', $2)`, [
		second.person,
		made.summit
	]);
	if (change)
		await client.query(`update public.accreditation_settings set ${change} where summit_id = $1`, [made.summit]);
	const people: TestPerson[] = [];
	const ids: string[] = [];
	for (const name of names) {
		const who = await makePerson(client, name);
		people.push(who);
		ids.push((await register(client, who, made.summit, made.members[0] ?? '')).id);
	}
	return { ...made, slug, second, people, ids };
}

/** The panel beside the list, which shows the selected person. */
const personOf = (page: Page) => page.getByRole('region', { name: 'Person' });

const statesOf = (ids: string[]) => inTurn(ids, (id) => stateOf(client, id));

async function noFaults(page: Page): Promise<void> {
	const { violations } = await new AxeBuilder({ page })
		.withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
		.analyze();
	expect(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target.join(' '))])).toEqual([]);
}

/** Presses a key until the script that handles it has loaded. */
async function pressUntil(page: Page, key: string, seen: () => Promise<void>): Promise<void> {
	await expect(async () => {
		await page.keyboard.press(key);
		await seen();
	}).toPass();
}

test('moves, searches, accredits, undoes and lists its keys by keyboard', async ({ browser }) => {
	const summit = await deskOf(['Alpha Keys', 'Beta Keys', 'Gamma Keys']);
	const desk = await openPage(browser, summit.organiser);
	await desk.goto(`/${summit.slug}/organise/registrations`);
	await pressUntil(desk, '?', () => expect(desk.getByRole('dialog', { name: 'Keys' })).toBeVisible({ timeout: 2000 }));
	await noFaults(desk);
	await desk.keyboard.press('Escape');
	await expect(desk.getByRole('dialog')).toHaveCount(0);
	await desk.keyboard.press('j');
	await expect(desk.getByRole('heading', { name: 'Alpha Keys', level: 2 })).toBeVisible();
	await desk.keyboard.press('ArrowDown');
	await expect(desk.getByRole('heading', { name: 'Beta Keys', level: 2 })).toBeVisible();
	await expect(desk.getByRole('link', { name: 'Beta Keys' })).toBeFocused();
	await desk.keyboard.press('a');
	await expect(desk.getByRole('status').filter({ hasText: 'Beta Keys' })).toContainText(
		'is accredited within 10 seconds'
	);
	await expect(desk.getByRole('heading', { name: 'Gamma Keys', level: 2 })).toBeVisible();
	await desk.keyboard.press('u');
	await expect(desk.getByRole('button', { name: 'Undo' })).toBeHidden();
	await desk.reload();
	expect(await statesOf(summit.ids)).toEqual(['submitted', 'submitted', 'submitted']);
	// Keys typed into a field are text.
	await desk.getByLabel('Reason, sent to the person').fill('');
	await desk.getByLabel('Reason, sent to the person').press('a');
	await expect(desk.getByLabel('Reason, sent to the person')).toHaveValue('a');
	await noFaults(desk);
	await desk.getByRole('link', { name: 'Gamma Keys' }).focus();
	await pressUntil(desk, '/', () => expect(desk.getByLabel('Name, member or number')).toBeFocused({ timeout: 2000 }));
	await desk.keyboard.type('beta j');
	await desk.keyboard.press('Enter');
	await expect(desk.getByRole('link', { name: 'Alpha Keys' })).toHaveCount(0);
	await expect(desk).toHaveURL(/q=beta\+j/);
	// Turned off, the keys do nothing.
	await desk.goto(`/${summit.slug}/organise/registrations`);
	await desk.getByRole('button', { name: 'Keys' }).click();
	await desk.getByLabel('Use single keys on this device').uncheck();
	await desk.keyboard.press('Escape');
	await desk.getByRole('link', { name: 'Alpha Keys' }).focus();
	await desk.keyboard.press('j');
	await expect(desk.getByRole('link', { name: 'Alpha Keys' })).toBeFocused();
});

test('decides many at once by keyboard with one reason, and shows each result', async ({ browser }) => {
	const summit = await deskOf(['Delta Bulk', 'Epsilon Bulk', 'Zeta Bulk', 'Eta Bulk']);
	const desk = await openPage(browser, summit.organiser);
	await desk.goto(`/${summit.slug}/organise/registrations`);
	const box = (name: string) => desk.getByRole('checkbox', { name: `Choose ${name}` });
	await desk.getByRole('link', { name: 'Delta Bulk' }).focus();
	// A toggling key is pressed once, when the script handles it.
	await pressUntil(desk, '?', () => expect(desk.getByRole('dialog')).toBeVisible({ timeout: 2000 }));
	await desk.keyboard.press('Escape');
	await expect(desk.getByRole('dialog')).toHaveCount(0);
	await desk.getByRole('link', { name: 'Delta Bulk' }).focus();
	await desk.keyboard.press('x');
	await expect(box('Delta Bulk')).toBeChecked();
	await desk.getByRole('link', { name: 'Zeta Bulk' }).focus();
	await desk.keyboard.press('X');
	await expect(box('Epsilon Bulk')).toBeChecked();
	await expect(desk.getByRole('status').filter({ hasText: '3 chosen' })).toBeVisible();
	await desk.keyboard.press('d');
	await expect(desk.getByRole('heading', { name: 'Decline 3 people?' })).toBeVisible();
	await expect(desk.getByRole('region', { name: 'Decision' }).getByText('Zeta Bulk')).toBeVisible();
	await noFaults(desk);
	await desk.getByRole('button', { name: 'Decline 3' }).click();
	await expect(desk.getByRole('link', { name: 'Write the reason: it is sent with each mail.' })).toBeVisible();
	// Meanwhile another organiser decides on one of them.
	const other = await openPage(browser, summit.second);
	await other.goto(`/${summit.slug}/organise/registrations/${summit.ids[1]}`);
	await other.getByLabel('Reason, sent to the person').fill('Registered twice.');
	await personOf(other).getByRole('button', { name: 'Decline' }).click();
	await expect(other.getByText(/(^1|before: 1|Epsilon Bulk:) declined\.$/)).toBeVisible({ timeout: 20_000 });
	await desk.getByLabel('Reason, sent to each').fill('Registration was opened by mistake.');
	await desk.getByRole('button', { name: 'Decline 3' }).click();
	await expect(desk.getByText('2 declined, 1 already decided.')).toBeVisible();
	await expect(desk.getByRole('checkbox', { name: /Epsilon Bulk.*decided by Second Organiser/ })).toBeChecked();
	await noFaults(desk);
	expect(await statesOf(summit.ids)).toEqual(['declined', 'declined', 'declined', 'submitted']);
	// Sent again, it has no second effect.
	await desk.goBack();
	await desk.reload();
	expect(
		await readValue(
			client,
			`select count(*)::int from private.outbox where template = 'registration_declined' and summit_id = $1`,
			[summit.summit]
		)
	).toBe(3);
});

test('decides on all matches without JavaScript: sends the filter and shows the count before anything happens', async ({
	browser
}) => {
	const names = Array.from({ length: 53 }, (_, n) => `Person Number ${String(n + 1).padStart(2, '0')}`);
	const summit = await deskOf(names.slice(0, 3));
	// Insert many more rows directly.
	const people: TestPerson[] = [];
	for (const name of names.slice(3)) people.push(await makePerson(client, name));
	for (const who of people) await register(client, who, summit.summit, summit.members[1] ?? '', 'virtual');
	const desk = await openPage(browser, summit.organiser, { javaScriptEnabled: false });
	await desk.goto(`/${summit.slug}/organise/registrations?tab=decide&mode=virtual`);
	await expect(desk.getByRole('checkbox', { name: 'All on this page' })).toBeVisible();
	await expect(desk.getByRole('link', { name: 'Person Number 04' })).toBeVisible();
	await desk.goto(`/${summit.slug}/organise/registrations`);
	await expect(desk.getByText('1 to 50 of 53 people')).toBeVisible();
	await desk.getByRole('link', { name: 'Next', exact: true }).click();
	await expect(desk.getByText('51 to 53 of 53 people')).toBeVisible();
	await desk.getByRole('checkbox', { name: 'All 53 that match' }).check();
	await desk.getByRole('button', { name: 'Accredit', exact: true }).click();
	await expect(desk.getByRole('heading', { name: 'Accredit 53 people?' })).toBeVisible();
	await expect(desk.getByText('53 Confirmed at once, and notified by mail')).toBeVisible();
	await desk.getByRole('button', { name: 'Accredit 53' }).click();
	await expect(desk.getByText('53 confirmed.')).toBeVisible();
	expect(
		await readValue(
			client,
			`select count(*)::int from public.registrations where summit_id = $1 and state = 'confirmed'`,
			[summit.summit]
		)
	).toBe(53);
});

// Before the script has loaded a decision is sent at once; with it, after the ten seconds in which it can be undone.
test('lets a second person confirm a proposed decision', async ({ browser }) => {
	const summit = await deskOf(['Theta Press'], `second_person_for = '{delegate}'`);
	const [id = ''] = summit.ids;
	const first = await openPage(browser, summit.organiser);
	await first.goto(`/${summit.slug}/organise/registrations/${id}`);
	await first.getByLabel('Reason, sent to the person').fill('Papers are in order.');
	await first.getByRole('button', { name: 'Propose to accredit' }).click();
	await expect(first.getByText(/(^1|before: 1|Theta Press:) proposed to a second person\.$/)).toBeVisible({
		timeout: 20_000
	});
	expect(await stateOf(client, id)).toBe('submitted');
	await first.goto(`/${summit.slug}/organise/registrations/${id}?tab=second`);
	await expect(first.getByText(/Proposed to accredit by you/)).toBeVisible();
	await expect(personOf(first).getByRole('button', { name: 'Confirm' })).toHaveCount(0);
	const second = await openPage(browser, summit.second);
	await second.goto(`/${summit.slug}/organise/registrations`);
	await second.getByRole('link', { name: /Second person/ }).click();
	await second.getByRole('link', { name: 'Theta Press' }).click();
	await expect(second.getByText(/Proposed to accredit by Staff registration/)).toBeVisible();
	await noFaults(second);
	await personOf(second).getByRole('button', { name: 'Reject' }).click();
	await expect(second.getByRole('link', { name: 'Write the reason.' })).toBeVisible();
	await personOf(second).getByRole('button', { name: 'Confirm', exact: true }).click();
	await expect(second.getByText('1 confirmed.')).toBeVisible();
	expect(await stateOf(client, id)).toBe('confirmed');
});

test('sends a question, takes its answer on the person’s page, and keeps notes with the organisers', async ({
	browser
}) => {
	const summit = await deskOf(['Iota Asked']);
	const [id = ''] = summit.ids;
	const desk = await openPage(browser, summit.organiser);
	await desk.goto(`/${summit.slug}/organise/registrations/${id}`);
	await personOf(desk).getByText('Notes').click();
	await desk.getByLabel('Add a note').fill('Canary: called the ministry.');
	await desk.getByRole('button', { name: 'Add the note' }).click();
	await expect(desk.getByText('Canary: called the ministry.').first()).toBeVisible();
	await personOf(desk).getByText('Questions to the person').click();
	await desk.getByLabel('Ask for more').fill('Which delegation are you with?');
	await desk.getByRole('button', { name: 'Ask', exact: true }).click();
	await expect(desk.getByText(/To be answered by/)).toBeVisible();
	const person = await openPage(browser, summit.people[0] as TestPerson, { javaScriptEnabled: false });
	await person.goto(`/ar/${summit.slug}/me`);
	await expect(person.getByRole('heading', { name: 'يسأل المنظمون' })).toBeVisible();
	await person.goto(`/${summit.slug}/me`);
	await expect(person.getByText('Which delegation are you with?')).toBeVisible();
	expect(await person.content()).not.toContain('Canary');
	const scripted = await openPage(browser, summit.people[0] as TestPerson);
	await scripted.goto(`/${summit.slug}/me`);
	await noFaults(scripted);
	await scripted.goto(`/${summit.slug}/me/name`);
	await noFaults(scripted);
	await person.getByRole('button', { name: 'Send the answer' }).click();
	await expect(person.getByRole('link', { name: 'Fill this in.' })).toBeVisible();
	await person.getByLabel('Your answer').fill('The one of Example Harbour.');
	await person.getByRole('button', { name: 'Send the answer' }).click();
	await expect(person.getByText('Your answer was sent.')).toBeVisible();
	await desk.goto(`/${summit.slug}/organise/registrations?tab=decide&flag=answered`);
	await desk.getByRole('link', { name: 'Iota Asked' }).click();
	await expect(desk.getByText('The one of Example Harbour.')).toBeVisible();
	await noFaults(desk);
});

test('shows a name changed after accreditation for review, before and after side by side', async ({ browser }) => {
	const summit = await deskOf(['Kappa Before'], 'pauses_rights = true');
	const [id = ''] = summit.ids;
	const desk = await openPage(browser, summit.organiser);
	await desk.goto(`/${summit.slug}/organise/registrations/${id}`);
	await personOf(desk).getByRole('button', { name: 'Accredit', exact: true }).click();
	await expect(desk.getByText(/(^1|before: 1|Kappa Before:) confirmed\.$/)).toBeVisible({ timeout: 20_000 });
	const person = await openPage(browser, summit.people[0] as TestPerson, { javaScriptEnabled: false });
	await person.goto(`/${summit.slug}/me`);
	await person.getByRole('link', { name: 'Change name or office' }).click();
	await person.getByLabel('Name', { exact: false }).first().fill('Kappa After');
	await person.getByRole('button', { name: 'Save the change' }).click();
	await expect(person.getByText('Saved. The organisers look at the change.')).toBeVisible();
	await expect(person.getByText(/go to registration before the door/)).toBeVisible();
	await desk.goto(`/${summit.slug}/organise/registrations?tab=revet`);
	await desk.getByRole('link', { name: 'Kappa After' }).click();
	await expect(desk.getByText('Kappa Before')).toBeVisible();
	await expect(desk.getByText('Door and stage wait until it is accepted.', { exact: false })).toBeVisible();
	await noFaults(desk);
	await personOf(desk).getByRole('button', { name: 'Accept the change' }).click();
	await expect(desk.getByText('1 accepted as changed.')).toBeVisible();
	await person.reload();
	await expect(person.getByText('Your details have changed')).toHaveCount(0);
});

test('lets an owner set which decisions need two people, and saves the list as a file', async ({ browser }) => {
	const summit = await deskOf(['=Lambda Formula']);
	const owner = await makePerson(client, 'Owner Here');
	await client.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'owner', $2)`, [
		owner.person,
		summit.summit
	]);
	const page = await openPage(browser, owner);
	await page.goto(`/${summit.slug}/organise/settings/accreditation`);
	await page.getByRole('checkbox', { name: 'Press' }).check();
	await page.getByLabel('Days to decide').fill('200');
	await page.getByRole('button', { name: 'Save' }).click();
	await expect(page.getByRole('link', { name: /1.*90/ })).toBeVisible();
	await page.getByLabel('Days to decide').fill('3');
	await page.getByRole('button', { name: 'Save' }).click();
	await expect(page).toHaveURL(/done=saved/);
	await noFaults(page);
	const { rows } = await client.query(
		`select second_person_for::text as two, aim_days from public.accreditation_settings where summit_id = $1`,
		[summit.summit]
	);
	expect(rows).toEqual([{ two: '{press}', aim_days: 3 }]);
	const file = await page.request.get(`/${summit.slug}/organise/registrations/export?tab=decide`);
	expect(file.headers()['content-type']).toContain('text/csv');
	const lines = (await file.text()).trim().split('\r\n');
	expect([lines.length, lines[1]?.includes(`,'=Lambda Formula,`)]).toEqual([2, true]);
	const desk = await openPage(browser, summit.people[0] as TestPerson);
	expect((await desk.request.get(`/${summit.slug}/organise/registrations/export`)).status()).toBe(403);
});

for (const width of [390, 1440]) {
	test(`@phone passes axe at the accreditation desk at ${width}`, async ({ browser }) => {
		const summit = await deskOf(['Mu Narrow', 'Nu Narrow']);
		const page = await openPage(browser, summit.organiser, { viewport: { width, height: 900 } });
		for (const path of ['registrations', `registrations/${summit.ids[0]}`, 'registrations?tab=all&mode=in_person']) {
			await page.goto(`/${summit.slug}/organise/${path}`);
			await expect(page.getByRole('heading').first()).toBeVisible();
			await noFaults(page);
		}
	});
}
