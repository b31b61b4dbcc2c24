/* Marks what stands in a whole sentence and is shown otherwise than the rest. No I/O. */

// The sign for an object within text: no name that people write has it.
const edge = '\uFFFC';

/** Begins and ends a marked part. */
export const edges = { begin: edge, end: edge };

/** A name or another value, marked to be set into a sentence. */
export function marked(value: string): string {
	return `${edge}${value.replaceAll(edge, '')}${edge}`;
}

/** A sentence in its parts, in order; every second one was marked. */
export function partsOf(words: string): string[] {
	return words.split(edge);
}
