/* The connection check, and the fallbacks in a network that lets no UDP out: TCP, and LiveKit's own relay. */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from '@playwright/test';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { variables } from '../../fixtures/open-page.ts';
import { browserOf } from '../../fixtures/livekit.ts';
import { launchMedia } from '../../fixtures/media-browser.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import { goOnStage, expectPlaying, audioLevelOf } from '../../fixtures/watching.ts';
import type { TestPerson } from '../../fixtures/world.ts';

test.describe.configure({ mode: 'default', timeout: 120_000 });

const small = useWorld();

async function open(browser: Browser, who: TestPerson | null, options = {}): Promise<Page> {
	const { page } = await browserOf(browser, variables, who, options);
	return page;
}

const stagePath = () => `/${small.world.slug}/live/plenary`;
const checkPath = () => `/${small.world.slug}/live/check`;

/** The result of the check for each path. */
async function check(page: Page): Promise<Record<string, string>> {
	await page.goto(checkPath());
	await page.getByRole('button', { name: 'Start the check' }).click();
	await expect(page.getByRole('button', { name: 'Check again' })).toBeEnabled({ timeout: 60_000 });
	const found = await page
		.locator('dl > div')
		.evaluateAll((rows) =>
			rows.map((row) => [...row.children].map((part) => part.textContent ?? '') as [string, string])
		);
	return Object.fromEntries(found);
}

/** A browser in a network that lets no UDP out. */
function withoutUdp(): Promise<Browser> {
	return launchMedia(['--force-webrtc-ip-handling-policy=disable_non_proxied_udp'], { pictures: 10 });
}

/** The path of a page's media: the candidate pair that the browser has selected. */
async function wayOf(page: Page): Promise<string[]> {
	return page.evaluate(async () => {
		const open = (window as unknown as { connections: RTCPeerConnection[] }).connections;
		const reports = await Promise.all(
			open.filter((one) => one.connectionState === 'connected').map((one) => one.getStats())
		);
		return reports.flatMap((report) => {
			const stats = [...(report as unknown as Map<string, Record<string, unknown>>).values()];
			return stats
				.filter(({ type, state, nominated }) => type === 'candidate-pair' && state === 'succeeded' && nominated)
				.map((pair) => stats.find(({ id }) => id === pair.localCandidateId))
				.map((local) => `${String(local?.candidateType)} ${String(local?.relayProtocol ?? local?.protocol)}`);
		});
	});
}

/** Stores the page's connections where `wayOf` finds them; a policy applies to all of them. */
function keepConnections(page: Page, policy?: RTCIceTransportPolicy): Promise<unknown> {
	return page.addInitScript((iceTransportPolicy) => {
		const connections: RTCPeerConnection[] = [];
		Object.assign(window, { connections });
		window.RTCPeerConnection = class extends RTCPeerConnection {
			constructor(configuration?: RTCConfiguration) {
				super({ ...configuration, ...(iceTransportPolicy && { iceTransportPolicy }) });
				connections.push(this);
			}
			override setConfiguration(configuration?: RTCConfiguration) {
				super.setConfiguration({ ...configuration, ...(iceTransportPolicy && { iceTransportPolicy }) });
			}
		};
	}, policy);
}

async function speak(browser: Browser): Promise<void> {
	const page = await open(browser, small.world.people.speaker);
	await page.goto(`${stagePath()}/backstage/${small.world.sessions.public.code}`);
	await goOnStage(page, small.world.people.speaker.name);
}

test('reports each path of an open network as working and what must be open, and closes its connections', async ({
	browser
}) => {
	const page = await open(browser, small.world.people.virtual, { viewport: { width: 390, height: 844 } });
	const found = await check(page);
	expect(Object.entries(found).map(([what, came]) => [what, came.split(', ')[0]])).toEqual([
		['First contact (WebSocket)', 'works'],
		['Direct way (UDP)', 'works'],
		['Direct way, over TCP', 'works'],
		['Through the relay (TURN over UDP)', 'works'],
		['Through the relay, like a web page (TURN over TLS)', 'not offered by the streams'],
		['Speed towards you', expect.stringMatching(/^\d[\d,.]* Mb\/s$/)],
		['Speed from you', expect.stringMatching(/^\d[\d,.]* Mb\/s$/)]
	]);
	await expect(page.getByText('Picture and sound come through. You can watch, listen and speak.')).toBeVisible();
	const [file] = await Promise.all([
		page.waitForEvent('download'),
		page.getByRole('link', { name: 'Download it as a text file' }).click()
	]);
	expect(file.suggestedFilename()).toBe('line-check.txt');
	const report = readFileSync((await file.path()) ?? '', 'utf8');
	expect(report).toBe(await page.getByRole('textbox').inputValue());
	const listed = report.split('\n').map((line) => line.replace(/127\.0\.0\.1:\d+/, '#'));
	for (const endpoint of ['TCP #', 'TCP # (WebSocket)', 'UDP #', 'UDP # (TURN)'])
		expect(listed).toContain(`- ${endpoint}`);
	expect(report).not.toContain(small.world.people.virtual.name);
	expect(await faultsOfPage(page)).toEqual([]);
});

test('reports a network without UDP, where the stage still plays over TCP @long', async ({ browser }) => {
	await speak(browser);
	const closed = await withoutUdp();
	try {
		const page = await open(closed, null);
		const found = await check(page);
		expect(found['Direct way (UDP)']).toBe('does not come through');
		expect(found['Direct way, over TCP']).toMatch(/^works/);
		expect(found['Through the relay (TURN over UDP)']).toBe('does not come through');
		await expect(page.getByText('It works, by a detour')).toBeVisible();
		await keepConnections(page);
		await page.goto(stagePath());
		await page.getByRole('button', { name: 'Watch and listen' }).click();
		await expectPlaying(page, small.world.people.speaker.name);
		expect(await audioLevelOf(page)).toBeGreaterThan(0.01);
		expect(new Set((await wayOf(page)).map((way) => way.split(' ')[1]))).toEqual(new Set(['tcp']));
	} finally {
		await closed.close();
	}
});

test('plays video and audio through the relay in a network that allows only it @long', async ({ browser }) => {
	await speak(browser);
	const page = await open(browser, small.world.people.virtual);
	await keepConnections(page, 'relay');
	await page.goto(stagePath());
	await page.getByRole('button', { name: 'Watch and listen' }).click();
	await expectPlaying(page, small.world.people.speaker.name);
	expect(await audioLevelOf(page)).toBeGreaterThan(0.01);
	expect(new Set(await wayOf(page))).toEqual(new Set(['relay udp']));
});

test('tells what to do when streams are down, or in a browser without WebRTC', async ({ browser }) => {
	const away = await open(browser, null);
	await away.route('**/live/check/pass', (route) => route.fulfill({ status: 503, body: 'null' }));
	await check(away);
	await expect(away.getByText('That is our side, not yours.')).toBeVisible();
	const old = await open(browser, null);
	await old.addInitScript('delete window.RTCPeerConnection');
	await check(old);
	await expect(old.getByText('This browser cannot do it')).toBeVisible();
});

test('gives passes and bytes to our own page only, and limits them', async ({ request }) => {
	const origin = variables.ORIGIN ?? '';
	const pass = (headers: Record<string, string>) => request.post(`${checkPath()}/pass`, { headers });
	expect((await pass({})).status()).toBe(403);
	expect((await pass({ origin: 'https://elsewhere.example' })).status()).toBe(403);
	expect((await pass({ origin })).status()).toBe(200);
	const load = (bytes: string, site = 'same-origin') =>
		request.get(`${checkPath()}/load?bytes=${bytes}`, { headers: { 'sec-fetch-site': site } });
	expect((await load('1000', 'cross-site')).status()).toBe(403);
	expect((await (await load('1000')).body()).length).toBe(1000);
	expect((await (await load('99999999999')).body()).length).toBe(3_000_000);
	for (const odd of ['-5', 'x', '']) expect((await (await load(odd)).body()).length).toBe(0);
	expect((await request.post(`${checkPath()}/load`, { headers: { origin }, data: 'x' })).status()).toBe(204);
});

test('explains what it needs without JavaScript', async ({ browser }) => {
	const page = await open(browser, null, { javaScriptEnabled: false });
	await page.goto(checkPath());
	await expect(page.getByText('The check needs JavaScript, which is switched off here.')).toBeVisible();
	await expect(page.getByRole('button', { name: 'Start the check' })).toBeHidden();
});
