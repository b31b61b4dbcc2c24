/*
 * Interpretation on a real LiveKit: a speaker, two interpreters, delegates. Audio is measured in the listener's page: present in the chosen
 * language, absent in the others.
 */
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from '@playwright/test';
import { packetLoss } from '../../fixtures/cutting.ts';
import { variables } from '../../fixtures/open-page.ts';
import {
	codeOf,
	identityOf,
	interpretInto,
	makeInterpreter,
	callFunction,
	joinSession,
	playedAudioOf
} from '../../fixtures/interpreting.ts';
import { bareClient, browserOf, joinBare, passOf, publishBare, receivedBy } from '../../fixtures/livekit.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { chooseQuality, goOnStage, expectPlaying, pictureOf } from '../../fixtures/watching.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

test.describe.configure({ mode: 'default', timeout: 120_000 });

let chair: TestPerson;
let anna: TestPerson;
let bruno: TestPerson;
const small = useWorld(async ({ client, world }) => {
	chair = await makePerson(client, 'Chair of the session');
	await joinSession(client, world, chair, 'chair');
	await interpretInto(client, world, 'fr', 'es');
	anna = await makeInterpreter(client, world, 'Anna Interpreter', 'fr');
	bruno = await makeInterpreter(client, world, 'Bruno Interpreter', 'fr');
});

const stagePath = () => `/${small.world.slug}/live/plenary`;

async function open(browser: Browser, who: TestPerson | null, path = stagePath()): Promise<Page> {
	const { page } = await browserOf(browser, variables, who);
	await page.goto(path);
	return page;
}

async function enterBooth(browser: Browser, who: TestPerson, language = 'fr'): Promise<Page> {
	const page = await open(browser, who, `${stagePath()}/booth/${language}`);
	await page.getByRole('button', { name: 'Enter the booth' }).click();
	await expect(page.getByRole('listitem').filter({ hasText: who.name })).toContainText('In the booth');
	return page;
}

async function watch(browser: Browser, who: TestPerson | null): Promise<Page> {
	const page = await open(browser, who);
	await page.getByRole('button', { name: 'Watch and listen' }).click();
	await expect(page.getByRole('button', { name: 'Leave', exact: true })).toBeVisible();
	return page;
}

async function chooseLanguage(page: Page, name: RegExp): Promise<void> {
	const choice = page.getByRole('region', { name: 'Language' });
	if (!(await choice.isVisible())) await page.getByRole('button', { name: /^Language/ }).click();
	await choice.getByRole('radio', { name }).check();
	await page.keyboard.press('Escape');
}

const identity = (who: TestPerson) => identityOf(small.client, small.world.run, who);
const playedOf = async (page: Page, who: TestPerson) => playedAudioOf(page, await identity(who));
async function expectVolume(page: Page, who: TestPerson, volume: number): Promise<void> {
	await expect.poll(async () => (await playedOf(page, who))?.level ?? 0, { timeout: 20_000 }).toBeGreaterThan(0.01);
	await expect.poll(async () => (await playedOf(page, who))?.volume).toBe(volume);
}

test('plays the chosen language and no other, through a handover, and the original when the booth is empty', async ({
	browser
}) => {
	// Four browsers, and each audio measurement takes as long as two beeps.
	test.setTimeout(300_000);
	const { people } = small.world;
	const speaker = await open(browser, people.speaker, `${stagePath()}/backstage/${small.world.sessions.public.code}`);
	await goOnStage(speaker, people.speaker.name);
	const booth = await enterBooth(browser, anna);
	await expect(booth.getByText('Nobody is on air')).toBeVisible();
	await booth.getByRole('button', { name: 'Take the microphone' }).click();
	await expect(booth.getByText('You are on air: French')).toBeVisible();
	// The interpreter listens to the original.
	await expectVolume(booth, people.speaker, 1);

	const delegate = await watch(browser, people.virtual);
	await expectVolume(delegate, people.speaker, 1);
	expect(await playedOf(delegate, anna)).toBeNull();
	await chooseLanguage(delegate, /French/);
	await expectVolume(delegate, anna, 1);
	await expectVolume(delegate, people.speaker, 0.15);
	await chooseLanguage(delegate, /^Original/);
	await expect.poll(() => playedOf(delegate, anna)).toBeNull();
	await expectVolume(delegate, people.speaker, 1);

	// The space bar is the cough button: listeners hear the original until it is released.
	await chooseLanguage(delegate, /French/);
	await expectVolume(delegate, anna, 1);
	await booth.locator('body').press('Space');
	await expect(delegate.getByText('French is silent at the moment.')).toBeVisible();
	await expectVolume(delegate, people.speaker, 1);
	await booth.locator('body').press('Space');
	await expect(delegate.getByText('French is silent at the moment.')).toHaveCount(0);
	await expectVolume(delegate, anna, 1);

	const partner = await enterBooth(browser, bruno);
	await expect(partner.getByText('Anna Interpreter is on air')).toBeVisible();
	await expect(partner.getByRole('button', { name: 'Take the microphone' })).toHaveCount(0);
	await booth.getByRole('button', { name: 'Offer the microphone' }).click();
	await expect(partner.getByText('Anna Interpreter offers you the microphone')).toBeVisible();
	await partner.getByRole('button', { name: 'Take the microphone' }).click();
	await expect(booth.getByText('Bruno Interpreter is on air')).toBeVisible();
	await expectVolume(delegate, bruno, 1);
	expect(await playedOf(delegate, anna)).toBeNull();

	// The second interpreter drops: the first is live again at once.
	await partner.context().close();
	await booth.getByRole('button', { name: 'Take the microphone' }).click({ timeout: 25_000 });
	await expectVolume(delegate, anna, 1);
	await booth.getByRole('button', { name: 'Leave the microphone' }).click();
	await expect(delegate.getByText('Nobody interprets into French at the moment. You hear the original.')).toBeVisible();
	await expectVolume(delegate, people.speaker, 1);
	await expectPlaying(delegate, people.speaker.name);
});

test('plays the original while an interpreter’s connection is lost, and the interpretation again after it', async ({
	browser
}) => {
	const { people } = small.world;
	const speaker = await open(browser, people.speaker, `${stagePath()}/backstage/${small.world.sessions.public.code}`);
	await goOnStage(speaker, people.speaker.name);
	const booth = await open(browser, anna, `${stagePath()}/booth/fr`);
	const lose = await packetLoss(booth);
	await booth.getByRole('button', { name: 'Enter the booth' }).click();
	await booth.getByRole('button', { name: 'Take the microphone' }).click();
	await expect(booth.getByText('You are on air: French')).toBeVisible();
	const delegate = await watch(browser, people.virtual);
	await chooseLanguage(delegate, /French/);
	await expectVolume(delegate, anna, 1);
	await expectVolume(delegate, people.speaker, 0.15);
	await lose(100);
	await expect.poll(async () => (await playedOf(delegate, people.speaker))?.volume, { timeout: 60_000 }).toBe(1);
	await lose(0);
	await expect.poll(async () => (await playedOf(delegate, people.speaker))?.volume, { timeout: 60_000 }).toBe(0.15);
	await expectVolume(delegate, anna, 1);
});

test('plays nobody who uses a token from before a handover', async ({ browser }) => {
	await callFunction(small.client, anna, 'take_booth', small.world.run, 'fr');
	const page = await open(browser, anna, `${stagePath()}/booth/fr`);
	const { pass } = await passOf(page, `${stagePath()}/pass`);
	expect(pass.publish).toEqual(['microphone']);
	const attacker = await bareClient(browser, variables, `/${small.world.slug}/live`);
	const observer = await bareClient(browser, variables, `/${small.world.slug}/live`);
	const viewer = await open(browser, small.world.people.virtual);
	await joinBare(observer, (await passOf(viewer, `${stagePath()}/pass`)).pass);
	await joinBare(attacker, pass);
	// Only a microphone was allowed: camera and microphone together are refused, the microphone is on.
	await publishBare(attacker);
	await expect.poll(async () => (await receivedBy(observer)).bytes).toBeGreaterThan(0);
	const { tokens } = await receivedBy(attacker);
	await callFunction(small.client, chair, 'put_on_air', small.world.run, 'fr', await codeOf(small.client, bruno));
	await expect.poll(async () => (await receivedBy(observer)).bytes).toBe(0);
	for (const [index, token] of [...new Set([pass.token, ...tokens])].entries()) {
		const again = await bareClient(browser, variables, `/${small.world.slug}/live`);
		await joinBare(again, { url: pass.url, token }, `again${index}`);
		await publishBare(again, `again${index}`);
		await expect.poll(async () => (await receivedBy(observer)).bytes).toBe(0);
		expect(await publishBare(again, `again${index}`)).toBe(false);
	}
});

test('plays audio only on a phone in the hall, and to a stranger on a public stream @phone', async ({ browser }) => {
	const booth = await enterBooth(browser, anna);
	await booth.getByRole('button', { name: 'Take the microphone' }).click();
	await expect(booth.getByText('You are on air: French')).toBeVisible();
	const phone = await open(browser, null, `${stagePath()}/listen`);
	await phone.getByRole('radio', { name: /French/ }).check();
	await phone.getByRole('button', { name: 'Listen' }).click();
	await expect(phone.getByText('You are listening: French')).toBeVisible();
	await expectVolume(phone, anna, 1);
	await expect(phone.locator('video')).toHaveCount(0);
	await phone.getByRole('button', { name: 'Stop listening' }).click();
	await expect(phone.locator('audio')).toHaveCount(0);
});

test('moves the audio back to a phone from another window with one press', async ({ browser }) => {
	const { virtual } = small.world.people;
	const phone = await open(browser, virtual, `${stagePath()}/listen`);
	await phone.getByRole('button', { name: 'Listen' }).click();
	await expect(phone.getByText('You are listening: Original')).toBeVisible();
	const tablet = await open(browser, virtual, `${stagePath()}/listen`);
	await tablet.getByRole('button', { name: 'Listen' }).click();
	await expect(phone.getByText('You are watching in another window.')).toBeVisible();
	await phone.getByRole('button', { name: 'Listen' }).click();
	await expect(phone.getByText('You are listening: Original')).toBeVisible();
	await expect(tablet.getByText('You are watching in another window.')).toBeVisible();
});

test('mutes a cough by its key whatever has the focus, and types a space in a text field', async ({ browser }) => {
	const booth = await enterBooth(browser, anna);
	const microphone = booth.getByRole('button', { name: /^Microphone/ });
	await microphone.click();
	await microphone.click();
	for (const place of [microphone, booth.getByRole('radio').first(), booth.locator('body')]) {
		await place.focus();
		await booth.keyboard.down('c');
		await expect(microphone).toHaveText(/Off/);
		await booth.keyboard.up('c');
		await expect(microphone).toHaveText(/On/);
	}
	const words = booth.getByRole('textbox');
	await words.pressSequentially('cc');
	await expect(words).toHaveValue('cc');
	await words.focus();
	await booth.keyboard.down('c');
	await expect(words).toHaveValue('ccc');
	await expect(microphone).toHaveText(/On/);
	await booth.keyboard.up('c');
});

test('shows a sign language beside the video until it is hidden', async ({ browser }) => {
	await interpretInto(small.client, small.world, 'fr', 'ils');
	const signer = await makeInterpreter(small.client, small.world, 'Dora Signer', 'ils');
	const { people } = small.world;
	const speaker = await open(browser, people.speaker, `${stagePath()}/backstage/${small.world.sessions.public.code}`);
	await goOnStage(speaker, people.speaker.name);
	const booth = await enterBooth(browser, signer, 'ils');
	await booth.getByRole('button', { name: 'Take the microphone' }).click();
	const delegate = await watch(browser, people.virtual);
	const picture = delegate.getByLabel(/^Sign language: /);
	await expect(picture).toBeVisible();
	const time = () => picture.evaluate((video: HTMLVideoElement) => (video.videoWidth > 0 ? video.currentTime : 0));
	await expect.poll(time).toBeGreaterThan(0.5);
	// It has its own place in every layout and quality: it covers nothing, and nothing covers it.
	for (const viewport of [
		{ width: 1280, height: 800 },
		{ width: 390, height: 844 }
	]) {
		await delegate.setViewportSize(viewport);
		const [sign, main] = await Promise.all([picture.boundingBox(), delegate.locator('.main').boundingBox()]);
		expect(sign && main && sign.width >= 140 && sign.x >= 0 && sign.x + sign.width <= viewport.width).toBe(true);
		const isBeside = sign && main && (sign.x >= main.x + main.width || sign.y >= main.y + main.height);
		expect([viewport.width, isBeside]).toEqual([viewport.width, true]);
	}
	await delegate.setViewportSize({ width: 1280, height: 800 });
	await chooseQuality(delegate, 'Slides and sound');
	await expect(pictureOf(delegate, people.speaker.name)).toHaveCount(0);
	const before = await time();
	await expect.poll(time).toBeGreaterThan(before + 0.5);
	await delegate.getByRole('button', { name: /^Language/ }).click();
	await delegate.getByRole('radio', { name: 'Not shown' }).check();
	await expect(picture).toHaveCount(0);
});

test('opens booths only to their interpreters and those who run the session', async ({ browser }) => {
	const { people, slug } = small.world;
	for (const who of [people.delegate, people.speaker, null]) {
		const page = await open(browser, who, `/${slug}/live`);
		for (const path of ['booth/fr', 'booth/de', 'booths']) {
			const answer = await page.goto(`${stagePath()}/${path}`);
			expect([path, who ? answer?.status() : new URL(page.url()).pathname]).toEqual([path, who ? 404 : '/sign-in']);
		}
	}
	const manager = await browserOf(browser, variables, people.stage, { javaScriptEnabled: false });
	await manager.page.goto(`${stagePath()}/booths`);
	const french = manager.page.getByRole('region', { name: 'French' });
	await french.getByRole('listitem').filter({ hasText: 'Bruno' }).getByRole('button', { name: 'Put on air' }).click();
	await expect(french.getByRole('listitem').filter({ hasText: 'Bruno' })).toContainText('On air');
	await manager.page.getByLabel('Language code', { exact: true }).fill('pt-BR');
	await manager.page.getByRole('button', { name: 'Open a booth' }).click();
	await expect(manager.page.getByRole('region', { name: 'Brazilian Portuguese' })).toBeVisible();
	await manager.page.getByLabel('Language code', { exact: true }).fill('Portuguese');
	await manager.page.getByRole('button', { name: 'Open a booth' }).click();
	await expect(manager.page.getByText('This is no language code.').first()).toBeVisible();
});

for (const scheme of ['light', 'dark'] as const) {
	test(`passes axe on the pages of interpreters and listeners, ${scheme}`, async ({ browser }) => {
		await callFunction(small.client, anna, 'send_booth_message', small.world.run, 'fr', 'Ready when you are');
		const { context, page } = await browserOf(browser, variables, anna, { colorScheme: scheme });
		const other = await browserOf(browser, variables, chair, { colorScheme: scheme });
		const faults = async (on: Page) =>
			(await new AxeBuilder({ page: on }).analyze()).violations.map(({ id, nodes }) => [
				id,
				nodes.map(({ html }) => html)
			]);
		await page.goto(`${stagePath()}/booth/fr`);
		await page.getByRole('button', { name: 'Enter the booth' }).click();
		await page.getByRole('button', { name: 'Take the microphone' }).click();
		await expect(page.getByText('You are on air: French')).toBeVisible();
		expect(await faults(page)).toEqual([]);
		await page.goto(`${stagePath()}/listen`);
		expect(await faults(page)).toEqual([]);
		await other.page.goto(`${stagePath()}/booths`);
		expect(await faults(other.page)).toEqual([]);
		await other.page.goto(stagePath());
		await other.page.getByRole('button', { name: 'Watch and listen' }).click();
		await other.page.getByRole('button', { name: /^Language/ }).click();
		expect(await faults(other.page)).toEqual([]);
		await context.close();
	});
}

test('tells a booth that its session ended, without an error page', async ({ browser }) => {
	const booth = await open(browser, anna, `${stagePath()}/booth/fr`);
	await expect(booth.getByRole('button', { name: 'Enter the booth' })).toBeEnabled();
	await small.client.query(`update public.runs set state = 'ended', ended_at = now() where id = $1`, [small.world.run]);
	await expect(booth.getByRole('status').getByText('This session has ended.')).toBeVisible();
	await expect(booth.getByRole('link', { name: 'What is on in other rooms' })).toBeVisible();
});

test('lets a phone in the hall ask, vote and raise a hand', async ({ browser }) => {
	const { delegate } = small.world.people;
	const phone = await open(browser, delegate, `${stagePath()}/listen`);
	await phone.getByRole('link', { name: /^Hands/ }).click();
	await phone.getByRole('button', { name: 'Raise your hand' }).click();
	await expect
		.poll(
			async () =>
				(
					await small.client.query(`select from private.hands where run_id = $1 and state = 'waiting'`, [
						small.world.run
					])
				).rowCount
		)
		.toBe(1);
	await phone.getByRole('link', { name: /^Questions/ }).click();
	await expect(phone.getByLabel('Your question')).toBeVisible();
});
