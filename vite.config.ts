import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';
import { messages } from './src/lib/i18n/compiler/plugin.ts';
import { icons } from './src/lib/ui/icon-plugin.ts';

// What several pages share comes together, not in a request of half a kilobyte each. A group takes what its modules
// import along: what every page has is named first, lest every page fetches the stage. What only hosts and speakers see is in none.
const codeSplitting = {
	groups: [
		{
			name: 'every-page',
			test: /node_modules[\\/](svelte|@sveltejs|devalue|clsx)[\\/]|preload-helper|src[\\/]lib[\\/](announcements|live|i18n[\\/](?!generated[\\/]messages))[\\/]?|messages[\\/]announcements_(?!organise_)|summits[\\/]lists/,
			minShareCount: 2
		},
		{ name: 'shell', test: /messages[\\/]ui_(?!organise_)|icon:/, minShareCount: 3 },
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
			test: /messages[\\/](stage_(?!devices|emergency|end|share|start|bar|alarm|desk_|hall|quality|run_(?!join))|participation_panel_)|src[\\/]lib[\\/](stage|participation)[\\/](?!components[\\/](Desk|Device|MayNot|Act|Screen|SmallPlaces|Picture|Tile|Sounds|Own|Emergency|LevelMeter|SessionOver|Poll)|words|checking|loudness|device-list)/,
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
	plugins: [messages(), icons(), sveltekit()],
	// The sizes of a thousand files take seconds; `npm run bench -- pages` prints what a page weighs.
	build: { reportCompressedSize: false },
	environments: { client: { build: { rolldownOptions: { output: { codeSplitting } } } } }
});
