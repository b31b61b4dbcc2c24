/* Side events: the request of a member, and the decision on it. No I/O. */
import { placingFields } from '#lib/agenda/builder/placing-form.ts';
import type { SideEvent } from '#lib/database/answers/proposals/side-events.ts';
import { id, list, optionalLines, requiredLines, requiredText, wholeNumber } from '#lib/forms/fields.ts';
import { inPageLanguage } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import * as v from 'valibot';

/** The form of a request; `event` is empty for a new one. */
export const requestSchema = v.object({
	member: id(),
	event: v.union([v.literal(''), id()]),
	version: wholeNumber(0),
	title: requiredText(200),
	purpose: requiredLines(2000),
	wished: requiredText(200),
	room_needs: optionalLines(1000),
	expected: wholeNumber(1, 5000),
	'languages[]': v.pipe(
		list(v.string()),
		v.minLength(1, () => m.proposals_side_languages_missing())
	),
	contact: requiredText(200)
});

/** The fields for the database: texts are in the language of the page. */
export function requestFields(input: v.InferOutput<typeof requestSchema>) {
	const { title, purpose, wished, room_needs, expected, contact } = input;
	return {
		title: inPageLanguage(title),
		purpose: inPageLanguage(purpose),
		wished,
		room_needs,
		expected,
		languages: input['languages[]'],
		contact
	};
}

const deciding = { event: id(), version: wholeNumber(0) };

/** The form that accepts a side event, with a time and rooms. */
export const acceptSchema = v.object({ ...deciding, ...placingFields });

/** The form that declines one or asks for a change, with words. */
export const answerSchema = v.object({
	...deciding,
	decision: v.picklist(['declined', 'change_asked']),
	words: requiredLines(2000, () => m.proposals_side_words_missing())
});

/** The state of a side event in a word. */
export function sideEventWord(state: SideEvent['state']): string {
	return {
		requested: m.proposals_side_requested,
		change_asked: m.proposals_side_change_asked,
		accepted: m.proposals_side_accepted,
		declined: m.proposals_side_declined,
		withdrawn: m.proposals_side_withdrawn
	}[state]();
}

/** Whether its member may still change it, and organisers decide. */
export const isUndecided = ({ state }: Pick<SideEvent, 'state'>): boolean =>
	state === 'requested' || state === 'change_asked';

/** The mark of a state. */
export const sideEventMark = (state: SideEvent['state']): 'good' | 'needs' | 'ended' | 'waiting' =>
	(({ requested: 'waiting', change_asked: 'needs', accepted: 'good', declined: 'ended', withdrawn: 'ended' }) as const)[
		state
	];
