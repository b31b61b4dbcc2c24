import { domains, enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers, PrivateAnswers } from '../kinds.ts';
import { TextMap } from '../text-map.ts';

/** A room of the Summit. */
export const StageRoom = v.strictObject({
	slug: v.string(),
	name: TextMap
});
export type StageRoom = v.InferOutput<typeof StageRoom>;

/** A run as its readers know it. */
export const StageRun = v.strictObject({
	id: v.string(),
	state: v.picklist(enums.run_state),
	started_at: v.nullable(v.string())
});
export type StageRun = v.InferOutput<typeof StageRun>;

/** A session as the stage shows it. */
export const StageSession = v.strictObject({
	id: v.string(),
	code: v.string(),
	title: TextMap,
	content_note: TextMap,
	/** A fingerprint of the content note; '' without one. */
	note_version: v.string(),
	level: v.picklist(enums.confidentiality),
	stage_format: v.picklist(enums.stage_format),
	spoken: v.array(v.string()),
	interpreted: v.array(v.string()),
	is_recorded: v.boolean(),
	is_released: v.boolean(),
	start: v.nullable(v.string()),
	end: v.nullable(v.string())
});
export type StageSession = v.InferOutput<typeof StageSession>;

/** Why somebody may not enter the stream of a session. */
export const refusedEntries = domains.stream_entry_status.filter((status) => status !== 'ok');

/** Whether somebody may enter it, or why not. */
export const EntryAnswer = v.picklist(domains.stream_entry_status);
export type EntryAnswer = v.InferOutput<typeof EntryAnswer>;

/** The role of a person in a run. */
export const StageRole = v.picklist(['host', 'speaker', 'interpreter', 'captioner', 'manager', 'viewer', 'hall']);
export type StageRole = v.InferOutput<typeof StageRole>;

/** A person on stage, under their displayed name; `identity` is their LiveKit identity. */
export const OnStage = v.strictObject({
	identity: v.string(),
	code: v.string(),
	display_name: v.string(),
	office: v.string(),
	affiliation: v.string(),
	country: v.nullable(v.string()),
	role: StageRole,
	/** A hall's name. */
	name: v.optional(TextMap)
});
export type OnStage = v.InferOutput<typeof OnStage>;

/** The reader's own part in a run. */
export const OwnPart = v.strictObject({
	code: v.string(),
	identity: v.nullable(v.string()),
	is_on_stage: v.boolean(),
	is_kept_off: v.boolean(),
	is_silenced: v.boolean()
});
export type OwnPart = v.InferOutput<typeof OwnPart>;

/** A person of the session, as its hosts see them. */
export const StagePerson = v.strictObject({
	...v.omit(OnStage, ['country', 'identity']).entries,
	identity: v.nullable(v.string()),
	is_on_stage: v.boolean(),
	is_kept_off: v.boolean(),
	/** On stage with the microphone muted by a host. */
	is_silenced: v.boolean(),
	/** A speaker who was made a host of this run. */
	is_run_host: v.boolean(),
	is_barred: v.boolean()
});
export type StagePerson = v.InferOutput<typeof StagePerson>;

/** The flow of a run; times as ISO. */
export const StageFlow = v.strictObject({
	/** The server's time when this was read: a reader's own clock may be wrong. */
	now: v.string(),
	layout: v.picklist(enums.stage_layout),
	/** The identity of the person whom the hosts show large. */
	spotlight: v.nullable(v.string()),
	/** The poll that hall and home are shown. */
	poll: v.nullable(v.string()),
	/** Only these may watch at present; null: everyone entitled. */
	entry_lock: v.nullable(v.picklist(['registered', 'people'])),
	/** It goes live automatically at this moment. */
	starts_at: v.nullable(v.string()),
	/** The planned end. */
	ends_at: v.nullable(v.string()),
	ends_itself_at: v.nullable(v.string()),
	/** What the reader sees next in this room. */
	next: v.nullable(
		v.strictObject({
			code: v.string(),
			title: TextMap,
			start: v.string()
		})
	)
});
export type StageFlow = v.InferOutput<typeof StageFlow>;

/** Whether a session starts and ends automatically. */
export const SessionClock = v.strictObject({
	starts_automatically: v.boolean(),
	/** Minutes after the planned end; null: a host ends it. */
	auto_end_minutes: v.nullable(v.number())
});
export type SessionClock = v.InferOutput<typeof SessionClock>;

/** What those who run the session announce to all who watch at this moment. */
export const StageAnnouncement = v.strictObject({
	id: v.string(),
	words: v.string(),
	/** It is shown until then; ISO. */
	until: v.string()
});
export type StageAnnouncement = v.InferOutput<typeof StageAnnouncement>;

const stageRoom = { room: v.strictObject({ ...StageRoom.entries, id: v.string() }), may_run: v.boolean() };

/** `read_stage`: a room and what the reader may know of its current run. */
export const Stage = v.union([
	v.strictObject({
		...stageRoom,
		run: v.null(),
		session: v.null(),
		entry: v.null(),
		role: v.null(),
		on_stage: v.null(),
		me: v.null(),
		people: v.null(),
		flow: v.null(),
		announcement: v.null(),
		/** What would be on at this moment and is cancelled. */
		cancelled: v.nullable(v.strictObject({ code: v.string(), title: TextMap })),
		is_confirmed: v.literal(false),
		clock: v.null()
	}),
	v.strictObject({
		...stageRoom,
		run: StageRun,
		session: StageSession,
		entry: EntryAnswer,
		role: StageRole,
		on_stage: v.array(OnStage),
		me: v.nullable(OwnPart),
		people: v.nullable(v.array(StagePerson)),
		flow: StageFlow,
		announcement: v.nullable(StageAnnouncement),
		cancelled: v.null(),
		is_confirmed: v.boolean(),
		clock: v.nullable(SessionClock)
	})
]);
export type Stage = v.InferOutput<typeof Stage>;

/** `read_backstage`: the green room's page of one session. */
export const Backstage = v.strictObject({
	session: StageSession,
	room: v.nullable(StageRoom),
	run: v.nullable(StageRun),
	role: StageRole,
	may_run: v.boolean(),
	is_near: v.boolean(),
	me: v.strictObject({
		...OwnPart.entries,
		no_photographs: v.boolean()
	}),
	people: v.array(StagePerson),
	/** People in the green room who are not of the session: stage managers. */
	guests: v.array(v.omit(OnStage, ['country'])),
	flow: v.nullable(StageFlow),
	announcement: v.nullable(StageAnnouncement),
	clock: SessionClock,
	/** The reader's own. */
	booths: v.array(
		v.strictObject({
			language: v.string(),
			is_signed: v.boolean()
		})
	)
});
export type Backstage = v.InferOutput<typeof Backstage>;

/** One room of `on_now`. */
export const OnAir = v.strictObject({
	room: v.strictObject({
		...StageRoom.entries,
		kind: v.string()
	}),
	session: StageSession,
	entry: EntryAnswer,
	run_id: v.string(),
	state: v.picklist(enums.run_state),
	started_at: v.nullable(v.string())
});
export type OnAir = v.InferOutput<typeof OnAir>;

/** One room of `up_next`. */
export const UpNext = v.strictObject({
	room: v.strictObject({
		...StageRoom.entries,
		kind: v.string()
	}),
	session: StageSession,
	start: v.string(),
	end: v.string()
});
export type UpNext = v.InferOutput<typeof UpNext>;

/** A backstage message. */
export const BackstageMessage = v.strictObject({
	id: v.string(),
	code: v.string(),
	display_name: v.string(),
	words: v.string(),
	at: v.string()
});
export type BackstageMessage = v.InferOutput<typeof BackstageMessage>;

/** The slide that is shown, of which file. */
export const ShownSlides = v.strictObject({
	version: v.string(),
	page: v.number(),
	pages: v.number()
});
export type ShownSlides = v.InferOutput<typeof ShownSlides>;

/** `read_slides`: what is shown, and for presenters what could be. */
export const SlidesState = v.strictObject({
	shown: v.nullable(ShownSlides),
	may_present: v.boolean(),
	files: v.nullable(
		v.array(
			v.strictObject({
				id: v.string(),
				name: v.string()
			})
		)
	)
});
export type SlidesState = v.InferOutput<typeof SlidesState>;

/** A source that may be published. */
export const PublishSource = v.picklist(['camera', 'microphone', 'screen', 'screen_sound']);
export type PublishSource = v.InferOutput<typeof PublishSource>;

/** The layout that the hosts chose. */
export const LayoutChoice = v.strictObject({
	layout: v.picklist(enums.stage_layout),
	/** The person whom they show large. */
	spotlight: v.nullable(v.string())
});
export type LayoutChoice = v.InferOutput<typeof LayoutChoice>;

/** What a person may publish at this moment, or null when they may not be in the room. The database decides it. */
export const Rights = v.nullable(v.array(v.string()));
export type Rights = v.InferOutput<typeof Rights>;

/** What these functions answer. */
export const answers = {
	open_run: answer({ ok: { run: v.string() } }, 'not_found', 'cancelled', 'too_early', 'no_room'),
	/** The version whose pages are shown; null: none. */
	present_slides: answer({ ok: { version: v.nullable(v.string()) } }, 'not_found'),
	make_hall_code: answer({ ok: { code: v.string() } }, 'not_found'),
	read_stage: v.nullable(Stage),
	read_backstage: v.nullable(Backstage),
	on_now: v.nullable(v.array(OnAir)),
	up_next: v.nullable(v.array(UpNext)),
	read_backstage_messages: v.nullable(v.array(BackstageMessage)),
	read_slides: v.nullable(SlidesState)
} satisfies Answers;

/** What these functions of `private` answer: their value, or their row. */
export const privateAnswers = {
	slide_object: v.nullable(v.string())
} satisfies PrivateAnswers;
