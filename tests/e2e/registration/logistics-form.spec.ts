/*
 * After the place is confirmed: the logistics form with and without JavaScript, the visa letter and its verification by a visitor; and a
 * person on the watch list, at the desk, who is shown no reason.
 */
import { faultsOfPage } from '../../fixtures/axe.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { readPdf } from '../../fixtures/pdf.ts';
import {
	callAs,
	makeSummit,
	register,
	stateOf,
	readValue,
	type RegisteringSummit
} from '../../fixtures/registering.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

const db = useClient();

test.describe.configure({ timeout: 120_000 });

let summit: RegisteringSummit & { slug: string };
let delegate: TestPerson;
let registration: string;
let reference: string;

test.beforeEach(async () => {
	const made = await makeSummit(db.client);
	summit = {
		...made,
		slug: await readValue(db.client, 'select slug from public.summits where id = $1', [made.summit])
	};
	delegate = await makePerson(db.client, 'Ana Lima');
	({ id: registration } = await register(db.client, delegate, summit.summit, summit.members[0] ?? ''));
	reference = await readValue(db.client, 'select reference from public.registrations where id = $1', [registration]);
});

const staff = async (role: string) => {
	const somebody = await makePerson(db.client, `Organiser ${role}`);
	await db.client.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, $2, $3)`, [
		somebody.person,
		role,
		summit.summit
	]);
	return somebody;
};
const accredit = () =>
	callAs(db.client, summit.organiser, `public.decide_registrations($1, 'accredit')`, [[registration]]);

for (const script of [true, false]) {
	test(`takes the form in parts, makes and verifies a letter; ${script ? 'with JavaScript' : 'without JavaScript'}`, async ({
		browser
	}) => {
		const options = { javaScriptEnabled: script };
		const desk = await openPage(browser, summit.organiser, options);
		await desk.goto(`/${summit.slug}/organise/logistics/fields`);
		await desk.getByRole('button', { name: 'Take over the usual ones' }).click();
		await expect(desk.getByText('10 questions are added.')).toBeVisible();
		if (script) expect(await faultsOfPage(desk)).toEqual([]);
		await desk.goto(`/${summit.slug}/organise/logistics/letter`);
		await desk.getByLabel('Who invites').fill('Summit Secretariat');
		await desk.getByLabel('Address').fill('1 Quay Street');
		await desk.getByLabel('Signed by').fill('Inés Ferreira');
		await desk.getByLabel('Office of who signs').fill('Head of Secretariat');
		await desk.getByRole('button', { name: 'Save the letterhead' }).click();
		await expect(desk.getByText('The letterhead is saved.')).toBeVisible();

		const page = await openPage(browser, delegate, options);
		await page.goto(`/${summit.slug}/me/logistics`);
		await expect(page.getByText('Nothing to answer')).toBeVisible();
		await accredit();
		await page.goto(`/${summit.slug}/me`);
		await page.getByRole('link', { name: 'Open the questions' }).click();
		await expect(page.getByRole('heading', { level: 1, name: 'What we still need to know' })).toBeVisible();
		await expect(page.getByText('Still missing: What you eat.')).toBeVisible();
		if (script) expect(await faultsOfPage(page)).toEqual([]);
		// A part is saved, and errors appear beside their fields.
		await page.getByLabel('Name as in your passport').fill('LIMA, Ana');
		await page.getByLabel('Nationality').selectOption('PT');
		await page.getByRole('button', { name: 'Save', exact: true }).click();
		await expect(page.getByText('Your answers are saved.')).toBeVisible();
		await expect(page.getByText(/^For the letter these are still missing: /)).toHaveText(
			'For the letter these are still missing: Passport number, Date of birth.'
		);
		await page.getByLabel('Passport number').fill('X1234567');
		await page.getByLabel('Date of birth').fill('1984-05-31');
		await page.getByLabel('What you eat').selectOption('Halal');
		await page.getByRole('button', { name: 'Save', exact: true }).click();
		await expect(page.getByText('You have answered all that we need.')).toBeVisible();
		await expect(page.getByLabel('Passport number')).toHaveValue('X1234567');
		await page.getByRole('button', { name: 'Make the letter' }).click();
		await expect(page.getByText(/^Letter VL-0001, of /)).toBeVisible();
		const paper = await page.request.get(`/${summit.slug}/me/letter`);
		expect(paper.headers()['content-type']).toBe('application/pdf');
		const { text } = readPdf(await paper.body());
		for (const words of ['LIMA, Ana', 'X1234567', 'Portugal', 'VL-0001', 'Inés Ferreira'])
			expect(text).toContain(words);

		// Nobody else can open it.
		expect((await desk.request.get(`/${summit.slug}/me/letter`)).status()).toBe(404);
		const visitor = await openPage(browser, null, options);
		const code = await readValue<string>(
			db.client,
			`select code from private.visa_letters where registration_id = $1`,
			[registration]
		);
		await visitor.goto(`/${summit.slug}/letter`);
		await visitor.getByLabel('Code').fill(code);
		await visitor.getByRole('button', { name: 'Check' }).click();
		await expect(visitor.getByText('This letter was issued for Summit, and it is valid.')).toBeVisible();
		expect(await visitor.content()).not.toContain('LIMA');
		if (script) expect(await faultsOfPage(visitor)).toEqual([]);
		await page.getByLabel('Passport number').fill('X7654321');
		await page.getByRole('button', { name: 'Save', exact: true }).click();
		await expect(page.getByRole('button', { name: 'Make the letter' })).toBeVisible();
		await visitor.reload();
		await expect(visitor.getByText(/A later one has replaced it/)).toBeVisible();

		// The roles that a question names read its answer, and none of them the passport.
		await desk.goto(`/${summit.slug}/organise/logistics/fields`);
		await desk
			.getByRole('listitem')
			.filter({ hasText: 'What you eat' })
			.getByRole('link', { name: 'Read them' })
			.click();
		await expect(desk.getByRole('row', { name: /Ana Lima Halal/ })).toBeVisible();
		await desk.goto(`/${summit.slug}/organise/logistics/fields`);
		await expect(
			desk.getByRole('listitem').filter({ hasText: 'Passport number' }).getByRole('link', { name: 'Read them' })
		).toHaveCount(0);
	});
}

test('requests the host state’s list, confirms it by another person, and downloads it once', async ({ browser }) => {
	await accredit();
	const other = await staff('registration');
	const first = await openPage(browser, summit.organiser);
	await first.goto(`/${summit.slug}/organise/logistics/host`);
	await first.getByLabel('For whom').fill('Ministry of the Interior');
	await first.getByLabel('What for').fill('Entry to the venue');
	await first.getByRole('button', { name: 'Ask' }).click();
	await expect(first.getByText('Waits for somebody else to confirm it.')).toBeVisible();
	expect(await faultsOfPage(first)).toEqual([]);
	const second = await openPage(browser, other);
	await second.goto(`/${summit.slug}/organise/logistics/host`);
	await second.getByRole('button', { name: 'Confirm' }).click();
	await expect(second.getByText(/^Confirmed. Who asked can take it once/)).toBeVisible();
	await first.reload();
	const [download] = await Promise.all([
		first.waitForEvent('download'),
		first.getByRole('button', { name: 'Take it, once' }).click()
	]);
	const stream = await download.createReadStream();
	const chunks: Buffer[] = [];
	for await (const chunk of stream) chunks.push(chunk as Buffer);
	expect(Buffer.concat(chunks).toString('utf8')).toContain(`${reference},Ana Lima`);
	await first.reload();
	await expect(first.getByText(/^Taken .*: 1 people, withheld: 0\.$/)).toBeVisible();
	await expect(first.getByRole('button', { name: 'Take it, once' })).toHaveCount(0);
});

test('holds a person of the watch list at the desk, declines without a reason, and tells nobody', async ({
	browser
}) => {
	const [lead, owner] = [await staff('safeguarding'), await staff('owner')];
	const safeguarding = await openPage(browser, lead);
	await safeguarding.goto(`/${summit.slug}/organise/safeguarding`);
	await safeguarding.getByLabel('Name').fill('LIMA Ana');
	await safeguarding.getByLabel('Why').fill('A grave reason, known to the police.');
	await safeguarding.getByLabel('Known from').fill('Police liaison');
	await safeguarding.getByRole('button', { name: 'Propose' }).click();
	await expect(safeguarding.getByText('Waits for somebody else to confirm it.')).toBeVisible();
	expect(await faultsOfPage(safeguarding)).toEqual([]);
	const second = await openPage(browser, owner);
	await second.goto(`/${summit.slug}/organise/safeguarding`);
	await expect(second.getByText('A grave reason, known to the police.')).toBeVisible();
	await second.getByRole('button', { name: 'Confirm' }).click();
	await expect(second.getByText(/^Confirmed\. It is in force now/)).toBeVisible();

	const desk = await openPage(browser, summit.organiser);
	expect((await desk.goto(`/${summit.slug}/organise/safeguarding`))?.status()).toBe(403);
	expect(
		await callAs<{ status: string }[]>(db.client, summit.organiser, `public.decide_registrations($1, 'accredit')`, [
			[registration]
		])
	).toMatchObject([{ status: 'needs_safeguarding' }]);
	expect(await stateOf(db.client, registration)).toBe('submitted');

	await safeguarding.reload();
	await expect(safeguarding.getByText(/^Their accreditation waits for you since /)).toBeVisible();
	await safeguarding.getByRole('button', { name: 'The same person' }).click();
	await expect(safeguarding.getByText(/^Noted: the same person/)).toBeVisible();
	await safeguarding.getByRole('button', { name: 'Decline, without a reason' }).click();
	await expect(safeguarding.getByText(/^Declined\. They are told that there is no place/)).toBeVisible();
	expect(await stateOf(db.client, registration)).toBe('declined');
	const page = await openPage(browser, delegate);
	await page.goto(`/${summit.slug}/me`);
	await expect(page.getByText('Declined').first()).toBeVisible();
	for (const one of [page, desk]) {
		if (one === desk) await desk.goto(`/${summit.slug}/organise/registrations/${registration}`);
		const words = (await one.locator('main').innerText()).toLowerCase();
		// Organisers may write a note for safeguarding about any person.
		const secrets = one === page ? ['safeguarding'] : [];
		for (const secret of [...secrets, 'grave', 'police', 'barred', 'organiser safeguarding'])
			expect(words).not.toContain(secret);
	}
});

test('adds a seat pool, moves a person, and refuses a full one', async ({ browser }) => {
	await db.client.query(
		`insert into public.pools (summit_id, category, name, in_person_ceiling) values ($1, 'press', 'News agencies', 3), ($1, 'press', 'Local press', 1)`,
		[summit.summit]
	);
	for (const name of ['Bo Reporter', 'Cy Reporter']) {
		const person = await makePerson(db.client, name);
		const id = await readValue<string>(
			db.client,
			`insert into public.registrations (summit_id, person_id, category, pool_id, mode, code_of_conduct_at)
			select $1, $2, 'press', id, 'in_person', now() from public.pools where summit_id = $1 and name = 'News agencies' returning id`,
			[summit.summit, person.person]
		);
		await callAs(db.client, person, `private.submit_registration($1)`, [id]);
	}
	const page = await openPage(browser, summit.organiser);
	await page.goto(`/${summit.slug}/organise/seats/pools`);
	await page.getByRole('link', { name: 'News agencies' }).click();
	await expect(page.getByRole('row', { name: /News agencies Press 3: 0 taken, 2 held, 1 free/ })).toBeVisible();
	expect(await faultsOfPage(page)).toEqual([]);
	await page.getByRole('checkbox', { name: 'Choose Bo Reporter' }).check();
	await page.getByRole('checkbox', { name: 'Choose Cy Reporter' }).check();
	await page.getByLabel('Move the chosen to').selectOption({ label: 'Press: Local press' });
	await page.getByRole('button', { name: 'Move', exact: true }).click();
	await expect(page.getByText('1 moved, 1 not moved: no seat is free there.')).toBeVisible();
	await expect(page.getByRole('row', { name: /Local press Press 1: 0 taken, 1 held, 0 free/ })).toBeVisible();
});
