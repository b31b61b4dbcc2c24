import type { TextMap } from '#lib/i18n/locale.ts';
import type { ExchangeFile } from './file.ts';
import type { SessionLink } from '#lib/agenda/links.ts';
import type { EventOrigin } from './origin.ts';

/** A person in a session of the draft. */
interface KnownPerson {
	person: string;
	display_name: string;
	office: string;
	affiliation: string;
	country: string | null;
	role: string;
	state: string;
}

/** A session of the draft, as an import compares with it. */
export interface KnownSession {
	id: string;
	code: string;
	version: number;
	title: TextMap;
	abstract: TextMap;
	content_note: TextMap;
	links: SessionLink[];
	format: TextMap | null;
	track: TextMap | null;
	level: string;
	audience: string;
	attendance: string;
	spoken: string[];
	interpreted: string[];
	is_recorded: boolean;
	is_break: boolean;
	state: string;
	slots: { id: string; start: string; end: string; rooms: string[] }[];
	people: KnownPerson[];
}

/** The id of a time of a session here (`source` '' and a UUID) or in another system, and what its file contained about it. */
export interface KnownEvent {
	guid: string;
	source: string;
	number: string;
	session: string;
	slot: string | null;
	code: string | null;
	/** Null for an id of ours. */
	origin: Partial<EventOrigin> | null;
}

/** The draft, and the ids of its events here and elsewhere. */
export interface ExchangeDraft {
	day_begins: number;
	sessions: KnownSession[];
	events: KnownEvent[];
}

/** A room, a track or a format of the Summit. */
export interface Heading {
	slug: string;
	name: TextMap;
}

/** The organiser's choices beside the file. */
export interface ImportChoices {
	/** The language in which the file's texts are written. */
	language: string;
	/** The format of new sessions and their state. */
	level: 'public' | 'members';
	state: 'draft' | 'confirmed';
	/** Whether unknown rooms, headings and people are created. */
	rooms: boolean;
	headings: boolean;
	people: boolean;
}

/** The input of an import plan. */
export interface Planning {
	draft: ExchangeDraft;
	rooms: readonly Heading[];
	tracks: readonly Heading[];
	formats: readonly Heading[];
	zone: string;
	startsOn: string;
	endsOn: string;
	/** The prefix of a content note in a file of ours, in each language. */
	notePrefixes: readonly string[];
	choices: ImportChoices;
	/** What the file contains about itself as a whole. */
	file?: Pick<ExchangeFile, 'kind' | 'source' | 'base' | 'isOurs'>;
}

/** A note on a row, by code; `words` names its subject. */
export interface RowNote {
	code:
		| 'no_title'
		| 'title_too_long'
		| 'text_too_long'
		| 'bad_time'
		| 'too_long'
		| 'name_too_long'
		| 'heading_too_long'
		| 'origin_too_long'
		| 'link_left_out'
		| 'no_time'
		| 'no_room'
		| 'room_taken'
		| 'outside_summit'
		| 'unknown_session'
		| 'unknown_level'
		| 'unknown_state'
		| 'unknown_heading'
		| 'person_left_out'
		| 'person_unclear'
		| 'person_declined'
		| 'twice';
	words?: string;
}

/** A slot as it is sent to the database. */
export interface PlannedSlot {
	id: string;
	start: string;
	end: string;
	rooms: string[];
}

/** The id of an event in its own system, with what is stored about it. */
interface PlannedEvent {
	source: string;
	guid: string;
	number: string;
	code: string | null;
	start: string | null;
	end: string | null;
	parts?: number[];
	origin: EventOrigin;
}

/** One row of the preview, and what applying it does. */
export interface PlannedRow {
	title: string;
	outcome: 'new' | 'changed' | 'same' | 'cannot';
	session_id: string | null;
	version: number | null;
	changes: { field: string; from: string; to: string }[];
	notes: RowNote[];
	work: {
		fields: Record<string, unknown>;
		track?: string;
		format?: string;
		slots?: PlannedSlot[];
		people: { key?: string; code?: string; role: string }[];
		events: PlannedEvent[];
	};
}

/** A whole import: its rows, and what is created first. */
export interface Plan {
	rows: PlannedRow[];
	makes: {
		rooms: Heading[];
		tracks: Heading[];
		formats: Heading[];
		people: { key: string; display_name: string; biography?: TextMap }[];
	};
	/** Minutes after midnight at which the file's days begin; null when it does not state that. */
	dayBegins: number | null;
}

/** A text in any of its languages, the author's first. */
export function anyText(map: TextMap | null | undefined): string {
	return map?.[map['original'] ?? ''] ?? Object.entries(map ?? {}).find(([tag]) => tag !== 'original')?.[1] ?? '';
}
