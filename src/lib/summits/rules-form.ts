/* The texts that everybody reads who registers, as the set-up asks for them. No I/O. */
import type { TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import * as v from 'valibot';
import type { ListRow } from './lists.ts';
import { suggestedText } from './suggested-texts.ts';
import type { Summit } from './summit.ts';
import { gatherText, tagsFor, textEntries } from './written.ts';

/** The texts of the step, each as it is stored or as we suggest it. */
export interface Rules {
	code_of_conduct: TextMap;
	privacy: TextMap;
	photographs: TextMap;
}

/** The stored consent to photographs. */
export const photographsOf = (rows: readonly ListRow[]): ListRow | null =>
	rows.find((row) => row['key'] === 'photographs') ?? null;

/** The texts that the form begins with. */
export function summitRulesOf(
	{ texts, languages }: Pick<Summit, 'texts' | 'languages'>,
	consents: readonly ListRow[]
): Rules {
	const stored = photographsOf(consents)?.['label'];
	const suggested = (message: Parameters<typeof suggestedText>[0]) => suggestedText(message, languages);
	return {
		code_of_conduct: texts['code_of_conduct'] ?? suggested(m.summits_setup_texts_conduct_sample),
		privacy: texts['privacy'] ?? suggested(m.summits_setup_texts_privacy_sample),
		photographs:
			typeof stored === 'object' && stored !== null ? stored : suggested(m.summits_setup_texts_photographs_sample)
	};
}

const limits = {
	code_of_conduct: { most: 20_000, lines: true },
	privacy: { most: 20_000, lines: true },
	photographs: { most: 200 }
} as const;
const names = ['code_of_conduct', 'privacy', 'photographs'] as const;

/** The schema of the form. */
export function summitRulesSchema(rules: Rules, languages: readonly string[]) {
	return v.object(
		Object.assign(
			{},
			...names.map((name) => textEntries(name, tagsFor(languages, rules[name]), limits[name]))
		) as v.ObjectEntries
	);
}

/** The texts of the form. */
export function summitRulesFrom(output: Record<string, unknown>, rules: Rules, languages: readonly string[]): Rules {
	const gathered = names.map((name) => [name, gatherText(output, name, tagsFor(languages, rules[name]))]);
	return Object.fromEntries(gathered) as Rules;
}
