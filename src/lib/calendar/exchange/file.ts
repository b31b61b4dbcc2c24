/* An agenda as read from a file of another system, in any format. No I/O. */
import type { CsvFault } from '#lib/files/csv.ts';
import type { ImportKind } from '#lib/imports/kinds.ts';
import { emptyOrigin, type Origin } from './origin.ts';

/** Limits of one file. A text that is too long is reported on its row, and never cut. */
export const exchangeLimit = { bytes: 5_000_000, events: 5000, depth: 40 };

/** A person whom an event names. */
export interface FilePerson {
	name: string;
	/** The other system's code: people with the same name and different codes are different people. */
	code: string | null;
	role: 'speaker' | 'chair' | 'moderator' | 'respondent';
	biography: string;
}

/** One time of a session in the file. Absent texts are '', an absent fact is null. */
export interface FileEvent {
	guid: string | null;
	/** Its number in the other system, as a text. */
	number: string | null;
	code: string | null;
	/** The address of its page: times of one session share it. */
	page: string;
	origin: Origin;
	title: string;
	subtitle: string;
	abstract: string;
	description: string;
	contentNote: string;
	track: string;
	type: string;
	/** Whether it is a break; sessions that are known stay what they are. */
	isBreak: boolean;
	language: string;
	interpreted: string[] | null;
	room: string;
	/** Milliseconds; null together when the file gives no time. */
	start: number | null;
	end: number | null;
	/** The file's text for an invalid time. */
	badTime: string | null;
	/** The day under which the file lists it, "2027-06-10". */
	day: string | null;
	doNotRecord: boolean | null;
	/** How people take part in its live room. */
	roomFormat: 'stage' | 'meeting' | null;
	persons: FilePerson[];
	level: string | null;
	state: string | null;
}

/** The content that was read. */
export interface ExchangeFile {
	kind: 'xml' | 'json' | 'csv' | 'speakers';
	events: FileEvent[];
	/** The file's name for its conference; '' where it has none. */
	source: string;
	/** The base of relative addresses; '' where the file has none. */
	base: string;
	/** Whether we wrote it. */
	isOurs: boolean;
	/** Unknown columns. */
	ignored: string[];
}

/** Why a file cannot be read; `line` where one is known. */
export interface ExchangeFault {
	code:
		| 'empty'
		| 'too_large'
		| 'too_many'
		| 'compressed'
		| 'encoding'
		| 'doctype'
		| 'malformed'
		| 'deep'
		| 'no_schedule'
		| 'no_columns'
		| 'other_kind'
		| 'csv';
	line?: number;
	detail?: string;
	/** Why a table cannot be read. */
	csv?: CsvFault;
	/** The export that the file is instead. */
	kind?: ImportKind;
}

export type ExchangeAnswer = { ok: true; file: ExchangeFile } | { ok: false; fault: ExchangeFault };

/** Makes a refusal. */
export function exchangeRefusal(code: ExchangeFault['code'], more: Omit<ExchangeFault, 'code'> = {}): ExchangeAnswer {
	return { ok: false, fault: { code, ...more } };
}

/** An empty event. */
export function emptyEvent(): FileEvent {
	return {
		guid: null,
		number: null,
		code: null,
		page: '',
		origin: emptyOrigin(),
		title: '',
		subtitle: '',
		abstract: '',
		description: '',
		contentNote: '',
		track: '',
		type: '',
		isBreak: false,
		language: '',
		interpreted: null,
		room: '',
		start: null,
		end: null,
		badTime: null,
		day: null,
		doNotRecord: null,
		roomFormat: null,
		persons: [],
		level: null,
		state: null
	};
}
