/* English that shows what is no message, and where a longer language has no room: "[Šíĝń íń ~~~]". For development. */
import type { Source } from './messages.ts';

const plain = 'ABCDEGHIJKLNORSTUWYZabcdeghijklnorstuwyz';
const accented = 'ÁḂČĎÉĜĤÍĴĶĹŃÓŘŠŤÚŴÝŽáḃčďéĝĥíĵķĺńóřšťúŵýž';

/** The message with accents on its letters, in brackets, and a third longer; its values stay as they are. */
export function pseudo(source: Source): Source {
	if (typeof source === 'string') return pseudoText(source);
	const [{ match, ...rest }] = source;
	return [
		{ ...rest, match: Object.fromEntries(Object.entries(match).map(([when, text]) => [when, pseudoText(text)])) }
	];
}

function pseudoText(text: string): string {
	const letters = text
		.split(/(\{\w+\})/)
		.map((part) => (part.startsWith('{') ? part : part.replace(/[A-Za-z]/g, (letter) => accentOf(letter))))
		.join('');
	// Words of four, so that the rest may be broken into lines as a text is.
	const rest = '~~~~ '.repeat(Math.ceil(text.length / 15)).trim();
	return `[${letters} ${rest}]`;
}

const accentOf = (letter: string) => accented[plain.indexOf(letter)] ?? letter;
