/** A JSON object, or an array's element that is one. */
export type JsonMap = Record<string, unknown>;

/** Whether a value of a JSON file is an object. */
export const isMap = (value: unknown): value is JsonMap =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** The list that a value is; empty for anything else. */
export const listed = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** The objects of a list; empty for anything else. */
export const mapsIn = (value: unknown): JsonMap[] => listed(value).filter(isMap);

/** Whether a JSON text nests deeper than `most`: deep nesting would overflow the stack of who reads it. */
export function isDeep(text: string, most: number): boolean {
	let depth = 0;
	let quoted = false;
	for (let at = 0; at < text.length; at += 1) {
		const letter = text.charCodeAt(at);
		if (quoted) {
			if (letter === 92) at += 1;
			else if (letter === 34) quoted = false;
		} else if (letter === 34) quoted = true;
		else if (letter === 123 || letter === 91) {
			depth += 1;
			if (depth > most) return true;
		} else if (letter === 125 || letter === 93) depth -= 1;
	}
	return false;
}
