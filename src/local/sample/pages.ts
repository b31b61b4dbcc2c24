import { readFileSync } from 'node:fs';
import type { TextMap } from '#lib/i18n/locale.ts';
import type { Random } from './prng.ts';
import type { Row } from './rows.ts';

/** A page of the sample. */
interface SamplePage {
	kind: string;
	place?: string;
	title: TextMap;
	summary: TextMap;
	blocks: object[];
}

const written = JSON.parse(readFileSync(new URL('pages.json', import.meta.url), 'utf8')) as SamplePage[];
const places: Record<string, string> = { privacy: 'none', accessibility: 'none', code_of_conduct: 'footer' };

/** The rows of a Summit's pages and of what was published of them; `texts` are those that the site itself shows. */
export function makePages(random: Random, summit: string, texts: Record<string, TextMap>): [string, Row[]][] {
	const ofSite = Object.entries(texts).map(([kind, text]) => ({
		kind,
		place: places[kind] ?? 'menu',
		title: {},
		summary: {},
		blocks: [{ id: 'text', kind: 'text', text }]
	}));
	const pages = [...written, ...ofSite].map((page, index) => ({
		id: random.uuid(),
		summit_id: summit,
		kind: page.kind,
		slug: page.kind.replaceAll('_', '-'),
		place: page.place ?? 'menu',
		position: index + 1,
		title: page.title,
		summary: page.summary,
		blocks: page.blocks,
		published: 1
	}));
	const versions = pages.map(({ id, title, summary, blocks }) => ({
		page_id: id,
		number: 1,
		title,
		summary,
		blocks
	}));
	return [
		['private.pages', pages],
		['private.page_versions', versions]
	];
}
