/*
 * A proposal from its first line to the session in the draft: author and co-author, with and without JavaScript; then reviewed, accepted,
 * notified, confirmed.
 */
import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { receiveMail } from '../../fixtures/engines.ts';
import { openPage } from '../../fixtures/open-page.ts';
import { signInByCode } from '../../fixtures/mailed-codes.ts';
import { makeCall, propose, englishText, type OpenCall } from '../../fixtures/proposing.ts';
import { readValue } from '../../fixtures/registering.ts';
import { useClient } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson } from '../../fixtures/world.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';

const db = useClient();

test.describe.configure({ timeout: 240_000 });

let call: OpenCall & { slug: string };

test.beforeEach(async () => {
	const made = await makeCall(db.client);
	call = { ...made, slug: await readValue(db.client, 'select slug from public.summits where id = $1', [made.summit]) };
});

const abstractOf = (page: Page) => page.getByLabel('Abstract');

test('saves a new proposal automatically, never overwrites it, and submits it with an invited co-author', async ({
	browser
}) => {
	const address = `panel-${randomUUID()}@people.example`;
	const ana = await makePerson(db.client, 'Ana Lima');
	const page = await openPage(browser, ana);
	await page.goto(`/${call.slug}/propose`);
	await expect(page.getByText(/^The call is open until /)).toBeVisible();
	expect(await faultsOfPage(page)).toEqual([]);
	await page.getByRole('button', { name: 'Begin a proposal' }).click();
	await expect(page.getByRole('heading', { level: 1, name: /^Proposal / })).toBeVisible();
	const title = page.getByLabel('Title', { exact: true });
	await expect(async () => {
		await title.fill('Hotlines at night');
		await expect(page.getByText(/^Saved at /)).toBeVisible({ timeout: 5_000 });
	}).toPass();
	await expectWholePage(page);

	// Text typed while the server does not answer stays in the tab, also through a reload.
	await page.route('**/*?/save', (route) => route.abort());
	await abstractOf(page).fill('Typed without a network.');
	await expect(page.getByText(/^Not saved: no answer came/)).toBeVisible();
	await page.unroute('**/*?/save');
	await page.reload();
	await expect(page.getByText(/^What you had typed here before/)).toBeVisible();
	await expect(abstractOf(page)).toHaveValue('Typed without a network.');
	await expect(page.getByText(/^Saved at /)).toBeVisible();

	// A second tab, without JavaScript, is shown the changes of the first before it may save over them.
	const plain = await openPage(browser, ana, { javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
	await plain.goto(page.url());
	await abstractOf(page).fill('From the first tab.');
	await expect
		.poll(() =>
			readValue(db.client, `select abstract ->> 'en' from private.proposals where owner_id = $1`, [ana.person])
		)
		.toBe('From the first tab.');
	await abstractOf(plain).fill('From the second tab.');
	await plain.getByRole('button', { name: 'Save', exact: true }).click();
	await expect(plain.getByText('Nothing of yours was overwritten or saved.')).toBeVisible();
	await expect(abstractOf(plain)).toHaveValue('From the second tab.');
	await plain.getByRole('button', { name: 'Save mine over it' }).click();
	await expect(plain.getByText('Saved.', { exact: true })).toBeVisible();

	// Missing fields are listed, then it is submitted.
	await plain.getByRole('button', { name: 'Send the proposal' }).click();
	await expect(plain.getByRole('link', { name: 'Fill this in.' })).toHaveCount(2);
	await plain.getByLabel('Format').selectOption('Talk, 30 minutes');
	await plain.getByLabel('Track').selectOption('prevention');
	await plain.getByRole('button', { name: 'Send the proposal' }).click();
	await expect(plain.getByText('Your proposal is sent.')).toBeVisible();

	await plain.getByText('Invite somebody').first().click();
	await plain.getByLabel('Name', { exact: true }).fill('Bo Written');
	await plain.getByLabel('Mail address').fill(address);
	await plain.getByLabel('Part', { exact: true }).selectOption('Moderator');
	await plain.getByRole('button', { name: 'Invite somebody' }).click();
	await expect(plain.getByText('The invitation is on its way.')).toBeVisible();
	const mail = await receiveMail(address, ({ subject }) => subject.startsWith('A part in a proposed session'));
	const link = /\/[\w-]+\/propose\/invited\/[\w-]{32}/.exec(mail.text)?.[0] ?? '';
	const guest = await openPage(browser, null, { javaScriptEnabled: false });
	await guest.goto(link);
	expect(await guest.content()).not.toContain('Hotlines at night');
	const seen = await openPage(browser, null);
	await seen.goto(link);
	await expectWholePage(seen);
	await guest.getByRole('button', { name: 'Sign in' }).click();
	await signInByCode(guest, address);
	await expect(guest.getByText('Hotlines at night')).toBeVisible();
	await guest.getByRole('button', { name: 'Accept', exact: true }).click();
	await expect(guest.getByText('You read it as one of its people.')).toBeVisible();
	await plain.goto(page.url());
	await expect(plain.getByRole('listitem').filter({ hasText: 'Moderator' })).toContainText('Takes part');
});

test('reviews a proposal without names, accepts it, notifies at the release, and takes the confirmation', async ({
	browser
}) => {
	const ana = await makePerson(db.client, 'Ana Lima');
	const rui = await makePerson(db.client, 'Rui Reader');
	const id = await propose(db.client, call, ana, 'Hotlines at night');
	await db.client.query(`insert into private.reviewers (summit_id, person_id) values ($1, $2)`, [
		call.summit,
		rui.person
	]);
	await db.client.query(`insert into private.review_criteria (summit_id, name, weight) values ($1, $2, 2)`, [
		call.summit,
		englishText('Use to members')
	]);
	const base = `/${call.slug}/organise/proposals`;
	const desk = await openPage(browser, call.programme);
	await desk.goto(`${base}/committee`);
	expect(await faultsOfPage(desk)).toEqual([]);
	await desk.getByLabel('Reviewers for each proposal').fill('1');
	await desk.getByRole('button', { name: 'Assign evenly' }).click();
	await expect(desk.getByText('1 assigned.')).toBeVisible();

	const reviewer = await openPage(browser, rui, { javaScriptEnabled: false });
	await reviewer.goto(`/${call.slug}/propose/review`);
	await reviewer.getByRole('link', { name: 'Hotlines at night' }).click();
	await expect(reviewer.getByText('Without names: who proposes it is withheld.')).toBeVisible();
	expect(await reviewer.content()).not.toContain('Ana Lima');
	await reviewer.getByRole('button', { name: 'Send my review' }).click();
	await expect(reviewer.getByText('Score each criterion before you send it.')).toBeVisible();
	await reviewer.getByRole('radio', { name: '4' }).check();
	await reviewer.getByLabel('Comment').fill('Others could start on it at once.');
	await reviewer.getByRole('button', { name: 'Send my review' }).click();
	await expect(reviewer.getByText('Your review is sent.')).toBeVisible();

	await desk.goto(base);
	const row = desk.getByRole('row').filter({ hasText: 'Hotlines at night' });
	await expect(row).toContainText('Ana Lima');
	expect(await faultsOfPage(desk)).toEqual([]);
	await row.getByRole('checkbox').check();
	await desk.getByRole('button', { name: 'Accept', exact: true }).click();
	await expect(desk.getByText('1 decided.')).toBeVisible();
	await expect(row).toContainText('Accepted, not notified yet');

	const author = await openPage(browser, ana);
	await author.goto(`/${call.slug}/propose`);
	await expect(author.getByRole('listitem').filter({ hasText: 'Hotlines at night' })).toContainText('Sent');
	await desk.getByRole('button', { name: 'Release all mails that are held' }).click();
	await expect(desk.getByText('Notified: 1. Mails being sent: 1.')).toBeVisible();
	await author.reload();
	await expect(author.getByRole('listitem').filter({ hasText: 'Hotlines at night' })).toContainText('Accepted');
	await author.goto(`/${call.slug}/speak`);
	await author.getByRole('button', { name: 'Accept', exact: true }).first().click();
	await desk.goto(`${base}/${id}`);
	expect(await faultsOfPage(desk)).toEqual([]);
	await desk.getByRole('link', { name: 'Its session in the draft' }).click();
	await expect(desk.getByText('Hotlines at night').first()).toBeVisible();
	await expect
		.poll(() => readValue(db.client, `select state from public.session_people where person_id = $1`, [ana.person]))
		.toBe('confirmed');
});
