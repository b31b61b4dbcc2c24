/* The desk's tabs, its rows and the possible decisions. No I/O. */

export type { InformationRequest } from '#lib/database/answers/registration/registration.ts';

export type {
	ListedRegistration,
	NotedPerson,
	Proposal,
	Proposed,
	ReReview,
	ReadRegistration,
	RegistrationNote
} from '#lib/database/answers/registration/accreditation.ts';

/** The tabs, each a question. `rare`: shown only when it is not empty. */
export const questions = [
	{ key: 'decide', label: 'To decide' },
	{ key: 'second', label: 'Second person', rare: true },
	{ key: 'waiting', label: 'Waiting for someone' },
	{ key: 'revet', label: 'Changed since', rare: true },
	{ key: 'guardian', label: 'Waits for a guardian', rare: true },
	{ key: 'queue', label: 'In the queue' },
	{ key: 'confirmed', label: 'Confirmed' },
	{ key: 'ended', label: 'Declined or ended' },
	{ key: 'draft', label: 'Not sent' },
	{ key: 'all', label: 'Everyone' }
] as const satisfies readonly { key: string; label: string; rare?: boolean }[];
export type Question = (typeof questions)[number]['key'];

/** The possible decisions in a tab. */
export const decisions = ['accredit', 'decline', 'revet', 'confirm', 'reject'] as const;
export type Decision = (typeof decisions)[number];

/** The bulk decisions, by tab. */
export function decisionsFor(question: Question): readonly Decision[] {
	switch (question) {
		case 'second':
			return ['confirm', 'reject'];
		case 'revet':
			return ['revet', 'decline'];
		case 'guardian':
		case 'draft':
		case 'ended':
			return [];
		case 'confirmed':
			return ['decline'];
		default:
			return ['accredit', 'decline'];
	}
}

/** The text of a decision's button. */
export const decisionWords: Record<Decision, string> = {
	accredit: 'Accredit',
	decline: 'Decline',
	revet: 'Accept the change',
	confirm: 'Confirm the proposal',
	reject: 'Reject the proposal'
};
