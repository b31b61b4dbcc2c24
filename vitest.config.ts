import { playwright } from '@vitest/browser-playwright';
import { defineConfig, mergeConfig } from 'vitest/config';
import { mediaArguments } from './tests/fixtures/media-arguments.ts';
import vite from './vite.config.ts';

const chromium = process.env.CHROMIUM_PATH;

export default mergeConfig(
	vite,
	defineConfig({
		test: {
			expect: { requireAssertions: true },
			// Tests of the database wait for it most of their time.
			maxWorkers: 3,
			// As with the tests in browsers: what fails twice is broken, and the end of the run names what needed it.
			retry: process.env.CI ? 1 : 0,
			projects: [
				{
					extends: true,
					test: {
						name: 'unit',
						environment: 'node',
						include: ['src/**/*.test.ts'],
						exclude: ['src/**/*.svelte.test.ts'],
						// Hundreds of random cases take seconds, and longer on a busy machine.
						testTimeout: 30_000
					}
				},
				{
					extends: true,
					test: {
						name: 'component',
						include: ['src/**/*.svelte.test.ts'],
						browser: {
							enabled: true,
							headless: true,
							screenshotFailures: false,
							provider: playwright({
								launchOptions: { executablePath: chromium, args: mediaArguments() }
							}),
							instances: [{ browser: 'chromium' }]
						}
					}
				},
				{
					extends: true,
					test: {
						name: 'database',
						environment: 'node',
						env: { CHECK_ANSWERS: 'yes' },
						include: ['tests/database/**/*.test.ts'],
						globalSetup: ['tests/fixtures/cluster.ts'],
						testTimeout: 60_000,
						hookTimeout: 120_000
					}
				}
			]
		}
	})
);
