/* Cases as their readers see them. No I/O. */
import type { SealedCase } from '#lib/database/answers/safeguarding/cases.ts';
import { m } from '#lib/i18n/messages.ts';
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

export const caseSeverityWords = {
	critical: m.safeguarding_severity_critical,
	high: m.safeguarding_severity_high,
	medium: m.safeguarding_severity_medium,
	low: m.safeguarding_severity_low
} as const;

export const categoryWords = {
	child: m.safeguarding_category_child,
	material: m.safeguarding_category_material,
	sexual: m.safeguarding_category_sexual,
	harassment: m.safeguarding_category_harassment,
	threat: m.safeguarding_category_threat,
	privacy: m.safeguarding_category_privacy,
	wellbeing: m.safeguarding_category_wellbeing,
	other: m.safeguarding_category_other
} as const;

export const stateWords = {
	open: m.safeguarding_state_open,
	waiting: m.safeguarding_state_waiting,
	closed: m.safeguarding_state_closed
} as const;

export const caseOutcomeWords = {
	resolved: m.safeguarding_outcome_resolved,
	referred: m.safeguarding_outcome_referred,
	not_confirmed: m.safeguarding_outcome_not_confirmed,
	no_action: m.safeguarding_outcome_no_action,
	other: m.safeguarding_outcome_other
} as const;

export const entryWords = {
	note: m.safeguarding_entry_note,
	handover: m.safeguarding_entry_handover,
	act: m.safeguarding_entry_act,
	outcome: m.safeguarding_entry_outcome
} as const;

/** The choices of a field from its words. */
export function optionsOf(words: Readonly<Record<string, () => string>>) {
	return Object.entries(words).map(([value, word]) => ({ value, label: word() }));
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
