import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { mediaArguments } from './tests/fixtures/media-arguments.ts';

const chromium = process.env.CHROMIUM_PATH;

// What several pages share comes together, not in a request of half a kilobyte each. A group takes what its modules
// import along: what every page has is named first, lest every page fetches the stage. What only hosts and speakers see is in none.
const codeSplitting = {
	groups: [
		{
			name: 'every-page',
			test: /node_modules[\\/](svelte|@sveltejs|devalue|clsx)[\\/]|preload-helper|src[\\/]lib[\\/](announcements|live|i18n[\\/](?!generated[\\/]messages))[\\/]?|messages[\\/]announcements_|summits[\\/]lists/,
			minShareCount: 2
		},
		{ name: 'shell', test: /messages[\\/]shell_|@lucide[\\/]/, minShareCount: 3 },
		{ name: 'ui', test: /src[\\/]lib[\\/]ui[\\/]/, minShareCount: 6 },
		{
			name: 'captions',
			test: /messages[\\/]captions_(?!size|contrast)|src[\\/]lib[\\/]captions[\\/](?!components[\\/]CaptionChoice)/,
			minShareCount: 3
		},
		{ name: 'recording', test: /messages[\\/]recording_|src[\\/]lib[\\/]recording[\\/]/, minShareCount: 2 },
		{ name: 'languages', test: /messages[\\/]interpretation_|src[\\/]lib[\\/]interpretation[\\/]/, minShareCount: 3 },
		{
			name: 'stage',
			test: /messages[\\/](stage_(?!devices|emergency|end|share|start|bar)|take_panel_|flow_join_)|src[\\/]lib[\\/](stage|participation)[\\/](?!components[\\/](Desk|Device|MayNot|Act|Screen|SmallPlaces|Picture|Tile|Sounds|Own|Emergency|LevelMeter|SessionOver|Poll)|words|checking|loudness|device-list)/,
			minShareCount: 2
		},
		// What shows only once somebody has joined.
		{
			name: 'joined',
			test: /src[\\/]lib[\\/]stage[\\/]components[\\/](Screen|SmallPlaces|Picture|Tile|Sounds)/,
			minShareCount: 2
		}
	]
};

export default defineConfig({
	plugins: [
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
					include: ['tests/database/**/*.test.ts'],
					globalSetup: ['tests/fixtures/cluster.ts'],
					testTimeout: 60_000,
					hookTimeout: 120_000
				}
			}
		]
	}
});
