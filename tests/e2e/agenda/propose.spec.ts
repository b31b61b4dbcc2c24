/*
 * Proposing a schedule: a search in the browser, reasons for places, chosen changes and locks; what is applied is in the draft, one undo takes
 * it back, and a draft that changed meanwhile is refused.
 */
import { draftTime as at, makeDraft, scheduleSession, type DraftSummit } from '../../fixtures/drafting.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';

const db = useClient();

test.describe.configure({ timeout: 180_000 });

let draft: DraftSummit;

test.beforeEach(async () => {
	draft = await makeDraft(db.client, { sessions: 5, rooms: 2 });
	const speaker = (
		await db.client.query<{ id: string }>(
			`insert into public.people (display_name) values ('Speaker One') returning id`
		)
	).rows[0]?.id;
	// The first two would be at one time with the same speaker.
	for (const session of draft.sessions.slice(0, 2))
		await db.client.query(
			`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'speaker', 'confirmed')`,
			[session, draft.summit, speaker]
		);
	await db.client.query(`insert into public.session_needs (session_id, summit_id, expected) values ($1, $2, 500)`, [
		draft.sessions[4],
		draft.summit
	]);
	await scheduleSession(db.client, draft, 0, 0, at('09:00'), at('10:00'));
	await scheduleSession(db.client, draft, 1, 1, at('09:00'), at('10:00'));
});

test('a proposal is made, explained, applied and undone', async ({ browser }) => {
	const page = await openPage(browser, draft.organisers[0]);
	const base = `/${draft.slug}/organise/agenda`;
	await page.goto(base);
	// The menu listens only after hydration.
	await expect(async () => {
		await page.locator('summary', { hasText: 'More' }).click();
		await page.getByRole('link', { name: 'Propose a schedule' }).click({ timeout: 3000 });
	}).toPass();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Propose a schedule');
	const make = page.getByRole('button', { name: 'Make a proposal' });
	const result = page.getByRole('region', { name: 'Proposal' });
	// The keyboard alone makes one.
	await make.focus();
	await page.keyboard.press('Enter');
	await expect(result).toBeVisible({ timeout: 60_000 });
	await expect(result.getByRole('status').first()).toContainText('No place was found: 1');
	await expect(result.getByRole('checkbox', { name: 'Session 3' })).toBeChecked();

	// Why a session has no place, and why another cannot be where the speaker is needed.
	await result.getByLabel('Why: Session 5').click();
	await expect(result.getByText(/What stands against places.*Room may be too small/)).toBeVisible();
	await result.getByLabel('Why: Session 3').click();
	const third = result.getByRole('listitem').filter({ has: page.getByRole('checkbox', { name: 'Session 3' }) });
	await expect(third.getByText(/Places that keep every rule/)).toBeVisible();
	await third.getByRole('button', { name: 'Show reasons' }).click();
	await expect(third.getByText('It breaks no rule.').first()).toBeVisible();
	await expectWholePage(page);

	// One change is left out.
	await result.getByRole('checkbox', { name: 'Session 4' }).uncheck();
	await page.getByRole('button', { name: /Apply to the draft \(\d\)/ }).click();
	await expect(page.getByText('The proposal is in the draft.')).toBeVisible();
	const slots = async () =>
		(
			await db.client.query<{ title: string }>(
				`select s.title ->> 'en' as title from public.slots join public.sessions as s on s.id = slots.session_id where s.summit_id = $1 order by 1`,
				[draft.summit]
			)
		).rows.map(({ title }) => title);
	expect(await slots()).toEqual(['Session 1', 'Session 2', 'Session 3']);
	const { rows } = await db.client.query(`select from private.findings($1) where code like 'speaker%'`, [draft.summit]);
	expect(rows).toHaveLength(0);

	// One undo on the board takes it back.
	await page.getByRole('link', { name: 'Open the board' }).click();
	await page.getByRole('button', { name: 'Undo' }).click();
	await expect.poll(slots).toEqual(['Session 1', 'Session 2']);
});

test('a proposal that would bring a new conflict says which, and changes nothing until that is accepted', async ({
	browser
}) => {
	const page = await openPage(browser, draft.organisers[0]);
	await page.goto(`/${draft.slug}/organise/agenda/propose`);
	const result = page.getByRole('region', { name: 'Proposal' });
	await expect(async () => {
		await page.getByRole('button', { name: 'Make a proposal' }).click();
		await expect(result).toBeVisible({ timeout: 20_000 });
	}).toPass();
	// Meanwhile the speaker of the session that gets a place is needed all day in one that the proposal leaves alone.
	await db.client.query(
		`insert into public.session_people (session_id, summit_id, person_id, role, state)
		select s, $1, (select person_id from public.session_people where session_id = $2), 'speaker', 'confirmed' from unnest($3::uuid[]) as s`,
		[draft.summit, draft.sessions[0], [draft.sessions[2], draft.sessions[4]]]
	);
	await db.client.query(`insert into public.slots (summit_id, session_id, during) values ($1, $2, tstzrange($3, $4))`, [
		draft.summit,
		draft.sessions[4],
		at('08:00'),
		at('20:00')
	]);
	const countPlaced = async () =>
		(await db.client.query('select from public.slots where session_id = $1', [draft.sessions[2]])).rowCount;
	await page.getByRole('button', { name: /Apply to the draft/ }).click();
	await expect(result.getByText('Nothing is changed yet: the agenda would have new conflicts')).toBeVisible();
	await expect(result.getByText('Speaker One').first()).toBeVisible();
	await expectWholePage(page);
	expect(await countPlaced()).toBe(0);
	await page.getByRole('button', { name: 'Apply with these conflicts' }).click();
	await expect(page.getByText('The proposal is in the draft.')).toBeVisible();
	expect(await countPlaced()).toBe(1);
});

test('a draft that changed meanwhile is not overwritten, and a locked session stays', async ({ browser }) => {
	const page = await openPage(browser, draft.organisers[0]);
	await page.goto(`/${draft.slug}/organise/agenda/propose`);
	const result = page.getByRole('region', { name: 'Proposal' });
	const make = page.getByRole('button', { name: 'Make a proposal' });
	await expect(async () => {
		await make.click();
		await expect(result).toBeVisible({ timeout: 20_000 });
	}).toPass();
	const moved = await db.client.query<{ code: string }>(
		`update public.slots set during = tstzrange(lower(during) + interval '8 hours', upper(during) + interval '8 hours')
		where summit_id = $1 returning id`,
		[draft.summit]
	);
	expect(moved.rowCount).toBe(2);
	await scheduleSession(db.client, draft, 2, 0, at('20:00'), at('21:00'), draft.organisers[1]);
	await page.getByRole('button', { name: /Apply to the draft/ }).click();
	await expect(page.getByText(/Nothing was applied: the agenda has changed since/)).toBeVisible();
	// What its sessions keep now is kept by the next proposal.
	// Either of the two with the same speaker may be the one that moves.
	const moves = result.getByRole('checkbox', { name: /^Keep “Session [12]” where it is now$/ });
	const name = (await moves.getAttribute('aria-label')) ?? '';
	const lock = result.getByRole('checkbox', { name, exact: true });
	await lock.check();
	await make.click();
	await expect(result).toBeVisible({ timeout: 60_000 });
	await expect(lock).toHaveCount(0);
});
