import type { TextMap } from '#lib/i18n/locale.ts';
import type { Session } from './session.ts';

/** A text made comparable: no case, no accents or vowel signs, Arabic letters in one form, single spaces. */
function fold(value: string): string {
	return value
		.normalize('NFKD')
		.replace(/\p{M}|\u0640/gu, '')
		.replace(/[\u0622\u0623\u0625\u0671]/g, '\u0627')
		.replace(/\u0649/g, '\u064a')
		.replace(/\u0629/g, '\u0647')
		.toLowerCase()
		.replace(/[^\p{L}\p{N}]+/gu, ' ')
		.trim();
}

/** The search words, folded; at most ten. */
export function queryWords(query: string): string[] {
	return fold(query).split(' ').filter(Boolean).slice(0, 10);
}

/** Whether every word is found in the texts, each at the start of a word. */
export function findsAll(words: readonly string[], texts: readonly string[]): boolean {
	if (words.length === 0) return true;
	const haystack = ` ${texts.map(fold).join(' ')}`;
	return words.every((word) => haystack.includes(` ${word}`));
}

/** The searched texts of a session: its title in every language, people, track, format and the names of its rooms. */
export function textsOf(session: Session, roomNames: ReadonlyMap<string, TextMap>): string[] {
	const rooms = session.slots.flatMap((slot) => slot.rooms).map((slug) => roomNames.get(slug) ?? {});
	const maps = [session.title, session.track, session.format, ...rooms];
	return [
		session.code,
		...maps.flatMap((map) =>
			Object.entries(map)
				.filter(([tag]) => tag !== 'original')
				.map(([, words]) => words)
		),
		...session.people.flatMap((person) => [person.display_name, person.affiliation, person.office])
	];
}
