import { joinFacts, joinList, joinStatements } from '#lib/i18n/list.ts';
import { text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { clock, clockRange, day } from '#lib/i18n/time.ts';
import type { Remedy } from '../checks/remedies.ts';
import type { DraftAnswer, When } from './builder.ts';

/** Writes a time and its rooms: "Thu 10 June, 10:30 to 11:30, Plenary Hall". */
export function whenWords(when: When, zone: string, rooms: ReadonlyMap<string, string>): string {
	const names = when.rooms.map((slug) => rooms.get(slug) ?? slug);
	return joinFacts([day(when.start, zone), clockRange(when.start, when.end, zone), ...names]);
}

/** Why a change was not saved, in a sentence that says what to do; '' for ok. */
export function refusalWords(answer: DraftAnswer, zone: string, rooms: ReadonlyMap<string, string>): string {
	switch (answer.status) {
		case 'ok':
			return '';
		case 'nothing':
			return m.agenda_builder_nothing_to_undo();
		case 'room_taken': {
			const held = answer.by.map((one) => {
				const what = one.title ? `“${text(one.title).text}”` : (one.block_reason ?? m.agenda_builder_unseen_session());
				return `${what} (${whenWords(one, zone, rooms)})`;
			});
			return held.length > 0 ? m.agenda_builder_taken_by({ by: joinStatements(held) }) : m.agenda_builder_room_taken();
		}
		case 'changed_meanwhile':
			return answer.now
				? m.agenda_builder_moved_meanwhile({ when: whenWords(answer.now, zone, rooms) })
				: m.agenda_builder_removed_meanwhile();
		case 'edited_meanwhile':
			return m.agenda_builder_edited_meanwhile();
		case 'cancelled':
			return m.agenda_builder_is_cancelled();
		case 'unknown':
			return m.agenda_builder_gone();
		case 'lost':
			return m.agenda_builder_lost();
		case 'not_allowed':
			return m.agenda_builder_not_allowed();
		case 'invalid':
			return m.agenda_builder_invalid_time();
	}
}

/** What a remedy does: "Move to 14:00", "Assign Room 3". */
export function remedyWords(remedy: Remedy, zone: string, rooms: ReadonlyMap<string, string>): string {
	if (remedy.kind === 'room') {
		return m.agenda_checks_assign_room({ room: joinList(remedy.rooms.map((slug) => rooms.get(slug) ?? slug)) });
	}
	const to = remedy.kind === 'time' ? clock(remedy.start, zone) : whenWords(remedy, zone, rooms);
	return m.agenda_checks_move_to({ to });
}
