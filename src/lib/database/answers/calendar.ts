import * as v from 'valibot';
import { answer } from './answer.ts';
import type { Answers, PrivateAnswers } from './kinds.ts';
import { TextMap } from './text-map.ts';
import { SessionLink } from './agenda/draft.ts';
import { Agenda, Session } from './agenda/sessions.ts';

/** What a file contains about an event that has no field in our session; it is exported unchanged. Absent is ''. */
export const EventOrigin = v.strictObject({
	/** The page of the event in its original system. */
	url: v.string(),
	feedback_url: v.string(),
	logo: v.string(),
	license: v.string()
});
export type EventOrigin = v.InferOutput<typeof EventOrigin>;

/** A web link of an event. */
export const Reference = v.strictObject({
	url: v.string(),
	title: v.string()
});
export type Reference = v.InferOutput<typeof Reference>;

/** The same, with the links that become the session's. */
export const Origin = v.strictObject({
	...EventOrigin.entries,
	links: v.array(Reference),
	attachments: v.array(Reference)
});
export type Origin = v.InferOutput<typeof Origin>;

/** What a calendar needs about one time of a session beside its texts: its permanent id, and when it last changed. */
export const EventFacts = v.strictObject({
	start: v.string(),
	end: v.string(),
	uid: v.string(),
	/** The number of the release in which it last changed. */
	sequence: v.number(),
	changed_at: v.string(),
	/** How its abstract splits into the three texts of the system from which it came. */
	parts: v.optional(v.nullable(v.array(v.number()))),
	/** What the file it came from contained beside. */
	origin: v.optional(v.nullable(v.partial(Origin)))
});
export type EventFacts = v.InferOutput<typeof EventFacts>;

/** An agenda with the permanent ids of its events, by session id. */
export const PublicFeed = v.strictObject({
	...Agenda.entries,
	events: v.record(v.string(), v.array(EventFacts)),
	/** Minutes after midnight at which a day of the agenda begins. */
	day_begins: v.optional(v.number()),
	/** The public biographies of people, by their codes. */
	biographies: v.optional(v.record(v.string(), TextMap))
});
export type PublicFeed = v.InferOutput<typeof PublicFeed>;

/** A person in a session of the draft. */
const KnownPerson = v.strictObject({
	person: v.string(),
	display_name: v.string(),
	office: v.string(),
	affiliation: v.string(),
	country: v.nullable(v.string()),
	role: v.string(),
	state: v.string()
});

/** A session of the draft, as an import compares with it. */
export const KnownSession = v.strictObject({
	id: v.string(),
	code: v.string(),
	version: v.number(),
	title: TextMap,
	abstract: TextMap,
	content_note: TextMap,
	links: v.array(SessionLink),
	format: v.nullable(TextMap),
	track: v.nullable(TextMap),
	level: v.string(),
	audience: v.string(),
	attendance: v.string(),
	spoken: v.array(v.string()),
	interpreted: v.array(v.string()),
	is_recorded: v.boolean(),
	is_break: v.boolean(),
	stage_format: v.string(),
	state: v.string(),
	slots: v.array(
		v.strictObject({
			id: v.string(),
			start: v.string(),
			end: v.string(),
			rooms: v.array(v.string())
		})
	),
	people: v.array(KnownPerson)
});
export type KnownSession = v.InferOutput<typeof KnownSession>;

/** The id of a time of a session here (`source` '' and a UUID) or in another system, and what its file contained about it. */
export const KnownEvent = v.strictObject({
	guid: v.string(),
	source: v.string(),
	number: v.string(),
	session: v.string(),
	slot: v.nullable(v.string()),
	code: v.nullable(v.string()),
	/** Null for one of our ids. */
	origin: v.nullable(v.partial(EventOrigin))
});
export type KnownEvent = v.InferOutput<typeof KnownEvent>;

/** The draft, and the ids of its events here and elsewhere. */
export const ExchangeDraft = v.strictObject({
	day_begins: v.number(),
	sessions: v.array(KnownSession),
	events: v.array(KnownEvent)
});
export type ExchangeDraft = v.InferOutput<typeof ExchangeDraft>;

/** A room, a track or a format of the Summit. */
export const ExchangeHeading = v.strictObject({
	slug: v.string(),
	name: TextMap
});
export type ExchangeHeading = v.InferOutput<typeof ExchangeHeading>;

/** A note on a row, by code; `words` names its subject. */
export const RowNote = v.strictObject({
	code: v.picklist([
		'no_title',
		'title_too_long',
		'text_too_long',
		'bad_time',
		'too_long',
		'name_too_long',
		'heading_too_long',
		'origin_too_long',
		'link_left_out',
		'no_time',
		'no_room',
		'room_taken',
		'outside_summit',
		'unknown_session',
		'unknown_level',
		'unknown_state',
		'unknown_heading',
		'person_left_out',
		'person_unclear',
		'person_declined',
		'twice'
	]),
	words: v.optional(v.string())
});
export type RowNote = v.InferOutput<typeof RowNote>;

/** A slot as it is sent to the database. */
export const PlannedSlot = v.strictObject({
	id: v.string(),
	start: v.string(),
	end: v.string(),
	rooms: v.array(v.string())
});
export type PlannedSlot = v.InferOutput<typeof PlannedSlot>;

/** One row of the preview. */
export const ExchangeRow = v.strictObject({
	position: v.number(),
	title: v.string(),
	outcome: v.picklist(['new', 'changed', 'same', 'cannot']),
	session_id: v.nullable(v.string()),
	changes: v.array(
		v.strictObject({
			field: v.string(),
			from: v.string(),
			to: v.string()
		})
	),
	notes: v.array(RowNote),
	slots: v.nullable(v.array(PlannedSlot))
});
export type ExchangeRow = v.InferOutput<typeof ExchangeRow>;

/** How many rows were applied, by outcome, and those that somebody changed meanwhile. */
const ImportResult = v.strictObject({
	new: v.number(),
	changed: v.number(),
	same: v.number(),
	cannot: v.number(),
	refused: v.array(v.strictObject({ position: v.number(), title: v.string() }))
});

/** A page of a preview. */
export const ScheduleImportPreview = v.strictObject({
	id: v.string(),
	summit_id: v.string(),
	file: v.strictObject({
		name: v.string(),
		kind: v.string(),
		events: v.number(),
		ignored: v.array(v.string()),
		day_begins: v.nullable(v.number())
	}),
	additions: v.strictObject({
		rooms: v.array(ExchangeHeading),
		tracks: v.array(ExchangeHeading),
		formats: v.array(ExchangeHeading),
		people: v.array(
			v.strictObject({
				key: v.string(),
				display_name: v.string(),
				biography: v.optional(TextMap)
			})
		)
	}),
	until: v.string(),
	applied_at: v.nullable(v.string()),
	result: v.nullable(ImportResult),
	counts: v.record(v.picklist(['new', 'changed', 'same', 'cannot']), v.number()),
	total: v.number(),
	rows: v.array(ExchangeRow)
});
export type ScheduleImportPreview = v.InferOutput<typeof ScheduleImportPreview>;

/** An event that a mail adds to a person's calendar, or removes from it, as the database returns it for that person. */
export const InvitedEvent = v.strictObject({
	method: v.picklist(['REQUEST', 'CANCEL']),
	uid: v.string(),
	sequence: v.number(),
	start: v.string(),
	end: v.string(),
	/** Null where the reader may no longer see it. */
	session: v.nullable(Session),
	rooms: v.array(
		v.strictObject({
			slug: v.string(),
			name: TextMap
		})
	)
});
export type InvitedEvent = v.InferOutput<typeof InvitedEvent>;

/** What these functions answer. */
export const answers = {
	read_exchange_draft: v.nullable(ExchangeDraft),
	prepare_schedule_import: answer({ ok: { id: v.string() } }, 'not_allowed', 'invalid', 'too_many'),
	read_schedule_import: v.nullable(ScheduleImportPreview),
	apply_schedule_import: answer(
		{ ok: ImportResult.entries, already: ImportResult.entries },
		'not_found',
		'room_taken',
		'invalid'
	),
	read_public_feed: v.nullable(PublicFeed),
	read_session_events: v.nullable(v.record(v.string(), v.array(EventFacts)))
} satisfies Answers;

/** A meeting of a group in a personal calendar. Title, name, place and link are null for a closed one. */
export const CalendarMeeting = v.strictObject({
	uid: v.string(),
	sequence: v.number(),
	changed_at: v.string(),
	start: v.string(),
	end: v.string(),
	code: v.string(),
	/** The code of the group, and its name. */
	group: v.string(),
	name: v.nullable(TextMap),
	title: v.nullable(TextMap),
	place: v.nullable(v.string()),
	link: v.nullable(v.string()),
	is_cancelled: v.boolean()
});
export type CalendarMeeting = v.InferOutput<typeof CalendarMeeting>;

/** What these functions of `private` answer: their value, or their row. */
export const privateAnswers = {
	read_personal_feed: v.nullable(
		answer({
			ok: {
				person: v.string(),
				slug: v.string(),
				agenda: v.nullable(PublicFeed),
				meetings: v.array(CalendarMeeting)
			},
			ended: { person: v.string() }
		})
	)
} satisfies PrivateAnswers;
