import { m } from '#lib/i18n/messages.ts';
import type { SummitState } from '#lib/summits/summit.ts';

/** The states that are set by a choice, in order. A Summit is closed and archived step by step. */
export const summitStateOptions = (): { value: SummitState; label: string; hint: string }[] => [
	{ value: 'draft', label: m.summits_state_draft(), hint: m.summits_state_draft_hint() },
	{ value: 'open', label: m.organising_state_open(), hint: m.summits_state_open_hint() },
	{ value: 'live', label: m.organising_state_live(), hint: m.summits_state_live_hint() }
];
