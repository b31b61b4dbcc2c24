/* An encoder sends the hall over WHIP: a real peer connection, an address and a bearer token, and none of our code in between. */
import type { Browser } from '@playwright/test';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { passOf } from '../../fixtures/livekit.ts';
import { useStageBrowsers, variables } from '../../fixtures/stage-browsers.ts';
import { expect, test } from '../../fixtures/test.ts';
import { expectPlaying, pictureOf, audioLevelOf } from '../../fixtures/watching.ts';
import { requestWhip, openEncoder, sendByWhip, readWhipLog } from '../../fixtures/whip.ts';

const stage = useStageBrowsers();
const hall = 'Plenary Hall';
const livekit = () => `${(variables.LIVEKIT_URL ?? '').replace(/^ws/, 'http')}/whip/v1`;
const encoder = (browser: Browser) => openEncoder(browser, variables.ORIGIN ?? '', `${stage.stagePath}/hall`);

test('takes video and audio of an encoder while live, again after a pause, until its token is revoked @long', async ({
	browser
}) => {
	const { people, run } = stage.world;
	const desk = await stage.open(browser, people.stage, `${stage.stagePath}/hall/encoder`);
	await expect(desk.getByText('Nothing is connected.')).toBeVisible();
	await desk.getByRole('button', { name: 'Make a token' }).click();
	const bearer = (await desk.getByRole('status').locator('code').textContent()) ?? '';
	const address = (await desk.locator('code').first().textContent()) ?? '';
	expect(address).toBe(`${variables.ORIGIN}${stage.stagePath}/hall/whip`);

	const sender = await encoder(browser);
	expect(await sendByWhip(sender, address, bearer, true)).toBe(201);
	const viewer = await stage.watch(browser, people.virtual);
	await expectPlaying(viewer, hall);
	await expect.poll(() => audioLevelOf(viewer)).toBeGreaterThan(0.01);
	await expect(desk.getByText('picture and sound arrive')).toBeVisible();
	expect(await faultsOfPage(desk)).toEqual([]);

	await stage.act(stage.chair, `select public.set_run_state($1, 'paused')`, [run]);
	await expect(pictureOf(viewer, hall)).toHaveCount(0);
	await stage.act(stage.chair, `select public.set_run_state($1, 'live')`, [run]);
	await expectPlaying(viewer, hall);
	await expect.poll(() => audioLevelOf(viewer)).toBeGreaterThan(0.01);

	// The run moves to another LiveKit room: the encoder is disconnected, and its token leads it to the new room.
	const before = (await readWhipLog(sender)).codes.length;
	await stage.client.query(`update public.sessions set level = 'members', audience = 'registered' where id = $1`, [
		stage.world.sessions.public.id
	]);
	await expect.poll(async () => (await readWhipLog(sender)).codes.length).toBeGreaterThan(before);
	await expectPlaying(viewer, hall);

	const { location } = await readWhipLog(sender);
	expect(await requestWhip(sender, location ?? '', 'A'.repeat(32), { method: 'DELETE' })).toBe(401);
	await desk.getByRole('button', { name: 'Take the token back' }).click();
	await expect(pictureOf(viewer, hall)).toHaveCount(0);
	await expect.poll(async () => (await readWhipLog(sender)).codes.at(-1)).toBe(401);
	await expect(desk.getByText('Nothing is connected.')).toBeVisible();
	expect(
		(await stage.client.query(`select distinct participant_id from private.run_connections where run_id = $1`, [run]))
			.rowCount
	).toBe(1);
	await sender.context().close();
});

test('gives nobody more by WHIP than their token allows, at our address and at LiveKit’s own', async ({ browser }) => {
	const { people, run } = stage.world;
	const [{ make_encoder_code: made } = {}] = (await stage.act(people.stage, `select public.make_encoder_code($1)`, [
		run
	])) as { make_encoder_code?: { code: string } }[];
	const code = made?.code ?? '';
	const sender = await encoder(browser);
	const ours = `${variables.ORIGIN}${stage.stagePath}/hall/whip`;
	expect(await sendByWhip(sender, ours.replace('plenary', 'annex'), code)).toBe(401);
	expect(await sendByWhip(sender, ours, 'A'.repeat(32))).toBe(401);
	// The encoder's key is no LiveKit token.
	expect(await sendByWhip(sender, livekit(), code)).toBe(401);

	const viewer = await stage.watch(browser, people.virtual);
	const { pass } = await passOf(viewer, stage.passPath);
	const [head, claims = '', signature] = pass.token.split('.');
	const grants = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { video: Record<string, unknown> };
	grants.video = { ...grants.video, canPublish: true, canPublishSources: ['camera', 'microphone'], hidden: false };
	const forged = [head, Buffer.from(JSON.stringify(grants)).toString('base64url'), signature].join('.');
	expect(await sendByWhip(sender, livekit(), forged)).toBe(401);

	expect(await sendByWhip(sender, ours, code)).toBe(201);
	await expectPlaying(viewer, hall);
	const second = await encoder(browser);
	// A viewer's own token joins and sends nothing.
	const other = await stage.open(browser, people.delegate);
	const theirs = (await passOf(other, stage.passPath)).pass;
	await sendByWhip(second, livekit(), theirs.token);
	await expect.poll(async () => (await readWhipLog(second)).state).toBe('connected');
	await expect(viewer.getByLabel(/^Picture of/)).toHaveCount(1);
	await expectPlaying(viewer, hall);

	// The encoder ends the connection: gone at once.
	const { location } = await readWhipLog(sender);
	expect(await requestWhip(sender, location ?? '', code, { method: 'DELETE' })).toBe(200);
	await expect(pictureOf(viewer, hall)).toHaveCount(0);
	await Promise.all([sender.context().close(), second.context().close()]);
});
