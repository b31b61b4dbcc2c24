/* The panel beside the board: a session edited in place, a new one on an empty place, several moved at once, and a refused drop. */
import type { Browser, Page } from '@playwright/test';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { draftTime as at, makeDraft, scheduleSession, type DraftSummit } from '../../fixtures/drafting.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const db = useClient();

test.describe.configure({ timeout: 90_000 });

let draft: DraftSummit;

test.beforeEach(async () => {
	draft = await makeDraft(db.client);
	await scheduleSession(db.client, draft, 0, 0, at('09:00'), at('10:00'));
	await scheduleSession(db.client, draft, 1, 1, at('09:00'), at('10:00'));
});

const board = (page: Page) => page.getByRole('region', { name: 'Rooms over time' });
const card = (page: Page, title: string) => board(page).getByRole('link', { name: title });
const panel = (page: Page, title: string) => page.getByRole('complementary', { name: title });

async function openBuilder(browser: Browser, who: TestPerson): Promise<Page> {
	const page = await openPage(browser, who);
	await page.goto(`/${draft.slug}/organise/agenda`);
	await page.waitForLoadState('networkidle');
	return page;
}

test('edits a session in place, with its people, needs, checks and history', async ({ browser }) => {
	const page = await openBuilder(browser, draft.organisers[0]);
	await card(page, 'Session 1').click();
	const opened = panel(page, 'Session 1');
	await expect(opened.getByLabel('Title')).toHaveValue('Session 1');
	expect(await faultsOfPage(page)).toEqual([]);
	await opened.getByLabel('Title').fill('Opening');
	await opened.getByLabel('Begins').fill('11:15');
	await opened.getByRole('button', { name: 'Save session' }).click();
	await expect(card(page, 'Opening')).toContainText('11:15 to 12:15');
	await expect(panel(page, 'Opening')).toBeVisible();
	// The move is one of those that can be undone.
	await page.getByRole('button', { name: 'Undo' }).click();
	await expect(card(page, 'Opening')).toContainText('09:00 to 10:00');
	// So is the edit of its texts.
	await page.getByRole('button', { name: 'Undo' }).click();
	await expect(panel(page, 'Session 1').getByLabel('Title')).toHaveValue('Session 1');
	await page.getByRole('button', { name: 'Redo' }).click();
	await expect(panel(page, 'Opening').getByLabel('Title')).toHaveValue('Opening');

	await panel(page, 'Opening').getByText('Room needs').click();
	await panel(page, 'Opening').getByLabel('People expected in the room').fill('250');
	await panel(page, 'Opening').getByRole('button', { name: 'Save needs' }).click();
	await expect(panel(page, 'Opening').getByText('250 people expected, 100 seats.')).toBeVisible();
	await panel(page, 'Opening').getByText('History', { exact: true }).click();
	await expect(panel(page, 'Opening').getByText('Amal Draft changed the session').first()).toBeVisible();

	// A taken room is refused beside the rooms, and the session stays where it is.
	await panel(page, 'Opening').getByRole('checkbox', { name: 'Room 1' }).uncheck();
	await panel(page, 'Opening').getByRole('checkbox', { name: 'Room 2' }).check();
	await panel(page, 'Opening').getByRole('button', { name: 'Save session' }).click();
	await expect(panel(page, 'Opening').getByText('The room is taken by “Session 2”').first()).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(page.getByRole('complementary')).toHaveCount(0);
});

test('makes a session by a double click, a drag and a key on an empty place', async ({ browser }) => {
	const page = await openBuilder(browser, draft.organisers[0]);
	const [first, second] = [await card(page, 'Session 1').boundingBox(), await card(page, 'Session 2').boundingBox()];
	if (!first || !second) throw new Error('no cards');
	await page.mouse.dblclick(first.x + 30, first.y + 2 * 96 + 10);
	const opened = panel(page, 'Add session');
	await expect(opened.getByLabel('Begins')).toHaveValue('11:00');
	await expect(opened.getByRole('checkbox', { name: 'Room 1' })).toBeChecked();
	await opened.getByLabel('Title').fill('Round table');
	await page.keyboard.press('Enter');
	await expect(card(page, 'Round table')).toContainText('11:00 to 12:00');
	await expect(panel(page, 'Round table')).toBeVisible();

	// It begins where the session above ends, though the drag began a little below.
	await page.mouse.move(second.x + 30, second.y + 96 + 6);
	await page.mouse.down();
	await page.mouse.move(second.x + 30, second.y + 96 + 100, { steps: 4 });
	await page.mouse.move(second.x + 30, second.y + 96 + 96 * 1.5 + 6, { steps: 4 });
	await page.mouse.up();
	await expect(opened.getByLabel('Minutes')).toHaveValue('90');
	await expect(opened.getByRole('checkbox', { name: 'Room 2' })).toBeChecked();
	await page.keyboard.press('Escape');

	await card(page, 'Session 2').focus();
	await page.keyboard.press('Insert');
	await expect(opened.getByLabel('Begins')).toHaveValue('10:00');
});

test('names the nearest free time of a refused drop without moving anything, and greys what cannot be undone', async ({
	browser
}) => {
	const page = await openBuilder(browser, draft.organisers[1]);
	const undo = page.getByRole('button', { name: 'Undo' });
	const redo = page.getByRole('button', { name: 'Redo' });
	await expect(redo).toHaveAttribute('aria-disabled', 'true');
	const [from, to] = [await card(page, 'Session 1').boundingBox(), await card(page, 'Session 2').boundingBox()];
	if (!from || !to) throw new Error('no cards');
	await page.mouse.move(from.x + 20, from.y + 20);
	await page.mouse.down();
	await page.mouse.move(to.x + 20, to.y + 40, { steps: 6 });
	await page.mouse.up();
	await expect(page.getByRole('alert')).toContainText('The room is taken by “Session 2”');
	await expect(card(page, 'Session 1')).toContainText('09:00 to 10:00');
	expect(await card(page, 'Session 1').boundingBox()).toEqual(from);
	await page.getByRole('button', { name: 'Nearest free: 10:00' }).click();
	await expect(card(page, 'Session 1')).toContainText('10:00 to 11:00');
	await expect(undo).toHaveAttribute('aria-disabled', 'false');
	await undo.click();
	await expect(card(page, 'Session 1')).toContainText('09:00 to 10:00');
	await expect(redo).toHaveAttribute('aria-disabled', 'false');
});

test('moves several sessions at once, and takes their times away', async ({ browser }) => {
	const page = await openBuilder(browser, draft.organisers[0]);
	await card(page, 'Session 1').focus();
	await page.keyboard.press('Space');
	await card(page, 'Session 2').click({ modifiers: ['Shift'] });
	await expect(page.getByText('2 sessions selected')).toBeVisible();
	await card(page, 'Session 1').focus();
	await page.keyboard.press('Shift+ArrowDown');
	await page.keyboard.press('Shift+ArrowDown');
	await expect(page.getByText('Session 1: saved')).toBeVisible();
	await expect(card(page, 'Session 1')).toContainText('09:10 to 10:10');
	await expect(card(page, 'Session 2')).toContainText('09:10 to 10:10');
	await page.getByRole('button', { name: 'Unschedule' }).click();
	await expect(card(page, 'Session')).toHaveCount(0);
	await page.keyboard.press('Control+z');
	await expect(card(page, 'Session')).toHaveCount(2);
});

test('lists the checks beside the board, solves one in its row, and accepts another with a reason', async ({
	browser
}) => {
	await db.client.query(`update public.rooms set capacity = 400 where summit_id = $1 and slug = 'room-3'`, [
		draft.summit
	]);
	for (const session of draft.sessions.slice(0, 2))
		await db.client.query(
			`insert into public.session_needs (session_id, summit_id, expected, equipment) values ($1, $2, 150, '{booths}')`,
			[session, draft.summit]
		);
	await db.client.query(
		`insert into public.room_equipment (room_id, summit_id, equipment) select id, summit_id, '{booths}' from public.rooms where summit_id = $1 and slug <> 'room-2'`,
		[draft.summit]
	);
	const page = await openBuilder(browser, draft.organisers[0]);
	await page.getByRole('link', { name: '3 warnings' }).click();
	const checks = panel(page, 'Checks');
	await checks.getByText('2 rooms may be too small').click();
	expect(await faultsOfPage(page)).toEqual([]);
	const first = checks.getByRole('listitem').filter({ hasText: 'Session 1' });
	await first.getByRole('button', { name: 'Assign Room 3' }).click();
	await expect(card(page, 'Session 1')).toContainText('Room 3');
	await expect(page.getByRole('link', { name: '2 warnings' })).toBeVisible();

	const second = checks.getByRole('listitem').filter({ hasText: '150 people expected' });
	await second.getByText('Accept', { exact: true }).first().click();
	await second.getByLabel('Reason').fill('Chairs come from next door.');
	await second.getByRole('button', { name: 'Accept' }).click();
	await expect(page.getByRole('link', { name: '1 warning' })).toBeVisible();
	// Another room is something that the check looks at.
	await card(page, 'Session 2').focus();
	await page.keyboard.press('Shift+ArrowLeft');
	await expect(card(page, 'Session 2')).toContainText('Room 1');
	await expect(checks.getByText('Chairs come from next door.')).toHaveCount(0);
	await expect(page.getByRole('link', { name: '1 warning' })).toBeVisible();
});
