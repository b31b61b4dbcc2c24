/* The history of a session: from its page to who moved it, without JavaScript, and with axe. */
import { faultsOfPage } from '../../fixtures/axe.ts';
import { draftTime as at, makeDraft, scheduleSession } from '../../fixtures/drafting.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';

const db = useClient();

test('a programme organiser reads who placed and changed a session', async ({ browser }) => {
	const draft = await makeDraft(db.client);
	await scheduleSession(db.client, draft, 0, 0, at('09:00'), at('10:00'));
	const plain = await openPage(browser, draft.organisers[0], { javaScriptEnabled: false });
	await plain.goto(`/${draft.slug}/organise/agenda/${draft.sessions[0]}`);
	await plain.getByLabel('Recorded').check();
	await plain.getByRole('button', { name: 'Save in the draft' }).click();
	await plain.getByRole('link', { name: 'History' }).last().click();
	await expect(plain.getByText('Of one session:')).toBeVisible();
	await expect(plain.getByRole('listitem').filter({ hasText: 'changed the session' })).toContainText(
		'from No → to Yes'
	);
	await expect(plain.getByRole('listitem').filter({ hasText: 'added a room in the agenda' })).toContainText('Room 1');

	const page = await openPage(browser, draft.organisers[1]);
	await page.goto(plain.url());
	expect(await faultsOfPage(page)).toEqual([]);
	await page.getByLabel('What').selectOption('Time in the agenda');
	await page.getByRole('button', { name: 'Show' }).click();
	await expect(page.getByRole('listitem').filter({ hasText: 'Time' })).toContainText('09:00 to 10:00');
});
