/* Meetings of groups: their words and forms. No I/O. */
import type { Group } from '#lib/database/answers/groups.ts';
import type { MeetingEntry, MeetingPerson, MeetingStaff, Minutes } from '#lib/database/answers/meetings.ts';
import { enums } from '#lib/database/types.ts';
import { outcomeWords } from '#lib/forms/outcome.ts';
import { isolated, text, inPageLanguage, type TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { languageName } from '#lib/i18n/names.ts';
import { boothName } from '#lib/interpretation/words.ts';
import { utcDate } from '#lib/i18n/time.ts';

export type {
	Meeting,
	MeetingEntry,
	MeetingItem,
	MeetingPaper,
	MeetingPerson,
	Minutes
} from '#lib/database/answers/meetings.ts';

type State = MeetingEntry['state'];
type Answer = (typeof enums.meeting_answer)[number];

/** Whether the reader leads the meetings of a group: its chairs and secretaries do. */
export const leadsMeetings = ({ people }: Pick<Group, 'people'>): boolean =>
	people.some(({ is_me, part }) => is_me && (part === 'chair' || part === 'secretary'));

/** The state of a meeting, as a mark. */
export function meetingMark(state: State): { kind: 'waiting' | 'good' | 'ended'; word: string } {
	return {
		planned: { kind: 'waiting' as const, word: m.meetings_state_planned() },
		held: { kind: 'good' as const, word: m.meetings_state_held() },
		cancelled: { kind: 'ended' as const, word: m.meetings_state_cancelled() }
	}[state];
}

/** Whether somebody who was named as staff has answered, as a mark. */
export function staffMark(state: MeetingStaff['state']): { kind: 'waiting' | 'good' | 'ended'; word: string } {
	return {
		invited: { kind: 'waiting' as const, word: m.meetings_staff_invited() },
		accepted: { kind: 'good' as const, word: m.meetings_staff_accepted() },
		declined: { kind: 'ended' as const, word: m.meetings_staff_declined() }
	}[state];
}

/** The time of a meeting, as a form says which one its reader saw. */
export const timeOf = ({ start, end }: { start: string; end: string }): string => `${start}/${end}`;

/** The state of its minutes, as a mark. */
export function minutesMark(state: Minutes['state']): { kind: 'draft' | 'waiting' | 'good'; word: string } {
	return {
		draft: { kind: 'draft' as const, word: m.meetings_minutes_draft() },
		comments: { kind: 'waiting' as const, word: m.meetings_minutes_comments() },
		approved: { kind: 'good' as const, word: m.meetings_minutes_approved() }
	}[state];
}

/** The choices of the reader's own answer; with an alternate only where the group has one. */
export function answerOptions(hasAlternates: boolean): { value: Answer; label: string }[] {
	const words = {
		yes: m.meetings_answer_yes(),
		no: m.meetings_answer_no(),
		alternate: m.meetings_answer_alternate()
	};
	return enums.meeting_answer
		.filter((value) => value !== 'alternate' || hasAlternates)
		.map((value) => ({ value, label: words[value] }));
}

/** Whether somebody comes, or was there, in a word. */
export function meetingReplyWord({ answer, alternate, attended }: MeetingPerson): string {
	if (attended !== null) return attended ? m.meetings_attended() : m.meetings_absent();
	switch (answer) {
		case 'yes':
			return m.meetings_comes();
		case 'no':
			return m.meetings_does_not_come();
		case 'alternate':
			return alternate ? m.meetings_represented_by({ name: isolated(alternate) }) : m.meetings_does_not_come();
		default:
			return m.meetings_not_answered();
	}
}

/** Who else may learn of a meeting, of the choices that its group leaves. */
export function meetingLevelOptions(group: Group['level']) {
	const labels = {
		public: m.meetings_level_public(),
		members: m.meetings_level_members(),
		closed: m.meetings_level_closed()
	};
	const all = enums.group_level;
	return all.slice(all.indexOf(group)).map((value) => ({ value, label: labels[value] }));
}

/** How many meetings of a group one page lists. */
export const meetingsOnPage = 50;

/** The meetings of a page that are still to come, and those that are over. */
export function meetingSections(meetings: readonly MeetingEntry[], now: number) {
	const isPast = ({ end }: MeetingEntry) => Date.parse(end) <= now;
	return [
		{ key: 'upcoming', title: m.meetings_upcoming(), meetings: meetings.filter((each) => !isPast(each)) },
		{ key: 'past', title: m.meetings_past(), meetings: meetings.filter(isPast) }
	].filter((section) => section.meetings.length > 0);
}

/** Whether a meeting takes place at this moment. */
export const isUnderWay = (
	{ start, end, state }: Pick<MeetingEntry, 'start' | 'end' | 'state'>,
	now: number
): boolean => state === 'planned' && Date.parse(start) <= now && now < Date.parse(end);

/** That minutes were approved, for those who are not of the group. */
export const approvedWord = ({ held_on, approved_on }: { held_on: string; approved_on: string }): string =>
	m.meetings_approved_on({ held: utcDate(held_on), approved: utcDate(approved_on) });

/** A text in which the version that the reader is shown is written again; '' removes all of it. */
export function withShownText(map: TextMap | undefined, words: string): TextMap {
	if (words === '') return {};
	const shown = text(map);
	return map && shown.text !== '' ? { ...map, [shown.lang]: words } : inPageLanguage(words);
}

/** The choices of how often a meeting is repeated. */
export const repeatOptions = () => [
	{ value: 'week', label: m.meetings_repeat_week() },
	{ value: 'two_weeks', label: m.meetings_repeat_two_weeks() },
	{ value: 'month', label: m.meetings_repeat_month() }
];

/** An interpreter's or captioner's part, in a word. */
export const staffPartWord = (part: MeetingStaff['part']): string =>
	({ interpreter: m.meetings_staff_interpreter, captioner: m.meetings_staff_captioner })[part]();

/** Their language, in the reader's; sign languages too. */
export const staffLanguage = ({ part, ...spoken }: Pick<MeetingStaff, 'part' | 'language' | 'is_signed'>): string =>
	part === 'interpreter' ? boothName(spoken) : languageName(spoken.language);

/** What the page is called on which they work. */
export const staffPageName = (staff: Pick<MeetingStaff, 'part' | 'language' | 'is_signed'>): string =>
	staff.part === 'interpreter'
		? m.interpretation_booth({ language: staffLanguage(staff) })
		: m.captions_write({ language: staffLanguage(staff) });

/** The choices of a part. */
export const staffPartOptions = () => enums.meeting_staff_part.map((value) => ({ value, label: staffPartWord(value) }));

/** The address of the page on which they work. `at`: that of the meeting. */
export const staffAddress = (at: string, { part, language }: Pick<MeetingStaff, 'part' | 'language'>): string =>
	`${at}/room/${part === 'interpreter' ? 'booth' : 'captions'}/${language}`;

/** What was done, by the address of the page; null for nothing. */
export function meetingDoneWords(done: string): string | null {
	const words: Record<string, () => string> = {
		planned: m.meetings_done_planned,
		offered: m.meetings_done_offered,
		answered: m.meetings_done_answered,
		commented: m.meetings_done_commented,
		opened: m.meetings_done_opened,
		approved: m.meetings_done_approved,
		cancelled: m.meetings_done_cancelled,
		saved: m.groups_saved
	};
	return outcomeWords(words, done);
}
