import type { TextMap } from '#lib/i18n/locale.ts';
import type { ExchangeFile } from './file.ts';
import type {
	EventOrigin,
	ExchangeDraft,
	ExchangeHeading,
	PlannedSlot,
	ExchangeRow
} from '#lib/database/answers/calendar.ts';

export type {
	ExchangeDraft,
	ExchangeHeading,
	KnownEvent,
	KnownSession,
	PlannedSlot,
	RowNote
} from '#lib/database/answers/calendar.ts';

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
export type PlannedRow = Omit<ExchangeRow, 'position' | 'slots'> & {
	version: number | null;
	plan: {
		/** The fields of the session, as `save_session` takes them. */
		fields: Record<string, unknown>;
		track?: string;
		format?: string;
		slots?: PlannedSlot[];
		people: { key?: string; code?: string; role: string }[];
		events: PlannedEvent[];
	};
};

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
	rooms: readonly ExchangeHeading[];
	tracks: readonly ExchangeHeading[];
	formats: readonly ExchangeHeading[];
	zone: string;
	startsOn: string;
	endsOn: string;
	/** The prefix of a content note in one of our files, in each language. */
	notePrefixes: readonly string[];
	choices: ImportChoices;
	/** What the file contains about itself as a whole. */
	file?: Pick<ExchangeFile, 'kind' | 'source' | 'base' | 'isOurs'>;
}

/** A whole import: its rows, and what is created first. */
export interface Plan {
	rows: PlannedRow[];
	additions: {
		rooms: ExchangeHeading[];
		tracks: ExchangeHeading[];
		formats: ExchangeHeading[];
		people: { key: string; display_name: string; biography?: TextMap }[];
	};
	/** Minutes after midnight at which the file's days begin; null when it does not state that. */
	dayBegins: number | null;
}

/** A text in any of its languages, the author's first. */
export function anyText(map: TextMap | null | undefined): string {
	return map?.[map['original'] ?? ''] ?? Object.entries(map ?? {}).find(([tag]) => tag !== 'original')?.[1] ?? '';
}
