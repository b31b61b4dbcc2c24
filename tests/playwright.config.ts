import { defineConfig, devices } from '@playwright/test';
import { mediaArguments } from './fixtures/media-arguments.ts';
import { chromiumPath } from './fixtures/media-browser.ts';

const desktop = { ...devices['Desktop Chrome'], channel: undefined, viewport: { width: 1440, height: 900 } };
const chromium = { launchOptions: { executablePath: chromiumPath, args: mediaArguments({ pictures: 5 }) } };

export default defineConfig({
	testDir: 'e2e',
	outputDir: '../test-results',
	globalSetup: './fixtures/playwright-setup.ts',
	fullyParallel: true,
	// Of two, one often waits for mail, media or a page: two cores are busy with three.
	workers: 3,
	timeout: 60_000,
	expect: { timeout: 10_000 },
	forbidOnly: Boolean(process.env.CI),
	// A shared machine may starve a browser for seconds; a test that fails twice is broken. The report names those that needed a retry.
	retries: process.env.CI ? 1 : 0,
	reporter: 'list',
	use: {
		baseURL: process.env.E2E_ORIGIN,
		locale: 'en-GB',
		timezoneId: 'Europe/Brussels',
		// Colours in transition have the contrast of neither.
		contextOptions: { reducedMotion: 'reduce' },
		// A wait for something that never comes should not last until the test's own timeout, which may be minutes away.
		actionTimeout: 60_000,
		// A trace takes a screenshot of each frame of each page: as much work as the page itself.
		trace: 'on-first-retry',
		screenshot: 'only-on-failure'
	},
	projects: [
		{
			name: 'desktop',
			grepInvert: /@phone|@alone|@long/,
			use: { ...desktop, ...chromium }
		},
		// A spec requests the phone by the tag @phone in its title.
		{
			name: 'phone',
			grep: /@phone/,
			use: { ...devices['Pixel 7'], channel: undefined, viewport: { width: 390, height: 844 }, ...chromium }
		},
		// Specs that end an engine which all others use run alone, after them: the tag @alone.
		{
			name: 'alone',
			grep: /@alone/,
			dependencies: ['desktop', 'phone'],
			workers: 1,
			use: { ...desktop, ...chromium }
		},
		// Specs of live media that take minutes, or end engines again and again: the tag @long, and `npm test -- long`.
		{
			name: 'long',
			grep: /@long/,
			workers: 1,
			use: { ...desktop, ...chromium }
		}
	]
});
