/* From one Summit to the next, by pages: close, answer the survey, release figures and report, start the next, nominate. */
import { randomBytes } from 'node:crypto';
import type { Browser, Page } from '@playwright/test';
import { dayFromNow } from '../../fixtures/clock.ts';
import { addConsents, fillInRegistration } from '../../fixtures/form.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { inTurn } from '../../fixtures/registering.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { answerBlind, makeSurveyWorld, openForm, publishSurvey, type SurveyWorld } from '../../fixtures/surveying.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

test.describe.configure({ timeout: 240_000 });

const db = useClient();
let world: SurveyWorld;
let member: string;

test.beforeEach(async () => {
	world = await makeSurveyWorld(db.client);
	await addConsents(db.client, world.summit);
	await db.client.query(
		`update public.summits set starts_on = current_date - 5, ends_on = current_date - 4 where id = $1`,
		[world.summit]
	);
	await db.client.query(`update public.runs set state = 'ended', ended_at = now() where summit_id = $1`, [
		world.summit
	]);
	await db.client.query(`insert into public.role_grants (person_id, role) values ($1, 'owner')`, [
		world.people.owner.person
	]);
	member =
		(await db.client.query<{ name: string }>('select name from public.members where id = $1', [world.member])).rows[0]
			?.name ?? '';
});

// While there is another owner for all Summits, the sample's owner grants no strong role alone.
test.afterEach(() =>
	db.client.query(
		'update public.role_grants set ended_at = now(), ended_by = person_id where person_id = $1 and summit_id is null',
		[world.people.owner.person]
	)
);

const plain = (browser: Browser, who: TestPerson | null) => openPage(browser, who, { javaScriptEnabled: false });

async function closeSummit(owner: Page): Promise<void> {
	await owner.goto(`/${world.slug}/organise/closing`);
	for (const tick of await owner.getByRole('checkbox', { name: /^May stay open/ }).all()) await tick.check();
	await owner.getByRole('button', { name: 'Close the Summit' }).click();
	await expect(owner.getByText('The Summit is closed.').first()).toBeVisible();
}

async function answerSurvey(browser: Browser, survey: string): Promise<void> {
	const [first, ...others] = world.delegates;
	if (!first) throw new Error('no delegates');
	const page = await plain(browser, first);
	await page.goto(`/${world.slug}/surveys/${survey}`);
	await page.getByRole('group', { name: 'It was useful' }).getByLabel('5').check();
	await page.getByRole('button', { name: 'Send answers' }).click();
	await expect(page.getByText('You have answered this survey')).toBeVisible();
	const collection = (await openForm(world, first, survey))?.collection ?? '';
	await inTurn(others, (who) => answerBlind(world, who, collection, { useful: ['4'], again: ['yes'] }));
}

async function releaseReport(browser: Browser, survey: string): Promise<void> {
	const registration = await plain(browser, world.people.registration);
	await registration.goto(`/${world.slug}/organise/figures`);
	await registration.getByRole('button', { name: /^Release/ }).click();
	await expect(registration.getByText(/released/i).first()).toBeVisible();
	const programme = await plain(browser, world.people.programme);
	await programme.goto(`/${world.slug}/organise/surveys/${survey}`);
	await programme.getByRole('button', { name: 'End survey now' }).click();
	await programme.goto(`/${world.slug}/organise/impact/preview`);
	await programme.getByLabel('I have read the preview').check();
	await programme.getByRole('button', { name: 'Release report' }).click();
	await expect(programme.getByText('The report is released.')).toBeVisible();
	const visitor = await plain(browser, null);
	await visitor.goto(`/${world.slug}/impact`);
	await expect(visitor.getByRole('term').filter({ hasText: 'Answers to the survey' })).toBeVisible();
}

/** Starts the next Summit from this one, decides what cannot be copied, and opens it. */
async function startNext(owner: Page, slug: string): Promise<void> {
	const filled = async (title: string, fill: () => Promise<unknown> = () => Promise.resolve()) => {
		await expect(owner.getByRole('heading', { level: 1, name: title })).toBeVisible();
		await fill();
		await owner.getByRole('button', { name: 'Save and continue' }).click();
	};
	await owner.goto(`/organise/new?from=${world.slug}`);
	await owner.getByLabel('Name', { exact: true }).fill('The Next Summit');
	await owner.getByLabel('First day').fill(dayFromNow(400));
	await owner.getByLabel('Last day').fill(dayFromNow(401));
	await owner.getByLabel('Address').fill(slug);
	for (const part of ['Members and their focal points', 'Roles of organisers']) await owner.getByLabel(part).check();
	await owner.getByRole('button', { name: 'Create the Summit' }).click();
	await expect(owner.getByText('The Summit exists as a draft')).toBeVisible();
	await owner.goto(`/${slug}/organise/settings`);
	await owner.getByLabel('Name (French)').fill('Le prochain Sommet');
	await owner.getByRole('button', { name: 'Save', exact: true }).click();
	await owner.goto(`/${slug}/organise/setup/fees`);
	await filled('Fees');
	await filled('Contacts', async () => {
		for (const who of ['Conference secretariat', 'Safeguarding', 'Data protection'])
			await owner.getByRole('group', { name: who }).getByLabel('Mail address').fill('team@summit.example');
	});
	await filled('Rules and privacy', () => owner.getByLabel('Code of conduct (French)').fill('Soyez aimables.'));
	await owner.goto(`/${slug}/organise/settings/deadlines`);
	await owner.getByLabel('Registration opens').fill(`${dayFromNow(-1)}T09:00`);
	await owner.getByLabel('Registration closes').fill(`${dayFromNow(300)}T09:00`);
	await owner.getByRole('button', { name: 'Save', exact: true }).click();
	await expect(owner.getByText('Saved.').first()).toBeVisible();
	await owner.goto(`/${slug}/organise/setup/open`);
	await owner.getByRole('button', { name: 'Open registration' }).click();
	await expect(owner.getByText('The Summit is open.')).toBeVisible();
}

test('closes a Summit, learns from it, and opens the next with its members', async ({ browser }) => {
	const survey = await publishSurvey(world);
	const owner = await plain(browser, world.people.owner);
	await closeSummit(owner);
	await answerSurvey(browser, survey);
	await releaseReport(browser, survey);
	const slug = `next-${randomBytes(4).toString('hex')}`;
	await startNext(owner, slug);
	const delegate = await plain(browser, await makePerson(db.client, 'Next Delegate'));
	await fillInRegistration(delegate, slug, { name: 'Next Delegate', member, mode: /In the hall/ });
	// The focal point of the earlier edition works on.
	const focal = await plain(browser, world.people.focal);
	await focal.goto(`/${slug}/delegation`);
	await focal.getByRole('button', { name: 'Nominate Next Delegate' }).click();
	await expect(focal.getByText('Next Delegate is nominated.')).toBeVisible();
	await owner.goto(`/${slug}/organise/figures/editions`);
	await expect(owner.locator(`input[name="with[]"][value="${world.slug}"]`)).toBeChecked();
	await expect(owner.getByRole('row', { name: /^Answers to the survey/ })).toBeVisible();
});
