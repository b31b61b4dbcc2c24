/* The watch list, for safeguarding leads. No I/O. */
import type { BarMatch, SealedEntry } from '#lib/database/answers/safeguarding/watch-list.ts';
import { m } from '#lib/i18n/messages.ts';

export type { BarMatch } from '#lib/database/answers/safeguarding/watch-list.ts';

/** The sealed content of an entry. */
export interface BarDetails {
	name: string;
	born_on: string;
	reason: string;
	source: string;
}

/** One entry, opened for safeguarding leads. `details` is null when its key is gone. */
export type BarEntry = Omit<SealedEntry, 'details_sealed' | 'key_id'> & { details: BarDetails | null };

/** The acts on an entry, as the database names them. */
export const barActs = ['confirm', 'refuse', 'ask_end', 'end', 'keep'] as const;
export type BarAct = (typeof barActs)[number];

/** What an entry waits for, in a sentence; '' for nothing. */
export function barWaits(entry: Pick<BarEntry, 'state' | 'end_asked_at' | 'may_confirm' | 'may_end'>): string {
	if (entry.state === 'proposed')
		return entry.may_confirm ? m.safeguarding_waits_confirm_you() : m.safeguarding_waits_confirm_other();
	if (entry.state === 'active' && entry.end_asked_at !== null)
		return entry.may_end ? m.safeguarding_waits_end_you() : m.safeguarding_waits_end_other();
	return '';
}

/** Why an entry and a person were matched. */
export const levelWords: Record<BarMatch['level'], () => string> = {
	certain: m.safeguarding_level_certain,
	likely: m.safeguarding_level_likely,
	possible: m.safeguarding_level_possible
};

/** Undecided matches, those that block a person first. */
export function openMatches(entries: readonly BarEntry[]): { entry: BarEntry; match: BarMatch }[] {
	return entries
		.filter(({ state }) => state === 'proposed' || state === 'active')
		.flatMap((entry) => entry.matches.filter(({ is_same }) => is_same === null).map((match) => ({ entry, match })))
		.sort((one, other) => Number(other.match.held_back_at !== null) - Number(one.match.held_back_at !== null));
}
