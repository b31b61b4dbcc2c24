/* An owner chooses the question whose answer badges show, without JavaScript; who answers it reads that beside it. */
import { faultsOfPage } from '../../fixtures/axe.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';

const small = useWorld();

test('sets the line on badges, and refuses a question that was answered before', async ({ browser }) => {
	const { slug, summit, people, registrations } = small.world;
	const add = (key: string, label: string) =>
		small.client.query(
			`insert into public.logistics_fields (summit_id, key, label, purpose, kind, choices, is_sealed)
			values ($1, $2, jsonb_build_object('original', 'en', 'en', $3::text), '{"original":"en","en":"For your badge"}', 'choice',
				'[{"key":"a","label":{"original":"en","en":"she/her"}},{"key":"b","label":{"original":"en","en":"he/him"}}]', false)`,
			[summit, key, label]
		);
	await add('pronouns', 'Pronouns');
	await add('address', 'Form of address');
	await small.client.query(
		`insert into private.logistics_answers (registration_id, field_id, value)
		select $2, id, '{a}' from public.logistics_fields where summit_id = $1 and key = 'address'`,
		[summit, registrations.delegate]
	);
	const page = await openPage(browser, people.owner, { javaScriptEnabled: false });
	await page.goto(`/${slug}/organise/logistics/fields`);
	const line = page.getByLabel('Line on badges');
	const set = page.getByRole('button', { name: 'Set the line on badges' });
	await line.selectOption('Form of address');
	await set.click();
	await expect(page.getByText('People have answered this question without knowing').first()).toBeVisible();
	await line.selectOption('Pronouns');
	await set.click();
	await expect(page.getByText('The line on badges is set.')).toBeVisible();
	await expect(line.locator('option:checked')).toHaveText('Pronouns');
	const scripted = await openPage(browser, people.owner);
	await scripted.goto(`/${slug}/organise/logistics/fields`);
	expect(await faultsOfPage(scripted)).toEqual([]);

	const registration = await openPage(browser, people.registration);
	await registration.goto(`/${slug}/organise/logistics/fields`);
	await expect(registration.getByRole('heading', { name: 'Pronouns' })).toBeVisible();
	await expect(registration.getByLabel('Line on badges')).toHaveCount(0);

	const delegate = await openPage(browser, people.delegate, { javaScriptEnabled: false });
	await delegate.goto(`/${slug}/me/logistics`);
	await expect(delegate.getByText('everybody who sees your badge')).toHaveCount(1);
});
