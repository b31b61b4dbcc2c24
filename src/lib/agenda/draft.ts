import type { Draft, DraftChange, DraftEntry } from '#lib/database/answers/agenda/draft.ts';

export type {
	Draft,
	DraftAudience,
	DraftEntry,
	DraftPerson,
	DraftSession,
	DraftSlot,
	SessionOrigin
} from '#lib/database/answers/agenda/draft.ts';

/** A change as organisers see it. */
export const changeWords: Record<Exclude<DraftChange, null | 'none'>, string> = {
	new: 'New',
	changed: 'Changed',
	moved: 'Moved',
	cancelled: 'Cancelled',
	restored: 'Restored',
	withdrawn: 'Taken back'
};

/** Sessions that the next release would change, add or remove. */
export function changedSessions(draft: Draft): DraftEntry[] {
	return draft.sessions.filter(({ change }) => change !== null && change !== 'none');
}

/** Roles of a session with the texts of the form. */
export const sessionRoles = [
	{ value: 'speaker', label: 'Speaker' },
	{ value: 'chair', label: 'Chair' },
	{ value: 'moderator', label: 'Moderator' },
	{ value: 'respondent', label: 'Respondent' },
	{ value: 'interpreter', label: 'Interpreter' },
	{ value: 'captioner', label: 'Captioner' }
] as const;

/** What a person of a session answered. */
export const participationStates = ['invited', 'confirmed', 'declined'] as const;

/** A person's answer, in words. */
export const participationWords = [
	{ value: 'invited', label: 'Invited' },
	{ value: 'confirmed', label: 'Confirmed' },
	{ value: 'declined', label: 'Declined' }
] as const;
