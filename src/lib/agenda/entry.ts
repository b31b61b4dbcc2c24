import type { SessionPage } from '#lib/database/answers/agenda/sessions.ts';
import { m } from '#lib/i18n/messages.ts';

/** Why a session cannot be entered in a mode, as a sentence; '' when it can. */
export function entryReason(answer: string): string {
	const reasons: Partial<Record<string, () => string>> = {
		locked: m.stage_run_entry_locked,
		hall_only: m.agenda_entry_hall_only,
		online_only: m.agenda_entry_online_only,
		sign_in: m.agenda_entry_sign_in,
		not_registered: m.agenda_entry_not_registered,
		not_listed: m.agenda_entry_not_listed,
		in_review: m.agenda_entry_in_review,
		virtual_at_door: m.agenda_entry_virtual_at_door,
		barred: m.agenda_entry_barred,
		no_place: m.agenda_entry_no_place
	} satisfies Record<Exclude<SessionPage['entry']['door'], 'ok' | 'not_seen'>, () => string>;
	return reasons[answer]?.() ?? '';
}
