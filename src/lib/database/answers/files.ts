import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from './answer.ts';
import type { Answers, PrivateAnswers } from './kinds.ts';

const ScanState = v.picklist(['waiting', 'clean', 'unscanned', 'refused', 'failed', 'lost']);

/** One upload of a file. */
export const FileVersion = v.strictObject({
	id: v.string(),
	number: v.number(),
	name: v.string(),
	media_type: v.string(),
	/** In bytes. */
	size: v.number(),
	language: v.nullable(v.string()),
	uploaded_at: v.string(),
	by: v.nullable(v.string()),
	is_late: v.boolean(),
	is_withdrawn: v.boolean(),
	is_shown: v.boolean(),
	state: ScanState,
	/** How often the scanner did not answer. */
	attempts: v.number(),
	/** The scanner's answer, for organisers. */
	note: v.string()
});
export type FileVersion = v.InferOutput<typeof FileVersion>;

export const SessionFile = v.strictObject({
	id: v.string(),
	kind: v.picklist(enums.file_kind),
	publication: v.picklist(enums.file_publication),
	/** Published, at a level that is still in force. */
	is_open: v.boolean(),
	/** Newest first. */
	versions: v.array(FileVersion)
});
export type SessionFile = v.InferOutput<typeof SessionFile>;

/** The files of a session as its people and organisers see them. */
export const SessionFiles = v.strictObject({
	access: v.picklist(['organiser', 'person', 'reader']),
	due_at: v.nullable(v.string()),
	slides_mb: v.number(),
	handouts_mb: v.number(),
	level: v.string(),
	is_cancelled: v.boolean(),
	files: v.array(SessionFile)
});
export type SessionFiles = v.InferOutput<typeof SessionFiles>;

/** A file as it is published with a session. */
export const SessionDocument = v.strictObject({
	id: v.string(),
	name: v.string(),
	kind: v.picklist(enums.file_kind),
	media_type: v.string(),
	size: v.number(),
	language: v.nullable(v.string())
});
export type SessionDocument = v.InferOutput<typeof SessionDocument>;

/** The sessions of a Summit with how many files each has, and the settings. */
export const FileList = v.strictObject({
	due_at: v.nullable(v.string()),
	slides_mb: v.number(),
	handouts_mb: v.number(),
	session_mb: v.number(),
	person_mb: v.number(),
	summit_gb: v.number(),
	sessions: v.array(
		v.strictObject({
			id: v.string(),
			code: v.string(),
			title: v.record(v.string(), v.string()),
			level: v.string(),
			start: v.nullable(v.string()),
			slides: v.number(),
			handouts: v.number(),
			late: v.boolean(),
			waiting: v.number(),
			failed: v.number(),
			refused: v.number()
		})
	)
});
export type FileList = v.InferOutput<typeof FileList>;

export const CsvEncoding = v.picklist(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252']);
export type CsvEncoding = v.InferOutput<typeof CsvEncoding>;

export const CsvDelimiter = v.picklist([',', ';', '\t']);
export type CsvDelimiter = v.InferOutput<typeof CsvDelimiter>;

/** Somebody whose portrait the reader may bring. */
export const PortraitPerson = v.strictObject({
	person: v.string(),
	display_name: v.string(),
	code: v.string(),
	portrait: v.nullable(v.string()),
	is_me: v.boolean(),
	/** Protected or under 18: there is no portrait of them. */
	is_protected: v.boolean()
});
export type PortraitPerson = v.InferOutput<typeof PortraitPerson>;

const limit = { bytes: v.number() };
/** Where a limit for all uploads is reached, with that limit. */
const fullStores = { session_full: limit, person_full: limit, summit_full: limit };

/** A document that its reader may open. */
export const OpenedDocument = v.strictObject({
	name: v.string(),
	media_type: v.string(),
	size: v.number(),
	sha256: v.string()
});

/** What these functions answer. */
export const answers = {
	read_session_files: v.nullable(SessionFiles),
	list_published_files: v.array(SessionDocument),
	begin_session_file: answer({ ok: { bytes: v.number() }, ...fullStores }, 'full', 'not_found'),
	add_session_file: answer(
		{ ok: { file: v.string(), version: v.string(), number: v.number(), late: v.boolean() }, ...fullStores },
		'full',
		'not_found'
	),
	open_session_file: v.nullable(
		v.strictObject({
			media_type: v.string(),
			size: v.number(),
			/** In hexadecimal: names the content. */
			sha256: v.string(),
			name: v.string(),
			version: v.string()
		})
	),
	list_session_files: v.nullable(FileList),
	list_portrait_people: v.array(PortraitPerson),
	open_portrait: v.nullable(
		v.strictObject({
			sha256: v.string(),
			size: v.number()
		})
	)
} satisfies Answers;

/** What these functions of `private` answer: their value, or their row. */
export const privateAnswers = {
	object_of_version: v.nullable(v.string()),
	object_of_portrait: v.nullable(v.string()),
	scans_due: v.string(),
	object_to_scan: v.nullable(v.string()),
	objects_to_erase: v.string(),
	unknown_objects: v.string(),
	missing_objects: v.string()
} satisfies PrivateAnswers;
