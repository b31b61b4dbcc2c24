/* Answers to the questions of another system, as answers to ours. No I/O. */
import { folded } from '#lib/forms/folded.ts';
import { oneLine, severalLines } from '#lib/forms/one-line.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import { answerFault } from '#lib/logistics/field-answers.ts';
import type { FieldChoice, FieldKind } from '#lib/logistics/logistics.ts';

/** A question of the Summit, as far as an answer needs it. */
export interface ImportQuestion {
	id: string;
	key: string;
	label: TextMap;
	kind: FieldKind;
	choices: FieldChoice[];
	is_sealed: boolean;
	need_values: string[];
}

const textsOf = (map: TextMap) =>
	Object.entries(map).flatMap(([tag, words]) => (tag === 'original' ? [] : [folded(words)]));

/** The questions of ours that have the same words as those of the file, in any language. Consents and files are not taken. */
export function matchQuestions(
	asked: readonly string[],
	questions: readonly ImportQuestion[]
): Map<string, ImportQuestion> {
	const found = new Map<string, ImportQuestion>();
	for (const name of asked) {
		const words = folded(name);
		const question = questions.find(
			({ kind, key, label }) =>
				kind !== 'consent' && kind !== 'file' && (key === words.replaceAll(' ', '_') || textsOf(label).includes(words))
		);
		if (question && ![...found.values()].includes(question)) found.set(name, question);
	}
	return found;
}

const yes = /^(yes|true|1|oui|sí|si|ja|да|sim|نعم|是)$/iu;
const no = /^(no|false|0|non|nein|нет|não|لا|否)$/iu;

/** An answer as our question keeps it; '' when it does not fit. */
export function answerFor(
	question: Pick<ImportQuestion, 'kind' | 'choices'>,
	written: string,
	countryOf: (cell: string) => string | undefined
): string {
	const line = oneLine(written);
	const choiceOf = (words: string) =>
		question.choices.find(({ key, label }) => key === words || textsOf(label).includes(folded(words)))?.key;
	const answers: Partial<Record<FieldKind, () => string>> = {
		long_text: () => severalLines(written),
		choice: () => choiceOf(line) ?? '',
		choices: () => {
			const keys = line.split(/\s*[,;]\s*/).map(choiceOf);
			return keys.includes(undefined) ? '' : [...new Set(keys)].join(',');
		},
		yes_no: () => (yes.test(line) ? 'yes' : no.test(line) ? 'no' : ''),
		number: () => line.replaceAll(' ', '').replace(',', '.'),
		country: () => countryOf(line) ?? ''
	};
	const answer = answers[question.kind]?.() ?? line;
	return answerFault(question, answer, (code) => countryOf(code) === code) === null ? answer : '';
}
