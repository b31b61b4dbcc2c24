/* Questions and chat beside the video: a moderated chat, and a poll that is counted live. */
import type { Browser, Page } from '@playwright/test';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { variables } from '../../fixtures/open-page.ts';
import { holdData } from '../../fixtures/holding.ts';
import { browserOf } from '../../fixtures/livekit.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

let chair: TestPerson;
const small = useWorld(async ({ client, world }) => {
	chair = await makePerson(client, 'Chair of the session');
	await client.query(
		`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'chair', 'confirmed')`,
		[world.sessions.public.id, world.summit, chair.person]
	);
});

async function open(browser: Browser, who: TestPerson | null, panel: string, options = {}): Promise<Page> {
	const { page } = await browserOf(browser, variables, who, options);
	await page.goto(`/${small.world.slug}/live/plenary?panel=${panel}`);
	return page;
}

const item = (page: Page, words: string) => page.getByRole('listitem').filter({ hasText: words });

test('shows a message to all, removes it without a trace, and stops a raid with one click', async ({ browser }) => {
	const { virtual, delegate } = small.world.people;
	const host = await open(browser, chair, 'chat');
	const writer = await open(browser, virtual, 'chat');
	const reader = await open(browser, delegate, 'chat');
	const visitor = await open(browser, null, 'chat');
	const write = async (page: Page, words: string) => {
		await page.getByLabel('Your message').fill(words);
		await page.getByRole('button', { name: 'Send', exact: true }).click();
	};
	await write(writer, 'Good morning from afar');
	for (const page of [host, reader, visitor])
		await expect(item(page, 'Good morning from afar')).toContainText(virtual.name);
	await item(reader, 'Good morning from afar').getByRole('button', { name: 'Report' }).click();
	await expect(item(reader, 'Good morning from afar')).toContainText('Reported to the safeguarding leads');
	await write(writer, 'x'.repeat(100_000));
	await expect(writer.getByText('A message has at most 1,000 characters.').first()).toBeVisible();
	await item(host, 'Good morning from afar').getByRole('button', { name: 'Mute in the chat' }).click();
	await expect(writer.getByText('have asked you not to write any more')).toBeVisible({ timeout: 15_000 });
	await item(host, 'Good morning from afar').getByRole('button', { name: 'Remove' }).click();
	for (const page of [reader, visitor, writer]) await expect(page.getByText('Good morning from afar')).toHaveCount(0);
	await write(reader, 'And from the hall');
	await expect(item(host, 'And from the hall')).toBeVisible();
	await host.getByRole('button', { name: 'Now only the people of the session' }).click();
	await expect(reader.getByText('Only the people of this session write at the moment.')).toBeVisible();
	await write(host, 'Thank you for your patience with us');
	await expect(item(reader, 'Thank you for your patience with us')).toBeVisible();
	await expect(reader.getByLabel('Your message')).toHaveCount(0);
});

test('lets a host bar a person known only from the chat, and admit them again', async ({ browser }) => {
	const { virtual } = small.world.people;
	const host = await open(browser, chair, 'chat');
	const writer = await open(browser, virtual, 'chat');
	await writer.getByLabel('Your message').fill('Something that hurts');
	await writer.getByRole('button', { name: 'Send', exact: true }).click();
	const message = item(host, 'Something that hurts');
	await message.getByText('Bar from this session').click();
	await expect(message).toContainText(`${virtual.name} is removed at once and cannot come back.`);
	await message.getByRole('button', { name: 'Yes, bar' }).click();
	await expect(message).toContainText('Barred from this session.');
	await expect(writer.getByText('You cannot take part in this session.').first()).toBeVisible({ timeout: 15_000 });
	await message.getByRole('button', { name: 'Let in again' }).click();
	await expect(message.getByText('Bar from this session')).toBeVisible();
	await writer.reload();
	await expect(writer.getByLabel('Your message')).toBeVisible();
});

test('opens a poll, counts votes on every page, and closes it; takes a vote without JavaScript', async ({
	browser
}) => {
	const { virtual, delegate } = small.world.people;
	const host = await open(browser, chair, 'polls');
	const viewer = await open(browser, virtual, 'polls');
	const plain = await open(browser, delegate, 'polls', { javaScriptEnabled: false });
	await host.getByText('New poll').click();
	await host.getByLabel('Question').fill('Shall we meet again in a year?');
	await host.getByLabel('Answers, one in each line').fill('Yes\nNo\n');
	await host.getByRole('button', { name: 'Open now' }).click();
	await viewer.getByRole('radio', { name: 'Yes' }).check();
	await viewer.getByRole('button', { name: 'Vote' }).click();
	await expect(item(host, 'Yes')).toContainText('1 · 100%');
	await plain.reload();
	await plain.getByRole('radio', { name: 'No' }).check();
	await plain.getByRole('button', { name: 'Vote' }).click();
	await expect(plain.getByText('You have voted.')).toBeVisible();
	for (const page of [host, viewer]) await expect(item(page, 'No')).toContainText('1 · 50%');
	await viewer.getByRole('radio', { name: 'No' }).check();
	await viewer.getByRole('button', { name: 'Change your vote' }).click();
	await expect(item(host, 'No')).toContainText('2 · 100%');
	await host.getByRole('button', { name: 'Close' }).click();
	await expect(viewer.getByRole('radio')).toHaveCount(0);
	await expect(viewer.getByText('2 people have voted')).toBeVisible();
});

test('keeps live events that arrive while the page’s data are loading', async ({ browser }) => {
	const host = await open(browser, chair, 'polls');
	const viewer = await open(browser, small.world.people.virtual, 'polls');
	await host.getByText('New poll').click();
	await host.getByLabel('Question').fill('Shall we go on?');
	await host.getByLabel('Answers, one in each line').fill('Yes\nNo\n');
	await host.getByRole('button', { name: 'Open now' }).click();
	await viewer.getByRole('radio', { name: 'Yes' }).check();
	// On a poor connection older data arrive late.
	const held = await holdData(viewer);
	await viewer.getByRole('button', { name: 'Vote' }).click();
	await held.read;
	await host.getByRole('button', { name: 'Close' }).click();
	await expect(viewer.getByText('1 person has voted')).toBeVisible();
	await expect(viewer.getByRole('radio')).toHaveCount(0);
	await held.release();
	await expect(viewer.getByRole('button', { name: 'Change your vote' })).toHaveCount(0);
	await expect(viewer.getByRole('radio')).toHaveCount(0);
});

test('passes axe with hands, chat and polls, at a desk and on a phone in Arabic', async ({ browser }) => {
	await small.client.query(
		`insert into private.chat_messages (run_id, session_id, person_id, body) values ($1, $2, $3, 'A first word')`,
		[small.world.run, small.world.sessions.public.id, small.world.people.listed.person]
	);
	await small.client.query(`insert into private.hands (run_id, person_id, place) values ($1, $2, 'home')`, [
		small.world.run,
		small.world.people.listed.person
	]);
	await small.client.query(
		`with poll as (insert into private.polls (session_id, summit_id, question, kind, state, opened_at) values ($1, $2, 'Agreed?', 'single', 'open', now()) returning id)
		insert into private.poll_options (poll_id, position, label) select id, n, label from poll, unnest(array['Yes', 'No']) with ordinality as o (label, n)`,
		[small.world.sessions.public.id, small.world.summit]
	);
	const host = await open(browser, chair, 'hands');
	const phone = await open(browser, small.world.people.virtual, 'hands', {
		viewport: { width: 390, height: 844 },
		colorScheme: 'dark'
	});
	for (const panel of ['hands', 'chat', 'polls']) {
		await host.goto(`/${small.world.slug}/live/plenary?panel=${panel}`);
		await phone.goto(`/ar/${small.world.slug}/live/plenary?panel=${panel}`);
		for (const page of [host, phone]) expect([panel, await faultsOfPage(page)]).toEqual([panel, []]);
		expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
	}
});
test('lets an owner set how sessions begin', async ({ browser }) => {
	const page = await open(browser, small.world.people.owner, 'session');
	await page.goto(`/${small.world.slug}/organise/settings/participation`);
	await page.getByLabel('Who writes in the chat').selectOption('Everyone, slowly');
	await page.getByLabel('Questions wait for approval').uncheck();
	await page.getByRole('button', { name: 'Save' }).click();
	await expect(page).toHaveURL(/done=saved/);
	await expect(page.getByLabel('Who writes in the chat')).toHaveValue('slow');
	await expect(page.getByLabel('Questions wait for approval')).not.toBeChecked();
	expect(await faultsOfPage(page)).toEqual([]);
	const delegate = await open(browser, small.world.people.virtual, 'chat');
	await expect(delegate.getByText('One message every 15 seconds.')).toBeVisible();
});
