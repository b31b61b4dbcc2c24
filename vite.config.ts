import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import { playwright } from '@vitest/browser-playwright';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const chromium = process.env.CHROMIUM_PATH;

// Words, icons and small pieces that several pages share come together, not in a request of half a kilobyte each.
const codeSplitting = {
	groups: [
		{ name: 'shell', test: /generated[\\/]messages[\\/]shell_|@lucide[\\/]|src[\\/]lib[\\/]ui[\\/]/, minShareCount: 6 },
		{ name: 'stage', test: /generated[\\/]messages[\\/]stage_|src[\\/]lib[\\/]stage[\\/].*\.ts$/, minShareCount: 2 }
	]
};

/**
 * livekit-client brings what mends WebRTC in browsers before 2023, which this build is not for: a tenth of its bytes.
 * A release of it that does this otherwise fails the build.
 */
const withoutOldBrowsers: Plugin = {
	name: 'without-old-browsers',
	apply: 'build',
	transform: {
		filter: { id: /livekit-client\.esm\.mjs$/ },
		handler(code) {
			const lean = code.replace(/^adapterFactory\(\{[^}]*\}\);/m, '');
			if (lean === code) this.error('livekit-client starts its adapter in another way now.');
			return { code: lean, map: null };
		}
	}
};

export default defineConfig({
	plugins: [
		withoutOldBrowsers,
		paraglideVitePlugin({
			project: './src/lib/i18n/project.inlang',
			outdir: './src/lib/i18n/generated',
			strategy: ['url', 'baseLocale'],
			outputStructure: 'message-modules'
		}),
		sveltekit()
	],
	environments: { client: { build: { rolldownOptions: { output: { codeSplitting } } } } },
	test: {
		expect: { requireAssertions: true },
		// Tests of the database wait for it most of their time.
		maxWorkers: 3,
		projects: [
			{
				extends: true,
				test: { name: 'unit', environment: 'node', include: ['src/**/*.test.ts'], exclude: ['src/**/*.svelte.test.ts'] }
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
							launchOptions: { executablePath: chromium, args: ['--no-sandbox', '--disable-gpu'] }
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
					include: ['tests/database/**/*.test.ts'],
					globalSetup: ['tests/fixtures/cluster.ts'],
					testTimeout: 60_000,
					hookTimeout: 120_000
				}
			}
		]
	}
});
