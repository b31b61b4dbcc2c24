/*
 * Interpretation on a real LiveKit: a speaker, two interpreters, delegates. Audio is measured in the listener’s page: present in the
 * chosen language, absent in the others.
 */
import { packetLoss } from '../../fixtures/cutting.ts';
import { variables } from '../../fixtures/open-page.ts';
import { codeOf, interpretInto, makeInterpreter, callFunction } from '../../fixtures/interpreting.ts';
import { bareClient, joinBare, passOf, publishBare, receivedBy } from '../../fixtures/livekit.ts';
import { expect, test } from '../../fixtures/test.ts';
import { chooseQuality, goOnStage, expectPlaying, pictureOf } from '../../fixtures/watching.ts';
import { chooseLanguage, useInterpretedStage } from '../../fixtures/interpreted-stage.ts';

const stage = useInterpretedStage();

test('plays the chosen language and no other, through a handover, and the original when the booth is empty', async ({
	browser
}) => {
	// Four browsers, and each audio measurement takes as long as two beeps.
	test.setTimeout(300_000);
	const { people } = stage.world;
	const speaker = await stage.open(browser, people.speaker, stage.backstagePath);
	await goOnStage(speaker, people.speaker.name);
	const booth = await stage.enterBooth(browser, stage.anna);
	await expect(booth.getByText('Nobody is on air')).toBeVisible();
	await booth.getByRole('button', { name: 'Take the microphone' }).click();
	await expect(booth.getByText('You are on air: French')).toBeVisible();
	// The interpreter listens to the original.
	await stage.expectVolume(booth, people.speaker, 1);

	const delegate = await stage.watch(browser, people.virtual);
	await stage.expectVolume(delegate, people.speaker, 1);
	expect(await stage.playedOf(delegate, stage.anna)).toBeNull();
	await chooseLanguage(delegate, /French/);
	await stage.expectVolume(delegate, stage.anna, 1);
	await stage.expectVolume(delegate, people.speaker, 0.15);
	await chooseLanguage(delegate, /^Original/);
	await expect.poll(() => stage.playedOf(delegate, stage.anna)).toBeNull();
	await stage.expectVolume(delegate, people.speaker, 1);

	// The space bar is the cough button: listeners hear the original until it is released.
	await chooseLanguage(delegate, /French/);
	await stage.expectVolume(delegate, stage.anna, 1);
	await booth.locator('body').press('Space');
	await expect(delegate.getByText('French is silent at the moment.')).toBeVisible();
	await stage.expectVolume(delegate, people.speaker, 1);
	await booth.locator('body').press('Space');
	await expect(delegate.getByText('French is silent at the moment.')).toHaveCount(0);
	await stage.expectVolume(delegate, stage.anna, 1);

	const partner = await stage.enterBooth(browser, stage.bruno);
	await expect(partner.getByText('Anna Interpreter is on air')).toBeVisible();
	await expect(partner.getByRole('button', { name: 'Take the microphone' })).toHaveCount(0);
	await booth.getByRole('button', { name: 'Offer the microphone' }).click();
	await expect(partner.getByText('Anna Interpreter offers you the microphone')).toBeVisible();
	await partner.getByRole('button', { name: 'Take the microphone' }).click();
	await expect(booth.getByText('Bruno Interpreter is on air')).toBeVisible();
	await stage.expectVolume(delegate, stage.bruno, 1);
	expect(await stage.playedOf(delegate, stage.anna)).toBeNull();

	// The second interpreter drops: the first is live again at once.
	await partner.context().close();
	await booth.getByRole('button', { name: 'Take the microphone' }).click({ timeout: 25_000 });
	await stage.expectVolume(delegate, stage.anna, 1);
	await booth.getByRole('button', { name: 'Leave the microphone' }).click();
	await expect(delegate.getByText('Nobody interprets into French at the moment. You hear the original.')).toBeVisible();
	await stage.expectVolume(delegate, people.speaker, 1);
	await expectPlaying(delegate, people.speaker.name);
});

test('plays the original while an interpreter’s connection is lost, and the interpretation again after it @long', async ({
	browser
}) => {
	const { people } = stage.world;
	const speaker = await stage.open(browser, people.speaker, stage.backstagePath);
	await goOnStage(speaker, people.speaker.name);
	const booth = await stage.open(browser, stage.anna, `${stage.stagePath}/booth/fr`);
	const lose = await packetLoss(booth);
	await booth.getByRole('button', { name: 'Enter the booth' }).click();
	await booth.getByRole('button', { name: 'Take the microphone' }).click();
	await expect(booth.getByText('You are on air: French')).toBeVisible();
	const delegate = await stage.watch(browser, people.virtual);
	await chooseLanguage(delegate, /French/);
	await stage.expectVolume(delegate, stage.anna, 1);
	await stage.expectVolume(delegate, people.speaker, 0.15);
	await lose(100);
	await expect.poll(async () => (await stage.playedOf(delegate, people.speaker))?.volume, { timeout: 60_000 }).toBe(1);
	await lose(0);
	await expect
		.poll(async () => (await stage.playedOf(delegate, people.speaker))?.volume, { timeout: 60_000 })
		.toBe(0.15);
	await stage.expectVolume(delegate, stage.anna, 1);
});

test('plays nobody who uses a token from before a handover', async ({ browser }) => {
	await callFunction(stage.client, stage.anna, 'take_booth', stage.world.run, 'fr');
	const page = await stage.open(browser, stage.anna, `${stage.stagePath}/booth/fr`);
	const { pass } = await passOf(page, `${stage.stagePath}/pass`);
	expect(pass.publish).toEqual(['microphone']);
	const attacker = await bareClient(browser, variables, `/${stage.world.slug}/live`);
	const observer = await bareClient(browser, variables, `/${stage.world.slug}/live`);
	const viewer = await stage.open(browser, stage.world.people.virtual);
	await joinBare(observer, (await passOf(viewer, `${stage.stagePath}/pass`)).pass);
	await joinBare(attacker, pass);
	// Only a microphone was allowed: camera and microphone together are refused, the microphone is on.
	await publishBare(attacker);
	await expect.poll(async () => (await receivedBy(observer)).bytes).toBeGreaterThan(0);
	const { tokens } = await receivedBy(attacker);
	await callFunction(
		stage.client,
		stage.chair,
		'put_on_air',
		stage.world.run,
		'fr',
		await codeOf(stage.client, stage.bruno)
	);
	await expect.poll(async () => (await receivedBy(observer)).bytes).toBe(0);
	for (const [index, token] of [...new Set([pass.token, ...tokens])].entries()) {
		const again = await bareClient(browser, variables, `/${stage.world.slug}/live`);
		await joinBare(again, { url: pass.url, token }, `again${index}`);
		await publishBare(again, `again${index}`);
		await expect.poll(async () => (await receivedBy(observer)).bytes).toBe(0);
		expect(await publishBare(again, `again${index}`)).toBe(false);
	}
});

test('plays audio only on a phone in the hall, and to a visitor on a public stream @phone', async ({ browser }) => {
	const booth = await stage.enterBooth(browser, stage.anna);
	await booth.getByRole('button', { name: 'Take the microphone' }).click();
	await expect(booth.getByText('You are on air: French')).toBeVisible();
	const phone = await stage.open(browser, null, `${stage.stagePath}/listen`);
	await phone.getByRole('radio', { name: /French/ }).check();
	await phone.getByRole('button', { name: 'Listen' }).click();
	await expect(phone.getByText('You are listening: French')).toBeVisible();
	await stage.expectVolume(phone, stage.anna, 1);
	await expect(phone.locator('video')).toHaveCount(0);
	await phone.getByRole('button', { name: 'Stop listening' }).click();
	await expect(phone.locator('audio')).toHaveCount(0);
});

test('moves the audio back to a phone from another window with one press', async ({ browser }) => {
	const { virtual } = stage.world.people;
	const phone = await stage.open(browser, virtual, `${stage.stagePath}/listen`);
	await phone.getByRole('button', { name: 'Listen' }).click();
	await expect(phone.getByText('You are listening: Original')).toBeVisible();
	const tablet = await stage.open(browser, virtual, `${stage.stagePath}/listen`);
	await tablet.getByRole('button', { name: 'Listen' }).click();
	await expect(phone.getByText('You are watching in another window.')).toBeVisible();
	await phone.getByRole('button', { name: 'Listen' }).click();
	await expect(phone.getByText('You are listening: Original')).toBeVisible();
	await expect(tablet.getByText('You are watching in another window.')).toBeVisible();
});

test('shows a sign language beside the video until it is hidden', async ({ browser }) => {
	await interpretInto(stage.client, stage.world, 'fr', 'ils');
	const signer = await makeInterpreter(stage.client, stage.world, 'Dora Signer', 'ils');
	const { people } = stage.world;
	const speaker = await stage.open(browser, people.speaker, stage.backstagePath);
	await goOnStage(speaker, people.speaker.name);
	const booth = await stage.enterBooth(browser, signer, 'ils');
	await booth.getByRole('button', { name: 'Take the microphone' }).click();
	const delegate = await stage.watch(browser, people.virtual);
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

test('lets a phone in the hall ask, vote and raise a hand', async ({ browser }) => {
	const { delegate } = stage.world.people;
	const phone = await stage.open(browser, delegate, `${stage.stagePath}/listen`);
	await phone.getByRole('link', { name: /^Questions/ }).click();
	await phone.getByRole('button', { name: 'Raise your hand' }).click();
	await expect
		.poll(
			async () =>
				(
					await stage.client.query(`select from private.hands where run_id = $1 and state = 'waiting'`, [
						stage.world.run
					])
				).rowCount
		)
		.toBe(1);
	await expect(phone.getByLabel('Your question')).toBeVisible();
});
