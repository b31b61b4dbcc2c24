import { existsSync } from 'node:fs';
import { defineConfig, devices } from '@playwright/test';

// `npm test` has found a browser; by hand, the system's Chromium or Playwright's own is taken.
const executablePath =
	process.env.CHROMIUM_PATH ??
	['/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path));

const chromium = {
	launchOptions: {
		executablePath,
		args: [
			'--no-sandbox',
			'--disable-gpu',
			'--use-fake-device-for-media-stream=fps=10',
			'--use-fake-ui-for-media-stream',
			'--autoplay-policy=no-user-gesture-required'
		]
	}
};

export default defineConfig({
	testDir: 'e2e',
	outputDir: '../test-results',
	globalSetup: './fixtures/playwright-setup.ts',
	fullyParallel: true,
	workers: 2,
	timeout: 60_000,
	expect: { timeout: 10_000 },
	forbidOnly: Boolean(process.env.CI),
	// A shared machine may starve a browser for seconds; what fails twice is broken. The report names what needed it.
	retries: process.env.CI ? 1 : 0,
	reporter: 'list',
	use: {
		baseURL: process.env.E2E_ORIGIN,
		locale: 'en-GB',
		timezoneId: 'Europe/Brussels',
		// A trace takes a picture of each frame of each page: as much work as the page itself.
		trace: 'on-first-retry',
		screenshot: 'only-on-failure'
	},
	projects: [
		{
			name: 'desktop',
			grepInvert: /@phone|@alone/,
			use: { ...devices['Desktop Chrome'], channel: undefined, viewport: { width: 1440, height: 900 }, ...chromium }
		},
		// A spec asks for the phone by the tag @phone in its title.
		{
			name: 'phone',
			grep: /@phone/,
			use: { ...devices['Pixel 7'], channel: undefined, viewport: { width: 390, height: 844 }, ...chromium }
		},
		// What ends an engine that all others use has it to itself, after them: the tag @alone.
		{
			name: 'alone',
			grep: /@alone/,
			dependencies: ['desktop', 'phone'],
			workers: 1,
			use: { ...devices['Desktop Chrome'], channel: undefined, viewport: { width: 1440, height: 900 }, ...chromium }
		}
	]
});
