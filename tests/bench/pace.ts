import type { Effort } from '../fixtures/effort.ts';

/*
 * The keystroke-level model of Card, Moran and Newell, in its simplest form. A key: 0.4 s, a person who types 30 words of five letters a
 * minute. A click: 3 s, to decide (M 1.35 s), to reach for the mouse (H 0.4 s), to point (P 1.1 s) and to press (B 0.1 s). The pages
 * take what they took here. Reading a text, and thinking about a decision, are not in it.
 */
const pace = { key: 0.4, click: 3 };

/** The seconds that a person would need, for whom the pages took `took` ms. */
export function secondsOfPerson({ characters, clicks }: Effort, took: number): number {
	return characters * pace.key + clicks * pace.click + took / 1000;
}
