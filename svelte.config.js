import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { adapter } from './src/adapter.js';

// What stands in a page instead of being fetched: components/EarlyPress.svelte.
const earlyPress = readFileSync(new URL('src/lib/stage/early-press.js', import.meta.url));
const earlyPressHash = /** @type {const} */ (`sha256-${createHash('sha256').update(earlyPress).digest('base64')}`);

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
// A build reads this file several times, in threads and processes of its own: all are of one moment, or no page would start in a browser.
// They have the variables of the process that began the build.
const built = (process.env.BUILD_ID ??= Date.now().toString(36));

/** @type {import('@sveltejs/kit').Config} */
export default {
	preprocess: vitePreprocess(),
	compilerOptions: { runes: true },
	kit: {
		adapter: adapter('build'),
		// The version of the software, and which build of it: faults are told apart by it.
		version: { name: `${version}-${built}` },
		// A page that a hook refuses is made at another address than the one that it is shown at.
		paths: { relative: false },
		// A style sheet of a few rules comes with its page instead of in a request of its own.
		inlineStyleThreshold: 2000,
		// My agenda alone asks for it: see src/lib/agenda/reading/offline.ts.
		serviceWorker: { register: false },
		alias: {
			'#lib': 'src/lib',
			'#local': 'src/local',
			// The package has one entry: all of its 226 components would be compiled for the two that we use.
			'bits-ui/combobox': 'node_modules/bits-ui/dist/bits/combobox',
			'bits-ui/dialog': 'node_modules/bits-ui/dist/bits/dialog'
		},
		csp: {
			// Hashes, not nonces: the HTML of one page is then the same bytes each time, and its ETag holds.
			mode: 'hash',
			directives: {
				'default-src': ['self'],
				'script-src': ['self', earlyPressHash],
				'style-src': ['self'],
				'style-src-attr': ['unsafe-inline'],
				'img-src': ['self', 'data:', 'blob:'],
				'media-src': ['self', 'blob:'],
				'object-src': ['none'],
				'base-uri': ['none'],
				'form-action': ['self'],
				'frame-ancestors': ['none']
			}
		}
	}
};
