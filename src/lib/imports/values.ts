import type { JsonMap } from '#lib/files/json.ts';
import { isMap } from '#lib/files/json.ts';
import { oneLine, severalLines } from '#lib/forms/one-line.ts';

/** A value of a JSON file as a single line; '' for what is no text. Texts by language: English, else the first. */
export function lineOf(value: unknown): string {
	if (typeof value === 'number') return String(value);
	if (typeof value === 'string') return oneLine(value);
	if (!isMap(value)) return '';
	const inside = value['en'] ?? value['name'] ?? value['title'] ?? Object.values(value)[0];
	return isMap(inside) ? lineOf(inside['en'] ?? Object.values(inside)[0]) : lineOf(inside);
}

/** The same with its line breaks. */
export function textLines(value: unknown): string {
	if (typeof value === 'string') return severalLines(value.replaceAll(/\r\n?/g, '\n'));
	return isMap(value) ? textLines(value['en'] ?? Object.values(value)[0]) : lineOf(value);
}

/** The first of the values that is a text. */
export function firstLine(map: JsonMap, ...keys: string[]): string {
	for (const key of keys) {
		const line = lineOf(map[key]);
		if (line !== '') return line;
	}
	return '';
}
