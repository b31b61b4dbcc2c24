/* The choices of a question as an organiser types them, one a line. No I/O. */
import { oneLine } from '#lib/forms/one-line.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import { slugFrom } from '#lib/summits/written.ts';
import type { FieldChoice } from './logistics.ts';

/** Choices as they are typed, one a line: "halal = Halal". */
export function choicesText(choices: readonly FieldChoice[]): string {
	return choices.map(({ key, label }) => `${key} = ${label[label['original'] ?? 'en'] ?? ''}`).join('\n');
}

/** Reads them back; labels in other languages stay. Null when a line is invalid. */
export function choicesFrom(typed: string, before: readonly FieldChoice[], tag: string): FieldChoice[] | null {
	const lines = typed
		.split('\n')
		.map(oneLine)
		.filter((line) => line !== '');
	const read = lines.map((line) => {
		const [, key = '', label = ''] = /^([a-z0-9_]{1,40})\s*[=＝]\s*(.+)$/.exec(line) ?? [];
		const known = before.find((choice) => choice.key === key)?.label;
		const original = known?.['original'] ?? tag;
		const next: TextMap = { ...known, original, [original]: label };
		return key === '' ? null : { key, label: next };
	});
	return read.every((choice) => choice !== null) ? read : null;
}

/** Choices as they are typed, by language and one a line: "halal = Halal". */
export function choicesTexts(choices: readonly FieldChoice[]): TextMap {
	const tags = [...new Set(choices.flatMap(({ label }) => Object.keys(label)))].filter((tag) => tag !== 'original');
	const lines = (tag: string) =>
		choices
			.filter(({ label }) => label[tag])
			.map(({ key, label }) => `${key} = ${label[tag] ?? ''}`)
			.join('\n');
	const original = choices[0]?.label['original'];
	return { ...(original && { original }), ...Object.fromEntries(tags.map((tag) => [tag, lines(tag)])) };
}

/** A key made from words; empty where none of their letters fits. */
export const keyFrom = (words: string) => slugFrom(words).replaceAll('-', '_');

/** "halal = Halal", or the words alone; the key is then made from the words, else from the place of the line. */
function choiceLines(typed: string): { key: string | null; label: string }[] {
	return typed
		.split('\n')
		.map(oneLine)
		.filter((line) => line !== '')
		.map((line) => {
			const [, key, label] = /^([a-z0-9_]{1,40})\s*[=＝]\s*(.+)$/.exec(line) ?? [];
			return key === undefined ? { key: null, label: line } : { key, label: label ?? '' };
		});
}

/**
 * Reads the choices back from the texts of each language; the first language decides which there are. Null when a key
 * appears twice, or a line of another language belongs to none of them.
 */
export function choicesIn(typed: TextMap, tags: readonly string[]): FieldChoice[] | null {
	const [first = 'en', ...others] = tags;
	const choices = choiceLines(typed[first] ?? '').map(({ key, label }, index) => ({
		key: key ?? (keyFrom(label) || `choice_${index + 1}`),
		label: { original: first, [first]: label } as TextMap
	}));
	if (new Set(choices.map(({ key }) => key)).size < choices.length) return null;
	for (const tag of others) {
		for (const [index, line] of choiceLines(typed[tag] ?? '').entries()) {
			const choice = line.key === null ? choices[index] : choices.find(({ key }) => key === line.key);
			if (!choice) return null;
			choice.label[tag] = line.label;
		}
	}
	return choices;
}
