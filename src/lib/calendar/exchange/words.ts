import { joinFacts, joinStatements } from '#lib/i18n/list.ts';
import { isolated } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { dayAndClock } from '#lib/i18n/time.ts';
import type { PlannedRow, RowNote } from './draft.ts';

/** An outcome in a word or two. */
export const rowOutcomeWord = (outcome: PlannedRow['outcome']): string => m.calendar_import_outcome({ outcome });

/** A note on a row as a sentence for organisers. */
export function noteWords({ code, words = '' }: RowNote): string {
	const name = isolated(words);
	switch (code) {
		case 'no_title':
			return m.calendar_import_no_title();
		case 'title_too_long':
			return m.calendar_import_title_too_long({ count: words });
		case 'text_too_long':
			return m.calendar_import_text_too_long({ count: words });
		case 'bad_time':
			return m.calendar_import_bad_time({ time: name });
		case 'too_long':
			return m.calendar_import_too_long();
		case 'name_too_long':
			return m.calendar_import_name_too_long({ name });
		case 'heading_too_long':
			return m.calendar_import_heading_too_long({ name });
		case 'origin_too_long':
			return m.calendar_import_origin_too_long();
		case 'link_left_out':
			return m.calendar_import_link_left_out({ link: name });
		case 'no_time':
			return m.calendar_import_no_time();
		case 'no_room':
			return m.calendar_import_no_room({ name });
		case 'room_taken':
			return m.calendar_import_room_taken({ title: name });
		case 'outside_summit':
			return m.calendar_import_outside_summit();
		case 'unknown_session':
			return m.calendar_import_unknown_session();
		case 'unknown_level':
			return m.calendar_import_unknown_level({ value: name });
		case 'unknown_state':
			return m.calendar_import_unknown_state({ value: name });
		case 'unknown_heading':
			return m.calendar_import_unknown_heading({ name });
		case 'person_left_out':
			return m.calendar_import_person_left_out({ name });
		case 'person_unclear':
			return m.calendar_import_person_unclear({ name });
		case 'person_declined':
			return m.calendar_import_person_declined({ name });
		case 'twice':
			return m.calendar_import_twice();
	}
}

const fields: Partial<Record<string, () => string>> = {
	title: m.agenda_builder_title,
	abstract: m.agenda_changes_texts,
	content_note: m.ui_content_note,
	level: m.ui_level_legend,
	state: m.agenda_builder_state,
	is_recorded: m.agenda_builder_recorded,
	stage_format: m.agenda_room_format,
	spoken: m.agenda_builder_spoken,
	interpreted: m.calendar_import_interpreted,
	track: m.agenda_builder_track,
	format: m.agenda_builder_format,
	slots: m.calendar_import_slots,
	people: m.badges_person,
	links: m.calendar_import_links,
	origin: m.calendar_import_origin
};

/** What changes of a session: the field, and its value before and after. */
export function rowChangeWords({ field, from, to }: PlannedRow['changes'][number], zone: string): string {
	const name = fields[field]?.() ?? field;
	const values = { field: name, to: isolated(valueWords(field, to, zone)) };
	return from
		? m.members_change_from({ ...values, from: isolated(valueWords(field, from, zone)) })
		: m.members_change_to(values);
}

/** The value of a field for readers: times by the venue's clocks. */
function valueWords(field: string, value: string, zone: string): string {
	if (field !== 'slots' || value === '') return value;
	return joinStatements(
		value.split('\n').map((line) => {
			const [start = '', , rooms = ''] = line.split(' ');
			return joinFacts([dayAndClock(start, zone), ...rooms.split('+')]);
		})
	);
}
