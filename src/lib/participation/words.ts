import type { RefusalOf } from '#lib/database/calls.ts';
import { m } from '#lib/i18n/messages.ts';
import { entrySentences } from '#lib/stage/words.ts';
import type { ShownAs } from './participation.ts';

/** The functions behind the forms beside a stage. */
export type ParticipationAct =
	| 'ask_question'
	| 'withdraw_question'
	| 'vote_for_question'
	| 'set_question_state'
	| 'merge_questions'
	| 'save_participation_settings'
	| 'raise_hand'
	| 'lower_hand'
	| 'withdraw_floor_consent'
	| 'call_hand'
	| 'end_turn'
	| 'lower_all_hands'
	| 'send_message'
	| 'delete_message'
	| 'mute_author'
	| 'bar_author'
	| 'create_poll'
	| 'set_poll_state'
	| 'show_poll'
	| 'delete_poll'
	| 'vote_in_poll';

/** Why one of them is refused. */
export type ParticipationRefusal = Exclude<RefusalOf<ParticipationAct>, 'already' | 'waiting'>;

/** Why an act was refused, in a sentence. */
export function participationRefusal(status: ParticipationRefusal): string {
	const sentences: Record<ParticipationRefusal, () => string> = {
		...entrySentences,
		not_found: m.participation_refused_gone,
		gone: m.participation_refused_gone,
		limited: m.participation_refused_limited,
		closed: m.participation_closed,
		over: m.participation_refused_over,
		on_stage: m.participation_hand_on_stage,
		guardian: m.participation_hand_guardian,
		not_allowed: m.participation_chat_bar_refused,
		off: m.participation_chat_off,
		people: m.participation_chat_people,
		muted: m.participation_chat_muted,
		minor: m.participation_chat_minor,
		too_soon: m.participation_chat_too_soon,
		too_long: m.participation_chat_too_long,
		invalid: m.ui_form_wrong
	};
	return sentences[status]();
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
