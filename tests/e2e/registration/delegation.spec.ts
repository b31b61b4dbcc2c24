/* The work of a focal point: invite, register on behalf, set the order, transfer a seat; and what an invited colleague does. */
import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import { openPage } from '../../fixtures/open-page.ts';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { receiveMail } from '../../fixtures/engines.ts';
import { signInByCode } from '../../fixtures/mailed-codes.ts';
import { makeSummit, register, stateOf, readValue, type RegisteringSummit } from '../../fixtures/registering.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';

const db = useClient();

const phone = { viewport: { width: 390, height: 844 } };

test.describe.configure({ timeout: 240_000 });

let summit: RegisteringSummit & { slug: string };
let member: string;
let name: string;
let focal: TestPerson;

test.beforeEach(async () => {
	const made = await makeSummit(db.client, { ceilings: { civil_society: 2 } });
	summit = {
		...made,
		slug: await readValue(db.client, 'select slug from public.summits where id = $1', [made.summit])
	};
	member = made.members[0] ?? '';
	name = await readValue(db.client, 'select name from public.members where id = $1', [member]);
	focal = await makePerson(db.client, 'Focal Point');
	await db.client.query(`insert into public.focal_points (summit_id, member_id, person_id) values ($1, $2, $3)`, [
		made.summit,
		member,
		focal.person
	]);
	await db.client.query(
		`update public.summits set nominations_close_at = now() + interval '9 days 1 hour' where id = $1`,
		[made.summit]
	);
});

async function colleague(called: string): Promise<{ who: TestPerson; id: string }> {
	const who = await makePerson(db.client, called);
	return { who, id: (await register(db.client, who, summit.summit, member)).id };
}

async function linkTo(address: string): Promise<string> {
	const mail = await receiveMail(address, ({ subject }) => /^(Invitation|دعوة)/.test(subject));
	return /\/(?:ar\/)?invitation\/[\w-]{32}/.exec(mail.text)?.[0] ?? '';
}

/** What the form still asks an invited person. */
async function fillInvited(page: Page): Promise<void> {
	await page.getByLabel('Name on your badge').fill('Invited Colleague');
	await page.getByLabel('Country you represent').selectOption('PT');
	await page.getByRole('button', { name: 'Save and continue' }).click();
	await expect(page.getByText(`You were invited by ${name}`)).toBeVisible();
	await expect(page.getByRole('radio', { name })).toBeChecked();
	await page.getByRole('button', { name: 'Save and continue' }).click();
	await expect(page.getByRole('radio', { name: /In the hall/ })).toBeChecked();
	await page.getByRole('button', { name: 'Save and continue' }).click();
	await expect(page.getByRole('heading', { name: 'What you need', level: 1 })).toBeVisible();
	await page.getByRole('button', { name: 'Save and continue' }).click();
	await page.getByRole('checkbox', { name: 'I will follow the code of conduct' }).check();
	await page.getByRole('button', { name: 'Send my registration' }).click();
	await expect(page.getByText('Your registration was sent.')).toBeVisible();
}

test('invites, nominates, orders, and transfers a seat', async ({ browser }) => {
	const address = `invited-${randomUUID()}@people.example`;
	const desk = await openPage(browser, focal);
	await desk.goto(`/${summit.slug}/delegation`);
	await expect(desk.getByText(/^You can invite and nominate until .* \(in 9 days\)\.$/)).toBeVisible();
	await desk.getByLabel('Their mail address').fill(address);
	await desk.getByLabel('Your message').fill('We would be glad of your company.');
	await desk.getByRole('radio', { name: /In the hall/ }).check();
	expect(await faultsOfPage(desk)).toEqual([]);
	await desk.getByRole('button', { name: 'Send the invitation' }).click();
	await expect(desk.getByText('The invitation is on its way.')).toBeVisible();
	const invitation = desk.getByRole('row').filter({ hasText: '@people.example' });
	await expect(invitation).toContainText('Sent');
	expect(await desk.content()).not.toContain(address);

	// Their assistant sees it too, and for whom they act; a promised seat is not offered above or in the form.
	const assistant = await makePerson(db.client, 'Assistant Person');
	await db.client.query(
		`insert into public.account_people (account_id, person_id, relation, scope) values ($1, $2, 'assistant', 'registration')`,
		[assistant.account, focal.person]
	);
	const aide = await openPage(browser, assistant, phone);
	await aide.goto(`/${summit.slug}/delegation`);
	await expect(aide.getByText('You act for Focal Point. Both names are recorded.')).toBeVisible();
	await expect(aide.getByText('1 of 2 left to give')).toHaveCount(2);

	// A person with only the link sees who invites, and nothing more.
	const mail = await receiveMail(address, ({ subject }) => subject.startsWith('Invitation'));
	expect(mail.text).toContain('We would be glad of your company.');
	const link = await linkTo(address);
	const outsider = await openPage(browser, await makePerson(db.client, 'Of Another Address'), phone);
	await outsider.goto(link);
	await expect(outsider.getByText('You are signed in with another address')).toBeVisible();
	await expect(outsider.getByRole('button', { name: /Accept/ })).toHaveCount(0);
	await expectWholePage(outsider);

	const guest = await openPage(browser, null, phone);
	await guest.goto(link);
	await expect(guest.getByText(`${name} would like you to take part as one of its delegates.`)).toBeVisible();
	expect(await faultsOfPage(guest)).toEqual([]);
	await guest.getByRole('button', { name: 'Sign in to go on' }).click();
	await signInByCode(guest, address);
	await expect(guest).toHaveURL(new RegExp(`${link}$`));
	expect(await faultsOfPage(guest)).toEqual([]);
	await guest.getByRole('button', { name: 'Accept and go on to the form' }).click();
	await fillInvited(guest);
	await expect(desk.getByRole('row').filter({ hasText: 'Invited Colleague' })).toContainText(
		'Named by your organisation'
	);
	await expect(invitation).toContainText('Accepted');

	// Two registered directly: one has the second seat, the other waits.
	const [second, third] = [await colleague('Second Colleague'), await colleague('Third Colleague')];
	await desk.reload();
	await expect(desk.getByRole('row').filter({ hasText: 'Third Colleague' })).toContainText('Number 1 in the queue');
	await desk.getByRole('button', { name: 'Nominate Second Colleague' }).click();
	await expect(desk.getByText('Second Colleague is nominated.')).toBeVisible();
	expect(await stateOf(db.client, second.id)).toBe('nominated');
	await desk.getByRole('button', { name: 'Move up: Third Colleague' }).click();
	await expect(desk.getByRole('rowheader').nth(1)).toContainText('Third Colleague');

	await desk.getByRole('link', { name: 'Second Colleague' }).click();
	await desk.getByRole('button', { name: 'Make head of delegation' }).click();
	await expect(desk.getByText('Second Colleague is head of the delegation.')).toBeVisible();
	expect(await faultsOfPage(desk)).toEqual([]);
	await desk.getByRole('button', { name: 'Transfer seat now' }).click();
	await expect(desk.getByRole('link', { name: 'Choose a colleague.' })).toBeVisible();
	await desk.getByRole('radio', { name: 'Third Colleague' }).check();
	await desk.getByRole('button', { name: 'Transfer seat now' }).click();
	await expect(desk.getByText('The seat was transferred. Second Colleague no longer takes part.')).toBeVisible();
	expect(await stateOf(db.client, second.id)).toBe('withdrawn');
	const successor = await openPage(browser, third.who);
	await successor.goto(`/${summit.slug}/me`);
	await expect(successor.getByText(/We hold a seat for you|A seat is free for you/)).toBeVisible();
});

test('handles mistakes, a full quota, resending and revoking without JavaScript, on a phone', async ({ browser }) => {
	const page = await openPage(browser, focal, { ...phone, javaScriptEnabled: false });
	await colleague('Seated Colleague');
	await page.goto(`/${summit.slug}/delegation`);
	await page.getByRole('button', { name: 'Send the invitation' }).click();
	await expect(page.getByRole('heading', { name: '2 things need your attention' })).toBeVisible();
	const invite = async (address: string) => {
		await page.getByLabel('Their mail address').fill(address);
		await page.getByRole('radio', { name: /In the hall/ }).check();
		await page.getByRole('button', { name: 'Send the invitation' }).click();
	};
	const address = `first-${randomUUID()}@people.example`;
	await invite(address);
	await expect(page.getByText('The invitation is on its way.')).toBeVisible();
	const link = await linkTo(address);
	await invite(address);
	await expect(page.getByRole('link', { name: /^All these seats are taken/ })).toBeVisible();
	await page.getByLabel('Invite all the same').check();
	await page.getByRole('button', { name: 'Send the invitation' }).click();
	await expect(page.getByRole('link', { name: /^This address has an open invitation/ })).toBeVisible();
	// Ticked boxes are still ticked.
	await invite(`second-${randomUUID()}@people.example`);
	await expect(page.getByText('The invitation is on its way.')).toBeVisible();

	const row = page.getByRole('row').filter({ hasText: '@people.example' }).last();
	await row.getByRole('button', { name: 'Send again' }).click();
	await expect(page.getByText('The invitation was sent again.')).toBeVisible();
	const guest = await openPage(browser, null, { ...phone, javaScriptEnabled: false });
	expect((await guest.goto(link))?.status()).toBe(404);
	const again = await receiveMail(address, ({ text }) => text.includes('/invitation/') && !text.includes(link));
	const newer = /\/invitation\/[\w-]{32}/.exec(again.text)?.[0] ?? '';
	await guest.goto(newer);
	await expect(guest.getByRole('button', { name: 'Sign in to go on' })).toBeVisible();
	for (const left of [1, 0]) {
		await page
			.getByRole('button', { name: /^Take back/ })
			.first()
			.click();
		await expect(page.getByText('The invitation was withdrawn.')).toBeVisible();
		await expect(page.getByRole('button', { name: /^Take back/ })).toHaveCount(left);
	}
	await guest.reload();
	await expect(guest.getByText('This invitation was withdrawn')).toBeVisible();
});

test('reports a person as not of the member, and promises a seat to an invited outsider, in Arabic', async ({
	browser
}) => {
	const { id } = await colleague('Perhaps Colleague');
	const page = await openPage(browser, focal, phone);
	await page.goto(`/ar/${summit.slug}/delegation/${id}`);
	await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
	expect(await faultsOfPage(page)).toEqual([]);
	await page.goto(`/${summit.slug}/delegation/${id}`);
	await page.getByText('Not one of ours', { exact: true }).first().click();
	await page.getByRole('button', { name: 'Not one of ours' }).click();
	await expect(page.getByRole('link', { name: 'Write a reason for the organisers.' })).toBeVisible();
	await page.getByLabel('What should the organisers know?').fill('Left us last year.');
	await page.getByRole('button', { name: 'Not one of ours' }).click();
	await expect(page.getByText('The organisers read that Perhaps Colleague is not one of yours.')).toBeVisible();
	await expect(page.getByText('You said: not one of ours')).toBeVisible();
	expect(await stateOf(db.client, id)).toBe('submitted');
	const address = `heir-${randomUUID()}@people.example`;
	await page.getByText('To somebody whom you invite').click();
	await page.getByLabel('Their mail address').fill(address);
	await page.getByLabel('Language of the mail').selectOption('ar');
	await page.getByRole('button', { name: 'Send the invitation' }).click();
	await expect(page.getByText(/^This seat is promised to .*@people\.example until/)).toBeVisible();
	expect(await linkTo(address)).toMatch(/^\/ar\/invitation\//);
	expect(await stateOf(db.client, id)).toBe('submitted');
});
