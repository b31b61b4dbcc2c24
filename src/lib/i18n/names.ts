import { locale } from './locale.ts';

// An agenda names hundreds of languages; making the formatter is what costs.
const made = new Map<string, Intl.DisplayNames>();

/** A language in the reader's language: "fr" → "French". What is no tag stays as it is. */
export function languageName(tag: string, language: string = locale()): string {
	const names = made.get(language) ?? new Intl.DisplayNames([language], { type: 'language' });
	made.set(language, names);
	try {
		return names.of(tag) ?? tag;
	} catch {
		return tag;
	}
}
