import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from './answer.ts';
import { CaptionLine } from './captions.ts';
import { OpenedDocument } from './files.ts';
import { GroupAction } from './groups.ts';
import { Booth, Language } from './interpretation.ts';
import type { Answers, PrivateAnswers } from './kinds.ts';
import { StageAnnouncement } from './stage/stage.ts';
import { TextMap } from './text-map.ts';

const Level = v.picklist(enums.group_level);
const State = v.picklist(enums.meeting_state);
const Reply = v.nullable(v.picklist(enums.meeting_answer));
const MinutesState = v.picklist(enums.minutes_state);

/** A meeting in the list of its group. */
export const MeetingEntry = v.strictObject({
	code: v.string(),
	title: TextMap,
	start: v.string(),
	end: v.string(),
	zone: v.string(),
	place: v.string(),
	state: State,
	/** The reader's own. */
	answer: Reply,
	minutes: v.nullable(MinutesState),
	is_in_series: v.boolean()
});
export type MeetingEntry = v.InferOutput<typeof MeetingEntry>;

/** An item of the agenda. */
export const MeetingItem = v.strictObject({
	id: v.string(),
	title: TextMap,
	minutes: v.nullable(v.number()),
	presenter: v.nullable(v.strictObject({ id: v.string(), name: v.string() })),
	note: TextMap,
	version: v.number()
});
export type MeetingItem = v.InferOutput<typeof MeetingItem>;

/** A file, or an address. */
export const MeetingPaper = v.strictObject({
	id: v.string(),
	/** The item of the agenda to which it belongs; null: the whole meeting. */
	item: v.nullable(v.string()),
	name: v.string(),
	link: v.nullable(v.string()),
	media_type: v.nullable(v.string()),
	size: v.nullable(v.number())
});
export type MeetingPaper = v.InferOutput<typeof MeetingPaper>;

/** Somebody who is invited, or was there. */
export const MeetingPerson = v.strictObject({
	/** Their entry in the group; null: they have left it. */
	id: v.nullable(v.string()),
	/** The entry with which they were invited; null for who joined the group after the meeting. */
	invited: v.nullable(v.string()),
	display_name: v.string(),
	part: v.nullable(v.picklist(enums.group_part)),
	is_me: v.boolean(),
	/** Whether they may come in the reader's place. */
	may_replace: v.boolean(),
	answer: Reply,
	/** The name of who comes instead. */
	alternate: v.nullable(v.string()),
	attended: v.nullable(v.boolean())
});
export type MeetingPerson = v.InferOutput<typeof MeetingPerson>;

/** A version of the minutes. */
export const Minutes = v.strictObject({
	number: v.number(),
	state: MinutesState,
	body: TextMap,
	/** Why it corrects the one before; '' for the first. */
	reason: v.string(),
	/** A day. */
	comments_until: v.nullable(v.string()),
	takes_comments: v.boolean(),
	approved_at: v.nullable(v.string()),
	version: v.number(),
	comments: v.array(v.strictObject({ name: v.string(), body: v.string(), written_at: v.string(), is_me: v.boolean() }))
});
export type Minutes = v.InferOutput<typeof Minutes>;

/** An interpreter or captioner of a meeting. */
export const MeetingStaff = v.strictObject({
	id: v.string(),
	display_name: v.string(),
	is_me: v.boolean(),
	part: v.picklist(enums.meeting_staff_part),
	/** BCP 47. */
	language: v.string(),
	is_signed: v.boolean(),
	/** Whether they said that they work there. */
	state: v.picklist(enums.meeting_staff_state)
});
export type MeetingStaff = v.InferOutput<typeof MeetingStaff>;

/** A meeting as the people of its group see it. */
export const Meeting = v.strictObject({
	code: v.string(),
	group: v.strictObject({ code: v.string(), name: TextMap, level: Level, is_ended: v.boolean() }),
	leads: v.boolean(),
	title: TextMap,
	start: v.string(),
	end: v.string(),
	zone: v.string(),
	place: v.string(),
	link: v.nullable(v.string()),
	level: Level,
	state: State,
	version: v.number(),
	has_begun: v.boolean(),
	is_over: v.boolean(),
	/** It has not begun, or is over and left nothing. */
	is_cancellable: v.boolean(),
	/** Those who see the group are told that its minutes were approved. */
	is_published: v.boolean(),
	/** How many planned meetings of its series follow. */
	later: v.number(),
	items: v.array(MeetingItem),
	papers: v.array(MeetingPaper),
	people: v.array(MeetingPerson),
	staff: v.array(MeetingStaff),
	/** Its chairs can name interpreters and captioners now. */
	takes_staff: v.boolean(),
	/** Its live room: open, or the reader may open it. */
	room: v.nullable(v.picklist(['open', 'may_open'])),
	minutes: v.nullable(Minutes),
	/** The newest approved version, where `minutes` is a later one. */
	approved: v.nullable(Minutes),
	decisions: v.array(v.strictObject({ id: v.string(), wording: TextMap, is_withdrawn: v.boolean() })),
	actions: v.array(GroupAction)
});
export type Meeting = v.InferOutput<typeof Meeting>;

const Vote = v.picklist(enums.time_vote);

/** A time that is offered, with the votes of today's people. */
export const PollTime = v.strictObject({
	id: v.string(),
	start: v.string(),
	end: v.string(),
	is_past: v.boolean(),
	own: v.nullable(Vote),
	yes: v.number(),
	if_needed: v.number(),
	no: v.number(),
	/** The offsets from UTC, in minutes, of the zones that people of the group have set; whose they are is not said. */
	offsets: v.array(v.number())
});
export type PollTime = v.InferOutput<typeof PollTime>;

/** Times that are offered to a group. */
export const MeetingPoll = v.strictObject({
	code: v.string(),
	group: v.strictObject({ code: v.string(), name: TextMap }),
	leads: v.boolean(),
	title: TextMap,
	zone: v.string(),
	minutes: v.number(),
	place: v.string(),
	state: v.picklist(enums.meeting_poll_state),
	/** The code of the meeting that was planned. */
	meeting: v.nullable(v.string()),
	times: v.array(PollTime),
	people: v.array(v.strictObject({ display_name: v.string(), is_me: v.boolean(), votes: v.record(v.string(), Vote) }))
});
export type MeetingPoll = v.InferOutput<typeof MeetingPoll>;

/** Somebody in the live room of a meeting. */
export const RoomPerson = v.strictObject({
	id: v.string(),
	/** Their LiveKit identity. */
	identity: v.string(),
	display_name: v.string(),
	is_host: v.boolean(),
	is_me: v.boolean(),
	/** Connected, as LiveKit reported it. */
	is_here: v.boolean(),
	/** When they raised their hand. */
	hand: v.nullable(v.string()),
	shares: v.boolean(),
	/** The breakout room in which they are; 0: the room of all. */
	number: v.number()
});
export type RoomPerson = v.InferOutput<typeof RoomPerson>;

const WaitingPerson = v.strictObject({ id: v.string(), display_name: v.string() });

/** The live room of a meeting or of a workshop. Who is not in it sees nobody. */
export const LiveRoomData = v.strictObject({
	id: v.string(),
	/** What the room is called by: the code of the meeting, or the id of the run. */
	code: v.string(),
	title: TextMap,
	start: v.string(),
	end: v.string(),
	zone: v.string(),
	is_open: v.boolean(),
	may_open: v.boolean(),
	is_host: v.boolean(),
	is_locked: v.boolean(),
	/** The languages of its captioners. */
	caption_languages: v.array(v.string()),
	/** The languages into which it is interpreted, for who is in it. */
	languages: v.array(Language),
	/** When it was read, by the server's clock: milliseconds. */
	read_at: v.number(),
	me: v.nullable(
		v.strictObject({
			id: v.string(),
			identity: v.string(),
			state: v.picklist(['in', 'waiting', 'removed']),
			/** When a host last muted the reader. */
			muted_at: v.nullable(v.string()),
			number: v.number()
		})
	),
	/** Breakout rooms, until when, and the server's time of the reading. */
	breakouts: v.nullable(v.strictObject({ count: v.number(), until: v.string(), now: v.string() })),
	people: v.array(RoomPerson),
	/** Those who wait and those who were removed, for hosts. */
	waiting: v.array(WaitingPerson),
	out: v.array(WaitingPerson),
	/** The interpreters and captioners who are connected to the room of a meeting, with each of their parts. */
	staff: v.optional(v.array(v.omit(MeetingStaff, ['is_me', 'state']))),
	messages: v.array(
		v.strictObject({
			id: v.string(),
			from: v.string(),
			is_me: v.boolean(),
			/** From a host, to all breakout rooms. */
			is_to_all: v.boolean(),
			body: v.string(),
			at: v.string(),
			/** Its author may write no more; for hosts of a workshop. */
			is_muted: v.optional(v.boolean())
		})
	),
	/** What the reader may use, in a workshop: people under 18 have no camera and no chat. */
	may: v.optional(
		v.strictObject({
			camera: v.boolean(),
			/** To read the chat. */
			chat: v.boolean(),
			microphone: v.boolean(),
			/** To write in the chat; people: only those of the session write. */
			write: v.picklist(['ok', 'off', 'people', 'muted']),
			/** Others see the reader's name. */
			name: v.boolean()
		})
	)
});
export type LiveRoomData = v.InferOutput<typeof LiveRoomData>;

/** The live room of a meeting, as one of its group sees it. */
export const MeetingRoom = v.strictObject({
	...LiveRoomData.entries,
	group: v.strictObject({ code: v.string(), name: TextMap })
});
export type MeetingRoom = v.InferOutput<typeof MeetingRoom>;

/** The room of a run in the meeting format, as who may be there sees it. */
export const RunRoom = v.strictObject({
	...LiveRoomData.entries,
	run: v.strictObject({ state: v.picklist(['waiting', 'live', 'paused']), level: v.picklist(enums.confidentiality) }),
	/** The code of the session. */
	session: v.string(),
	/** The room of the venue. */
	room: v.strictObject({ slug: v.string(), name: TextMap }),
	/** The languages that are spoken. */
	spoken: v.array(v.string()),
	/** The booths in which the reader may interpret. */
	booths: v.array(v.pick(Language, ['language', 'is_signed'])),
	announcement: v.nullable(StageAnnouncement)
});
export type RunRoom = v.InferOutput<typeof RunRoom>;

/** Parts of the room that were read again: those that were asked for. */
export const RoomParts = v.strictObject({
	read_at: LiveRoomData.entries.read_at,
	...v.partial(
		v.pick(LiveRoomData, ['me', 'breakouts', 'people', 'waiting', 'out', 'messages', 'languages', 'staff', 'may'])
	).entries,
	/** The hands that are up. */
	hands: v.optional(v.array(v.strictObject({ id: v.string(), at: v.string() })))
});
export type RoomParts = v.InferOutput<typeof RoomParts>;

/** What the pages of its interpreters and captioners show of a room. */
const StaffRoom = v.strictObject({
	...v.pick(LiveRoomData, ['id', 'code', 'title', 'start', 'end', 'zone', 'is_open', 'people']).entries,
	/** A host removed the reader: they see nobody. */
	is_removed: v.boolean()
});
export type StaffRoom = v.InferOutput<typeof StaffRoom>;

const MeetingStaffRoom = v.strictObject({
	...StaffRoom.entries,
	group: MeetingRoom.entries.group,
	is_in_group: v.boolean()
});
export type MeetingStaffRoom = v.InferOutput<typeof MeetingStaffRoom>;

/** The page of a captioner in one language; without lines while the room is not open, and for who was removed from it. */
export const MeetingCaptioning = v.strictObject({
	...MeetingStaffRoom.entries,
	language: v.string(),
	lines: v.nullable(v.array(CaptionLine))
});
export type MeetingCaptioning = v.InferOutput<typeof MeetingCaptioning>;

const RoomBooth = v.strictObject({
	...StaffRoom.entries,
	booth: Booth,
	me: v.strictObject({
		code: v.string(),
		identity: v.nullable(v.string()),
		is_on_stage: v.boolean(),
		is_on_air: v.boolean()
	}),
	languages: v.array(Language),
	/** The languages of the reader's booths. */
	own: v.array(v.string())
});
/** The page of a booth in a room, for its interpreters. */
export type RoomBooth = v.InferOutput<typeof RoomBooth>;

/** The page of a booth of a meeting. */
export const MeetingBooth = v.strictObject({ ...RoomBooth.entries, ...MeetingStaffRoom.entries });
export type MeetingBooth = v.InferOutput<typeof MeetingBooth>;

/** The page of a booth of a workshop. */
export const RunBooth = v.strictObject({
	...RoomBooth.entries,
	...v.pick(RunRoom, ['run', 'session', 'room', 'spoken']).entries
});
export type RunBooth = v.InferOutput<typeof RunBooth>;

/** Lines of captions in the room, when they were read, and when their times begin, in milliseconds. */
export const ReadRoomCaptions = v.strictObject({
	read_at: v.number(),
	opened: v.number(),
	lines: v.array(CaptionLine)
});
export type ReadRoomCaptions = v.InferOutput<typeof ReadRoomCaptions>;

/** A meeting for which the reader was named as interpreter or captioner. */
export const MeetingWork = v.strictObject({
	/** Of the reader's part. */
	id: v.string(),
	code: v.string(),
	/** The code of its group, and its name. */
	group: v.string(),
	name: TextMap,
	title: TextMap,
	start: v.string(),
	end: v.string(),
	zone: v.string(),
	...v.pick(MeetingStaff, ['part', 'language', 'is_signed', 'state']).entries,
	is_open: v.boolean()
});
export type MeetingWork = v.InferOutput<typeof MeetingWork>;

/** A meeting of the reader in their agenda at a Summit. */
export const OwnMeeting = v.strictObject({
	code: v.string(),
	/** The code of the group, and its name. */
	group: v.string(),
	name: TextMap,
	title: TextMap,
	start: v.string(),
	end: v.string(),
	zone: v.string(),
	place: v.string(),
	is_cancelled: v.boolean()
});
export type OwnMeeting = v.InferOutput<typeof OwnMeeting>;

/** What these functions of the API answer. */
export const answers = {
	plan_meeting: answer({ ok: { code: v.string() } }, 'not_found', 'invalid'),
	list_my_meetings: v.array(OwnMeeting),
	list_group_meetings: v.nullable(
		v.strictObject({ total: v.number(), next: v.nullable(MeetingEntry), meetings: v.array(MeetingEntry) })
	),
	list_approved_minutes: v.array(v.strictObject({ held_on: v.string(), approved_on: v.string() })),
	read_meeting: v.nullable(Meeting),
	read_meeting_room: v.nullable(MeetingRoom),
	read_meeting_room_parts: v.nullable(RoomParts),
	read_my_meeting_work: v.nullable(v.strictObject({ reference: v.string(), meetings: v.array(MeetingWork) })),
	write_meeting_caption: answer({ ok: { number: v.number() } }, 'not_found', 'invalid', 'too_often'),
	read_meeting_captions: v.nullable(ReadRoomCaptions),
	read_meeting_captioning: v.nullable(MeetingCaptioning),
	read_meeting_booth: v.nullable(MeetingBooth),
	read_run_room: v.nullable(RunRoom),
	read_run_booth: v.nullable(RunBooth),
	open_meeting_poll: answer({ ok: { code: v.string() } }, 'not_found', 'invalid'),
	choose_meeting_time: answer({ ok: { code: v.string() } }, 'not_found', 'wrong_state'),
	list_meeting_polls: v.nullable(
		v.array(v.strictObject({ code: v.string(), title: TextMap, times: v.number(), needs_answer: v.boolean() }))
	),
	read_meeting_poll: v.nullable(MeetingPoll),
	begin_meeting_paper: answer({}, 'ok', 'not_found', 'full'),
	add_meeting_paper: answer({}, 'ok', 'not_found', 'full', 'invalid'),
	open_meeting_paper: v.nullable(OpenedDocument)
} satisfies Answers;

/** A meeting in a mail. Title, name, place and link are null for a closed one, and for who has left the group. */
export const MeetingEvent = v.strictObject({
	method: v.picklist(['REQUEST', 'CANCEL']),
	uid: v.string(),
	sequence: v.number(),
	/** The calendar did not hold it before. */
	is_new: v.boolean(),
	start: v.string(),
	end: v.string(),
	zone: v.string(),
	code: v.string(),
	/** The code of the group, and its name. */
	group: v.string(),
	name: v.nullable(TextMap),
	title: v.nullable(TextMap),
	place: v.nullable(v.string()),
	link: v.nullable(v.string()),
	/** The reader finds its page. */
	is_in_group: v.boolean(),
	/** The reader's own, also as its staff. */
	answer: Reply
});
export type MeetingEvent = v.InferOutput<typeof MeetingEvent>;

/** What a mail says of the work of its reader at a meeting. Title and name are null for a closed one, and for who has no part any more. */
export const WorkEvent = v.strictObject({
	title: v.nullable(TextMap),
	/** Of the group. */
	name: v.nullable(TextMap),
	start: v.string(),
	end: v.string(),
	zone: v.string(),
	/** It is cancelled. */
	is_off: v.boolean(),
	/** Without parts the reader was removed. */
	parts: v.array(v.pick(MeetingStaff, ['part', 'language', 'is_signed', 'state']))
});
export type WorkEvent = v.InferOutput<typeof WorkEvent>;

/** The pass to a live room, or why there is none. */
export const RoomPass = answer(
	{ ok: { room: v.string(), identity: v.string(), number: v.number(), publish: v.array(v.string()) } },
	'none',
	'closed',
	'full',
	'waiting',
	'removed'
);
export type RoomPass = v.InferOutput<typeof RoomPass>;

const StaffPass = answer(
	{ ok: { room: v.string(), identity: v.string(), number: v.number(), publish: v.array(v.string()) } },
	'none',
	'closed',
	'removed'
);

/** What these functions answer to the app alone. */
export const privateAnswers = {
	object_of_meeting_paper: v.nullable(v.string()),
	meeting_pass: RoomPass,
	run_room_pass: RoomPass,
	meeting_staff_pass: StaffPass,
	run_staff_pass: StaffPass,
	list_muted: v.strictObject({ room: v.string(), identity: v.string() }),
	claim_meeting_events: v.array(MeetingEvent),
	read_work_mail: v.array(WorkEvent)
} satisfies PrivateAnswers;
