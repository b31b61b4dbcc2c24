/* Takes the pictures of the README from the sample Summit, into .github/pictures: npm run pictures */
import { join, resolve } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import sharp from 'sharp';
import { findBrowser } from '../src/local/browser.ts';
import { sampleSlugs } from '../src/local/sample/summits.ts';
import { mediaArguments } from './fixtures/media-arguments.ts';
import { startStack, waitForLiveKit, type TestSummit } from './fixtures/summit.ts';

const folder = resolve(import.meta.dirname, '../.github/pictures');
const desktop = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };
const gap = 48;

interface Shot {
	path: string;
	size: typeof desktop;
	/** The sample person who looks, as /sample names them; nobody is signed in without. */
	as?: string;
	isDark?: boolean;
	/** What is done on the page before the picture. */
	act?: (page: Page) => Promise<void>;
}

// In the evening the live session is in another room than by day.
async function watch(page: Page): Promise<void> {
	await page.getByRole('link', { name: 'To the stage' }).first().click();
	await page.getByRole('button', { name: 'Watch and listen' }).click();
	// Both speakers of the sample are there when their pictures move.
	await page.waitForFunction(
		() =>
			[...document.querySelectorAll('video')].filter(({ videoWidth, paused }) => videoWidth > 0 && !paused).length > 1
	);
}

const summit = `/${sampleSlugs.current}`;
const pictures: Record<string, Shot[]> = {
	site: [
		{ path: summit, size: desktop },
		{ path: `${summit}/agenda`, size: phone }
	],
	stage: [{ path: `${summit}/live`, size: desktop, act: watch }],
	console: [{ path: `${summit}/organise`, size: desktop, as: 'Lucía Ferrer' }],
	builder: [{ path: `${summit}/organise/agenda`, size: desktop, as: 'Ana Petrović' }],
	phones: [
		{ path: `/ar${summit}`, size: phone },
		{ path: `${summit}/me/badge`, size: phone, as: 'Grace Wanjiru' },
		{ path: `/fr${summit}/agenda`, size: phone, isDark: true }
	]
};

async function take(browser: Browser, { path, size, as, isDark, act }: Shot, origin: string): Promise<Buffer> {
	const context = await browser.newContext({
		baseURL: origin,
		viewport: size,
		colorScheme: isDark ? 'dark' : 'light',
		reducedMotion: 'reduce',
		locale: 'en-GB'
	});
	const page = await context.newPage();
	if (as) {
		await page.goto('/sample');
		await page.getByRole('button', { name: as }).click();
		await page.waitForURL((url) => url.pathname !== '/sample');
	}
	await page.goto(path, { waitUntil: 'networkidle' });
	await act?.(page);
	const picture = await page.screenshot();
	await context.close();
	return picture;
}

/** Pictures of several pages beside each other, all as high as the lowest. */
async function beside(shots: Buffer[]): Promise<Buffer> {
	const sizes = await Promise.all(shots.map((shot) => sharp(shot).metadata()));
	const height = Math.min(...sizes.map((size) => size.height));
	const parts = await Promise.all(
		shots.map(async (shot) => {
			const { data, info } = await sharp(shot).resize({ height }).toBuffer({ resolveWithObject: true });
			return { data, width: info.width };
		})
	);
	let left = gap;
	const placed = parts.map(({ data, width }) => {
		const one = { input: data, left, top: gap };
		left += width + gap;
		return one;
	});
	return sharp({ create: { width: left, height: height + 2 * gap, channels: 3, background: '#d9e0e8' } })
		.composite(placed)
		.png()
		.toBuffer();
}

async function main(stack: TestSummit): Promise<void> {
	await waitForLiveKit(stack);
	const browser = await chromium.launch({
		executablePath: await findBrowser(),
		args: mediaArguments({ pictures: 10 })
	});
	for (const [name, shots] of Object.entries(pictures)) {
		const taken: Buffer[] = [];
		for (const shot of shots) taken.push(await take(browser, shot, stack.origin));
		const file = join(folder, `${name}.png`);
		await sharp(taken.length > 1 ? await beside(taken) : taken[0])
			.png({ palette: true, quality: 90, effort: 8 })
			.toFile(file);
		console.log(file);
	}
	await browser.close();
}

const stack = await startStack({ sample: true, env: { SAMPLE_BROADCAST: 'yes' } });
try {
	await main(stack);
} finally {
	await stack.stop();
}
