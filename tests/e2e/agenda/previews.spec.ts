/* A preview of the draft by a secret link: in its language, without what its reader may not see, until it is revoked. */
import { draftTime as at, makeDraft, scheduleSession } from '../../fixtures/drafting.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';

const db = useClient();

test.describe.configure({ timeout: 90_000 });

test('shows the draft of a Summit that nobody else can open, and no closed session', async ({ browser }) => {
	const draft = await makeDraft(db.client);
	for (const [index, level] of ['public', 'members', 'closed'].entries()) {
		await scheduleSession(db.client, draft, index, index, at('09:00'), at('10:00'));
		await db.client.query(
			`update public.sessions set level = $2::text::public.confidentiality, audience = (case when $2::text = 'closed' then 'listed' else 'registered' end)::public.session_audience where id = $1`,
			[draft.sessions[index], level]
		);
	}
	const page = await openPage(browser, draft.organisers[0], { javaScriptEnabled: false });
	await page.goto(`/${draft.slug}/organise/agenda/previews`);
	await page.getByLabel('For whom').fill('The board');
	await page.getByRole('radio', { name: 'A registered delegate' }).check();
	await page.getByLabel('Language').selectOption('fr');
	await page.getByRole('button', { name: 'Make link' }).click();
	const link = (await page.getByRole('link', { name: '/preview/' }).getAttribute('href')) ?? '';

	const guest = await (await browser.newContext()).newPage();
	// A reader in another language is led to the one for which it was made.
	await guest.goto(link.replace('/fr/preview/', '/preview/'));
	await expect(guest).toHaveURL(/\/fr\/preview\//);
	await expect(guest.getByText('tel que lu par : Un délégué inscrit')).toBeVisible();
	await expect(guest.getByRole('link', { name: 'Session 1' })).toBeVisible();
	await expect(guest.getByRole('link', { name: 'Session 2' })).toBeVisible();
	await expect(guest.getByText('Session 3')).toHaveCount(0);
	await expectWholePage(guest);
	await guest.getByRole('link', { name: 'Afficher comme sur un téléphone' }).click();
	await expect(guest.getByRole('link', { name: 'Session 2' })).toBeVisible();

	await page.goto(`/${draft.slug}/organise/agenda/previews`);
	await expect(page.getByText('opened 3 times')).toBeVisible();
	await page.getByRole('button', { name: 'Revoke link: The board' }).click();
	await expect(page.getByRole('button', { name: 'Revoke link: The board' })).toHaveCount(0);
	expect((await guest.reload())?.status()).toBe(404);
});
