/* Agenda checks: rooms and needs by form, a finding that follows from them, its severity, and publishing refused until it is resolved. */
import { faultsOfPage } from '../../fixtures/axe.ts';
import { draftTime as at, makeDraft, scheduleSession } from '../../fixtures/drafting.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';

const db = useClient();

test.describe.configure({ timeout: 120_000 });

test('finds a need that its room does not meet, and as a blocking finding keeps the draft from release', async ({
	browser
}) => {
	const draft = await makeDraft(db.client);
	await db.client.query(`update public.sessions set state = 'confirmed' where summit_id = $1`, [draft.summit]);
	await scheduleSession(db.client, draft, 0, 0, at('09:00'), at('10:00'));
	const base = `/${draft.slug}/organise/agenda`;
	const page = await openPage(browser, draft.organisers[0], { javaScriptEnabled: false });

	await page.goto(`${base}/rooms`);
	const room = page.getByRole('group', { name: 'Room 1' });
	await room.getByLabel('Equipment').fill('lectern, screen');
	await page.getByRole('button', { name: 'Save' }).click();
	await expect(page.getByText('Saved.')).toBeVisible();
	await expect(room.getByLabel('Equipment')).toHaveValue('lectern, screen');

	await page.goto(`${base}/${draft.sessions[0]}/needs`);
	await page.getByLabel('People expected in the room').fill('-3');
	await page.getByLabel('Equipment').fill('Lectern, booths');
	await page.getByRole('button', { name: 'Save' }).click();
	await expect(page.getByLabel('People expected in the room')).toHaveValue('-3');
	await page.getByLabel('People expected in the room').fill('12');
	await page.getByRole('button', { name: 'Save' }).click();

	// Another organiser has the list open: it changes by a live event.
	const other = await openPage(browser, draft.organisers[1]);
	await other.goto(`${base}/checks`);
	expect(await faultsOfPage(other)).toEqual([]);
	const finding = other.getByRole('group').filter({ hasText: '1 session without its equipment' });
	await finding.getByText('1 session without its equipment').click();
	await expect(finding).toContainText('booths');
	await expect(finding).not.toContainText('ectern');
	await expect(finding.getByRole('img', { name: 'Warning' })).toBeVisible();

	await page.goto(`${base}/checks/settings`);
	await page.getByLabel('Equipment is missing').selectOption('Serious: prevents publishing');
	await page.getByRole('button', { name: 'Save' }).click();
	await expect(finding.getByRole('img', { name: 'Serious' })).toBeVisible();
	await other.goto(`${base}/release`);
	await expect(other.getByRole('button', { name: 'Make release 1 public' })).toBeDisabled();
	await other.getByRole('link', { name: 'Equipment is missing' }).click();
	await expect(other.getByRole('combobox', { name: 'Kind of check' })).toHaveValue('equipment_missing');

	await page.goto(`${base}/rooms`);
	await room.getByLabel('Equipment').fill('lectern, screen, Booths');
	await page.getByRole('button', { name: 'Save' }).click();
	await expect(finding).toHaveCount(0);
	await other.goto(`${base}/release`);
	await expect(other.getByRole('button', { name: 'Make release 1 public' })).toBeEnabled();
});
