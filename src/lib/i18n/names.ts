import { intlTag, locale } from './locale.ts';

// An agenda names hundreds of languages, and making the formatter is slow.
const made = new Map<string, Intl.DisplayNames>();
const known = new Map<string, string>();

function nameOf(tag: string, language: string): string {
	const names = made.get(language) ?? new Intl.DisplayNames([intlTag(language)], { type: 'language' });
	made.set(language, names);
	try {
		return names.of(tag) ?? tag;
	} catch {
		return tag;
	}
}

/** A language in the reader's language: "fr" → "French". An invalid tag is returned unchanged. */
export function languageName(tag: string, language: string = locale()): string {
	const key = `${language} ${tag}`;
	const found = known.get(key) ?? nameOf(tag, language);
	if (known.size > 2000) known.clear();
	known.set(key, found);
	return found;
}
