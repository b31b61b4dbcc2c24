import { m } from '#lib/i18n/messages.ts';
import { entrySentence } from '#lib/stage/words.ts';
import type { ShownAs } from './participation.ts';

/** Why an act was refused, in a sentence. */
export function participationRefusal(status: string): string {
	const sentences: Record<string, () => string> = {
		limited: m.take_refused_limited,
		closed: m.take_closed,
		over: m.take_refused_over,
		hands_closed: m.take_hand_closed,
		on_stage: m.take_hand_on_stage,
		hands_too_soon: m.take_hand_too_soon,
		hand_guardian: m.take_hand_guardian,
		hand_guardian_missing: m.take_hand_guardian_missing,
		not_allowed: m.take_chat_bar_refused,
		off: m.take_chat_off,
		people: m.take_chat_people,
		muted: m.take_chat_muted,
		minor: m.take_chat_minor,
		too_soon: m.take_chat_too_soon,
		too_long: m.take_chat_too_long,
		poll_invalid: m.take_poll_refused,
		poll_closed: m.take_poll_refused_closed,
		invalid: m.shell_form_wrong
	};
	return sentences[status]?.() ?? entrySentence(status) ?? m.take_refused_gone();
}

/** How the author of a question may be shown, as options. */
export function shownAsOptions(names: readonly ShownAs[]): { value: ShownAs; label: string }[] {
	const words = { name: m.take_as_name, affiliation: m.take_as_affiliation, nobody: m.take_as_nobody };
	return names.map((value) => ({ value, label: words[value]() }));
}
