/* Other organisers on the board: who they are, and which session each has open. No I/O. */
import type { BoardPerson } from '#lib/database/answers/agenda/builder.ts';
import { compareNames } from '#lib/i18n/list.ts';
import type { Held } from './dragging.svelte.ts';

/** What a page of the board reports of itself. */
export interface BoardNote {
	/** The page, by a random id. */
	page: string;
	session: string | null;
	isDragging: boolean;
	/** The page is closed. */
	leaves: boolean;
}

/** The session that this page has open in the panel, or drags. */
export function heldHere(
	panel: { session: string | null },
	{ held }: { held: Held | null }
): Pick<BoardNote, 'session' | 'isDragging'> {
	const dragged = held?.kind === 'new' ? held.session.id : held && 'entry' in held ? held.entry.session?.id : null;
	return { session: dragged ?? panel.session, isDragging: Boolean(dragged) };
}

/** Somebody on the board, as they are drawn. */
export interface Colleague {
	code: string;
	name: string;
	initials: string;
	/** The angle of their colour, in degrees; with their initials beside it, never alone. */
	hue: number;
}

/** Somebody who has a session open, or drags it. */
export type Holder = Colleague & { isDragging: boolean };

/** The first letters of the first and the last word of a name. */
export function initialsOf(name: string): string {
	const words = name.split(/[\s-]+/).filter((word) => /\p{L}/u.test(word));
	const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => /\p{L}/u.exec(word ?? '')?.[0]);
	return letters.join('').toUpperCase();
}

// Ten colours, apart from each other, the same for a person on every page.
function hueOf(code: string): number {
	const sum = [...code].reduce((all, letter) => (all * 31 + (letter.codePointAt(0) ?? 0)) % 9973, 7);
	return (sum % 10) * 36;
}

const colleagueOf = ({ code, name }: BoardPerson): Colleague => ({
	code,
	name,
	initials: initialsOf(name),
	hue: hueOf(code)
});

/** Everybody on the board, each once, by name. */
export function colleaguesOf(people: readonly BoardPerson[]): Colleague[] {
	return [...new Map(people.map((person) => [person.code, colleagueOf(person)])).values()].sort((one, other) =>
		compareNames(one.name, other.name)
	);
}

/** Who has each session open, by its id; who drags it comes first. */
export function holdersOf(people: readonly BoardPerson[]): ReadonlyMap<string, readonly Holder[]> {
	const bySession = new Map<string, Holder[]>();
	const inOrder = [...people].sort((one, other) => Number(other.is_dragging) - Number(one.is_dragging));
	for (const person of inOrder) {
		if (person.session === null) continue;
		const holders = bySession.get(person.session) ?? [];
		if (!holders.some(({ code }) => code === person.code))
			bySession.set(person.session, [...holders, { ...colleagueOf(person), isDragging: person.is_dragging }]);
	}
	return bySession;
}
