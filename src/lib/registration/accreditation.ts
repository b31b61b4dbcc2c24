/* The desk's tabs, its rows and the possible decisions. No I/O. */
import { m } from '#lib/i18n/messages.ts';
import type { AccreditationDecision } from '#lib/database/answers/registration/accreditation.ts';

export type { InformationRequest } from '#lib/database/answers/registration/registration.ts';

export type {
	AccreditationDecision,
	DecisionProposal,
	ListedRegistration,
	NotedPerson,
	ReReview,
	ReadRegistration,
	RegistrationNote
} from '#lib/database/answers/registration/accreditation.ts';

/** The tabs of the list. `rare`: shown only when it is not empty. */
export const accreditationTabs = [
	{ key: 'decide', label: m.registration_figures_to_decide },
	{ key: 'second', label: m.registration_tab_second, rare: true },
	{ key: 'waiting', label: m.registration_tab_waiting },
	{ key: 're_review', label: m.registration_flag_re_review, rare: true },
	{ key: 'guardian', label: m.registration_tab_guardian, rare: true },
	{ key: 'queue', label: m.registration_person_queue },
	{ key: 'confirmed', label: m.registration_tab_confirmed },
	{ key: 'ended', label: m.registration_tab_ended },
	{ key: 'draft', label: m.registration_tab_draft },
	{ key: 'all', label: m.registration_tab_all }
] as const satisfies readonly { key: string; label: () => string; rare?: boolean }[];
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
export const accreditationDecisionWords: Record<AccreditationDecision, () => string> = {
	accredit: m.registration_decision_accredit,
	decline: m.registration_decision_decline,
	accept_change: m.registration_decision_accept_change,
	confirm: m.registration_decision_confirm,
	reject: m.registration_decision_reject
};
