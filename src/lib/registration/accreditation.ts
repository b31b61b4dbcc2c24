import type { AccreditationDecision } from '#lib/database/answers/registration/accreditation.ts';
/* The desk's tabs, its rows and the possible decisions. No I/O. */

export type { InformationRequest } from '#lib/database/answers/registration/registration.ts';

export type {
	AccreditationDecision,
	DecisionProposal,
	ListedRegistration,
	NotedPerson,
	Proposed,
	ReReview,
	ReadRegistration,
	RegistrationNote
} from '#lib/database/answers/registration/accreditation.ts';

/** The tabs of the list. `rare`: shown only when it is not empty. */
export const accreditationTabs = [
	{ key: 'decide', label: 'To decide' },
	{ key: 'second', label: 'Second person', rare: true },
	{ key: 'waiting', label: 'Waiting for someone' },
	{ key: 're_review', label: 'Changed since', rare: true },
	{ key: 'guardian', label: 'Waits for a guardian', rare: true },
	{ key: 'queue', label: 'In the queue' },
	{ key: 'confirmed', label: 'Confirmed' },
	{ key: 'ended', label: 'Declined or ended' },
	{ key: 'draft', label: 'Not sent' },
	{ key: 'all', label: 'Everyone' }
] as const satisfies readonly { key: string; label: string; rare?: boolean }[];
export type AccreditationTab = (typeof accreditationTabs)[number]['key'];

/** The possible decisions in a tab. */
export const decisions = [
	'accredit',
	'decline',
	'accept_change',
	'confirm',
	'reject'
] as const satisfies readonly AccreditationDecision[];

/** The bulk decisions, by tab. */
export function decisionsFor(tab: AccreditationTab): readonly AccreditationDecision[] {
	switch (tab) {
		case 'second':
			return ['confirm', 'reject'];
		case 're_review':
			return ['accept_change', 'decline'];
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
export const accreditationDecisionWords: Record<AccreditationDecision, string> = {
	accredit: 'Accredit',
	decline: 'Decline',
	accept_change: 'Accept the change',
	confirm: 'Confirm the proposal',
	reject: 'Reject the proposal'
};
