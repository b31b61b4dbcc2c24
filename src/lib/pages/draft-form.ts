/* The form of a draft: the names of its fields, and the draft that they say. No I/O. */
import { isId } from '#lib/forms/ids.ts';
import { oneLine, severalLines } from '#lib/forms/one-line.ts';
import type { FormIssue } from '#lib/forms/parse.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { emptyBlock, isBlockKind, type PageBlock, type DraftContent } from './blocks.ts';
import { isPageLink, wrongLinks } from './formatted.ts';
import { partnerTiers, type PartnerTier } from './page.ts';

/** The longest text of a block, and the longest line, in characters. */
const mostOf = { text: 20_000, line: 300 };

/** The field that says which blocks the form has, in their order: "block1:text block2:picture". */
export const orderOf = (blocks: readonly PageBlock[]): string =>
	blocks.map(({ id, kind }) => `${id}:${kind}`).join(' ');

/** Reads a form: its fields, and the issues that were found. */
class Reader {
	readonly issues: FormIssue[] = [];
	readonly #data: FormData;
	readonly #original: string;

	constructor(data: FormData) {
		this.#data = data;
		this.#original = this.value('original');
	}

	value(name: string): string {
		const value = this.#data.get(name);
		return typeof value === 'string' ? value.replaceAll('\0', '') : '';
	}

	line(name: string): string {
		return this.#limited(name, oneLine(this.value(name)), mostOf.line);
	}

	id(name: string): string | null {
		const value = this.value(name);
		return isId(value) ? value : null;
	}

	/** A text in all languages of the form; the page's own language is its original where it has that. */
	texts(name: string, kind: 'line' | 'text' = 'line'): TextMap {
		const tags = [...this.#data.keys()]
			.filter((key) => key.startsWith(`${name}.`))
			.map((key) => key.slice(name.length + 1))
			.filter((tag) => /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(tag));
		const order = [...new Set([this.#original, ...tags])].filter((tag) => tags.includes(tag));
		const written = order.flatMap((tag) => {
			const field = `${name}.${tag}`;
			const words = kind === 'line' ? oneLine(this.value(field)) : severalLines(this.value(field));
			if (words === '') return [];
			for (const link of kind === 'text' ? wrongLinks(words) : []) this.issue(field, m.pages_link_wrong({ link }));
			return [[tag, this.#limited(field, words, mostOf[kind])] as const];
		});
		return written[0] ? { original: written[0][0], ...Object.fromEntries(written) } : {};
	}

	/** The numbers of the rows of a list, in their order. */
	rows(name: string): string[] {
		const numbers = [...this.#data.keys()].flatMap((key) => {
			const [row = ''] = key.startsWith(`${name}.`) ? key.slice(name.length + 1).split('.') : [];
			return /^\d{1,3}$/.test(row) ? [Number(row)] : [];
		});
		return [...new Set(numbers)].sort((a, b) => a - b).map((row) => `${name}.${row}`);
	}

	issue(path: string, message: string): void {
		this.issues.push({ path, message });
	}

	#limited(name: string, words: string, most: number): string {
		if (words.length > most) this.issue(name, m.ui_form_too_long({ most }));
		return words;
	}
}

/** A number between limits; null where the field is empty. */
function degrees(form: Reader, name: string, most: number): number | null {
	const words = form.line(name).replace(',', '.');
	if (words === '') return null;
	const value = Number(words);
	if (Number.isFinite(value) && Math.abs(value) <= most) return value;
	form.issue(name, m.pages_degrees_wrong({ most }));
	return null;
}

function linkOf(form: Reader, name: string): string {
	const link = form.line(name);
	if (link !== '' && !isPageLink(link)) form.issue(name, m.pages_link_wrong({ link }));
	return link;
}

const isTier = (value: string): value is PartnerTier => Object.hasOwn(partnerTiers, value);
const isWritten = (map: TextMap) => Object.keys(map).length > 0;

function blockFrom(form: Reader, empty: PageBlock): PageBlock {
	const at = (field: string) => `${empty.id}.${field}`;
	const title = () => form.texts(at('title'));
	const ids = (field: string) => [...new Set(form.rows(at(field)).flatMap((row) => form.id(row) ?? []))];
	switch (empty.kind) {
		case 'text':
			return { ...empty, text: form.texts(at('text'), 'text') };
		case 'picture':
			return { ...empty, file: form.id(at('file')), alt: form.texts(at('alt')), caption: form.texts(at('caption')) };
		case 'list': {
			const rows = form
				.rows(at('rows'))
				.map((row) => ({ term: form.texts(`${row}.term`), text: form.texts(`${row}.text`, 'text') }));
			return { ...empty, title: title(), rows: rows.filter((row) => isWritten(row.term) || isWritten(row.text)) };
		}
		case 'people':
			return { ...empty, title: title(), people: ids('people') };
		case 'sessions':
			return { ...empty, title: title(), sessions: ids('sessions'), track: form.id(at('track')) };
		case 'map':
			return {
				...empty,
				file: form.id(at('file')),
				alt: form.texts(at('alt')),
				address: form.texts(at('address'), 'text'),
				latitude: degrees(form, at('latitude'), 90),
				longitude: degrees(form, at('longitude'), 180)
			};
		case 'files': {
			const files = form.rows(at('files')).flatMap((row) => {
				const file = form.id(`${row}.file`);
				return file ? [{ file, label: form.texts(`${row}.label`) }] : [];
			});
			return { ...empty, title: title(), files };
		}
		case 'partners': {
			const rows = form.rows(at('rows')).map((row) => {
				const tier = form.value(`${row}.tier`);
				return {
					name: form.line(`${row}.name`),
					link: linkOf(form, `${row}.link`),
					tier: isTier(tier) ? tier : ('partner' as const),
					file: form.id(`${row}.file`)
				};
			});
			return { ...empty, title: title(), rows: rows.filter(({ name }) => name !== '') };
		}
		case 'action': {
			const to = form.value(at('to'));
			return { ...empty, label: form.texts(at('label')), to: to === 'link' ? linkOf(form, at('link')) : to };
		}
	}
}

/** The draft that a form says, and what is wrong with it. Rows that were left empty are dropped. */
export function draftFrom(data: FormData): { draft: DraftContent; issues: FormIssue[] } {
	const form = new Reader(data);
	const draft = {
		title: form.texts('title'),
		summary: form.texts('summary'),
		blocks: form
			.value('order')
			.split(' ')
			.flatMap((entry) => {
				const [id = '', kind = ''] = entry.split(':');
				return /^[a-z0-9]{4,16}$/.test(id) && isBlockKind(kind) ? [blockFrom(form, emptyBlock(kind, id))] : [];
			})
	};
	return { draft, issues: form.issues };
}
