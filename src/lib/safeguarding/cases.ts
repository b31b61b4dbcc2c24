/* Cases as their readers see them. No I/O. */
import type { SealedCase } from '#lib/database/answers/safeguarding/cases.ts';
import type { Concern } from './concerns.ts';

export type { ConcernFigures, ListedCase } from '#lib/database/answers/safeguarding/cases.ts';

/** One entry of the timeline, opened. Null: the key of the case is gone. */
export interface CaseEntry extends Omit<SealedCase['entries'][number], 'text_sealed'> {
	words: string | null;
}

/** A case, opened. */
export interface Case extends Omit<SealedCase, 'key_sealed' | 'key_id' | 'entries' | 'concerns'> {
	/** Its key is there, so that it can be worked on. */
	isOpenable: boolean;
	entries: CaseEntry[];
	concerns: Concern[];
}

export const caseSeverityWords = { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low' } as const;

export const categoryWords = {
	child: 'Harm to a child',
	material: 'Child sexual abuse material',
	sexual: 'Sexual misconduct',
	harassment: 'Harassment or bullying',
	threat: 'Threat or violence',
	privacy: 'Privacy or photographs',
	wellbeing: 'Wellbeing',
	other: 'Something else'
} as const;

export const stateWords = { open: 'Open', waiting: 'Waiting', closed: 'Closed' } as const;

export const caseOutcomeWords = {
	resolved: 'Resolved',
	referred: 'Referred to an authority or service',
	not_confirmed: 'Not confirmed',
	no_action: 'No action needed',
	other: 'Something else'
} as const;

export const entryWords = { note: 'Note', handover: 'Hand-over', act: 'Act', outcome: 'Closed' } as const;

/** The choices of a field from its words. */
export function optionsOf(words: Readonly<Record<string, string>>) {
	return Object.entries(words).map(([value, label]) => ({ value, label }));
}

/** The values of a field. */
export const caseSeverities = ['critical', 'high', 'medium', 'low'] as const;
export const caseCategories = [
	'child',
	'material',
	'sexual',
	'harassment',
	'threat',
	'privacy',
	'wellbeing',
	'other'
] as const;
export const outcomes = ['resolved', 'referred', 'not_confirmed', 'no_action', 'other'] as const;

/** Each once, by its id. */
function distinct<Item extends { id: string }>(items: readonly Item[]): Item[] {
	return [...new Map(items.map((item) => [item.id, item])).values()];
}

/** The sessions that the concerns of a case are from, and the people whom they are about: what acts can be about. */
export function subjectsOf(concerns: readonly Concern[]) {
	return {
		sessions: distinct(concerns.flatMap(({ session }) => session ?? [])),
		people: distinct(concerns.flatMap(({ people }) => people))
	};
}
