import * as v from 'valibot';
import type { Answers, PrivateAnswers } from './kinds.ts';
import { TextMap } from './text-map.ts';
import { SessionLink } from './agenda/draft.ts';
import { Agenda, Session } from './agenda/sessions.ts';

/** What a file contains about an event that has no field in our session; it is exported unchanged. Absent is ''. */
export const EventOrigin = v.object({
	/** The page of the event in its original system. */
	url: v.string(),
	feedback_url: v.string(),
	logo: v.string(),
	license: v.string()
});
export type EventOrigin = v.InferOutput<typeof EventOrigin>;

/** A web link of an event. */
export const Reference = v.object({
	url: v.string(),
	title: v.string()
});
export type Reference = v.InferOutput<typeof Reference>;

/** The same, with the links that become the session's. */
export const Origin = v.object({
	...EventOrigin.entries,
	links: v.array(Reference),
	attachments: v.array(Reference)
});
export type Origin = v.InferOutput<typeof Origin>;

/** What a calendar needs about one time of a session beside its texts: its permanent id, and when it last changed. */
export const EventFacts = v.object({
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
export const PublicFeed = v.object({
	...Agenda.entries,
	events: v.record(v.string(), v.array(EventFacts)),
	/** Minutes after midnight at which a day of the agenda begins. */
	day_begins: v.optional(v.number()),
	/** The public biographies of people, by their codes. */
	biographies: v.optional(v.record(v.string(), TextMap))
});
export type PublicFeed = v.InferOutput<typeof PublicFeed>;

/** A person in a session of the draft. */
export const KnownPerson = v.object({
	person: v.string(),
	display_name: v.string(),
	office: v.string(),
	affiliation: v.string(),
	country: v.nullable(v.string()),
	role: v.string(),
	state: v.string()
});
export type KnownPerson = v.InferOutput<typeof KnownPerson>;

/** A session of the draft, as an import compares with it. */
export const KnownSession = v.object({
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
	state: v.string(),
	slots: v.array(
		v.object({
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
export const KnownEvent = v.object({
	guid: v.string(),
	source: v.string(),
	number: v.string(),
	session: v.string(),
	slot: v.nullable(v.string()),
	code: v.nullable(v.string()),
	/** Null for an id of ours. */
	origin: v.nullable(v.partial(EventOrigin))
});
export type KnownEvent = v.InferOutput<typeof KnownEvent>;

/** The draft, and the ids of its events here and elsewhere. */
export const ExchangeDraft = v.object({
	day_begins: v.number(),
	sessions: v.array(KnownSession),
	events: v.array(KnownEvent)
});
export type ExchangeDraft = v.InferOutput<typeof ExchangeDraft>;

/** A room, a track or a format of the Summit. */
export const ExchangeHeading = v.object({
	slug: v.string(),
	name: TextMap
});
export type ExchangeHeading = v.InferOutput<typeof ExchangeHeading>;

/** A note on a row, by code; `words` names its subject. */
export const RowNote = v.object({
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
export const PlannedSlot = v.object({
	id: v.string(),
	start: v.string(),
	end: v.string(),
	rooms: v.array(v.string())
});
export type PlannedSlot = v.InferOutput<typeof PlannedSlot>;

/** The id of an event in its own system, with what is stored about it. */
export const PlannedEvent = v.object({
	source: v.string(),
	guid: v.string(),
	number: v.string(),
	code: v.nullable(v.string()),
	start: v.nullable(v.string()),
	end: v.nullable(v.string()),
	parts: v.optional(v.array(v.number())),
	origin: EventOrigin
});
export type PlannedEvent = v.InferOutput<typeof PlannedEvent>;

/** One row of the preview, and what applying it does. */
export const PlannedRow = v.object({
	title: v.string(),
	outcome: v.picklist(['new', 'changed', 'same', 'cannot']),
	session_id: v.nullable(v.string()),
	version: v.nullable(v.number()),
	changes: v.array(
		v.object({
			field: v.string(),
			from: v.string(),
			to: v.string()
		})
	),
	notes: v.array(RowNote),
	plan: v.object({
		fields: v.record(v.string(), v.unknown()),
		track: v.optional(v.string()),
		format: v.optional(v.string()),
		slots: v.optional(v.array(PlannedSlot)),
		people: v.array(
			v.object({
				key: v.optional(v.string()),
				code: v.optional(v.string()),
				role: v.string()
			})
		),
		events: v.array(PlannedEvent)
	})
});
export type PlannedRow = v.InferOutput<typeof PlannedRow>;

/** A page of a preview. */
export const ScheduleImportPreview = v.object({
	id: v.string(),
	summit_id: v.string(),
	file: v.object({
		name: v.string(),
		kind: v.string(),
		events: v.number(),
		ignored: v.array(v.string()),
		day_begins: v.nullable(v.number())
	}),
	additions: v.object({
		rooms: v.array(ExchangeHeading),
		tracks: v.array(ExchangeHeading),
		formats: v.array(ExchangeHeading),
		people: v.array(
			v.object({
				key: v.string(),
				display_name: v.string(),
				biography: v.optional(TextMap)
			})
		)
	}),
	until: v.string(),
	applied_at: v.nullable(v.string()),
	result: v.nullable(
		v.object({
			...v.object({
				refused: v.array(
					v.object({
						position: v.number(),
						title: v.string()
					})
				)
			}).entries,
			new: v.number(),
			changed: v.number(),
			same: v.number(),
			cannot: v.number()
		})
	),
	counts: v.record(v.picklist(['new', 'changed', 'same', 'cannot']), v.number()),
	total: v.number(),
	rows: v.array(
		v.object({
			...v.pick(PlannedRow, ['title', 'changes', 'outcome', 'session_id', 'notes']).entries,
			position: v.number(),
			slots: v.nullable(v.array(PlannedSlot))
		})
	)
});
export type ScheduleImportPreview = v.InferOutput<typeof ScheduleImportPreview>;

/** An event that a mail adds to a person's calendar, or removes from it, as the database returns it for that person. */
export const InvitedEvent = v.object({
	method: v.picklist(['REQUEST', 'CANCEL']),
	uid: v.string(),
	sequence: v.number(),
	start: v.string(),
	end: v.string(),
	/** Null where the reader may no longer see it. */
	session: v.nullable(Session),
	rooms: v.array(
		v.object({
			slug: v.string(),
			name: TextMap
		})
	)
});
export type InvitedEvent = v.InferOutput<typeof InvitedEvent>;

/** What these functions answer. */
export const answers = {
	read_exchange_draft: v.nullable(ExchangeDraft),
	prepare_schedule_import: v.object({
		status: v.string(),
		id: v.optional(v.string())
	}),
	read_schedule_import: v.nullable(ScheduleImportPreview),
	apply_schedule_import: v.object({
		status: v.string()
	}),
	read_public_feed: v.nullable(PublicFeed),
	read_session_events: v.nullable(v.record(v.string(), v.array(EventFacts)))
} satisfies Answers;

/** What these functions of `private` answer: their value, or their row. */
export const privateAnswers = {
	read_personal_feed: v.nullable(
		v.variant('status', [
			v.object({ status: v.literal('ended'), person: v.string() }),
			v.object({ status: v.literal('ok'), person: v.string(), slug: v.string(), agenda: v.nullable(PublicFeed) })
		])
	)
} satisfies PrivateAnswers;
