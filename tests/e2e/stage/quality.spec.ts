/* The quality menu for video and audio, in real browsers on a real LiveKit: chosen, automatic, and off. */
import type { Browser, Page } from '@playwright/test';
import { faultsOfPage } from '../../fixtures/axe.ts';
import { packetLoss } from '../../fixtures/cutting.ts';
import { variables } from '../../fixtures/open-page.ts';
import { browserOf } from '../../fixtures/livekit.ts';
import { useWorld } from '../../fixtures/small-world.ts';
import { expect, test } from '../../fixtures/test.ts';
import {
	chooseQuality,
	goOnStage,
	expectPlaying,
	pictureMenu,
	pictureOf,
	audioLevelOf
} from '../../fixtures/watching.ts';
import type { TestPerson } from '../../fixtures/world.ts';

test.describe.configure({ mode: 'default', timeout: 120_000 });

const small = useWorld();

async function open(browser: Browser, who: TestPerson | null, options = {}): Promise<Page> {
	const { page } = await browserOf(browser, variables, who, options);
	return page;
}

const stagePath = () => `/${small.world.slug}/live/plenary`;

async function speak(browser: Browser): Promise<Page> {
	const page = await open(browser, small.world.people.speaker);
	await page.goto(`${stagePath()}/backstage/${small.world.sessions.public.code}`);
	await goOnStage(page, small.world.people.speaker.name);
	return page;
}

/** A viewer whose page counts its open media connections. */
async function watch(page: Page, level: string): Promise<void> {
	await page.addInitScript((stored) => {
		if (!sessionStorage.getItem('begun')) localStorage.setItem('stage-quality', stored);
		sessionStorage.setItem('begun', 'yes');
	}, level);
	await page.addInitScript(() => {
		const open = new Set<RTCPeerConnection>();
		Object.assign(window, {
			openConnections: () => [...open].filter((one) => one.connectionState !== 'closed').length
		});
		window.RTCPeerConnection = class extends RTCPeerConnection {
			constructor(configuration?: RTCConfiguration) {
				super(configuration);
				open.add(this);
			}
		};
	});
	await page.goto(stagePath());
	await page.getByRole('button', { name: 'Watch and listen' }).click();
}

const connections = (page: Page) =>
	page.evaluate(() => (window as unknown as { openConnections: () => number }).openConnections());
const height = (page: Page, name: string) =>
	pictureOf(page, name).evaluate((video: HTMLVideoElement) => video.videoHeight);

test('changes by hand to a smaller video, slides and audio, audio, captions only, and back @long', async ({
	browser
}) => {
	const { name } = small.world.people.speaker;
	const speaker = await speak(browser);
	const viewer = await open(browser, small.world.people.virtual);
	await watch(viewer, 'hd');
	await expectPlaying(viewer, name);
	// A starved encoder sends its smaller layers only; it adds the large one when it has time again.
	await expect.poll(() => height(viewer, name), { timeout: 60_000 }).toBe(720);

	await chooseQuality(viewer, 'Medium picture');
	// LiveKit chooses the layer: at most the middle one, and the smallest where the encoder has no time for that.
	await expect.poll(() => height(viewer, name), { timeout: 60_000 }).toBeLessThan(720);
	await expectPlaying(viewer, name);

	await chooseQuality(viewer, 'Slides and sound');
	await expect(pictureOf(viewer, name)).toHaveCount(0);
	expect(await audioLevelOf(viewer)).toBeGreaterThan(0.01);
	await speaker.getByRole('button', { name: 'Share screen' }).click();
	const slides = viewer.getByLabel(`Screen of ${name}`);
	await expect.poll(() => slides.evaluate((video: HTMLVideoElement) => video.videoWidth)).toBeGreaterThan(0);

	await chooseQuality(viewer, 'Sound only');
	await expect(viewer.locator('video')).toHaveCount(0);
	expect(await audioLevelOf(viewer)).toBeGreaterThan(0.01);

	await chooseQuality(viewer, 'Captions only');
	await expect(viewer.getByText('Picture and sound are off, to save data.')).toBeVisible();
	await expect(viewer.locator('video, audio')).toHaveCount(0);
	await expect.poll(() => connections(viewer)).toBe(0);
	// The choice holds for the next visit too, without any connection.
	await viewer.reload();
	await viewer.getByRole('button', { name: 'Watch and listen' }).click();
	await expect(viewer.getByText('Picture and sound are off, to save data.')).toBeVisible();
	expect(await connections(viewer)).toBe(0);
	await chooseQuality(viewer, 'High picture');
	await expectPlaying(viewer, name);
});

test('keeps a speaker on captions only on the stage', async ({ browser }) => {
	const { name } = small.world.people.speaker;
	const page = await open(browser, small.world.people.speaker);
	await page.addInitScript(() => localStorage.setItem('stage-quality', 'captions'));
	await page.goto(`${stagePath()}/backstage/${small.world.sessions.public.code}`);
	await page.getByRole('button', { name: 'Enter the green room' }).click();
	await expect(page.getByRole('heading', { level: 2, name: 'In the green room' })).toBeVisible();
	await page.getByRole('button', { name: 'Go on stage' }).click();
	await expect(page.getByText('Everyone who watches sees and hears what you send.')).toBeVisible();
	await expect(pictureMenu(page)).toContainText('Sound only');
	const viewer = await open(browser, small.world.people.virtual);
	await watch(viewer, 'hd');
	await expectPlaying(viewer, name);
	expect(await audioLevelOf(viewer)).toBeGreaterThan(0.01);
});

test('drops the video first when a connection loses packets, says so, and restores it @long', async ({ browser }) => {
	const { name } = small.world.people.speaker;
	await speak(browser);
	const viewer = await open(browser, small.world.people.virtual);
	const lose = await packetLoss(viewer);
	await watch(viewer, 'auto');
	await expectPlaying(viewer, name);
	await lose(30);
	await expect(viewer.getByText('Your connection is weak')).toBeVisible({ timeout: 30_000 });
	await expect(pictureOf(viewer, name)).toHaveCount(0, { timeout: 30_000 });
	await expect(pictureMenu(viewer)).toContainText('Sound only', { timeout: 30_000 });
	await lose(0);
	await expect(pictureMenu(viewer)).toContainText('Slides and sound', { timeout: 60_000 });
	await expect(pictureMenu(viewer)).toContainText('Medium picture', { timeout: 60_000 });
	await expectPlaying(viewer, name);
});

test('works by keyboard, names the data use, and fits a phone in Arabic', async ({ browser }) => {
	await speak(browser);
	const phone = { viewport: { width: 390, height: 844 }, colorScheme: 'dark' };
	const viewer = await open(browser, small.world.people.virtual, phone);
	await watch(viewer, 'hd');
	await expectPlaying(viewer, small.world.people.speaker.name);
	const menu = pictureMenu(viewer);
	await menu.focus();
	await viewer.keyboard.press('Enter');
	await expect(viewer.getByRole('radio', { name: 'High picture' })).toBeChecked();
	await viewer.getByRole('radio', { name: 'High picture' }).focus();
	await viewer.keyboard.press('ArrowDown');
	await expect(viewer.getByRole('radio', { name: 'Medium picture' })).toBeChecked();
	await expect(viewer.getByText(/^Used since you joined: .* at this setting$/)).toBeVisible({ timeout: 20_000 });
	expect(await faultsOfPage(viewer, '.switches')).toEqual([]);
	await viewer.keyboard.press('Escape');
	await expect(menu).toBeFocused();
	await viewer.goto(`/ar${stagePath()}`);
	await viewer.getByRole('button', { name: 'شاهد واستمع' }).click();
	await viewer.locator('summary', { hasText: 'الصورة' }).click();
	expect(await viewer.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
});
