/* What /api/v1 answers. The same schemas check what the database says, and describe it in the OpenAPI document. */
import { domains, enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from './answer.ts';
import { DoorAnswer } from './door/checkpoints.ts';
import type { Answers, PrivateAnswers } from './kinds.ts';
import { TextMap } from './text-map.ts';

/** What a key may be used for. */
export const ApiScope = v.picklist(enums.api_scope);
export type ApiScope = v.InferOutput<typeof ApiScope>;

const instant = v.pipe(v.string(), v.isoTimestamp());
const day = v.pipe(v.string(), v.isoDate());
const said = <Schema extends v.GenericSchema>(schema: Schema, words: string) => v.pipe(schema, v.description(words));
const words = said(TextMap, 'A text by language tag (BCP 47); `original` names the language of the author.');
const country = said(v.nullable(v.string()), 'ISO 3166-1 alpha-2.');
const code = said(v.string(), 'Random, and stable.');

const AgendaTime = v.strictObject({
	session: code,
	event: said(v.nullable(v.string()), 'The UID of its calendar event.'),
	starts_at: instant,
	ends_at: instant,
	rooms: v.array(v.strictObject({ slug: v.string(), name: words })),
	is_cancelled: v.boolean()
});

const NamedRole = v.picklist(['speaker', 'chair', 'moderator', 'respondent']);

const ApiSession = v.strictObject({
	code,
	title: words,
	abstract: words,
	content_note: words,
	track: words,
	track_slug: v.nullable(v.string()),
	format: words,
	format_slug: v.nullable(v.string()),
	attendance: v.picklist(enums.session_attendance),
	spoken: said(v.array(v.string()), 'Languages, BCP 47.'),
	interpreted: said(v.array(v.string()), 'Languages, BCP 47.'),
	is_recorded: v.boolean(),
	is_break: v.boolean(),
	is_cancelled: v.boolean(),
	links: v.array(v.strictObject({ url: v.string(), title: v.string(), kind: v.picklist(['link', 'attachment']) })),
	people: said(v.array(v.strictObject({ code, role: NamedRole })), 'By the code of the speaker.')
});

const ApiSpeaker = v.strictObject({
	code,
	display_name: v.string(),
	office: v.string(),
	affiliation: v.string(),
	country,
	biography: words,
	links: v.array(v.strictObject({ url: v.string() })),
	sessions: v.array(v.strictObject({ session: code, role: NamedRole }))
});

const Theme = v.strictObject({ slug: v.string(), name: words });

const CommittedMember = v.strictObject({
	code,
	name: v.string(),
	sector: v.picklist(enums.sector),
	country,
	region: v.string()
});

const ApiCommitment = v.strictObject({
	code,
	title: words,
	summary: words,
	beneficiaries: words,
	indicator: words,
	unit: words,
	baseline: v.number(),
	target: v.number(),
	due_on: day,
	theme: Theme,
	countries: v.array(v.string()),
	budget: said(v.nullable(v.number()), 'In minor units of the currency.'),
	currency: v.nullable(v.string()),
	member: CommittedMember,
	partners: v.array(CommittedMember),
	session: said(v.nullable(v.string()), 'The code of the session at which it is announced.'),
	status: v.picklist(['not_reported', 'on_track', 'at_risk', 'delivered', 'overdue', 'withdrawn']),
	is_verified: v.boolean(),
	announced_at: instant,
	value: said(v.nullable(v.number()), 'What was reached by the latest report.'),
	reported_at: v.nullable(instant),
	withdrawn_at: v.nullable(instant)
});

const ApiDocument = v.strictObject({
	code,
	number: said(v.number(), 'Of the version.'),
	kind: v.picklist(enums.library_kind),
	title: words,
	summary: words,
	authors: v.array(v.string()),
	licence: v.picklist(enums.library_licence),
	doi: v.nullable(v.string()),
	issued_on: day,
	theme: v.nullable(Theme),
	published_at: v.nullable(instant),
	files: said(
		v.array(
			v.strictObject({
				id: v.string(),
				language: v.string(),
				name: v.string(),
				media_type: v.string(),
				size: said(v.number(), 'In bytes.')
			})
		),
		'Downloaded from /community/library/files/{id}.'
	),
	members: v.array(v.strictObject({ code, name: v.string(), is_author: v.boolean() })),
	sessions: v.array(v.strictObject({ code, summit: v.string() })),
	commitments: v.array(code)
});

const ApiMember = v.strictObject({
	code,
	name: v.string(),
	sector: v.picklist(enums.sector),
	country,
	region: v.string(),
	website: v.nullable(v.string()),
	standing: v.picklist(enums.standing)
});

const ApiRegistration = v.strictObject({
	reference: v.string(),
	category: v.picklist(enums.registration_category),
	mode: v.picklist(enums.attendance_mode),
	state: v.picklist(enums.registration_state),
	state_since: instant,
	submitted_at: v.nullable(instant),
	member: v.nullable(v.strictObject({ code, name: v.string() })),
	person: said(
		v.strictObject({ display_name: v.string(), office: v.string(), affiliation: v.string(), country }),
		'As everybody is shown the person today.'
	)
});

const ApiAttendance = v.strictObject({
	session: code,
	person: v.strictObject({ code, display_name: v.string(), affiliation: v.string() }),
	minutes: v.number()
});

const PresenceCount = v.strictObject({
	session: code,
	people: said(
		v.nullable(v.number()),
		'In whole groups of the smallest size that may be named, rounded down. Null for a group so small that its people could be recognised.'
	),
	minutes: said(v.nullable(v.number()), 'On average, to five minutes.')
});

const ApiCheckpoint = v.strictObject({
	id: v.pipe(v.string(), v.uuid()),
	kind: v.picklist(enums.checkpoint_kind),
	name: v.nullable(words),
	room: v.nullable(v.string()),
	session: v.nullable(code)
});

const next = said(v.nullable(v.string()), 'The cursor of the next page; null on the last one.');
const pageOf = <Item extends v.GenericSchema>(item: Item) => v.strictObject({ items: v.array(item), next });

/** The key of a request, and what it may do. */
const ApiKey = v.strictObject({
	name: v.string(),
	scopes: v.array(ApiScope),
	expires_at: instant,
	summit: v.strictObject({
		slug: v.string(),
		name: words,
		state: v.picklist(enums.summit_state),
		starts_on: day,
		ends_on: day,
		zone: said(v.string(), 'IANA time zone of the venue.')
	})
});
export type ApiKey = v.InferOutput<typeof ApiKey>;

const checkedIn = {
	answer: said(DoorAnswer, '`welcome` and `left` count; every other answer says why not.'),
	scan: v.optional(said(v.nullable(v.string()), 'The id of the scan.')),
	checkpoint: v.string(),
	since: v.optional(said(v.nullable(instant), 'When a person who is in came in.')),
	display_name: v.optional(v.nullable(v.string()))
};

/** What the API answers and what that is made of, by the names under which the OpenAPI document describes them. */
export const apiSchemas = {
	Text: words,
	AgendaTime,
	Session: ApiSession,
	Speaker: ApiSpeaker,
	Commitment: ApiCommitment,
	Document: ApiDocument,
	Member: ApiMember,
	Registration: ApiRegistration,
	Attendance: ApiAttendance,
	PresenceCount,
	Checkpoint: ApiCheckpoint,
	Key: ApiKey,
	AgendaPage: v.strictObject({
		release: said(
			v.nullable(v.strictObject({ number: v.number(), released_at: instant })),
			'Null before the agenda is published.'
		),
		items: v.array(AgendaTime),
		next
	}),
	SessionPage: pageOf(ApiSession),
	SpeakerPage: pageOf(ApiSpeaker),
	CommitmentPage: pageOf(ApiCommitment),
	DocumentPage: pageOf(ApiDocument),
	MemberPage: pageOf(ApiMember),
	RegistrationCounts: v.strictObject({
		unit: said(v.number(), 'Counts are rounded down to whole groups of this size.'),
		counts: v.array(
			v.strictObject({
				mode: v.picklist(enums.attendance_mode),
				state: v.picklist(enums.registration_state),
				count: v.number()
			})
		)
	}),
	RegistrationPage: pageOf(ApiRegistration),
	PresenceCountPage: pageOf(PresenceCount),
	AttendancePage: pageOf(ApiAttendance),
	CheckpointPage: pageOf(ApiCheckpoint),
	CheckIn: v.strictObject(checkedIn)
};

const counted = { rate: v.number(), left: v.number(), reset: v.number() };

/** Whether a request with a key may go on, and how many it has left in this minute. */
export const BegunApiRequest = answer(
	{
		ok: { ...counted, summit: v.string(), key: ApiKey },
		revoked: counted,
		expired: counted,
		not_entitled: counted,
		limited: counted,
		wrong_scope: counted
	},
	'unknown'
);
export type BegunApiRequest = v.InferOutput<typeof BegunApiRequest>;

/** What checking in with a key answers. */
export const ApiCheckIn = answer(
	{ ok: { ...checkedIn, is_repeated: v.boolean() }, closed: left(), no_checkpoint: left() },
	'refused',
	'not_allowed',
	'key_reused'
);
export type ApiCheckIn = v.InferOutput<typeof ApiCheckIn>;

// Answers that are repeated for the same idempotency key.
function left() {
	return { display_name: v.optional(v.null()), is_repeated: v.optional(v.boolean()) };
}

/** A key as owners list it. */
const ListedApiKey = v.strictObject({
	id: v.string(),
	name: v.string(),
	hint: v.string(),
	scopes: v.array(ApiScope),
	by: v.nullable(v.string()),
	created_at: v.string(),
	expires_at: v.string(),
	last_used_at: v.nullable(v.string()),
	state: v.picklist(domains.api_key_state)
});
export type ListedApiKey = v.InferOutput<typeof ListedApiKey>;

/** What these functions answer. */
export const answers = {
	list_api_keys: v.array(ListedApiKey)
} satisfies Answers;

/** What these functions of `private` answer. */
export const privateAnswers = {
	begin_api_request: BegunApiRequest,
	api_agenda: v.nullable(apiSchemas.AgendaPage),
	api_sessions: v.nullable(apiSchemas.SessionPage),
	api_speakers: v.nullable(apiSchemas.SpeakerPage),
	api_commitments: v.nullable(apiSchemas.CommitmentPage),
	api_documents: v.nullable(apiSchemas.DocumentPage),
	api_members: v.nullable(apiSchemas.MemberPage),
	api_registration_counts: v.nullable(apiSchemas.RegistrationCounts),
	api_registrations: v.nullable(apiSchemas.RegistrationPage),
	api_presence_counts: v.nullable(apiSchemas.PresenceCountPage),
	api_attendance: v.nullable(apiSchemas.AttendancePage),
	api_checkpoints: v.nullable(
		v.union([apiSchemas.CheckpointPage, v.strictObject({ status: v.literal('not_allowed') })])
	),
	api_check_in: ApiCheckIn
} satisfies PrivateAnswers;
