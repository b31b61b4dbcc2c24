import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers } from '../kinds.ts';
import { TextMap } from '../text-map.ts';

/** The answer of the door to a badge. */
export const DoorAnswer = v.picklist([
	'welcome',
	'left',
	'already_in',
	'full',
	'not_here',
	'not_open',
	'wrong_mode',
	'not_confirmed',
	'in_review',
	'revoked',
	'stop',
	'other_day',
	'other_summit',
	'forged',
	'unreadable',
	'unknown',
	'unlisted',
	'no_checkpoint',
	'no_network',
	'not_allowed'
]);
export type DoorAnswer = v.InferOutput<typeof DoorAnswer>;

/** Marks for door staff to act on, for admitted people; never the personal file. */
export const DoorFlag = v.picklist(['no_photographs', 'escort', 'interpreter_set', 'access_need']);
export type DoorFlag = v.InferOutput<typeof DoorFlag>;

/** What the database says to a badge. */
export const BadgeCheck = v.strictObject({
	answer: DoorAnswer,
	scan: v.optional(v.nullable(v.string())),
	display_name: v.optional(v.nullable(v.string())),
	flags: v.optional(v.array(DoorFlag)),
	since: v.optional(v.nullable(v.string())),
	where: v.optional(v.nullable(TextMap)),
	elsewhere: v.optional(
		v.nullable(
			v.strictObject({
				room: v.optional(TextMap),
				stream: v.optional(v.boolean())
			})
		)
	)
});
export type BadgeCheck = v.InferOutput<typeof BadgeCheck>;

/** Where badges are read. */
export const Checkpoint = v.strictObject({
	id: v.string(),
	kind: v.picklist(enums.checkpoint_kind),
	/** The place behind it: `building`, or the id of a room, session or of the checkpoint itself. */
	place: v.string(),
	name: TextMap,
	both_ways: v.boolean(),
	capacity: v.nullable(v.number()),
	own_capacity: v.nullable(v.number()),
	categories: v.array(v.string()),
	opens_at: v.nullable(v.string()),
	closes_at: v.nullable(v.string()),
	position: v.number(),
	ended: v.boolean()
});
export type Checkpoint = v.InferOutput<typeof Checkpoint>;

/** Somebody whose badge was left at home. */
export const BadgeMatch = v.strictObject({
	badge_code: v.string(),
	name: v.string(),
	affiliation: v.string(),
	category: v.string()
});
export type BadgeMatch = v.InferOutput<typeof BadgeMatch>;

/** What these functions answer. */
export const answers = {
	check_badge: BadgeCheck,
	list_checkpoints: v.array(Checkpoint),
	find_badges_by_name: v.nullable(v.array(BadgeMatch)),
	save_checkpoint: answer({ ok: { id: v.string() } }, 'not_allowed', 'not_found', 'invalid')
} satisfies Answers;
