import { m } from '#lib/i18n/messages.ts';
import type { SummitState } from '#lib/summits/summit.ts';

/** The states of a Summit in words, in order. */
export const summitStateOptions = (): { value: SummitState; label: string; hint: string }[] => [
	{ value: 'draft', label: m.summits_state_draft(), hint: m.summits_state_draft_hint() },
	{ value: 'open', label: m.organising_state_open(), hint: m.summits_state_open_hint() },
	{ value: 'live', label: m.organising_state_live(), hint: m.summits_state_live_hint() },
	{ value: 'closed', label: m.organising_state_closed(), hint: m.summits_state_closed_hint() },
	{ value: 'archived', label: m.organising_state_archived(), hint: m.summits_state_archived_hint() }
];
