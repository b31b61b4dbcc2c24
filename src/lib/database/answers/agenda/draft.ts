import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import type { Answers } from '../kinds.ts';
import { TextMap } from '../text-map.ts';

/** A page (`link`) or a file (`attachment`) on the web; `title` may be ''. */
export const SessionLink = v.object({
	url: v.string(),
	title: v.string(),
	kind: v.picklist(['link', 'attachment'])
});
export type SessionLink = v.InferOutput<typeof SessionLink>;

/** The known facts of a room. */
export const RoomFacts = v.object({
	/** Slug. */
	room: v.string(),
	building: v.string(),
	floor: v.string(),
	is_step_free: v.boolean(),
	has_hearing_loop: v.boolean(),
	/** It is streamed, so that it can be watched online. */
	is_streamed: v.boolean(),
	/** It is open: anybody may walk past and listen. */
	is_open: v.boolean(),
	equipment: v.array(v.string())
});
export type RoomFacts = v.InferOutput<typeof RoomFacts>;

/** The walk between two halls, by slug. */
export const WalkingTime = v.object({
	one: v.string(),
	other: v.string(),
	/** On foot. */
	minutes: v.number(),
	/** Entered for this pair; else by building and floor. */
	is_said: v.boolean()
});
export type WalkingTime = v.InferOutput<typeof WalkingTime>;

/** The needs of a session. */
export const SessionNeeds = v.object({
	expected: v.nullable(v.number()),
	needs_step_free: v.boolean(),
	needs_hearing_loop: v.boolean(),
	equipment: v.array(v.string())
});
export type SessionNeeds = v.InferOutput<typeof SessionNeeds>;

/** A person of the agenda: their availability, their zone then, and the languages that they interpret. */
export const PersonFacts = v.object({
	person: v.string(),
	name: v.string(),
	roles: v.array(v.string()),
	zone: v.nullable(v.string()),
	during: v.array(
		v.object({
			start: v.string(),
			end: v.string()
		})
	),
	pairs: v.array(
		v.object({
			source: v.string(),
			target: v.string()
		})
	)
});
export type PersonFacts = v.InferOutput<typeof PersonFacts>;

/** A time of a session in the draft; instants in ISO UTC, rooms by slug. */
export const DraftSlot = v.object({
	id: v.string(),
	start: v.string(),
	end: v.string(),
	rooms: v.array(v.string())
});
export type DraftSlot = v.InferOutput<typeof DraftSlot>;

/** A session as the builder shows it. */
export const BuilderSession = v.object({
	id: v.string(),
	code: v.string(),
	title: TextMap,
	level: v.picklist(enums.confidentiality),
	state: v.picklist(enums.session_state),
	/** Slugs. */
	track: v.nullable(v.string()),
	format: v.nullable(v.string()),
	/** The length of its format; an hour without one. */
	minutes: v.number(),
	is_break: v.boolean(),
	attendance: v.picklist(enums.list_session_attendance),
	spoken: v.array(v.string()),
	interpreted: v.array(v.string()),
	slots: v.array(DraftSlot)
});
export type BuilderSession = v.InferOutput<typeof BuilderSession>;

/** A time in the draft: of a session, or one that blocks rooms without a session. Instants in ISO UTC, rooms by slug. */
export const Placement = v.object({
	slot: v.string(),
	session: v.nullable(v.string()),
	block_reason: v.nullable(v.string()),
	start: v.string(),
	end: v.string(),
	rooms: v.array(v.string())
});
export type Placement = v.InferOutput<typeof Placement>;

/** The whole draft, as `read_agenda_builder` returns it. */
export const Builder = v.object({
	release: v.nullable(
		v.object({
			number: v.number(),
			released_at: v.string()
		})
	),
	/** How many sessions the next release would add, change or remove. */
	changes: v.number(),
	/** How many of the reader's own acts can be undone, and redone. */
	undo: v.number(),
	redo: v.number(),
	sessions: v.array(BuilderSession),
	blocks: v.array(Placement)
});
export type Builder = v.InferOutput<typeof Builder>;

/** The answer to a change. */
export const DraftAnswer = v.object({
	status: v.picklist([
		'ok',
		'nothing',
		'not_allowed',
		'unknown',
		'cancelled',
		'invalid',
		'changed_meanwhile',
		'room_taken',
		'lost'
	]),
	/** Which change was refused. */
	at: v.optional(v.number()),
	/** The present value; null when it was removed meanwhile. */
	now: v.optional(v.nullable(Placement)),
	/** What occupies the room; no title where the reader may not see the session. */
	by: v.optional(
		v.array(
			v.object({
				title: v.nullable(TextMap),
				block_reason: v.nullable(v.string()),
				start: v.string(),
				end: v.string(),
				rooms: v.array(v.string())
			})
		)
	)
});
export type DraftAnswer = v.InferOutput<typeof DraftAnswer>;

/** From and until, as ISO instants. */
const Span = v.strictTuple([v.string(), v.string()]);

/** The same, and the session that is then; null: none. */
const BusySpan = v.strictTuple([v.string(), v.string(), v.nullable(v.string())]);

/** The data for moving a session, as `read_move_options` returns it. */
export const MoveFacts = v.object({
	rooms: v.array(
		v.object({
			slug: v.string(),
			name: TextMap,
			kind: v.picklist(enums.room_kind),
			capacity: v.nullable(v.number()),
			step_free: v.boolean(),
			hearing_loop: v.boolean(),
			equipment: v.array(v.string()),
			busy: v.array(BusySpan)
		})
	),
	needs: v.object({
		expected: v.nullable(v.number()),
		step_free: v.boolean(),
		hearing_loop: v.boolean(),
		equipment: v.array(v.string())
	}),
	people: v.array(
		v.object({
			name: v.string(),
			remote: v.boolean(),
			zone: v.nullable(v.string()),
			available: v.array(Span),
			busy: v.array(Span)
		})
	),
	limits: v.object({
		daytime_from: v.string(),
		daytime_until: v.string()
	})
});
export type MoveFacts = v.InferOutput<typeof MoveFacts>;

/** How a session of the draft differs from the newest release; null for one that is only an idea. */
export const DraftChange = v.nullable(
	v.picklist(['new', 'changed', 'moved', 'cancelled', 'restored', 'withdrawn', 'none'])
);
export type DraftChange = v.InferOutput<typeof DraftChange>;

/** A session in the list of the draft. */
export const DraftEntry = v.object({
	id: v.string(),
	code: v.string(),
	title: TextMap,
	level: v.picklist(enums.confidentiality),
	state: v.picklist(enums.session_state),
	format: v.nullable(TextMap),
	track: v.nullable(TextMap),
	is_break: v.boolean(),
	slots: v.array(DraftSlot),
	people: v.number(),
	change: DraftChange
});
export type DraftEntry = v.InferOutput<typeof DraftEntry>;

/** The draft of a Summit's agenda. */
export const Draft = v.object({
	release: v.nullable(
		v.object({
			number: v.number(),
			released_at: v.string()
		})
	),
	sessions: v.array(DraftEntry)
});
export type Draft = v.InferOutput<typeof Draft>;

/** A person of a session. */
export const DraftPerson = v.object({
	id: v.string(),
	display_name: v.string(),
	office: v.string(),
	affiliation: v.string(),
	role: v.string(),
	state: v.picklist(enums.participation_state),
	/** Only a name so far, without an account. */
	is_unclaimed: v.boolean()
});
export type DraftPerson = v.InferOutput<typeof DraftPerson>;

/** One line of the audience list: a sector, a category, or by name a member or a person. */
export const DraftAudience = v.object({
	id: v.string(),
	sector: v.nullable(v.string()),
	category: v.nullable(v.string()),
	kind: v.nullable(v.picklist(['person', 'member'])),
	name: v.nullable(v.string())
});
export type DraftAudience = v.InferOutput<typeof DraftAudience>;

/** One session of the draft, for its form. */
export const DraftSession = v.object({
	id: v.string(),
	code: v.string(),
	title: TextMap,
	abstract: TextMap,
	content_note: TextMap,
	links: v.array(SessionLink),
	format_id: v.nullable(v.string()),
	track_id: v.nullable(v.string()),
	level: v.picklist(enums.confidentiality),
	audience: v.picklist(enums.session_audience),
	attendance: v.picklist(enums.list_session_attendance),
	spoken: v.array(v.string()),
	interpreted: v.array(v.string()),
	is_recorded: v.boolean(),
	is_break: v.boolean(),
	state: v.picklist(enums.session_state),
	version: v.number(),
	slots: v.array(DraftSlot),
	people: v.array(DraftPerson),
	audiences: v.array(DraftAudience),
	change: DraftChange
});
export type DraftSession = v.InferOutput<typeof DraftSession>;

/** What an imported file contained about an event beside its links: web addresses and a licence; '' where absent. */
export const SessionOrigin = v.object({
	url: v.string(),
	feedback_url: v.string(),
	logo: v.string(),
	license: v.string()
});
export type SessionOrigin = v.InferOutput<typeof SessionOrigin>;

/** What saving a session answers. */
export const SessionSaved = v.object({
	status: v.picklist(['ok', 'not_allowed', 'unknown', 'conflict', 'room_taken', 'invalid']),
	id: v.optional(v.string()),
	version: v.optional(v.number())
});
export type SessionSaved = v.InferOutput<typeof SessionSaved>;

/** What these functions answer. */
export const answers = {
	read_agenda_builder: v.nullable(Builder),
	change_placements: DraftAnswer,
	undo_or_redo_placement: DraftAnswer,
	read_move_options: v.nullable(MoveFacts),
	read_draft: Draft,
	read_draft_session: v.nullable(DraftSession),
	read_session_origins: v.array(SessionOrigin),
	save_session: SessionSaved
} satisfies Answers;
