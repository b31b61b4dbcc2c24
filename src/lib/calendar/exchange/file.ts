/* An agenda as read from a file of another system, in any format. No I/O. */
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
		| 'csv';
	line?: number;
	detail?: string;
}

export type ExchangeAnswer = { ok: true; file: ExchangeFile } | { ok: false; fault: ExchangeFault };

/** Makes a refusal. */
export function exchangeRefusal(code: ExchangeFault['code'], more: Omit<ExchangeFault, 'code'> = {}): ExchangeAnswer {
	return { ok: false, fault: { code, ...more } };
}

/** A fault as a sentence for organisers. */
export function exchangeFaultWords({ code, line, detail }: ExchangeFault): string {
	const where = line ? ` (line ${line})` : '';
	switch (code) {
		case 'empty':
			return 'The file is empty.';
		case 'too_large':
			return `The file is too large: at most ${exchangeLimit.bytes / 1_000_000} MB. Nothing was read.`;
		case 'too_many':
			return `The file has more than ${exchangeLimit.events.toLocaleString('en')} events. Nothing was read; divide it.`;
		case 'compressed':
			return 'The file is packed. Unpack it, and choose the file inside.';
		case 'encoding':
			return `The file is not written in the encoding that it names${detail ? ` (${detail})` : ''}. Save it as UTF-8.`;
		case 'doctype':
			return `The file declares a document type or entities${where}. Such files are not read, for they can name other files or grow without end. Export it without them.`;
		case 'malformed':
			return `The file breaks off or is not well formed${where}${detail ? `: ${detail}` : ''}.`;
		case 'deep':
			return `The file nests deeper than any schedule does${where}.`;
		case 'no_schedule':
			return 'The file is well formed, but no schedule: there is no “schedule” with a “conference” and days in it.';
		case 'no_columns':
			return `No column is called “title”, nor are there “session” and “name”. The first line reads: ${detail ?? ''}.`;
		case 'csv':
			return detail ?? 'The table cannot be read.';
	}
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
		language: '',
		interpreted: null,
		room: '',
		start: null,
		end: null,
		badTime: null,
		day: null,
		doNotRecord: null,
		persons: [],
		level: null,
		state: null
	};
}
