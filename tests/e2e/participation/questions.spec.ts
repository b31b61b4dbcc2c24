/* Written questions beside the video: asked, approved, upvoted, answered, on the big screen; and without JavaScript. */
import type { Browser, Page } from '@playwright/test';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { variables } from '../../fixtures/open-page.ts';
import { holdData } from '../../fixtures/holding.ts';
import { browserOf } from '../../fixtures/livekit.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';

let chair: TestPerson;
const small = useWorld(async ({ client, world }) => {
	chair = await makePerson(client, 'Chair of the session');
	await client.query(
		`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'chair', 'confirmed')`,
		[world.sessions.public.id, world.summit, chair.person]
	);
});

async function open(browser: Browser, who: TestPerson | null, path = '?panel=questions', options = {}): Promise<Page> {
	const { page } = await browserOf(browser, variables, who, options);
	await page.goto(`/${small.world.slug}/live/plenary${path}`);
	return page;
}

const saveRules = (host: Page) =>
	host.getByRole('region', { name: 'How people take part' }).getByRole('button', { name: 'Save' }).click();

const entry = (page: Page, words: string) =>
	page.getByRole('listitem').filter({ has: page.getByRole('paragraph').filter({ hasText: words }) });

test('asks, approves, upvotes and answers a question, on every page as it happens', async ({ browser }) => {
	const { virtual, delegate } = small.world.people;
	const [host, asker, hall, visitor, screen] = await Promise.all([
		open(browser, chair),
		open(browser, virtual),
		open(browser, delegate),
		open(browser, null),
		open(browser, null, '/questions')
	]);
	await expect(hall.getByText('No questions yet')).toBeVisible();
	await asker.getByLabel('Your question').fill('What happens after 2030?');
	await asker.getByRole('button', { name: 'Send the question' }).click();
	await expect(entry(asker, 'What happens after 2030?')).toContainText('Waits for approval');
	// It waits for moderation, and nobody else sees it.
	await expect(entry(host, 'What happens after 2030?')).toContainText(virtual.name);
	await expect(host.getByRole('link', { name: 'Questions 1' })).toBeVisible();
	await expect(hall.getByText('No questions yet')).toBeVisible();
	await host.getByRole('button', { name: 'Approve' }).click();
	for (const page of [asker, hall, visitor, screen])
		await expect(page.getByText('What happens after 2030?')).toHaveCount(1);
	await expect(entry(visitor, 'What happens after 2030?')).toContainText('0 people want this answered');
	await expect(visitor.getByRole('button', { name: /Me too/ })).toHaveCount(0);
	await expect(visitor.getByText('Sign in to take part')).toBeVisible();

	const want = (page: Page) => page.getByRole('button', { name: /Me too/ });
	await want(hall).click();
	await expect(want(hall)).toHaveAttribute('aria-pressed', 'true');
	await want(asker).click();
	for (const page of [hall, asker, host]) await expect(want(page)).toContainText('2 people want this answered');
	await want(hall).click();
	await expect(want(asker)).toContainText('1 person wants this answered');
	await hall.reload();
	await expect(want(hall)).toHaveAttribute('aria-pressed', 'false');

	await host.getByRole('button', { name: 'Answer now' }).click();
	for (const page of [asker, hall, visitor]) await expect(page.getByText('Being answered now')).toBeVisible();
	await expect(screen.getByRole('region', { name: 'Being answered now' })).toContainText('What happens after 2030?');
	await host.getByRole('button', { name: 'Answered', exact: true }).click();
	await expect(hall.getByText('Answered (1)')).toBeVisible();
	await expect(screen.getByText('No questions yet')).toBeVisible();

	// Missed live events are caught up: each stream is cut, and the page reads what changed when it is open again.
	await small.client.query(
		`with made as (insert into private.session_questions (session_id, summit_id, person_id, body, shown_as, state) values ($1, $2, $3, 'And meanwhile?', 'nobody', 'approved') returning id)
		select private.publish_event('run:' || $4::uuid, 'rights', $4::uuid) from made`,
		[small.world.sessions.public.id, small.world.summit, delegate.person, small.world.run]
	);
	for (const page of [hall, visitor]) await expect(entry(page, 'And meanwhile?')).toBeVisible({ timeout: 30_000 });
});

test('keeps counting votes on an older question for its readers after a level was lowered', async ({ browser }) => {
	const { virtual, delegate } = small.world.people;
	const setLevel = (level: string, audience: string) =>
		small.client.query(
			`update public.sessions set level = $2::public.confidentiality, audience = $3::public.session_audience where id = $1`,
			[small.world.sessions.public.id, level, audience]
		);
	await setLevel('members', 'registered');
	const [host, asker, reader] = await Promise.all([
		open(browser, chair),
		open(browser, virtual),
		open(browser, delegate)
	]);
	await asker.getByLabel('Your question').fill('Between ourselves?');
	await asker.getByRole('button', { name: 'Send the question' }).click();
	await host.getByRole('button', { name: 'Approve' }).click();
	await expect(entry(reader, 'Between ourselves?')).toBeVisible();
	await setLevel('public', 'everyone');
	const visitor = await open(browser, null);
	await expect(visitor.getByText('No questions yet')).toBeVisible();
	await entry(reader, 'Between ourselves?')
		.getByRole('button', { name: /Me too/ })
		.click();
	for (const page of [host, asker, reader])
		await expect(entry(page, 'Between ourselves?')).toContainText('1 person wants this answered');
	await expect(visitor.getByText('No questions yet')).toBeVisible();
});

test('lets a host close questions, skip moderation, merge two and reject one', async ({ browser }) => {
	const { virtual, delegate } = small.world.people;
	const [host, first, second] = await Promise.all([
		open(browser, chair),
		open(browser, virtual),
		open(browser, delegate)
	]);
	await host.getByLabel('Questions wait for approval').uncheck();
	await saveRules(host);
	await expect(first.getByText('Those who run the session read it first')).toHaveCount(0);
	await first.getByLabel('Your question').fill('Who pays?');
	await first.getByLabel('Shown under').selectOption('No name');
	await first.getByRole('button', { name: 'Send the question' }).click();
	await expect(entry(second, 'Who pays?')).toContainText('Without a name');
	await second.getByLabel('Your question').fill('Who will pay for it?');
	await second.getByRole('button', { name: 'Send the question' }).click();
	await entry(host, 'Who will pay for it?').getByText('Asks the same as').click();
	await entry(host, 'Who will pay for it?').getByRole('combobox').selectOption('Who pays?');
	await entry(host, 'Who will pay for it?').getByRole('button', { name: 'Merge' }).click();
	await expect(first.getByText('Who will pay for it?')).toHaveCount(0);
	await expect(entry(second, 'Who will pay for it?')).toContainText('Asked together with another one');
	await entry(host, 'Who pays?').getByRole('button', { name: 'Reject' }).click();
	await expect(second.getByText('Who pays?')).toHaveCount(0);
	await expect(entry(first, 'Who pays?')).toContainText('Rejected');
	await host.getByLabel('Questions are taken').uncheck();
	await saveRules(host);
	await expect(first.getByText('No more questions are taken.')).toBeVisible();
});

test('keeps a host’s setting although a page load started before it', async ({ browser }) => {
	const [host, reader] = await Promise.all([open(browser, chair), open(browser, small.world.people.virtual)]);
	const hint = reader.getByText('Those who run the session read it first');
	await expect(hint).toBeVisible();
	// The server read it before the change, and the answer arrives after the live event.
	const held = await holdData(reader);
	await small.client.query(`select private.publish_event('person:' || $1::text, 'hand', null)`, [
		small.world.people.virtual.person
	]);
	await held.read;
	await host.getByLabel('Questions wait for approval').uncheck();
	await saveRules(host);
	await expect(hint).toHaveCount(0);
	await held.release();
	for (const end = Date.now() + 1500; Date.now() < end;) expect(await hint.count()).toBe(0);
});

test('takes questions and votes without JavaScript, in Arabic too, and passes axe', async ({ browser }) => {
	const { delegate } = small.world.people;
	await small.client.query(
		`insert into private.session_questions (session_id, summit_id, person_id, body, shown_as, state) values ($1, $2, $3, 'Already here?', 'name', 'approved')`,
		[small.world.sessions.public.id, small.world.summit, small.world.people.listed.person]
	);
	const plain = await open(browser, delegate, '?panel=questions', { javaScriptEnabled: false });
	await plain.getByLabel('Your question').fill('Without script?');
	await plain.getByRole('button', { name: 'Send the question' }).click();
	await expect(entry(plain, 'Without script?')).toContainText('Waits for approval');
	await plain.getByRole('button', { name: /Me too/ }).click();
	await expect(entry(plain, 'Already here?')).toContainText('1 person wants this answered');
	await plain.getByRole('button', { name: 'Take back' }).click();
	await expect(plain.getByText('Without script?')).toHaveCount(0);

	const host = await open(browser, chair);
	await expect(entry(host, 'Already here?')).toBeVisible();
	for (const page of [host, await open(browser, null, '/questions')]) await expectWholePage(page);
	const phone = await open(browser, delegate, '', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
	await phone.goto(`/ar/${small.world.slug}/live/plenary?panel=questions`);
	await expect(phone.getByRole('button', { name: 'أرسل السؤال' })).toBeVisible();
	expect(await faultsOfPage(phone)).toEqual([]);
	expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});
