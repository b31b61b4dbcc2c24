/* The last fallback in a strict network: LiveKit's own relay over TLS. The test makes its certificate. */
import type { Browser, Page } from '@playwright/test';
import { browserOf } from '../../fixtures/livekit.ts';
import { launchMedia } from '../../fixtures/media-browser.ts';
import { startSecondApp } from '../../fixtures/nodes.ts';
import { startRelayed, type Relayed } from '../../fixtures/relay.ts';
import { useStageBrowsers, variables } from '../../fixtures/stage-browsers.ts';
import { expect, test } from '../../fixtures/test.ts';
import { goOnStage, expectPlaying, audioLevelOf } from '../../fixtures/watching.ts';

const stage = useStageBrowsers();
let relayed: Relayed;
let app: { origin: string; stop: () => Promise<void> };
let trusting: Browser;
let strict: Browser;

/** LiveKit announces port 443, which needs root: these browsers are sent to the relay's real port. */
function launch(...more: string[]): Promise<Browser> {
	const port = relayed.relay.split(':')[1] ?? '';
	const rules = `MAP turn.localhost:443 127.0.0.1:${port}, MAP 127.0.0.1:443 127.0.0.1:${port}`;
	return launchMedia([`--host-resolver-rules=${rules}`, ...more], { pictures: 10 });
}

test.beforeAll(async () => {
	relayed = await startRelayed('http://127.0.0.1:9/nobody-listens');
	app = await startSecondApp(variables, relayed.environment);
	[trusting, strict] = await Promise.all([launch('--ignore-certificate-errors'), launch()]);
});
test.afterAll(async () => {
	await Promise.all([trusting?.close(), strict?.close()]);
	await app?.stop();
	await relayed?.stop();
});

/** The relay protocol of the selected pair of each connected peer connection. */
function relaysOf(page: Page): Promise<string[]> {
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
				.map((local) => `${String(local?.candidateType)} ${String(local?.relayProtocol)}`);
		});
	});
}

/** From now on the page's connections use only the relay, and are stored where `relaysOf` finds them. */
function holdToRelay(page: Page): Promise<unknown> {
	return page.addInitScript(() => {
		const connections: RTCPeerConnection[] = [];
		Object.assign(window, { connections });
		window.RTCPeerConnection = class extends RTCPeerConnection {
			constructor(configuration?: RTCConfiguration) {
				super({ ...configuration, iceTransportPolicy: 'relay' });
				connections.push(this);
			}
			override setConfiguration(configuration?: RTCConfiguration) {
				super.setConfiguration({ ...configuration, iceTransportPolicy: 'relay' });
			}
		};
	});
}

test('plays video and audio through the relay over TLS alone, and reports it as working in the check', async ({
	browser
}) => {
	const { people, slug, sessions } = stage.world;
	const here = { ...variables, ORIGIN: app.origin };
	const speaker = await browserOf(browser, here, people.speaker);
	await speaker.page.goto(`/${slug}/live/plenary/backstage/${sessions.public.code}`);
	await goOnStage(speaker.page, people.speaker.name);

	const viewer = await browserOf(trusting, here, people.virtual);
	await holdToRelay(viewer.page);
	await viewer.page.goto(`/${slug}/live/plenary`);
	await viewer.page.getByRole('button', { name: 'Watch and listen' }).click();
	await expectPlaying(viewer.page, people.speaker.name);
	await expect.poll(() => audioLevelOf(viewer.page)).toBeGreaterThan(0.01);
	await expect.poll(() => relaysOf(viewer.page)).toContain('relay tls');
	expect(new Set(await relaysOf(viewer.page))).toEqual(new Set(['relay tls']));

	const checker = await browserOf(trusting, here, people.virtual);
	await checker.page.goto(`/${slug}/live/check`);
	await checker.page.getByRole('button', { name: 'Start the check' }).click();
	await expect(checker.page.getByRole('button', { name: 'Check again' })).toBeEnabled({ timeout: 60_000 });
	const row = checker.page.locator('dl > div', { hasText: 'TURN over TLS' });
	await expect(row).toContainText('works');
	await expect(checker.page.getByRole('textbox')).toHaveValue(/TLS turn\.localhost:443 \(TURN\)/);

	// A browser that does not trust the certificate does not connect.
	const refusing = await browserOf(strict, here, people.delegate);
	await refusing.page.goto(`/${slug}/live/check`);
	await refusing.page.getByRole('button', { name: 'Start the check' }).click();
	await expect(refusing.page.getByRole('button', { name: 'Check again' })).toBeEnabled({ timeout: 60_000 });
	await expect(refusing.page.locator('dl > div', { hasText: 'TURN over TLS' })).toContainText('does not come through');
	await Promise.all([speaker, viewer, checker, refusing].map(({ context }) => context.close()));
});
