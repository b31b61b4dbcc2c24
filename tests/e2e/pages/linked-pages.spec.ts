/* Pages that only a mailed link or a row of the moment opens, at each width and in both themes. */
import { receiveMail } from '../../fixtures/engines.ts';
import { openPage, variables } from '../../fixtures/open-page.ts';
import { signInAs } from '../../fixtures/sample.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';

const small = useWorld();

test('an invitation to speak, and the request of a delegate for a new member', async ({ browser }) => {
	const { client, world } = small;
	const address = `speaker-${world.slug}@people.example`;
	const programme = await openPage(browser, world.people.programme);
	await programme.request.post(`/${world.slug}/organise/agenda/${world.sessions.public.id}?/invite`, {
		form: { address, display_name: 'Nadia Falk', invited_role: 'speaker' },
		headers: { origin: variables.ORIGIN ?? '' }
	});
	const mail = await receiveMail(address);
	const guest = await openPage(browser, null);
	await guest.goto(/\/[\w-]+\/speak\/invited\/[\w-]+/.exec(mail.text)?.[0] ?? '');
	await expect(guest.getByRole('heading', { level: 1 })).toBeVisible();
	await expectWholePage(guest);

	const { rows } = await client.query<{ id: string }>(
		`insert into public.member_requests (summit_id, registration_id, name) values ($1, $2, 'Harbour Light Trust') returning id`,
		[world.summit, world.registrations.waiting]
	);
	const desk = await openPage(browser, world.people.registration);
	await desk.goto(`/${world.slug}/organise/members/requests/${rows[0]?.id ?? ''}`);
	await expect(desk.getByText('Harbour Light Trust').first()).toBeVisible();
	await expectWholePage(desk);
});

test('released figures', async ({ page }) => {
	await signInAs(page, 'Emeka Nwosu');
	await page.goto('/montevideo/organise/figures');
	await page.getByRole('button', { name: 'Release these figures' }).click();
	await expect(page.getByText('Released. From now on everybody takes these figures along.')).toBeVisible();
	await page.goto('/montevideo/organise/figures/released');
	await expectWholePage(page);
});
