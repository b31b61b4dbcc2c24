/* The rota, and taking a concern so that nobody else is called. */
import { faultsOfPage } from '../../fixtures/axe.ts';
import { useStageBrowsers } from '../../fixtures/stage-browsers.ts';
import { expect, test } from '../../fixtures/test.ts';

const stage = useStageBrowsers();

test('is kept by a lead, without script too, and a concern is taken with one press', async ({ browser }) => {
	const { people, slug } = stage.world;
	const address = `/${slug}/organise/safeguarding/on-call`;
	const lead = await stage.open(browser, people.safeguarding, address, { javaScriptEnabled: false });
	await expect(lead.getByText('Nobody is on call')).toBeVisible();
	const { rows } = await stage.client.query<{ today: string; tomorrow: string }>(
		`select to_char(now() at time zone zone, 'YYYY-MM-DD"T"HH24:MI') as today,
			to_char((now() + interval '8 hours') at time zone zone, 'YYYY-MM-DD"T"HH24:MI') as tomorrow
		from public.summits where slug = $1`,
		[slug]
	);
	await lead.getByLabel('Lead', { exact: true }).selectOption(people.safeguarding.name);
	await lead.getByLabel('Begins').fill(rows[0]?.today ?? '');
	await lead.getByLabel('Ends').fill(rows[0]?.tomorrow ?? '');
	await lead.getByRole('button', { name: 'Add', exact: true }).click();
	await expect(lead.getByText('Added.')).toBeVisible();
	await expect(lead.getByText('Now', { exact: true })).toBeVisible();
	await lead.getByRole('button', { name: 'Add', exact: true }).click();
	await expect(lead.getByLabel('Lead', { exact: true })).toHaveAttribute('aria-invalid', 'true');
	await lead.goto(address);
	await lead.getByLabel('Number for text messages').fill('098 123');
	await lead.getByRole('button', { name: 'Save' }).last().click();
	await expect(lead.getByText('Write the number with its country').first()).toBeVisible();
	await lead.getByLabel('Number for text messages').fill('+598 2 555 0101');
	await lead.getByRole('button', { name: 'Save' }).last().click();
	await expect(lead.getByText('Your number is saved.')).toBeVisible();
	const { rows: phones } = await stage.client.query<{ text: string }>(
		`select encode(number_sealed, 'escape') as text from private.on_call_phones where person_id = $1`,
		[people.safeguarding.person]
	);
	expect(phones).toHaveLength(1);
	expect(phones[0]?.text).not.toContain('5550101');

	const reporter = await stage.open(browser, people.delegate, '/talk');
	await reporter.goto(`/${slug}/talk/write`);
	await reporter.getByLabel('What happened').fill('Somebody was locked in.');
	await reporter.getByRole('button', { name: 'Send to the safeguarding leads' }).click();
	await expect(reporter.getByText('It has been sent. Keep this code.')).toBeVisible();
	await lead.goto(`/${slug}/organise/safeguarding/concerns`);
	await expect(lead.getByText('Nobody has it since')).toBeVisible();
	await lead.getByRole('button', { name: 'I have it' }).click();
	await expect(lead.getByText('You have it. Nobody else is called.')).toBeVisible();
	await expect(lead.getByText('has it since')).toContainText(people.safeguarding.name);

	const page = await stage.open(browser, people.safeguarding, address);
	expect(await faultsOfPage(page)).toEqual([]);
	await page.getByRole('button', { name: /^Remove the shift of/ }).click();
	await expect(page.getByText('Nobody is on call')).toBeVisible();
	for (const who of [people.owner, people.registration, people.delegate]) {
		const other = await stage.open(browser, who);
		expect((await other.goto(address))?.status()).toBe(403);
	}
});
