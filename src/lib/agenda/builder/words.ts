import { text } from '#lib/i18n/locale.ts';
import { clockRange, day } from '#lib/i18n/time.ts';
import type { DraftAnswer, When } from './builder.ts';

/** Writes a time and its rooms: "Thu 10 June, 10:30 to 11:30, Plenary Hall". */
export function whenWords(when: When, zone: string, rooms: ReadonlyMap<string, string>): string {
	const names = when.rooms.map((slug) => rooms.get(slug) ?? slug);
	return [day(when.start, zone), clockRange(when.start, when.end, zone), ...names].join(', ');
}

/** Why a change was not saved, in a sentence that says what to do; '' for ok. */
export function refusalWords(answer: DraftAnswer, zone: string, rooms: ReadonlyMap<string, string>): string {
	const saved = 'Nothing was changed.';
	switch (answer.status) {
		case 'ok':
			return '';
		case 'nothing':
			return 'There is nothing of yours to undo or do again.';
		case 'room_taken': {
			const held = answer.by.map((one) => {
				const what = one.title ? `“${text(one.title).text}”` : (one.block_reason ?? 'a session that you do not see');
				return `${what} (${whenWords(one, zone, rooms)})`;
			});
			return `The room is taken${held.length > 0 ? ` by ${held.join(' and ')}` : ''}. ${saved}`;
		}
		case 'changed_meanwhile':
			return answer.now
				? `Somebody else moved it meanwhile: it is now ${whenWords(answer.now, zone, rooms)}. ${saved}`
				: `Somebody else took this time away meanwhile. ${saved}`;
		case 'cancelled':
			return `The session is cancelled. ${saved}`;
		case 'unknown':
			return `The session is not there any more, or it is cancelled. ${saved}`;
		case 'lost':
			return 'No answer from the server. Your change is not saved yet.';
		case 'not_allowed':
			return `You may not change this agenda. ${saved}`;
		case 'invalid':
			return `A time has a beginning, an end at most a day later, and at least one room. ${saved}`;
	}
}
