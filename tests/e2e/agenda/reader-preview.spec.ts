/* The draft in the console as a chosen reader would see it: a visitor, a delegate of a kind, and a person of a session. */
import type { Page } from '@playwright/test';
import { faultsInBothThemes } from '../../fixtures/axe.ts';
import { draftTime as at, makeDraft, scheduleSession, type DraftSummit } from '../../fixtures/drafting.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson } from '../../fixtures/world.ts';

const db = useClient();

test.describe.configure({ timeout: 90_000 });

/** Session 1 is public, 2 for members, 3 closed for the press, 4 closed with a speaker, 5 for members who are listed. */
async function makeLevels(): Promise<DraftSummit> {
	const draft = await makeDraft(db.client, { sessions: 5, rooms: 5 });
	const levels = [
		['public', 'everyone'],
		['members', 'registered'],
		['closed', 'listed'],
		['closed', 'listed'],
		['members', 'listed']
	];
	for (const [index, [level, audience]] of levels.entries()) {
		await scheduleSession(db.client, draft, index, index, at('09:00'), at('10:00'));
		await db.client.query(
			`update public.sessions set level = $2::public.confidentiality, audience = $3::public.session_audience where id = $1`,
			[draft.sessions[index], level, audience]
		);
	}
	await db.client.query(
		`insert into public.session_audiences (session_id, summit_id, category) values ($1, $2, 'press')`,
		[draft.sessions[2], draft.summit]
	);
	const speaker = await makePerson(db.client, 'Wren Speaker');
	await db.client.query(
		`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'speaker', 'confirmed')`,
		[draft.sessions[3], draft.summit, speaker.person]
	);
	return draft;
}

async function expectSessions(page: Page, seen: number[]): Promise<void> {
	for (const number of [1, 2, 3, 4, 5])
		await expect(page.getByRole('link', { name: `Session ${number}` })).toHaveCount(seen.includes(number) ? 1 : 0);
}

async function show(page: Page, reader: string): Promise<void> {
	await page.getByRole('radio', { name: reader }).check();
	await page.getByRole('button', { name: 'Show preview' }).click();
	await expect(page.getByRole('radio', { name: reader })).toBeChecked();
}

for (const javaScriptEnabled of [true, false])
	test(`shows the draft to each reader, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async ({ browser }) => {
		const draft = await makeLevels();
		const page = await openPage(browser, draft.organisers[0], { javaScriptEnabled });
		await page.goto(`/${draft.slug}/organise/agenda/previews`);
		await page.getByRole('link', { name: 'Preview as a reader' }).click();
		await expect(page.getByRole('heading', { level: 1, name: 'Preview as a reader' })).toBeVisible();
		await expectSessions(page, [1]);

		await show(page, 'A registered delegate');
		await expectSessions(page, [1, 2, 5]);
		// The session for those who are listed is seen, and not entered.
		const closed = page.getByRole('region', { name: 'Listed for this reader, but not open to them' });
		await expect(closed.getByText('Session 5')).toBeVisible();
		await expect(closed.getByText('This session is for people who were invited to it.')).toBeVisible();

		await page.getByLabel('Category').selectOption('press');
		await page.getByRole('button', { name: 'Show preview' }).click();
		await expectSessions(page, [1, 2, 3, 5]);
		if (javaScriptEnabled) expect(await faultsInBothThemes(page)).toEqual([]);

		// A person is found by name, as elsewhere in the builder.
		await page.getByRole('searchbox', { name: 'Member or person' }).fill('Wren');
		await page.getByRole('button', { name: 'Find a member or a person' }).click();
		await show(page, 'Wren Speaker');
		await expectSessions(page, [1, 4]);
		// A person has a category of their own.
		await expect(page.getByLabel('Category')).toHaveCount(0);

		await page.getByRole('link', { name: 'Phone' }).click();
		await expect(page.getByRole('link', { name: 'Phone' })).toHaveAttribute('aria-current', 'page');
		await expectSessions(page, [1, 4]);
		await page.getByRole('link', { name: 'Français' }).click();
		await expect(page).toHaveURL(/\/fr\/.*reader=person/);
		await expect(page.getByRole('radio', { name: 'Wren Speaker' })).toBeChecked();
		await page.context().close();
	});
