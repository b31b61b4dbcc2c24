/* The texts that everybody reads who registers, as the set-up asks for them. No I/O. */
import type { TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import * as v from 'valibot';
import type { ListRow } from './lists.ts';
import { suggestedText } from './suggested-texts.ts';
import { gatherText, tagsFor, textEntries } from './written.ts';

/** The texts of the step, each as it is stored or as we suggest it. */
export interface Rules {
	/** Null: the page has more than this one text, and is written in its editor. */
	code_of_conduct: TextMap | null;
	privacy: TextMap | null;
	photographs: TextMap;
}

/** The stored consent to photographs. */
export const photographsOf = (rows: readonly ListRow[]): ListRow | null =>
	rows.find((row) => row['key'] === 'photographs') ?? null;

/** The texts that the form begins with. */
export function summitRulesOf(
	texts: Partial<Record<string, TextMap | null>>,
	languages: readonly string[],
	consents: readonly ListRow[]
): Rules {
	const stored = photographsOf(consents)?.['label'];
	const suggested = (message: Parameters<typeof suggestedText>[0]) => suggestedText(message, languages);
	return {
		code_of_conduct: textOr(texts['code_of_conduct'], () => suggested(m.summits_setup_texts_conduct_sample)),
		privacy: textOr(texts['privacy'], () => suggested(m.summits_setup_texts_privacy_sample)),
		photographs:
			typeof stored === 'object' && stored !== null ? stored : suggested(m.summits_setup_texts_photographs_sample)
	};
}

const textOr = (stored: TextMap | null | undefined, other: () => TextMap) => (stored === undefined ? other() : stored);

const limits = {
	code_of_conduct: { most: 20_000, lines: true },
	privacy: { most: 20_000, lines: true },
	photographs: { most: 200 }
} as const;
const names = ['code_of_conduct', 'privacy', 'photographs'] as const;
const shownOf = (rules: Rules) => names.filter((name) => rules[name] !== null);

/** The schema of the form. */
export function summitRulesSchema(rules: Rules, languages: readonly string[]) {
	return v.object(
		Object.assign(
			{},
			...shownOf(rules).map((name) => textEntries(name, tagsFor(languages, rules[name]), limits[name]))
		) as v.ObjectEntries
	);
}

/** The texts of the form. */
export function summitRulesFrom(
	output: Record<string, unknown>,
	rules: Rules,
	languages: readonly string[]
): Partial<Record<(typeof names)[number], TextMap>> {
	const gathered = shownOf(rules).map((name) => [name, gatherText(output, name, tagsFor(languages, rules[name]))]);
	return Object.fromEntries(gathered) as Partial<Record<(typeof names)[number], TextMap>>;
}
