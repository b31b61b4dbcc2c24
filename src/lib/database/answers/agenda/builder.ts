import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers } from '../kinds.ts';
import { TextMap } from '../text-map.ts';
import { DraftSlot } from './draft.ts';

/** A session as the builder shows it. */
export const BuilderSession = v.strictObject({
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
	attendance: v.picklist(enums.session_attendance),
	spoken: v.array(v.string()),
	interpreted: v.array(v.string()),
	is_recorded: v.boolean(),
	/** Those who did not decline, as everybody sees them. */
	people: v.array(
		v.strictObject({
			name: v.string(),
			role: v.picklist(enums.session_role),
			state: v.picklist(enums.participation_state)
		})
	),
	/** How many readers put it into their own agenda. */
	marks: v.number(),
	slots: v.array(DraftSlot)
});
export type BuilderSession = v.InferOutput<typeof BuilderSession>;

/** A time in the draft: of a session, or one that blocks rooms without a session. Instants in ISO UTC, rooms by slug. */
export const Placement = v.strictObject({
	slot: v.string(),
	session: v.nullable(v.string()),
	block_reason: v.nullable(v.string()),
	start: v.string(),
	end: v.string(),
	rooms: v.array(v.string())
});
export type Placement = v.InferOutput<typeof Placement>;

/** The whole draft, as `read_agenda_builder` returns it. */
export const Builder = v.strictObject({
	release: v.nullable(
		v.strictObject({
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

/** What occupies a room; no title where the reader may not see the session. */
const Occupant = v.strictObject({
	title: v.nullable(TextMap),
	block_reason: v.nullable(v.string()),
	start: v.string(),
	end: v.string(),
	rooms: v.array(v.string())
});

/** Which change was refused. */
const at = v.number();

/** The present value; null when it was removed meanwhile. */
const now = v.nullable(Placement);

/** The answer to changes. */
export const PlacementsChanged = answer(
	{
		ok: { placed: v.array(v.nullable(Placement)) },
		/** With `at`: one of the changes; without: the list. */
		invalid: { at: v.optional(at) },
		unknown: { at },
		cancelled: { at },
		changed_meanwhile: { at, now },
		room_taken: { by: v.array(Occupant) }
	},
	'not_allowed'
);
export type PlacementsChanged = v.InferOutput<typeof PlacementsChanged>;

/** Another organiser on the board, with the session that they have open or drag. */
export const BoardPerson = v.strictObject({
	code: v.string(),
	name: v.string(),
	session: v.nullable(v.string()),
	is_dragging: v.boolean()
});
export type BoardPerson = v.InferOutput<typeof BoardPerson>;

/** The answer to undoing or redoing one. */
export const PlacementStepped = answer(
	{ changed_meanwhile: { now }, room_taken: { by: v.array(Occupant) } },
	'ok',
	'nothing',
	'not_allowed',
	'unknown',
	'edited_meanwhile',
	'invalid'
);
export type PlacementStepped = v.InferOutput<typeof PlacementStepped>;

/** The answer to copying a day: how many times were copied, and how many found their rooms taken. */
const DayCopied = answer(
	{ ok: { copied: v.number(), skipped: v.number() }, nothing: { skipped: v.number() } },
	'not_allowed',
	'invalid'
);

/** From and until, as ISO instants. */
const Span = v.strictTuple([v.string(), v.string()]);

/** The same, and the session that is then; null: none. */
const BusySpan = v.strictTuple([v.string(), v.string(), v.nullable(v.string())]);

/** The data for moving a session, as `read_move_options` returns it. */
export const MoveFacts = v.strictObject({
	rooms: v.array(
		v.strictObject({
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
	needs: v.strictObject({
		expected: v.nullable(v.number()),
		step_free: v.boolean(),
		hearing_loop: v.boolean(),
		equipment: v.array(v.string())
	}),
	people: v.array(
		v.strictObject({
			name: v.string(),
			remote: v.boolean(),
			zone: v.nullable(v.string()),
			available: v.array(Span),
			busy: v.array(Span)
		})
	),
	limits: v.strictObject({
		daytime_from: v.string(),
		daytime_until: v.string()
	})
});
export type MoveFacts = v.InferOutput<typeof MoveFacts>;

/** What these functions answer. */
export const answers = {
	read_agenda_builder: v.nullable(Builder),
	change_placements: PlacementsChanged,
	undo_or_redo_placement: PlacementStepped,
	note_board_presence: v.nullable(v.array(BoardPerson)),
	read_move_options: v.nullable(MoveFacts),
	copy_agenda_day: DayCopied
} satisfies Answers;
