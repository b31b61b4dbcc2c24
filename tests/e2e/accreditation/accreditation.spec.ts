/* Accreditation by two organisers: a second decision, a question and its answer, a change after accreditation, and settings. */
import { openPage } from '../../fixtures/open-page.ts';
import { stateOf } from '../../fixtures/registering.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';
import { makeDesk, personPanel } from '../../fixtures/accreditation-desk.ts';
import { faultsOfPage } from '../../fixtures/axe.ts';

const db = useClient();

test.describe.configure({ timeout: 120_000 });

// Before the script has loaded a decision is sent at once; with it, after the ten seconds in which it can be undone.
test('lets a second person confirm a proposed decision', async ({ browser }) => {
	const summit = await makeDesk(db.client, ['Theta Press'], `second_person_for = '{delegate}'`);
	const [id = ''] = summit.ids;
	const first = await openPage(browser, summit.organiser);
	await first.goto(`/${summit.slug}/organise/registrations/${id}`);
	await first.getByLabel('Reason, sent to the person').fill('Papers are in order.');
	await first.getByRole('button', { name: 'Propose to accredit' }).click();
	await expect(first.getByText(/(^1|before: 1|Theta Press:) proposed to a second person\.$/)).toBeVisible({
		timeout: 20_000
	});
	expect(await stateOf(db.client, id)).toBe('submitted');
	await first.goto(`/${summit.slug}/organise/registrations/${id}?tab=second`);
	await expect(first.getByText(/Proposed to accredit by you/)).toBeVisible();
	await expect(personPanel(first).getByRole('button', { name: 'Confirm' })).toHaveCount(0);
	const second = await openPage(browser, summit.second);
	await second.goto(`/${summit.slug}/organise/registrations`);
	await second.getByRole('link', { name: /Second person/ }).click();
	await second.getByRole('link', { name: 'Theta Press' }).click();
	await expect(second.getByText(/Proposed to accredit by Staff registration/)).toBeVisible();
	expect(await faultsOfPage(second)).toEqual([]);
	await personPanel(second).getByRole('button', { name: 'Reject' }).click();
	await expect(second.getByRole('link', { name: 'Write the reason.' })).toBeVisible();
	await personPanel(second).getByRole('button', { name: 'Confirm', exact: true }).click();
	await expect(second.getByText('1 confirmed.')).toBeVisible();
	expect(await stateOf(db.client, id)).toBe('confirmed');
});

test('sends a question, takes its answer on the person’s page, and keeps notes with the organisers', async ({
	browser
}) => {
	const summit = await makeDesk(db.client, ['Iota Asked']);
	const [id = ''] = summit.ids;
	const desk = await openPage(browser, summit.organiser);
	await desk.goto(`/${summit.slug}/organise/registrations/${id}`);
	await personPanel(desk).getByText('Notes').click();
	await desk.getByLabel('Add a note').fill('Canary: called the ministry.');
	await desk.getByRole('button', { name: 'Add the note' }).click();
	await expect(desk.getByText('Canary: called the ministry.').first()).toBeVisible();
	await personPanel(desk).getByText('Questions to the person').click();
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
	expect(await faultsOfPage(scripted)).toEqual([]);
	await scripted.goto(`/${summit.slug}/me/name`);
	expect(await faultsOfPage(scripted)).toEqual([]);
	await person.getByRole('button', { name: 'Send the answer' }).click();
	await expect(person.getByRole('link', { name: 'Fill this in.' })).toBeVisible();
	await person.getByLabel('Your answer').fill('The one of Example Harbour.');
	await person.getByRole('button', { name: 'Send the answer' }).click();
	await expect(person.getByText('Your answer was sent.')).toBeVisible();
	await desk.goto(`/${summit.slug}/organise/registrations?tab=decide&flag=answered`);
	await desk.getByRole('link', { name: 'Iota Asked' }).click();
	await expect(desk.getByText('The one of Example Harbour.')).toBeVisible();
	expect(await faultsOfPage(desk)).toEqual([]);
});

test('shows a name changed after accreditation for review, before and after side by side', async ({ browser }) => {
	const summit = await makeDesk(db.client, ['Kappa Before'], 'pauses_rights = true');
	const [id = ''] = summit.ids;
	const desk = await openPage(browser, summit.organiser);
	await desk.goto(`/${summit.slug}/organise/registrations/${id}`);
	await personPanel(desk).getByRole('button', { name: 'Accredit', exact: true }).click();
	await expect(desk.getByText(/(^1|before: 1|Kappa Before:) confirmed\.$/)).toBeVisible({ timeout: 20_000 });
	const person = await openPage(browser, summit.people[0] as TestPerson, { javaScriptEnabled: false });
	await person.goto(`/${summit.slug}/me`);
	await person.getByRole('link', { name: 'Change name or office' }).click();
	await person.getByLabel('Name', { exact: false }).first().fill('Kappa After');
	await person.getByRole('button', { name: 'Save the change' }).click();
	await expect(person.getByText('Saved. The organisers look at the change.')).toBeVisible();
	await expect(person.getByText(/go to registration before the door/)).toBeVisible();
	await desk.goto(`/${summit.slug}/organise/registrations?tab=re_review`);
	await desk.getByRole('link', { name: 'Kappa After' }).click();
	await expect(desk.getByText('Kappa Before')).toBeVisible();
	await expect(desk.getByText('Door and stage wait until it is accepted.', { exact: false })).toBeVisible();
	expect(await faultsOfPage(desk)).toEqual([]);
	await personPanel(desk).getByRole('button', { name: 'Accept the change' }).click();
	await expect(desk.getByText('1 accepted as changed.')).toBeVisible();
	await person.reload();
	await expect(person.getByText('Your details have changed')).toHaveCount(0);
});

test('lets an owner set which decisions need two people, and saves the list as a file', async ({ browser }) => {
	const summit = await makeDesk(db.client, ['=Lambda Formula']);
	const owner = await makePerson(db.client, 'Owner Here');
	await db.client.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'owner', $2)`, [
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
	expect(await faultsOfPage(page)).toEqual([]);
	const { rows } = await db.client.query(
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
