import type { TextMap } from '#lib/i18n/locale.ts';
import { optionalLines, optionalText, requiredLines, requiredText } from '#lib/forms/fields.ts';
import { intlTag } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import * as v from 'valibot';

/** The languages in which a text can be written: the author's first, the Summit's, and any that it already has. */
export function tagsFor(languages: readonly string[], map: TextMap | null | undefined): string[] {
	const has = Object.keys(map ?? {}).filter((tag) => tag !== 'original');
	const original = map?.['original'];
	return [...new Set([...(original ? [original] : []), ...languages, ...has])].slice(0, 12);
}

/** The name of the field that holds a text in one language: "name.fr". */
export function tagField(name: string, tag: string): string {
	return `${name}.${tag}`;
}

// A letter with its marks counts as one, in every script: a title in Devanagari may be as long as one in Latin letters.
function written(most: number, required: boolean, several: boolean) {
	const [needed, maybe] = several ? [requiredLines, optionalLines] : [requiredText, optionalText];
	const base = required ? needed(most * 20) : maybe(most * 20);
	return v.pipe(
		base as v.GenericSchema<unknown, string>,
		v.maxGraphemes(most, () => m.ui_form_too_long({ most }))
	);
}

/**
 * Schema entries for a text in several languages, in characters as people count them: one line unless `lines`; the first is required when
 * `required`.
 */
export function textEntries(
	name: string,
	tags: readonly string[],
	{ required = false, most = 200, lines = false } = {}
) {
	return Object.fromEntries(
		tags.map((tag, index) => [tagField(name, tag), written(most, required && index === 0, lines)])
	);
}

/** Collects a text map from parsed fields; the first language written is its original. */
export function gatherText(output: Record<string, unknown>, name: string, tags: readonly string[]): TextMap {
	const texts = tags.flatMap((tag) => {
		const value = output[tagField(name, tag)];
		return typeof value === 'string' && value !== '' ? [[tag, value] as const] : [];
	});
	const [first] = texts;
	return first ? { original: first[0], ...Object.fromEntries(texts) } : {};
}

/** "French" for "fr", in the reader's language; the tag itself where it has no name. */
export function tagName(tag: string, language = 'en'): string {
	try {
		return new Intl.DisplayNames(intlTag(language), { type: 'language' }).of(tag) ?? tag;
	} catch {
		return tag;
	}
}

// Rooms share their addresses with these pages.
const taken = new Set(['desk', 'check']);

/** A slug from a name: "Sala Río 1" → "sala-rio-1". Empty when the name has no letter or figure that fits. */
export function slugFrom(name: string): string {
	const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
	const slug = plain
		.replace(/[^a-z0-9]+/g, '-')
		.replace(/^-+|-+$/g, '')
		.slice(0, 40)
		.replace(/-+$/, '');
	return taken.has(slug) ? `${slug}-1` : slug;
}
