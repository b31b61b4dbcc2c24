import type { DoorAnswer } from '#lib/door/answer.ts';
import { m } from '#lib/i18n/messages.ts';

const words: Record<DoorAnswer, [say: () => string, why: ((time: string) => string) | null]> = {
	welcome: [m.door_welcome, null],
	already_in: [m.door_already_in, (time) => m.door_already_in_why({ time })],
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
	not_allowed: [m.door_not_allowed, () => m.door_not_allowed_why()]
};

/** The answer in a word or two. */
export function answerWord(answer: DoorAnswer): string {
	return words[answer][0]();
}

/** What to do about it; `time` is when they came in. '' when there is nothing to do. */
export function answerAdvice(answer: DoorAnswer, time: string): string {
	return words[answer][1]?.(time) ?? '';
}
