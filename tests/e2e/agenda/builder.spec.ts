/*
 * The agenda builder: one organiser drags, another sees it live; conflicting changes are reported; keys, undo, and all of it by forms
 * without JavaScript.
 */
import type { Locator, Page } from '@playwright/test';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { draftTime as at, makeDraft, scheduleSession, type DraftSummit } from '../../fixtures/drafting.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';

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
const frame = (page: Page, title: string) => board(page).locator('li').filter({ hasText: title });
/** Drags an element from its middle by an offset. The page listens only after hydration, so a drag that had no effect is repeated. */
async function drag(page: Page, from: Locator, by: { x: number; y: number }, edge = false): Promise<void> {
	await from.scrollIntoViewIfNeeded();
	const box = await from.boundingBox();
	if (!box) throw new Error('nothing to drag');
	const [x, y] = [box.x + box.width / 2, edge ? box.y + box.height - 2 : box.y + 12];
	await page.mouse.move(x, y);
	await page.mouse.down();
	await page.mouse.move(x + by.x / 2, y + by.y / 2, { steps: 4 });
	await page.mouse.move(x + by.x, y + by.y, { steps: 4 });
	await page.mouse.up();
}
const hour = 96;

test('lets two organisers build at once, by mouse and by keys', async ({ browser }) => {
	const [one, two] = [await openPage(browser, draft.organisers[0]), await openPage(browser, draft.organisers[1])];
	const path = `/${draft.slug}/organise/agenda`;
	await Promise.all([one.goto(path), two.goto(path)]);
	expect(await faultsOfPage(one)).toEqual([]);
	const first = card(one, 'Session 1');
	await expect(first).toContainText('09:00 to 10:00');
	await expect(async () => {
		await drag(one, first, { x: 0, y: 2 * hour });
		await expect(first).toContainText('11:00 to 12:00', { timeout: 3000 });
	}).toPass();
	await expect(one.getByText('Session 1: saved')).toBeVisible();
	// The other organiser's page shows it live.
	await expect(card(two, 'Session 1')).toContainText('11:00 to 12:00');

	// Dragging its lower edge makes it longer; a taken room names the session that takes it, and the two may swap places.
	await drag(one, frame(one, 'Session 1'), { x: 0, y: hour / 2 }, true);
	await expect(first).toContainText('11:00 to 12:30');
	await expect(one.getByText('Session 1: saved')).toBeVisible();
	const width = (await frame(one, 'Session 1').boundingBox())?.width ?? 0;
	await drag(one, first, { x: width, y: -2 * hour });
	await expect(one.getByRole('alert')).toContainText('The room is taken by “Session 2”');
	await one.getByRole('button', { name: 'Swap the two' }).click();
	await expect(card(one, 'Session 2')).toContainText('11:00 to 12:00');
	await expect(first).toContainText('09:00 to 10:30');

	// One undo restores both.
	await one.keyboard.press('Control+z');
	await expect(first).toContainText('11:00 to 12:30');
	await expect(card(one, 'Session 2')).toContainText('09:00 to 10:00');

	// Arrow keys select the next session; with Shift they move it.
	await expect(one.getByText('Undone: saved')).toBeVisible();
	await first.focus();
	await one.keyboard.press('ArrowRight');
	await expect(card(one, 'Session 2')).toBeFocused();
	await one.keyboard.press('Shift+ArrowDown');
	await one.keyboard.press('Shift+ArrowDown');
	await one.keyboard.press('Shift+ArrowRight');
	await expect(one.getByText('Session 2: saved')).toBeVisible();
	await expect(card(two, 'Session 2')).toContainText('Room 3');
	await expect(card(two, 'Session 2')).toContainText('09:10 to 10:10');

	// One organiser receives no live events and moves what the other has moved: the page reports it and offers a choice.
	await two.context().route('**/api/events*', (route) => route.abort());
	await two.reload();
	await two.waitForLoadState('networkidle');
	await first.focus();
	await one.keyboard.press('Shift+ArrowDown');
	await expect(one.getByText('Session 1: saved')).toBeVisible();
	await drag(two, card(two, 'Session 1'), { x: 0, y: 3 * hour });
	await expect(two.getByRole('alert')).toContainText(
		'Somebody else moved it meanwhile: it is now Wed 9 June, 11:05 to 12:35, Room 1.'
	);
	await two.getByRole('button', { name: 'Move it there anyway' }).click();
	await expect(card(two, 'Session 1')).toContainText('14:00 to 15:30');
	await expect(first).toContainText('14:00 to 15:30');

	// A session without a time is dragged in from the sidebar.
	const idea = one.getByRole('region', { name: 'To place' }).getByRole('link', { name: 'Session 3' });
	const [from, to] = [await idea.boundingBox(), await board(one).boundingBox()];
	if (!from || !to) throw new Error('no place');
	await drag(one, idea, { x: to.x + 120 - from.x - from.width / 2, y: to.y + 200 - from.y });
	await expect(one.getByText('Session 3: saved')).toBeVisible();
	await expect(card(one, 'Session 3')).toBeVisible();
});

test('keeps a moved session in its new place while the page reads its data again', async ({ browser }) => {
	const page = await openPage(browser, draft.organisers[0]);
	await page.goto(`/${draft.slug}/organise/agenda`);
	let readings = 0;
	await page.route('**/__data.json*', async (route) => {
		// On a slow connection the page’s own read and the one after a live event are in flight together.
		await new Promise((done) => setTimeout(done, 500));
		await route.fulfill({ response: await route.fetch() });
		readings += 1;
	});
	const moved = card(page, 'Session 1');
	await moved.evaluate((link) => {
		const seen: string[] = [];
		Object.assign(window, { seen });
		const look = () => seen.push(/\d\d:\d\d to \d\d:\d\d/.exec(link.textContent)?.[0] ?? '');
		new MutationObserver(look).observe(link, { subtree: true, childList: true, characterData: true });
	});
	await expect(async () => {
		await drag(page, moved, { x: 0, y: 2 * hour });
		await expect(moved).toContainText('11:00 to 12:00', { timeout: 3000 });
	}).toPass();
	const before = readings;
	await expect.poll(() => readings).toBeGreaterThan(before + 1);
	await expect(page.getByText('Session 1: saved')).toBeVisible();
	const seen = await page.evaluate(() => (window as unknown as { seen: string[] }).seen);
	expect(new Set(seen.slice(seen.indexOf('11:00 to 12:00')))).toEqual(new Set(['11:00 to 12:00']));
});

test('does everything without JavaScript: place, block a room, list problems, undo', async ({ browser }) => {
	const page = await openPage(browser, draft.organisers[0], {
		javaScriptEnabled: false,
		viewport: { width: 390, height: 844 }
	});
	await page.goto(`/${draft.slug}/organise/agenda`);
	await page.locator('summary', { hasText: 'More' }).click();
	await page.getByRole('link', { name: 'Block a room' }).click();
	await page.getByLabel('What for').fill('Rehearsal');
	await page.getByLabel('Begins').fill('08:00');
	await page.getByLabel('Minutes').fill('45');
	await page.getByRole('checkbox', { name: 'Room 3' }).check();
	await page.getByRole('button', { name: 'Hold it' }).click();
	await expect(card(page, 'Rehearsal')).toContainText('08:00 to 08:45');

	await page.getByRole('region', { name: 'To place' }).getByRole('link', { name: 'Session 3' }).click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Session 3');
	await page.getByLabel('Begins').fill('08:30');
	await page.getByRole('checkbox', { name: 'Room 3' }).check();
	await page.getByRole('button', { name: 'Move it there' }).click();
	await expect(page.getByText('The room is taken by Rehearsal').first()).toBeVisible();
	await page.getByRole('button', { name: 'Move here: Wed 9 June, 08:45 to 09:45, Room 3' }).click();
	await expect(card(page, 'Session 3')).toContainText('08:45 to 09:45');
	await page.getByRole('button', { name: 'Undo' }).click();
	await expect(card(page, 'Session 3')).toHaveCount(0);
	await page.getByRole('button', { name: 'Undo' }).click();
	await expect(card(page, 'Rehearsal')).toHaveCount(0);
	await page.goto(`/${draft.slug}/organise/agenda/checks?code=no_slot`);
	await expect(page.getByRole('group').filter({ hasText: 'without a time' })).toContainText(
		'2 sessions without a time'
	);
});
