/* Acting from a case: what its lead does to the real thing, each noted in the timeline, with script and without. */
import type { Page } from '@playwright/test';
import { Sealer } from '../../../src/lib/people/sealing.ts';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { variables } from '../../fixtures/open-page.ts';
import { useStageBrowsers } from '../../fixtures/stage-browsers.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson } from '../../fixtures/world.ts';

const stage = useStageBrowsers();

/** The page of a new case, of a concern from the live session that names the delegate. */
async function openCase(open: () => Promise<Page>): Promise<Page> {
	const { sessions, summit, run, people } = stage.world;
	await stage.client.query(
		`with raised as (
			insert into private.concerns (summit_id, session_id, run_id, text_sealed, key_id)
			values ($1, $2, $3, 'sealed', 'key') returning id)
		insert into private.concern_subjects (concern_id, person_id, source) select id, $4, 'reporter' from raised`,
		[summit, sessions.public.id, run, people.delegate.person]
	);
	const page = await open();
	await page.getByRole('checkbox', { name: 'Take into a case' }).check();
	await page.getByRole('button', { name: 'Take the ticked ones into it' }).click();
	await expect(page).toHaveURL(/\/cases\//);
	return page;
}

for (const javaScriptEnabled of [true, false])
	test(`hides a message, stops the stream and records a walk-out ${javaScriptEnabled ? 'with' : 'without'} script`, async ({
		browser
	}) => {
		const { people, slug, sessions, run, registrations } = stage.world;
		await stage.client.query(
			`insert into private.chat_messages (run_id, session_id, person_id, body) values ($1, $2, $3, 'I know where you live')`,
			[run, sessions.public.id, people.delegate.person]
		);
		const lead = await openCase(() =>
			stage.open(browser, people.safeguarding, `/${slug}/organise/safeguarding/concerns`, { javaScriptEnabled })
		);
		if (javaScriptEnabled) expect(await faultsOfPage(lead)).toEqual([]);
		const timeline = lead.getByRole('region', { name: 'Timeline' });
		const done = lead.getByText('Done, and noted in the timeline.');
		await lead.getByText('Hide a message of the chat').click();
		await lead.getByRole('button', { name: 'Hide the message' }).click();
		await expect(done).toBeVisible();
		// The message is gone, and its words stay in the sealed timeline.
		await expect(timeline.getByText('I know where you live')).toBeVisible();
		await expect(lead.getByText('Hide a message of the chat')).toHaveCount(0);

		await lead.getByText('Stop a stream').click();
		await lead.getByRole('button', { name: 'Stop the stream' }).click();
		await expect(timeline.getByText('Stopped the stream.')).toBeVisible();

		await lead.getByText('Set that somebody is not photographed').click();
		await lead.getByRole('button', { name: 'Set “No photographs”' }).click();
		await expect(timeline.getByText('Outcome: shown on the badge')).toBeVisible();

		await lead.getByText('Record that somebody was walked out').click();
		await lead.getByRole('button', { name: 'Record, and withdraw the badge' }).click();
		await expect(timeline.getByText('Walked out.')).toBeVisible();
		await expect(lead.getByText('Let somebody in again')).toBeVisible();
		const { rows } = await stage.client.query(
			`select (select state from public.runs where id = $1) as run,
				(select count(*)::integer from private.chat_messages where run_id = $1) as messages,
				(select count(*)::integer from public.badges where registration_id = $2 and revoked_at is null) as badges,
				private.forbids_photographs($3, $2) as no_photographs`,
			[run, registrations.delegate, people.delegate.person]
		);
		expect(rows).toEqual([{ run: 'ended', messages: 0, badges: 0, no_photographs: true }]);
	});

test('another lead reads the case and is not offered the acts of its lead', async ({ browser }) => {
	const { people, slug, summit } = stage.world;
	const lead = await openCase(() =>
		stage.open(browser, people.safeguarding, `/${slug}/organise/safeguarding/concerns`)
	);
	const second = await makePerson(stage.client, 'Second Lead');
	await stage.client.query(
		`insert into public.role_grants (person_id, role, summit_id) values ($1, 'safeguarding', $2)`,
		[second.person, summit]
	);
	const other = await stage.open(browser, second, lead.url());
	await expect(other.getByText('only who leads this case acts on them')).toBeVisible();
	await expect(other.getByText('Stop a stream')).toHaveCount(0);
	await other.goto(`/${slug}/organise/safeguarding/cases`);
	await expect(other.getByRole('region', { name: 'Figures' }).getByText('fewer than 5', { exact: true })).toHaveCount(
		2
	);
	expect(await faultsOfPage(other)).toEqual([]);
});

test('a reveal that is asked for from a case is noted in its timeline', async ({ browser }) => {
	const { people, slug, registrations } = stage.world;
	const { sealed, keyId } = new Sealer(variables.SEALING_KEY).seal('Canary Realname', 'real name');
	await stage.client.query(
		`insert into private.protections (person_id, kind, real_name_sealed, key_id) values ($1, 'alias', $2, $3)`,
		[people.delegate.person, sealed, keyId]
	);
	const { rows } = await stage.client.query<{ reference: string }>(
		`select reference from public.registrations where id = $1`,
		[registrations.delegate]
	);
	const lead = await openCase(() =>
		stage.open(browser, people.safeguarding, `/${slug}/organise/safeguarding/concerns`)
	);
	await lead.getByRole('link', { name: 'Ask for the reveal of a sealed name' }).click();
	await lead.getByLabel('Reference of the registration').fill(rows[0]?.reference ?? '');
	await lead.getByLabel('Why you need the real name').fill('The police asks.');
	await lead.getByRole('button', { name: 'Ask for the name' }).click();
	await expect(lead.getByText('Asked for, and noted in the case.')).toBeVisible();
	await lead.getByRole('link', { name: 'Back to the case' }).click();
	await expect(
		lead.getByRole('region', { name: 'Timeline' }).getByText(`registration ${rows[0]?.reference}`)
	).toBeVisible();
});
