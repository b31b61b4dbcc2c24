/* Captions: written by a person and by an engine, shown live to every viewer, and kept as a transcript. */
import type { Browser, Page } from '@playwright/test';
import { faultsInBothThemes } from '../../fixtures/axe.ts';
import { variables } from '../../fixtures/open-page.ts';
import { callFunction, interpretInto, joinSession } from '../../fixtures/interpreting.ts';
import { browserOf } from '../../fixtures/livekit.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';
import { expectWholePage } from '../../fixtures/whole-page.ts';

test.describe.configure({ mode: 'default', timeout: 120_000 });

let chair: TestPerson;
let captioner: TestPerson;
const small = useWorld(async ({ client, world }) => {
	chair = await makePerson(client, 'Chair of the session');
	captioner = await makePerson(client, 'Captioner of the session');
	await joinSession(client, world, chair, 'chair');
	await joinSession(client, world, captioner, 'captioner');
	await client.query(
		`update public.session_people set consent_record = true, consent_publish = true where session_id = $1`,
		[world.sessions.public.id]
	);
});

const stagePath = () => `/${small.world.slug}/live/plenary`;
const transcriptPath = (language = 'en') =>
	`/${small.world.slug}/sessions/${small.world.sessions.public.code}/transcript.${language}.vtt`;

async function open(browser: Browser, who: TestPerson | null, path = stagePath()): Promise<Page> {
	const { page } = await browserOf(browser, variables, who);
	await page.goto(path);
	return page;
}

test('shows a captioner’s lines to every viewer within a second, corrects them, and keeps a transcript', async ({
	browser
}) => {
	const writing = await open(browser, captioner, `${stagePath()}/captions/en`);
	const line = writing.getByLabel('New line');
	await line.fill('Good morning and welcome');
	await line.press('Enter');
	await expect(writing.getByLabel('Line 1')).toHaveValue('Good morning and welcome');

	const readers = [await open(browser, small.world.people.virtual), await open(browser, null)];
	for (const reader of readers) {
		await reader.getByRole('link', { name: 'Languages' }).click();
		await reader.getByLabel('Language of the captions').selectOption('en');
	}
	const last = (reader: Page) => reader.getByRole('group', { name: 'Captions' });
	for (const reader of readers) await expect(last(reader)).toHaveText('Good morning and welcome');
	// From the key press to the page of each reader.
	await line.fill('The assessment is out todya');
	await line.press('Enter');
	for (const reader of readers) await expect(last(reader)).toContainText('todya', { timeout: 1000 });

	// One key reaches the last line.
	await line.press('ArrowUp');
	await expect(writing.getByLabel('Line 2')).toBeFocused();
	await writing.keyboard.press('End');
	for (let letter = 0; letter < 2; letter++) await writing.keyboard.press('Backspace');
	await writing.keyboard.type('ay');
	await writing.keyboard.press('Enter');
	await expect(line).toBeFocused();
	for (const reader of readers) await expect(last(reader)).toContainText('The assessment is out today');

	const [reader] = readers as [Page, Page];
	await reader.getByLabel('Size').selectOption('xl');
	await reader.reload();
	await expect(last(reader)).toContainText('The assessment is out today');
	expect(await last(reader).evaluate((element) => getComputedStyle(element).fontSize)).toBe('36px');
	await reader.getByLabel('Announce new lines to my screen reader').check();
	await expect(reader.getByRole('log', { name: 'Captions' })).toBeVisible();

	const { people, sessions, slug } = small.world;
	const organising = await open(browser, people.programme, `/${slug}/organise/agenda/${sessions.public.id}`);
	const link = organising.getByRole('link', { name: 'Transcript', exact: true });
	await expect(organising.getByRole('heading', { level: 1 })).toBeVisible();
	await expect(link).toHaveCount(0);
	expect((await reader.goto(transcriptPath()))?.status()).toBe(404);
	await callFunction(small.client, chair, 'set_run_state', small.world.run, 'ended');
	const answer = await reader.request.get(transcriptPath());
	expect([answer.status(), answer.headers()['content-type']]).toEqual([200, 'text/vtt; charset=utf-8']);
	expect((await answer.text()).split('\n').filter((one) => /^[A-Z]/.test(one))).toEqual([
		'WEBVTT',
		'Language: en',
		'Good morning and welcome',
		'The assessment is out today'
	]);
	expect((await reader.request.get(transcriptPath('fr'))).status()).toBe(404);
	// Once there is one, its lines are found from the page of the session.
	await organising.reload();
	await link.click();
	await expect(organising.getByText('The assessment is out today')).toBeVisible();
	await expectWholePage(organising);
	await reader.goto(`/${small.world.slug}/sessions/${small.world.sessions.public.code}`);
	await expect(reader.getByRole('link', { name: 'English (WebVTT)' })).toHaveAttribute('href', transcriptPath());
	await small.client.query(`update public.session_people set consent_publish = false where person_id = $1`, [
		chair.person
	]);
	expect((await reader.request.get(transcriptPath())).status()).toBe(404);
});

test('queues lines while the network is away, and sends them in order when it is back', async ({ browser }) => {
	const writing = await open(browser, captioner, `${stagePath()}/captions/en`);
	const line = writing.getByLabel('New line');
	const lines = '**/captions/en/lines';
	await writing.route(lines, (route) => route.abort());
	for (const words of ['The first', 'The second']) {
		await line.fill(words);
		await line.press('Enter');
	}
	await expect(writing.getByRole('alert')).toHaveText(/what you write is kept here/);
	// Typed while offline.
	await line.fill('The thi');
	await writing.unroute(lines);
	await expect(writing.getByLabel('Line 1')).toHaveValue('The first');
	await expect(writing.getByLabel('Line 2')).toHaveValue('The second');
	await expect(writing.getByRole('alert')).toHaveText('');
	await expect(line).toHaveValue('The thi');
	// The request arrived, but its answer did not: the line appears once.
	await writing.route(lines, async (route) => {
		await route.fetch();
		await route.abort();
	});
	await line.fill('The third');
	await line.press('Enter');
	await expect(writing.getByLabel('Line 3')).toHaveValue('The third');
	await expect(writing.getByRole('alert')).toHaveText('');
	await writing.unroute(lines);
	await line.fill('The fourth');
	await line.press('Enter');
	await expect(writing.getByLabel('Line 4')).toHaveValue('The fourth');
});

test('accepts lines of an engine with a key that a stage organiser creates and revokes', async ({
	browser,
	request
}) => {
	const desk = await open(browser, chair, `${stagePath()}/booths`);
	await desk.getByLabel('Language code of the engine').fill('en');
	await desk.getByRole('button', { name: 'Make a key' }).click();
	const key = (await desk.getByRole('status').locator('code').first().textContent()) ?? '';
	expect(key).toMatch(/^[\w-]{32}$/);
	const post = async (token: string, data: unknown) => {
		const answer = await request.post('/api/captions', { headers: { authorization: `Bearer ${token}` }, data });
		return [answer.status(), ((await answer.json()) as { status: string }).status];
	};
	const reader = await open(browser, null);
	await reader.getByRole('link', { name: 'Languages' }).click();
	await reader.getByLabel('Language of the captions').selectOption('en');
	const last = reader.getByRole('group', { name: 'Captions' });
	expect(await post(key, { lines: [{ words: 'Good mor', key: 'u1', is_final: false }] })).toEqual([200, 'ok']);
	await expect(last).toHaveText('Good mor');
	expect(await post(key, { lines: [{ words: 'Good morning', key: 'u1' }, { words: '<b>Ministers</b>' }] })).toEqual([
		200,
		'ok'
	]);
	await expect(last.locator('p')).toHaveText(['Good morning', '<b>Ministers</b>']);

	expect(await post('another-key-of-the-same-length-00', { lines: [{ words: 'x' }] })).toEqual([401, 'refused']);
	expect(await post('x', { lines: [] })).toEqual([401, 'refused']);
	expect(await post(key, { lines: [] })).toEqual([422, 'invalid']);
	// A text is sent as bytes.
	expect(await post(key, 'no json')).toEqual([415, 'not_json']);
	// Characters that are not valid text.
	for (const words of ['a\0b', 'a\ud800b']) expect(await post(key, { lines: [{ words }] })).toEqual([422, 'invalid']);
	expect(await post(key, { lines: [{ words: 'x'.repeat(100_000) }] })).toEqual([413, 'too_large']);
	const rush = await Promise.all(Array.from({ length: 60 }, () => post(key, { lines: [{ words: 'again' }] })));
	expect(rush.some(([code]) => code === 429)).toBe(true);
	await desk.reload();
	await expect(desk.getByText(key)).toHaveCount(0);
	await desk.getByRole('button', { name: 'Take the key back' }).click();
	await expect(desk.getByRole('button', { name: 'Take the key back' })).toHaveCount(0);
	await expect.poll(() => post(key, { lines: [{ words: 'x' }] })).toEqual([401, 'refused']);
});

test('lets nobody else write captions, and erases them where nothing is kept', async ({ browser }) => {
	const { people, slug } = small.world;
	for (const who of [people.speaker, people.delegate, null]) {
		const page = await open(browser, who, `/${slug}/live`);
		const answer = await page.goto(`${stagePath()}/captions/en`);
		expect(who ? answer?.status() : new URL(page.url()).pathname).toBe(who ? 404 : '/sign-in');
		const status = await page.evaluate(
			async ([path, run]) =>
				(
					await fetch(path, {
						method: 'POST',
						headers: { 'content-type': 'application/json' },
						body: JSON.stringify({ run, words: 'Nothing', took: 0 })
					})
				).status,
			[`${stagePath()}/captions/en/lines`, small.world.run] as const
		);
		expect(status).toBe(404);
	}
	await small.client.query(
		`update public.sessions set level = 'chatham_house', audience = 'registered' where id = $1`,
		[small.world.sessions.public.id]
	);
	const reader = await open(browser, people.virtual);
	const writing = await open(browser, captioner, `${stagePath()}/captions/en`);
	await expect(writing.getByText('No transcript is made.')).toBeVisible();
	await writing.getByLabel('New line').fill('In confidence');
	await writing.getByLabel('New line').press('Enter');
	await reader.getByRole('link', { name: 'Languages' }).click();
	await reader.getByLabel('Language of the captions').selectOption('en');
	await expect(reader.getByRole('group', { name: 'Captions' })).toHaveText('In confidence');
	await callFunction(small.client, chair, 'set_run_state', small.world.run, 'ended');
	const { rows } = await small.client.query(`select from private.caption_lines where run_id = $1`, [small.world.run]);
	expect(rows).toEqual([]);
	expect((await reader.request.get(transcriptPath())).status()).toBe(404);
});

test('passes axe on the caption pages in both themes', async ({ browser }) => {
	await interpretInto(small.client, small.world, 'fr');
	await callFunction(small.client, captioner, 'write_caption', small.world.run, 'en', 'Good morning and welcome', 900);
	const writing = await browserOf(browser, variables, captioner);
	const desk = await browserOf(browser, variables, chair);
	await writing.page.goto(`${stagePath()}/captions/en`);
	await expect(writing.page.getByLabel('Line 1')).toBeVisible();
	await expectWholePage(writing.page);
	await desk.page.goto(`${stagePath()}/booths`);
	expect(await faultsInBothThemes(desk.page)).toEqual([]);
	await desk.page.goto(`${stagePath()}?panel=languages`);
	await desk.page.getByLabel('Language of the captions').selectOption('en');
	expect(await faultsInBothThemes(desk.page)).toEqual([]);
});
