import { domains, enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers, PrivateAnswers } from '../kinds.ts';
import { TextMap } from '../text-map.ts';
import { DraftSlot, SessionLink } from './draft.ts';

/** The mode of a place: in the hall or online. */
export const AccessChannel = v.picklist(['hall', 'online']);
export type AccessChannel = v.InferOutput<typeof AccessChannel>;

/** The places of one mode. */
export const ChannelPlaces = v.strictObject({
	channel: AccessChannel,
	places: v.number(),
	left: v.number(),
	waiting: v.number()
});
export type ChannelPlaces = v.InferOutput<typeof ChannelPlaces>;

/** The places of a session, and the reader's own. */
export const Places = v.strictObject({
	closes_at: v.nullable(v.string()),
	enforced_at_entry: v.picklist(['door', 'none', 'both']),
	/** Why sign-up is not possible; null while it is. */
	closed: v.nullable(v.picklist(['closed', 'cancelled'])),
	channels: v.array(ChannelPlaces),
	mine: v.nullable(
		v.strictObject({
			channel: AccessChannel,
			state: v.picklist(['placed', 'waiting']),
			position: v.nullable(v.number())
		})
	)
});
export type Places = v.InferOutput<typeof Places>;

/** What signing up answers. */
export const SignedUp = answer(
	{
		ok: { state: v.picklist(['placed', 'waiting']) },
		/** They asked for the other mode before. */
		already: { state: v.picklist(['placed', 'waiting']) },
		/** The reason as of `entry` of a session. */
		not_entitled: { reason: v.string() }
	},
	'not_seen',
	'no_limit',
	'cancelled',
	'closed'
);
export type SignedUp = v.InferOutput<typeof SignedUp>;

/** A sign-up session, as organisers list it. */
export const ListedPlaces = v.strictObject({
	id: v.string(),
	title: TextMap,
	hall: v.nullable(v.number()),
	online: v.nullable(v.number()),
	closes_at: v.nullable(v.string()),
	enforced_at_entry: v.picklist(['door', 'none', 'both']),
	channels: v.array(ChannelPlaces)
});
export type ListedPlaces = v.InferOutput<typeof ListedPlaces>;

/** What can change in a session from one release to another. */
export const ChangeKind = v.picklist([
	'added',
	'removed',
	'cancelled',
	'restored',
	'moved',
	'renamed',
	'people',
	'details',
	'note',
	'texts'
]);
export type ChangeKind = v.InferOutput<typeof ChangeKind>;

/** One time of a session; instants in ISO 8601, UTC; rooms by slug. */
export const Slot = v.strictObject({
	start: v.string(),
	end: v.string(),
	rooms: v.array(v.string())
});
export type Slot = v.InferOutput<typeof Slot>;

/** Which release is shown, and since when (ISO). */
export const Release = v.strictObject({
	id: v.string(),
	number: v.number(),
	released_at: v.string()
});
export type Release = v.InferOutput<typeof Release>;

/** A person as the agenda shows them: the display record, nothing else. */
export const SessionPerson = v.strictObject({
	code: v.string(),
	display_name: v.string(),
	office: v.string(),
	affiliation: v.string(),
	country: v.nullable(v.string()),
	role: v.picklist(enums.session_role)
});
export type SessionPerson = v.InferOutput<typeof SessionPerson>;

/** A session of the newest release, as its reader may see it. */
export const Session = v.strictObject({
	id: v.string(),
	code: v.string(),
	title: TextMap,
	abstract: TextMap,
	content_note: TextMap,
	format: TextMap,
	format_slug: v.nullable(v.string()),
	track: TextMap,
	track_slug: v.nullable(v.string()),
	level: v.picklist(enums.confidentiality),
	audience: v.picklist(enums.session_audience),
	attendance: v.picklist(enums.session_attendance),
	spoken: v.array(v.string()),
	interpreted: v.array(v.string()),
	is_recorded: v.boolean(),
	is_break: v.boolean(),
	/** Meeting: a workshop, in which everybody who may enter speaks and is seen. */
	stage_format: v.picklist(enums.stage_format),
	is_cancelled: v.boolean(),
	/** The member that organises it, of a side event. */
	host: v.nullable(v.string()),
	slots: v.array(Slot),
	people: v.array(SessionPerson),
	run: v.nullable(v.picklist(['waiting', 'live', 'paused']))
});
export type Session = v.InferOutput<typeof Session>;

/** Everything of a release that a reader may see, in order of time. */
export const Agenda = v.strictObject({
	release: v.nullable(Release),
	sessions: v.array(Session),
	/** How many sessions more a signed-out reader would see once they are registered. */
	more: v.optional(v.number())
});
export type Agenda = v.InferOutput<typeof Agenda>;

/** What a reader may do with one session, and whether it is in their agenda. */
export const SessionPage = v.strictObject({
	...Session.entries,
	entry: v.strictObject({ stream: v.picklist(domains.stream_entry_status), door: v.picklist(domains.entry_status) }),
	is_marked: v.boolean(),
	/** Those of its groups that the reader is of. */
	groups: v.array(v.strictObject({ code: v.string(), name: TextMap })),
	/** What the portraits of its people are called, by the code of the person. */
	portraits: v.record(v.string(), v.string()),
	/** As the release has them. */
	links: v.array(SessionLink),
	release: v.nullable(v.omit(Release, ['id']))
});
export type SessionPage = v.InferOutput<typeof SessionPage>;

/** A speaker with the sessions in which the reader sees them. */
export const SpeakerPage = v.strictObject({
	...v.omit(SessionPerson, ['role']).entries,
	biography: TextMap,
	links: v.array(v.strictObject({ url: v.string() })),
	portrait: v.nullable(v.string()),
	sessions: v.array(Session)
});
export type SpeakerPage = v.InferOutput<typeof SpeakerPage>;

/** A session that may be changed now, as the draft has it. */
export const NowSession = v.strictObject({
	id: v.string(),
	code: v.string(),
	title: TextMap,
	version: v.number(),
	level: v.picklist(enums.confidentiality),
	state: v.picklist(enums.session_state),
	is_break: v.boolean(),
	slots: v.array(DraftSlot),
	/** How the draft differs from the newest release, in fields that can be changed live. */
	kinds: v.array(ChangeKind),
	people: v.array(
		v.strictObject({
			id: v.string(),
			display_name: v.string(),
			role: v.picklist(enums.session_role)
		})
	)
});
export type NowSession = v.InferOutput<typeof NowSession>;

/** The answer of `publish_live_changes`. */
export const NowAnswer = answer(
	{
		ok: { number: v.number(), notified: v.number() },
		/** The sessions that occupy the room; without `by` when the draft itself has the room taken. */
		room_taken: { by: v.optional(v.array(v.strictObject({ title: v.nullable(TextMap) }))) },
		conflict: { id: v.string(), version: v.number() }
	},
	'not_allowed',
	'invalid',
	'no_release',
	'blocked',
	'nothing_changed',
	'unknown'
);
export type NowAnswer = v.InferOutput<typeof NowAnswer>;

/** A monitor at a door, as organisers list it. */
export const ListedScreen = v.strictObject({
	id: v.string(),
	name: v.string(),
	room: v.string(),
	created_at: v.string(),
	seen_at: v.nullable(v.string())
});
export type ListedScreen = v.InferOutput<typeof ListedScreen>;

/** A time in a room as its door shows it; of a closed session nothing but its time. */
export const RoomEntry = v.variant('is_closed', [
	v.strictObject({ start: v.string(), end: v.string(), is_closed: v.literal(true) }),
	v.strictObject({
		start: v.string(),
		end: v.string(),
		is_closed: v.literal(false),
		level: v.picklist(enums.confidentiality),
		title: TextMap,
		content_note: TextMap,
		spoken: v.array(v.string()),
		interpreted: v.array(v.string()),
		is_break: v.boolean(),
		is_cancelled: v.boolean(),
		is_live: v.boolean(),
		people: v.array(SessionPerson)
	})
]);
export type RoomEntry = v.InferOutput<typeof RoomEntry>;

/** The present and coming sessions of a room. */
export const RoomScreen = v.strictObject({
	room: v.strictObject({
		slug: v.string(),
		name: TextMap
	}),
	release: v.nullable(v.number()),
	entries: v.array(RoomEntry)
});
export type RoomScreen = v.InferOutput<typeof RoomScreen>;

/** What these functions answer. */
export const answers = {
	agenda_cache_key: v.nullable(v.string()),
	read_agenda: v.nullable(v.strictObject({ ...Agenda.entries, key: v.nullable(v.string()) })),
	read_session: v.nullable(SessionPage),
	read_speaker: v.nullable(SpeakerPage),
	read_embed_origins: v.nullable(v.array(v.string())),
	read_places: v.nullable(Places),
	read_my_places: v.record(v.string(), Places),
	sign_up: SignedUp,
	list_session_places: v.array(ListedPlaces),
	set_session_places: answer(
		{ too_few: { taken: v.strictObject({ hall: v.number(), online: v.number() }) } },
		'ok',
		'not_allowed',
		'invalid'
	),
	read_live_changes: v.nullable(
		v.strictObject({
			number: v.nullable(v.number()),
			sessions: v.array(NowSession)
		})
	),
	publish_live_changes: NowAnswer,
	list_room_screens: v.array(ListedScreen),
	read_public_room_screen: v.nullable(RoomScreen)
} satisfies Answers;

/** What these functions of `private` answer: their value, or their row. */
export const privateAnswers = {
	read_agenda_for: v.nullable(Agenda),
	read_room_screen: v.nullable(RoomScreen)
} satisfies PrivateAnswers;
