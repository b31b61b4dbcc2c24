/* Registrations in relation to others: their ids, an organisation that is not listed, a focal point, and a speaker. */
import { openPage, variables } from '../../fixtures/open-page.ts';
import { callAs, makeDrafts, register, stateOf, readValue } from '../../fixtures/registering.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson } from '../../fixtures/world.ts';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { makeOpenSummit } from '../../fixtures/registration-pages.ts';

const db = useClient();

test.describe.configure({ timeout: 120_000 });

test('hides what belongs to others', async ({ browser }) => {
	const [summit, other] = [await makeOpenSummit(db.client), await makeOpenSummit(db.client)];
	const [mine, theirs] = [await makePerson(db.client, 'Nosy Neighbour'), await makePerson(db.client, 'Private Person')];
	const { id } = await register(db.client, theirs, summit.summit, summit.members[0] ?? '');
	const page = await openPage(browser, mine);
	for (const path of [
		`/${summit.slug}/delegation/${id}`,
		`/${summit.slug}/speak/${id}`,
		`/${summit.slug}/register/9`,
		'/no-such-summit/me'
	]) {
		const answer = await page.goto(path);
		expect({ path, status: answer?.status() }).toEqual({ path, status: 404 });
		expect(await page.content()).not.toContain('Private Person');
	}
	expect((await page.goto(`/${summit.slug}/organise/registrations/${id}`))?.status()).toBe(403);
	// An organiser of another Summit sees neither the person nor this Summit's list, and cannot decide through their own Summit.
	const desk = await openPage(browser, other.organiser);
	expect((await desk.goto(`/${summit.slug}/organise/registrations/${id}`))?.status()).toBe(403);
	expect((await desk.goto(`/${other.slug}/organise/registrations/${id}`))?.status()).toBe(404);
	const decided = await desk.request.post(`/${other.slug}/organise/registrations/${id}?/decide`, {
		form: { decision: 'decline', reason: 'Not yours to decide' },
		headers: { origin: variables.ORIGIN ?? '' }
	});
	expect(decided.status()).toBe(404);
	expect(await stateOf(db.client, id)).toBe('submitted');
	expect(
		(await desk.goto(`/${other.slug}/organise/registrations/00000000-0000-4000-8000-000000000000`))?.status()
	).toBe(404);
});

test('links an organisation that was not in the list, and holds a seat', async ({ browser }) => {
	const summit = await makeOpenSummit(db.client, 5, true);
	const who = await makePerson(db.client, 'Unlisted Person');
	const page = await openPage(browser, who);
	const [id = ''] = await makeDrafts(db.client, summit.summit, [who], () => summit.members[0] ?? '');
	await page.goto(`/${summit.slug}/register/2`);
	await page.getByRole('radio', { name: /Mine is not in the list/ }).check();
	await page.getByLabel('Name of your organisation').fill('Lumen Hotline Network');
	await page.getByLabel('Sector').selectOption('civil_society');
	await page.getByLabel('Country of its seat').selectOption('QA');
	await page.getByRole('button', { name: 'Save and finish later' }).click();
	await expect(page.getByText('Saved. Nothing is sent until you finish.')).toBeVisible();
	await db.client.query(
		`insert into public.consents (registration_id, person_id, item_id, given_at) select $1, $2, id, now() from public.consent_items where summit_id = $3 and is_required`,
		[id, who.person, summit.summit]
	);
	expect((await callAs<{ status: string }>(db.client, who, 'private.submit_registration($1)', [id])).status).toBe(
		'queued'
	);
	const desk = await openPage(browser, summit.organiser);
	await desk.goto(`/${summit.slug}/organise/members`);
	await desk.getByRole('link', { name: 'Link or add' }).click();
	await desk.getByRole('button', { name: 'Add and link' }).click();
	await expect(desk.getByText('The registration is linked to its organisation.')).toBeVisible();
	await expect(desk.getByRole('link', { name: 'Lumen Hotline Network' })).toBeVisible();
	await page.goto(`/${summit.slug}/me`);
	await expect(page.getByText(/We hold a seat for you until/)).toBeVisible();
});

test('shows a focal point their own people, and lets them withdraw one', async ({ browser }) => {
	const summit = await makeOpenSummit(db.client);
	const [focal, colleague] = [await makePerson(db.client, 'Focal Point'), await makePerson(db.client, 'Colleague One')];
	const outsider = await makePerson(db.client, 'Of Another Member');
	await db.client.query(`insert into public.focal_points (summit_id, member_id, person_id) values ($1, $2, $3)`, [
		summit.summit,
		summit.members[0],
		focal.person
	]);
	const { id } = await register(db.client, colleague, summit.summit, summit.members[0] ?? '');
	await register(db.client, outsider, summit.summit, summit.members[1] ?? '');
	const page = await openPage(browser, focal);
	await page.goto(`/${summit.slug}/delegation`);
	await expect(page.getByRole('heading', { name: summit.member })).toBeVisible();
	await expect(page.getByText('Of Another Member')).toHaveCount(0);
	expect(await faultsOfPage(page)).toEqual([]);
	await page.getByRole('link', { name: 'Colleague One' }).click();
	await page.getByRole('link', { name: 'Withdraw Colleague One' }).click();
	await page.getByLabel('Reason, sent to Colleague One').fill('Somebody else comes.');
	await page.getByRole('button', { name: 'Withdraw' }).click();
	await expect(page.getByText('Colleague One was withdrawn.')).toBeVisible();
	expect(await stateOf(db.client, id)).toBe('withdrawn');
});

test('lets a speaker answer and give each consent', async ({ browser }) => {
	const summit = await makeOpenSummit(db.client);
	const who = await makePerson(db.client, 'Speaker Here');
	const session = await readValue<string>(
		db.client,
		`insert into public.sessions (summit_id, title, state) values ($1, '{"original":"en","en":"Referral that works"}', 'confirmed') returning id`,
		[summit.summit]
	);
	await db.client.query(
		`insert into public.session_people (session_id, summit_id, person_id, role) values ($1, $2, $3, 'speaker')`,
		[session, summit.summit, who.person]
	);
	const page = await openPage(browser, who);
	await page.goto(`/${summit.slug}/speak`);
	await expect(page.getByRole('heading', { name: 'Referral that works' })).toBeVisible();
	await page.getByRole('button', { name: 'Accept', exact: true }).click();
	await expect(page.getByText('Noted: you take part.')).toBeVisible();
	await page.getByRole('checkbox', { name: 'Stream me live' }).check();
	await page.getByRole('button', { name: 'Save' }).click();
	await expect(page.getByText('Saved.')).toBeVisible();
	expect(await faultsOfPage(page)).toEqual([]);
	await page.getByRole('link', { name: 'Decline' }).click();
	await page.getByRole('button', { name: 'Decline' }).click();
	await expect(page.getByText('Noted: you do not take part.')).toBeVisible();
	const { rows } = await db.client.query(
		`select state, consent_live from public.session_people where session_id = $1`,
		[session]
	);
	expect(rows).toEqual([{ state: 'declined', consent_live: false }]);
});
