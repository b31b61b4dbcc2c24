/* Working on a case: from two concerns, by two leads, without script too, and what its subject sees of it. */
import type { Page } from '@playwright/test';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { useStageBrowsers } from '../../fixtures/stage-browsers.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';

const stage = useStageBrowsers();

async function newLead(name: string): Promise<TestPerson> {
	const lead = await makePerson(stage.client, name);
	await stage.client.query(
		`insert into public.role_grants (person_id, role, summit_id) values ($1, 'safeguarding', $2)`,
		[lead.person, stage.world.summit]
	);
	return lead;
}

async function report(page: Page, words: string) {
	await page.goto(`/${stage.world.slug}/talk/write`);
	await page.getByLabel('What happened').fill(words);
	await page.getByRole('button', { name: 'Send to the safeguarding leads' }).click();
	await expect(page.getByText('It has been sent. Keep this code.')).toBeVisible();
}

for (const javaScriptEnabled of [true, false])
	test(`is opened from two concerns, worked on and closed ${javaScriptEnabled ? 'with' : 'without'} script`, async ({
		browser
	}) => {
		const { people, slug } = stage.world;
		const reporter = await stage.open(browser, people.delegate, '/talk');
		await report(reporter, 'He waits at the door.');
		await report(reporter, 'He asked for her room number.');
		const lead = await stage.open(browser, people.safeguarding, `/${slug}/organise/safeguarding/concerns`, {
			javaScriptEnabled
		});
		await lead.getByRole('button', { name: 'Take the ticked ones into it' }).click();
		await expect(lead.getByText('Tick one concern at least.')).toBeVisible();
		for (const box of await lead.getByRole('checkbox', { name: 'Take into a case' }).all()) await box.check();
		await lead.getByLabel('Severity').selectOption('High');
		await lead.getByLabel('About', { exact: true }).selectOption('Harassment or bullying');
		await lead.getByRole('button', { name: 'Take the ticked ones into it' }).click();
		await expect(lead).toHaveURL(/\/organise\/safeguarding\/cases\/[0-9a-f-]{36}$/);
		await expect(lead.getByText('He waits at the door.')).toBeVisible();
		await expect(lead.getByText('He asked for her room number.')).toBeVisible();
		await lead.getByLabel('Add to the timeline').fill('Spoke with the hotel. Security looks at the corridor.');
		await lead.getByRole('button', { name: 'Hand over' }).click();
		await expect(lead.getByText('Handed over.', { exact: true })).toBeVisible();
		await expect(lead.getByText('Security looks at the corridor.')).toBeVisible();
		const { rows } = await stage.client.query<{ text: string }>(
			`select encode(e.text_sealed, 'escape') as text from private.case_entries as e
			join private.cases as c on c.id = e.case_id where c.summit_id = $1`,
			[stage.world.summit]
		);
		expect(rows).toHaveLength(1);
		expect(rows[0]?.text).not.toContain('corridor');

		await lead.getByText('Propose somebody for the watch list').click();
		const { rows: found } = await stage.client.query<{ reference: string }>(
			`select reference from public.registrations where id = $1`,
			[stage.world.registrations.virtual]
		);
		await lead.getByLabel('Registration').fill(found[0]?.reference ?? '');
		await lead.getByLabel('Why', { exact: true }).fill('Followed a delegate.');
		await lead.getByRole('button', { name: 'Propose' }).click();
		await expect(lead.getByText('Done, and noted in the timeline.')).toBeVisible();
		await expect(lead.getByText(`Proposed registration ${found[0]?.reference} for the watch list.`)).toBeVisible();
		if (javaScriptEnabled) await expectWholePage(lead);

		const next = await newLead('Lead of the night');
		const other = await stage.open(browser, next, `/${slug}/organise/safeguarding/cases`);
		await expect(other.getByText('New since you read it')).toBeVisible();
		expect(await faultsOfPage(other)).toEqual([]);
		await other.getByRole('main').getByRole('listitem').getByRole('link').click();
		await other.getByLabel('Led by').selectOption(next.name);
		await other.getByRole('button', { name: 'Save' }).click();
		await expect(other.getByText('Saved.')).toBeVisible();
		// The first lead still sees the state of before, and is told.
		if (!javaScriptEnabled) {
			await lead.getByLabel('Severity').selectOption('Low');
			await lead.getByRole('button', { name: 'Save' }).click();
			await expect(lead.getByText('Somebody else changed this case.').first()).toBeVisible();
		}
		await other.getByText('Close the case').first().click();
		await other.getByLabel('How it ended').selectOption('Resolved');
		await other.getByLabel('What was done, and why it ends here').fill('He left the Summit.');
		await other.getByRole('button', { name: 'Close the case' }).click();
		await expect(other.getByText('The case and its concerns are closed.')).toBeVisible();
	});

test('closes the session of a concern, bars its subject and notes both; the subject finds no case', async ({
	browser
}) => {
	const { people, slug, sessions, run, summit } = stage.world;
	const subject = await newLead('Lead in question');
	await stage.client.query(`insert into private.run_participants (run_id, person_id, role) values ($1, $2, 'viewer')`, [
		run,
		people.virtual.person
	]);
	await stage.client.query(
		`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'moderator', 'confirmed')`,
		[sessions.public.id, summit, subject.person]
	);
	const reporter = await stage.open(browser, people.delegate);
	await reporter.getByText('Report a concern').click();
	await reporter.getByLabel('What happened').fill('Threats in the chat of this session.');
	await reporter.getByRole('button', { name: 'Send to the safeguarding leads' }).click();
	await expect(reporter.getByText('It has been sent. Keep this code.')).toBeVisible();
	const lead = await stage.open(browser, people.safeguarding, `/${slug}/organise/safeguarding/concerns`);
	await lead.getByRole('checkbox', { name: 'Take into a case' }).check();
	await lead.getByRole('button', { name: 'Take the ticked ones into it' }).click();
	await expect(lead).toHaveURL(/\/cases\//);
	await lead.getByText('Mark whom it is about').click();
	await lead.getByLabel('Part of the name').fill('Person virtual');
	await lead.getByRole('button', { name: 'Find' }).click();
	await lead.getByLabel('Person', { exact: true }).selectOption({ index: 1 });
	await lead.getByRole('button', { name: 'Mark', exact: true }).click();
	await expect(lead.getByText('The person finds nothing of this case.')).toBeVisible();
	await lead.getByText('Bar somebody from a session').click();
	await lead.getByRole('button', { name: 'Bar from the session' }).click();
	await expect(lead.getByText(`Barred ${people.virtual.name} from`)).toBeVisible();
	await lead.getByText('Close a session, or let nobody be named').click();
	await lead.getByRole('button', { name: 'Close it' }).click();
	await expect(lead.getByText('Its recordings are sealed.')).toBeVisible();
	const { rows } = await stage.client.query(
		`select s.level, exists (select from private.entry_bars as b where b.session_id = s.id and b.person_id = $2) as barred
		from public.sessions as s where s.id = $1`,
		[sessions.public.id, people.virtual.person]
	);
	expect(rows).toEqual([{ level: 'closed', barred: true }]);

	const address = lead.url().split('?')[0] ?? '';
	const page = await stage.open(browser, subject, `/${slug}/organise/safeguarding/cases`);
	await expect(page.getByText('No case is open')).toBeVisible();
	expect((await page.goto(address))?.status()).toBe(404);
	await page.goto(`/${slug}/organise/safeguarding/concerns`);
	await expect(page.getByText('Nothing is open')).toBeVisible();
	for (const who of [people.owner, people.delegate]) {
		const outsider = await stage.open(browser, who);
		expect((await outsider.goto(`/${slug}/organise/safeguarding/cases`))?.status()).toBe(403);
		expect((await outsider.goto(address))?.status()).toBe(404);
	}
});

test('shows to whom a case must be reported and by when, makes the letter, and notes the referral', async ({
	browser
}) => {
	const { people, slug } = stage.world;
	const duties = await stage.open(browser, people.safeguarding, `/${slug}/organise/safeguarding/duties`, {
		javaScriptEnabled: false
	});
	await duties.getByLabel('Authority', { exact: true }).fill('Fiscalía de Montevideo');
	await duties.getByLabel('Within so many hours').fill('24');
	await duties.getByLabel('Something else').check();
	await duties.getByRole('button', { name: 'Add', exact: true }).click();
	await expect(duties.getByText('within 24 hours')).toBeVisible();
	const reporter = await stage.open(browser, people.delegate, '/talk');
	await report(reporter, 'It was seen in the hall.');
	const lead = await stage.open(browser, people.safeguarding, `/${slug}/organise/safeguarding/concerns`);
	await lead.getByRole('checkbox', { name: 'Take into a case' }).check();
	await lead.getByRole('button', { name: 'Take the ticked ones into it' }).click();
	await expect(lead.getByText(/^Due by/)).toBeVisible();
	await lead.getByText('Write the referral letter').click();
	await lead.getByLabel('What the letter says').fill('We report the following.');
	const [download] = await Promise.all([
		lead.waitForEvent('download'),
		lead.getByRole('button', { name: 'Make the PDF' }).click()
	]);
	expect(download.suggestedFilename()).toMatch(/^[A-Z0-9]{6}\.pdf$/);
	const chunks: Buffer[] = [];
	for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
	expect(Buffer.concat(chunks).subarray(0, 5).toString()).toBe('%PDF-');
	await lead.getByLabel('How it was reported').fill('By courier, receipt 12.');
	await lead.getByRole('button', { name: 'It was reported' }).click();
	await expect(lead.getByText('By courier, receipt 12.')).toBeVisible();
	await expect(lead.getByText(/^Reported/).first()).toBeVisible();
	expect(await faultsOfPage(lead)).toEqual([]);
	expect(await faultsOfPage(await stage.open(browser, people.safeguarding, duties.url()))).toEqual([]);
	const address = `${lead.url().split('?')[0] ?? ''}/letter`;
	const other = await stage.open(browser, people.owner);
	const refused = await other.request.post(address, {
		form: { duty: '00000000-0000-0000-0000-000000000000', words: 'x' },
		headers: { origin: new URL(address).origin }
	});
	expect(refused.status()).toBe(404);
});
