import type { ListedReveal } from '#lib/database/answers/safeguarding/reveals.ts';

/** A reveal as its reader reads it. */
export type Reveal = Omit<ListedReveal, 'reason_sealed' | 'key_id'> & {
	/** Null when its key is gone. */
	reason: string | null;
};

/** A name that was opened, for its one reader. */
export interface RevealedName {
	alias: string;
	reference: string;
	name: string;
}

/** How long an opened name stays on the page. */
export const shownForMs = 5 * 60_000;
