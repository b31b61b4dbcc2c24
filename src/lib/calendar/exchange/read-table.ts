import { readCsv, type CsvTable } from '#lib/files/csv.ts';
import { kindOfColumns } from '#lib/imports/kinds.ts';
import { joinFacts, splitList } from '#lib/i18n/list.ts';
import {
	emptyEvent,
	exchangeLimit,
	exchangeRefusal,
	type ExchangeAnswer,
	type FileEvent,
	type FilePerson
} from './file.ts';
import { readInstant } from './times.ts';

/** The columns of sessions, one row for each time. */
export const sessionColumns = [
	'code',
	'guid',
	'title',
	'abstract',
	'content_note',
	'format',
	'track',
	'spoken',
	'interpreted',
	'level',
	'state',
	'start',
	'end',
	'rooms',
	'recorded',
	'live_room',
	'people'
] as const;

/** The columns of speakers, one row for each part in a session. */
export const speakerColumns = ['session', 'role', 'code', 'name', 'office', 'affiliation', 'country'] as const;

const roles = ['speaker', 'chair', 'moderator', 'respondent'] as const;

const roomFormats: Partial<Record<string, FileEvent['roomFormat']>> = { stage: 'stage', workshop: 'meeting' };

const parts = (cell: string) => splitList(cell, 'semicolons');

// "Wren Alder (chair)"
function personOf(written: string): FilePerson {
	const [, name = written, role] = /^(.*?)\s*\((speaker|chair|moderator|respondent)\)$/i.exec(written) ?? [];
	return { name, code: null, biography: '', role: roles.find((each) => each === role?.toLowerCase()) ?? 'speaker' };
}

type Cells = Partial<Record<string, string>>;

function sessionOf(cells: Cells, zone: string): FileEvent {
	const cell = (name: (typeof sessionColumns)[number]) => cells[name] ?? '';
	const [start, end] = [readInstant(cell('start'), zone), readInstant(cell('end'), zone)];
	const written = `${cell('start')} ${cell('end')}`.trim();
	const fits = start !== null && end !== null && start < end;
	const [spoken = '', ...others] = parts(cell('spoken'));
	return {
		...emptyEvent(),
		code: cell('code') || null,
		guid: cell('guid') || null,
		title: cell('title'),
		abstract: cell('abstract'),
		contentNote: cell('content_note'),
		type: cell('format'),
		track: cell('track'),
		language: [spoken, ...others].filter(Boolean).join(';'),
		interpreted: cells['interpreted'] === undefined ? null : parts(cell('interpreted')),
		level: cell('level') || null,
		state: cell('state') || null,
		room: cell('rooms'),
		start: fits ? start : null,
		end: fits ? end : null,
		badTime: written !== '' && !fits ? written : null,
		doNotRecord: cell('recorded') === '' ? null : !/^(yes|true|1)$/i.test(cell('recorded')),
		roomFormat: roomFormats[cell('live_room').trim().toLowerCase()] ?? null,
		persons: parts(cell('people')).map(personOf)
	};
}

function speakerOf(cells: Cells): FileEvent {
	const role = roles.find((each) => each === cells['role']?.toLowerCase()) ?? 'speaker';
	const name = cells['name'] ?? '';
	return {
		...emptyEvent(),
		code: cells['session'] || null,
		persons: name === '' ? [] : [{ name, code: cells['code'] || null, role, biography: '' }]
	};
}

/** Reads a table of sessions or of speakers, as its header row shows. */
export function readTableSchedule(bytes: Uint8Array, zone: string): ExchangeAnswer {
	const read = readCsv(bytes, { bytes: exchangeLimit.bytes, rows: exchangeLimit.events, cell: exchangeLimit.bytes });
	if (!read.ok) return exchangeRefusal(read.fault.code === 'empty' ? 'empty' : 'csv', { csv: read.fault });
	const names = read.table.header.map((name) => name.toLowerCase().replaceAll(/[^a-z]+/g, '_'));
	const isSessions = names.includes('title');
	const other = isSessions && names.includes('guid') ? null : kindOfColumns(read.table.header);
	if (other !== null) return exchangeRefusal('other_kind', { kind: other });
	if (!isSessions && !(names.includes('session') && names.includes('name')))
		return exchangeRefusal('no_columns', { detail: joinFacts(read.table.header).slice(0, 200) });
	const known: readonly string[] = isSessions ? sessionColumns : speakerColumns;
	const rows = rowsOf(read.table, names);
	return {
		ok: true,
		file: {
			kind: isSessions ? 'csv' : 'speakers',
			source: '',
			base: '',
			isOurs: false,
			events: rows.map((cells) => (isSessions ? sessionOf(cells, zone) : speakerOf(cells))),
			ignored: read.table.header.filter((_, at) => !known.includes(names[at] ?? ''))
		}
	};
}

function rowsOf(table: CsvTable, names: string[]): Cells[] {
	return table.rows.map(({ cells }) => Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ''])));
}
