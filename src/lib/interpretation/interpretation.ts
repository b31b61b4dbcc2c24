import type { BoothView, Language } from '#lib/database/answers/interpretation.ts';

export type { Booth, BoothView, Language, Languages, Pair } from '#lib/database/answers/interpretation.ts';

/** A booth as its controls need it: of a run, or of the room of a meeting. */
export type OwnBooth = Pick<BoothView, 'run' | 'booth' | 'me'>;

/** Reads the languages of a run from a live event; null for anything else. */
export function parseLanguages(content: unknown): Language[] | null {
	const isLanguage = (one: unknown) =>
		typeof one === 'object' && one !== null && 'language' in one && 'identity' in one;
	return Array.isArray(content) && content.every(isLanguage) ? (content as Language[]) : null;
}

/** Whether a text has the format of a booth's language tag. */
export function isLanguageTag(value: string): boolean {
	return value.length <= 35 && /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(value);
}

/** A language tag in its usual spelling, of which each language has one: pt-BR, he; what is no tag remains as it is. */
export function canonicalTag(value: string): string {
	try {
		return Intl.getCanonicalLocales(value)[0] ?? value;
	} catch {
		return value;
	}
}
