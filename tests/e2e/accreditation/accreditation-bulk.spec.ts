/* The accreditation desk by keyboard and in bulk, with and without JavaScript. */
import { openPage } from '../../fixtures/open-page.ts';
import { inTurn, register, stateOf, readValue } from '../../fixtures/registering.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';
import { makeDesk, personPanel, pressUntil } from '../../fixtures/accreditation-desk.ts';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';

const db = useClient();

test.describe.configure({ timeout: 120_000 });

const statesOf = (ids: string[]) => inTurn(ids, (id) => stateOf(db.client, id));

test('moves, searches, accredits, undoes and lists its keys by keyboard', async ({ browser }) => {
	const summit = await makeDesk(db.client, ['Alpha Keys', 'Beta Keys', 'Gamma Keys']);
	const desk = await openPage(browser, summit.organiser);
	await desk.goto(`/${summit.slug}/organise/registrations`);
	await pressUntil(desk, '?', () => expect(desk.getByRole('dialog', { name: 'Keys' })).toBeVisible({ timeout: 2000 }));
	expect(await faultsOfPage(desk)).toEqual([]);
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
	expect(await faultsOfPage(desk)).toEqual([]);
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
	const summit = await makeDesk(db.client, ['Delta Bulk', 'Epsilon Bulk', 'Zeta Bulk', 'Eta Bulk']);
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
	expect(await faultsOfPage(desk)).toEqual([]);
	await desk.getByRole('button', { name: 'Decline 3' }).click();
	await expect(desk.getByRole('link', { name: 'Write the reason: it is sent with each mail.' })).toBeVisible();
	// Meanwhile another organiser decides on one of them.
	const other = await openPage(browser, summit.second);
	await other.goto(`/${summit.slug}/organise/registrations/${summit.ids[1]}`);
	await other.getByLabel('Reason, sent to the person').fill('Registered twice.');
	await personPanel(other).getByRole('button', { name: 'Decline' }).click();
	await expect(other.getByText(/(^1|before: 1|Epsilon Bulk:) declined\.$/)).toBeVisible({ timeout: 20_000 });
	await desk.getByLabel('Reason, sent to each').fill('Registration was opened by mistake.');
	await desk.getByRole('button', { name: 'Decline 3' }).click();
	await expect(desk.getByText('2 declined, 1 already decided.')).toBeVisible();
	await expect(desk.getByRole('checkbox', { name: /Epsilon Bulk.*decided by Second Organiser/ })).toBeChecked();
	await expectWholePage(desk);
	expect(await statesOf(summit.ids)).toEqual(['declined', 'declined', 'declined', 'submitted']);
	// Sent again, it has no second effect.
	await desk.goBack();
	await desk.reload();
	expect(
		await readValue(
			db.client,
			`select count(*)::int from private.outbox where template = 'registration_declined' and summit_id = $1`,
			[summit.summit]
		)
	).toBe(3);
});

test('decides on all matches without JavaScript: sends the filter and shows the count before anything happens', async ({
	browser
}) => {
	const names = Array.from({ length: 53 }, (_, n) => `Person Number ${String(n + 1).padStart(2, '0')}`);
	const summit = await makeDesk(db.client, names.slice(0, 3));
	// Insert many more rows directly.
	const people: TestPerson[] = [];
	for (const name of names.slice(3)) people.push(await makePerson(db.client, name));
	for (const who of people) await register(db.client, who, summit.summit, summit.members[1] ?? '', 'virtual');
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
			db.client,
			`select count(*)::int from public.registrations where summit_id = $1 and state = 'confirmed'`,
			[summit.summit]
		)
	).toBe(53);
});
