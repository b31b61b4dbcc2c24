import type { DoorAnswer, DoorFlag, DoorVerdict } from '#lib/door/answer.ts';
import { text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { clock } from '#lib/i18n/time.ts';

type Why = ((verdict: DoorVerdict, zone: string) => string) | null;

function whereFrom({ since, where }: DoorVerdict, zone: string): string {
	const time = since ? clock(since, zone) : '';
	return where ? m.door_already_in_at({ time, place: text(where).text }) : m.door_already_in_why({ time });
}

function whereTo({ elsewhere }: DoorVerdict): string {
	if (elsewhere?.room) return m.door_full_room({ room: text(elsewhere.room).text });
	return elsewhere?.stream ? m.door_full_stream() : m.door_full_why();
}

const words: Record<DoorAnswer, [say: () => string, why: Why]> = {
	welcome: [m.door_welcome, null],
	left: [m.door_left, null],
	already_in: [m.door_already_in, whereFrom],
	full: [m.door_full, whereTo],
	not_here: [m.door_not_here, () => m.door_not_here_why()],
	not_open: [m.door_not_open, () => m.door_not_open_why()],
	wrong_mode: [m.door_wrong_mode, () => m.door_wrong_mode_why()],
	not_confirmed: [m.door_not_confirmed, () => m.door_not_confirmed_why()],
	in_review: [m.door_in_review, () => m.door_in_review_why()],
	revoked: [m.door_revoked, () => m.door_revoked_why()],
	stop: [m.door_stop, () => m.door_stop_why()],
	other_day: [m.door_other_day, () => m.door_other_day_why()],
	other_summit: [m.door_other_summit, () => m.door_other_summit_why()],
	forged: [m.door_forged, () => m.door_forged_why()],
	unreadable: [m.door_unreadable, () => m.door_unreadable_why()],
	unknown: [m.door_unknown, () => m.door_unknown_why()],
	unlisted: [m.door_unlisted, () => m.door_unlisted_why()],
	no_checkpoint: [m.door_no_checkpoint, () => m.door_no_checkpoint_why()],
	no_network: [m.door_no_network, () => m.door_no_network_why()],
	not_allowed: [m.door_not_allowed, () => m.door_not_allowed_why()]
};

/** The answer in a word or two. */
export function answerWord(answer: DoorAnswer): string {
	return words[answer][0]();
}

/** What to do about it. '' when there is nothing to do. */
export function answerAdvice(verdict: DoorVerdict, zone: string): string {
	return words[verdict.answer][1]?.(verdict, zone) ?? '';
}

/** A mark for door staff, in words. */
export function flagWord(flag: DoorFlag): string {
	return {
		no_photographs: m.ui_no_photographs,
		escort: m.door_flag_escort,
		interpreter_set: m.door_flag_interpreter_set,
		access_need: m.door_flag_access_need
	}[flag]();
}
