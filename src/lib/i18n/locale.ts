import type { TextMap } from '#lib/database/answers/text-map.ts';

export type { TextMap };

/*
 * The languages of the interface, English first: each by its own name, and with the region that Open Graph asks for. One more is a line here,
 * its message files, and its code in `private.is_interface_language`.
 */
const languages = {
	en: { name: 'English', region: 'en_GB' },
	fr: { name: 'Français', region: 'fr_FR' },
	es: { name: 'Español', region: 'es_ES' },
	ar: { name: 'العربية', region: 'ar_AR' },
	ru: { name: 'Русский', region: 'ru_RU' },
	zh: { name: '中文', region: 'zh_CN' },
	pt: { name: 'Português', region: 'pt_PT' }
} as const;

export type Locale = keyof typeof languages;

/** The languages of the interface, English first. */
export const locales = Object.keys(languages) as readonly string[] as readonly [Locale, ...Locale[]];

const each = <Value>(value: (language: Locale) => Value) =>
	Object.fromEntries(locales.map((language) => [language, value(language)])) as Record<Locale, Value>;

/** Each language by its own name. */
export const languageNames: Record<Locale, string> = each((language) => languages[language].name);

/** Each language with a region, as readers of Open Graph require. */
export const openGraphLocale = (language: Locale): string => languages[language].region;

// Of languages that differ between countries, the variety in which our texts are written.
const varieties: Record<string, string> = { en: 'en-GB', pt: 'pt-PT' };

/** The tag of a language for `Intl`. */
export const intlTag = (language: string): string => varieties[language] ?? language;

/** A text chosen for a reader: `lang` is its language, `fallback` that it is not the reader's. */
export interface ChosenText {
	text: string;
	lang: string;
	fallback: boolean;
}

const prefix = new RegExp(`^/(${locales.slice(1).join('|')})(?=/|$)`);

let current = (): Locale => (typeof window === 'undefined' ? 'en' : localeOfPath(window.location.pathname));

/** The reader's language: in a browser from the address. */
export function locale(): Locale {
	return current();
}

/** Sets where else the reader's language comes from: on the server, which serves many at a time. */
export function readLocaleFrom(source: () => Locale): void {
	current = source;
}

/** Isolates a name inside a sentence where one of them runs from right to left: bidi does not mix it with its surroundings. */
export function isolated(name: string, language: string = locale()): string {
	const mixed = direction(language) === 'rtl' || /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(name);
	return mixed ? `\u2068${name}\u2069` : name;
}

/** Whether a value from outside is one of our languages. */
export function isLocale(value: unknown): value is Locale {
	return locales.some((known) => known === value);
}

/** The interface language for a reader of `tag`. */
export function direction(tag: string = locale()): 'ltr' | 'rtl' {
	return /^(ar|he|fa|ur|ps|sd|ckb|ug|yi|dv)(-|$)/i.test(tag) ? 'rtl' : 'ltr';
}

/** The path without its language: `/fr/2027/agenda` → `/2027/agenda`. */
export function barePath(path: string): string {
	return path.replace(prefix, '') || '/';
}

/** The bare address for a path that starts with /en; null for any other path. */
export function withoutEnglish(path: string): string | null {
	return path === '/en' || path.startsWith('/en/') ? oneSlash(path.slice(3)) : null;
}

// Two slashes would name another host.
function oneSlash(path: string): string {
	return path.replace(/^\/*/, '/');
}

/** The language of a path; English has no prefix. */
export function localeOfPath(path: string): Locale {
	const found = prefix.exec(path)?.[1];
	return isLocale(found) ? found : 'en';
}

/** The address of a page of ours in the reader's language (or the one given). Foreign addresses pass unchanged. */
export function href(path: string, language: Locale = locale()): string {
	if (!path.startsWith('/') || path.startsWith('//')) return path;
	const bare = oneSlash(path.replace(prefix, ''));
	if (language === 'en') return bare;
	return bare === '/' ? `/${language}` : `/${language}${bare}`;
}

/** A text map of what somebody wrote in the language of the page. */
export const inPageLanguage = (words: string): TextMap => ({ original: locale(), [locale()]: words });

/** Picks from a text map: the reader's language, else English, else the author's. */
export function text(map: TextMap | null | undefined, language: string = locale()): ChosenText {
	const present = map ?? {};
	const base = language.split('-')[0] ?? language;
	const original = present['original'] ?? '';
	const order = [language, base, ...Object.keys(present).filter((tag) => tag.split('-')[0] === base), 'en', original];
	const lang = order.find((tag) => tag !== 'original' && present[tag]?.trim());
	const chosen = lang ?? Object.keys(present).find((tag) => tag !== 'original' && present[tag]?.trim());
	if (chosen === undefined) return { text: '', lang: language, fallback: false };
	return { text: present[chosen] ?? '', lang: chosen, fallback: chosen.split('-')[0] !== base };
}
