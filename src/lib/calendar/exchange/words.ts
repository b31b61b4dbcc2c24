import { dayAndClock } from '#lib/i18n/time.ts';
import type { RowNote } from './draft.ts';

/** Outcomes in a word or two. */
export const rowOutcomeWords = { new: 'New', changed: 'Changed', same: 'As it is', cannot: 'Cannot' } as const;

/** A note on a row as a sentence for organisers. */
export function noteWords({ code, words = '' }: RowNote): string {
	switch (code) {
		case 'no_title':
			return 'It has no title.';
		case 'title_too_long':
			return `The title has ${words} characters; at most 200 fit.`;
		case 'text_too_long':
			return `A text has ${words} characters, more than fit.`;
		case 'bad_time':
			return `This is no time between the years 1970 and 2199: ${words}`;
		case 'too_long':
			return 'It lasts more than a day.';
		case 'name_too_long':
			return `The name “${words}…” is too long: at most 120 characters fit.`;
		case 'heading_too_long':
			return `The name of a room, a track or a format is too long: “${words}…”; at most 120 characters fit.`;
		case 'origin_too_long':
			return 'It has more links and files, or longer ones, than fit: at most 100, with addresses of 2,000 characters.';
		case 'link_left_out':
			return `“${words}” is no address on the web: left out.`;
		case 'no_time':
			return 'The file gives it no time: it comes in without one.';
		case 'no_room':
			return `There is no room called “${words}”: it is not placed there.`;
		case 'room_taken':
			return `The room is taken by “${words}”.`;
		case 'outside_summit':
			return 'It is outside the days of the Summit.';
		case 'unknown_session':
			return 'No session has this code.';
		case 'unknown_level':
			return `There is no level “${words}”.`;
		case 'unknown_state':
			return `There is no state “${words}”.`;
		case 'unknown_heading':
			return `There is no track or format “${words}”: it is left out.`;
		case 'person_left_out':
			return `“${words}” takes part in no session yet: left out.`;
		case 'person_unclear':
			return `Several people are called “${words}”: left out, add the right one by hand.`;
		case 'person_declined':
			return `“${words}” has declined here: left out.`;
		case 'twice':
			return 'It is in the file twice.';
	}
}

const fields: Partial<Record<string, string>> = {
	title: 'Title',
	abstract: 'Text',
	content_note: 'Content note',
	level: 'Level',
	state: 'State',
	is_recorded: 'Recorded',
	spoken: 'Spoken',
	interpreted: 'Interpreted',
	track: 'Track',
	format: 'Format',
	slots: 'Times and rooms',
	people: 'Person',
	links: 'Links and files',
	origin: 'Logo, licence and feedback page'
};

/** The name of a field that changes. */
export function fieldWords(field: string): string {
	return fields[field] ?? field;
}

/** The value of a field for readers: times by the venue's clocks. */
export function exchangeValueWords(field: string, value: string, zone: string): string {
	if (field !== 'slots' || value === '') return value;
	return value
		.split('\n')
		.map((line) => {
			const [start = '', , rooms = ''] = line.split(' ');
			return `${dayAndClock(start, zone)}, ${rooms.replaceAll('+', ', ')}`;
		})
		.join('; ');
}
