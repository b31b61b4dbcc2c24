import { m } from '#lib/i18n/messages.ts';
import { entrySentence } from '#lib/stage/words.ts';
import type { ShownAs } from './participation.ts';

/** Why an act was refused, in a sentence. */
export function participationRefusal(status: string): string {
	const sentences: Record<string, () => string> = {
		limited: m.participation_refused_limited,
		closed: m.participation_closed,
		over: m.participation_refused_over,
		hands_closed: m.participation_hand_closed,
		on_stage: m.participation_hand_on_stage,
		hands_too_soon: m.participation_hand_too_soon,
		hand_guardian: m.participation_hand_guardian,
		hand_guardian_missing: m.participation_hand_guardian_missing,
		not_allowed: m.participation_chat_bar_refused,
		off: m.participation_chat_off,
		people: m.participation_chat_people,
		muted: m.participation_chat_muted,
		minor: m.participation_chat_minor,
		too_soon: m.participation_chat_too_soon,
		too_long: m.participation_chat_too_long,
		poll_invalid: m.participation_poll_refused,
		poll_closed: m.participation_poll_refused_closed,
		invalid: m.ui_form_wrong
	};
	return sentences[status]?.() ?? entrySentence(status) ?? m.participation_refused_gone();
}

/** How the author of a question may be shown, as options. */
export function shownAsOptions(names: readonly ShownAs[]): { value: ShownAs; label: string }[] {
	const words = {
		name: m.participation_as_name,
		affiliation: m.participation_as_affiliation,
		nobody: m.participation_as_nobody
	};
	return names.map((value) => ({ value, label: words[value]() }));
}
