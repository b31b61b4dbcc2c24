/* Two organisers on the board: each sees who else is there and which session they have open or drag, until they leave. */
import type { Page } from '@playwright/test';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { draftTime as at, makeDraft, scheduleSession } from '../../fixtures/drafting.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';

const db = useClient();

test('shows who else is on the board, and what each has open or drags', async ({ browser }) => {
	const draft = await makeDraft(db.client);
	await scheduleSession(db.client, draft, 0, 0, at('09:00'), at('10:00'));
	await scheduleSession(db.client, draft, 1, 1, at('09:00'), at('10:00'));
	const path = `/${draft.slug}/organise/agenda`;
	const [first, second] = draft.organisers;
	const one = await openPage(browser, first);
	const two = await openPage(browser, second);
	await one.goto(path);
	const colleagues = one.getByRole('list', { name: 'Also here now' });
	await expect(colleagues).toHaveCount(0);
	await two.goto(path);
	await expect(colleagues.getByRole('listitem')).toHaveText(new RegExp(second.name));
	await expect(two.getByRole('list', { name: 'Also here now' }).getByRole('listitem')).toHaveText(
		new RegExp(first.name)
	);
	expect(await faultsOfPage(one)).toEqual([]);

	const card = (page: Page, title: string) =>
		page.getByRole('region', { name: 'Rooms over time' }).getByRole('link', { name: title });
	await card(two, 'Session 1').click();
	await expect(card(one, 'Session 1')).toContainText(`${second.name} has it open`);
	await expect(card(one, 'Session 2')).not.toContainText(second.name);
	expect(await faultsOfPage(one)).toEqual([]);

	const box = await card(two, 'Session 2').boundingBox();
	if (!box) throw new Error('nothing to drag');
	await two.mouse.move(box.x + 20, box.y + 12);
	await two.mouse.down();
	await two.mouse.move(box.x + 20, box.y + 80, { steps: 5 });
	await expect(card(one, 'Session 2')).toContainText(`${second.name} is moving it`);
	await two.mouse.up();
	await expect(card(one, 'Session 2')).not.toContainText(second.name);

	await two.close();
	await expect(colleagues).toHaveCount(0, { timeout: 20_000 });
	await expect(card(one, 'Session 1')).not.toContainText(second.name);
});
