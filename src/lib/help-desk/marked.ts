/* Marks parts of a whole sentence that are rendered differently. No I/O. */

// The object replacement character: no name that people write contains it.
const edge = '\uFFFC';

/** Starts and ends a marked part. */
export const edges = { begin: edge, end: edge };

/** A name or another value, marked for insertion into a sentence. */
export function marked(value: string): string {
	return `${edge}${value.replaceAll(edge, '')}${edge}`;
}

/** A sentence in its parts, in order; every second one was marked. */
export function partsOf(words: string): string[] {
	return words.split(edge);
}
