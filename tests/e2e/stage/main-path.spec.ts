/*
 * The main path with real people in real browsers: a visitor registers, an organiser accredits them, a speaker goes on stage, and the new
 * participant sees the speaker, until the registration is declined.
 */
import { randomUUID } from 'node:crypto';
import type { Browser, Page } from '@playwright/test';
import { receiveMail } from '../../fixtures/engines.ts';
import { variables } from '../../fixtures/open-page.ts';
import { addConsents, fillInRegistration } from '../../fixtures/form.ts';
import { signInByCode } from '../../fixtures/mailed-codes.ts';
import { browserOf } from '../../fixtures/livekit.ts';
import { readValue } from '../../fixtures/registering.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { goOnStage, expectPlaying } from '../../fixtures/watching.ts';
import type { TestPerson } from '../../fixtures/world.ts';

test.describe.configure({ timeout: 240_000 });

let member: string;
const small = useWorld(async ({ client, world }) => {
	await addConsents(client, world.summit);
	member = await readValue<string>(client, 'select name from public.members where id = $1', [world.member]);
	// The live session is for those registered, so that its viewer has gone through the whole path.
	await client.query(`update public.sessions set level = 'members', audience = 'registered' where id = $1`, [
		world.sessions.public.id
	]);
});

async function enter(
	browser: Browser,
	who: TestPerson | null,
	options: Parameters<Browser['newContext']>[0] = {}
): Promise<Page> {
	const { page } = await browserOf(browser, variables, who, options);
	return page;
}

/** Signs in with a new address and submits the form for an in-person seat. Returns the address. */
async function registerForHall(page: Page, name: string): Promise<string> {
	const address = `${randomUUID()}@people.example`;
	await page.goto(`/${small.world.slug}/register`);
	await signInByCode(page, address);
	await expect(page.getByRole('link', { name: 'Begin' })).toBeVisible();
	await fillInRegistration(page, small.world.slug, { name, member, mode: /In the hall/ });
	await receiveMail(address, ({ subject }) => subject.startsWith('We have your registration'));
	return address;
}

test('lets a visitor register, be accredited, join the live session and see the speaker, until declined', async ({
	browser
}) => {
	const { people, slug, sessions } = small.world;
	const name = `Ndèye Sarr ${small.world.slug.slice(2)}`;
	const page = await enter(browser, null);
	const address = await registerForHall(page, name);

	// Before accreditation, the session is not found.
	const early = await page.context().newPage();
	await early.goto(`/${slug}/agenda`);
	await expect(early.getByRole('heading', { name: 'Agenda', level: 1 })).toBeVisible();
	await expect(early.getByText(sessions.public.title)).toHaveCount(0);
	await early.close();

	const desk = await enter(browser, people.registration);
	await desk.goto(`/${slug}/organise/registrations`);
	await desk.getByRole('link', { name }).click();
	await expect(desk.getByRole('heading', { name, level: 2 })).toBeVisible();
	await desk.getByRole('button', { name: 'Accredit', exact: true }).last().click();
	await expect(desk.getByRole('status').filter({ hasText: name })).toContainText('confirmed', { timeout: 20_000 });

	// Their open page updates automatically; the mail has arrived.
	await expect(page.getByText(/You have a seat in the hall/)).toBeVisible();
	await receiveMail(address, ({ subject }) => subject.startsWith('Confirmed'));
	await page.getByRole('link', { name: 'My badge' }).click();
	await expect(page.getByRole('img', { name: /The code of your badge/ })).toBeVisible();

	const speaker = await enter(browser, people.speaker);
	await speaker.goto(`/${slug}/live/plenary/backstage/${sessions.public.code}`);
	await goOnStage(speaker, people.speaker.name);

	await page.goto(`/${slug}/agenda`);
	await page.getByRole('link', { name: sessions.public.title }).first().click();
	await page.getByRole('link', { name: 'Join the stream' }).click();
	await page.getByRole('button', { name: 'Watch and listen' }).click();
	await expectPlaying(page, people.speaker.name);
	await expect(
		page.getByRole('region', { name: 'On stage' }).getByRole('listitem').filter({ hasText: people.speaker.name })
	).toBeVisible();

	await desk.goto(`/${slug}/organise/registrations`);
	await desk.getByRole('link', { name: /^Confirmed/ }).click();
	await desk.getByRole('link', { name }).click();
	await desk.getByLabel('Reason, sent to the person').fill('The member sends somebody else.');
	await desk.getByRole('button', { name: 'Decline after all' }).click();
	await expect(page.locator('video, audio')).toHaveCount(0, { timeout: 30_000 });
	await expect(page.getByText(sessions.public.title)).toHaveCount(0);
	await expectPlaying(speaker, people.speaker.name);
	await receiveMail(address, ({ text }) => text.includes('The member sends somebody else.'));
});

test('leads without JavaScript to the page of the stage', async ({ browser }) => {
	const { people, slug, sessions } = small.world;
	const name = `Tevita Latu ${small.world.slug.slice(2)}`;
	const page = await enter(browser, null, { javaScriptEnabled: false });
	const address = await registerForHall(page, name);
	const desk = await enter(browser, people.registration, { javaScriptEnabled: false });
	await desk.goto(`/${slug}/organise/registrations`);
	await desk.getByRole('link', { name }).click();
	await desk.getByRole('button', { name: 'Accredit' }).last().click();
	await expect(desk.getByText('1 confirmed.')).toBeVisible();
	await receiveMail(address, ({ subject }) => subject.startsWith('Confirmed'));
	await page.goto(`/${slug}/me`);
	await expect(page.getByText(/You have a seat in the hall/)).toBeVisible();
	await page.getByRole('link', { name: 'My badge' }).click();
	await expect(page.getByRole('img', { name: /The code of your badge/ })).toBeVisible();
	await page.goto(`/${slug}/agenda`);
	await page.getByRole('link', { name: sessions.public.title }).first().click();
	await page.getByRole('link', { name: 'Join the stream' }).click();
	await expect(page.getByText('Picture and sound need JavaScript')).toBeVisible();
	await expect(page.getByRole('heading', { name: sessions.public.title }).first()).toBeVisible();
});
