import * as v from 'valibot';
import type { Answers } from './kinds.ts';
import { OnStage, OwnPart, StageFlow, StageRoom, StageRun, StageSession } from './stage/stage.ts';

/** One booth of a run as its listeners know it. */
export const Language = v.strictObject({
	/** BCP 47. */
	language: v.string(),
	/** Video instead of audio. */
	is_signed: v.boolean(),
	/** The LiveKit identity of who is on air; null: nobody. */
	identity: v.nullable(v.string()),
	/** Whether anybody works in this booth. */
	is_staffed: v.boolean()
});
export type Language = v.InferOutput<typeof Language>;

/** `read_languages`: the booths of the present run in a room. */
export const Languages = v.strictObject({
	languages: v.array(Language),
	/** Booths that the reader works in. */
	own: v.array(v.string())
});
export type Languages = v.InferOutput<typeof Languages>;

/** One direction in which a person works. */
export const Pair = v.strictObject({
	source: v.string(),
	target: v.string()
});
export type Pair = v.InferOutput<typeof Pair>;

/** An interpreter of the session in relation to one booth. */
const BoothPerson = v.strictObject({
	code: v.string(),
	display_name: v.string(),
	is_of_booth: v.boolean(),
	/** Their page of the booth is open and connected. */
	is_here: v.boolean(),
	is_on_air: v.boolean(),
	pairs: v.array(Pair)
});

/** A message to the others of a booth. */
const BoothLine = v.strictObject({
	id: v.number(),
	by: v.string(),
	is_mine: v.boolean(),
	words: v.string(),
	at: v.string()
});

/** A booth as those who work in it, or run the stage, see it. */
export const Booth = v.strictObject({
	language: v.string(),
	is_signed: v.boolean(),
	hint_minutes: v.number(),
	is_on_air: v.boolean(),
	since: v.nullable(v.string()),
	is_offered: v.boolean(),
	people: v.array(BoothPerson),
	lines: v.array(BoothLine)
});
export type Booth = v.InferOutput<typeof Booth>;

/** `read_booth`: the page of one booth. */
export const BoothView = v.strictObject({
	run: StageRun,
	session: StageSession,
	room: StageRoom,
	booth: Booth,
	languages: v.array(Language),
	on_stage: v.array(OnStage),
	flow: StageFlow,
	/** Booths that the reader works in. */
	own: v.array(v.string()),
	may_run: v.boolean(),
	may_interpret: v.boolean(),
	/** Whether the session is recorded, and the reader's voice with it; null where it is not, and for sign languages. */
	recording: v.nullable(
		v.strictObject({
			state: v.nullable(v.picklist(['wanted', 'running', 'paused'])),
			has_agreed: v.boolean()
		})
	),
	me: v.strictObject({
		...v.pick(OwnPart, ['code', 'identity', 'is_on_stage']).entries,
		is_on_air: v.boolean()
	})
});
export type BoothView = v.InferOutput<typeof BoothView>;

/** What these functions answer. */
export const answers = {
	read_languages: v.nullable(Languages),
	read_booth: v.nullable(BoothView),
	read_booths: v.nullable(v.array(Booth))
} satisfies Answers;
