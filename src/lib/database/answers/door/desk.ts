import * as v from 'valibot';
import type { Answers } from '../kinds.ts';
import { Checkpoint } from './checkpoints.ts';

/** A device at a door. */
export const DeskDevice = v.strictObject({
	id: v.string(),
	name: v.string(),
	checkpoint: v.string(),
	person: v.nullable(v.string()),
	last_seen_at: v.nullable(v.string()),
	queued: v.number(),
	battery_percent: v.nullable(v.number()),
	version: v.string(),
	offset_minutes: v.number(),
	shut_out: v.boolean(),
	expired: v.boolean(),
	scans: v.number()
});
export type DeskDevice = v.InferOutput<typeof DeskDevice>;

/** An incident to review. */
export const Incident = v.strictObject({
	id: v.string(),
	kind: v.picklist([
		'two_doors',
		'revoked',
		'barred',
		'not_entitled',
		'over_capacity',
		'wrong_clock',
		'shut_out',
		'unknown_badge'
	]),
	found_at: v.string(),
	facts: v.record(v.string(), v.union([v.string(), v.number()])),
	note: v.string(),
	resolved_at: v.nullable(v.string()),
	resolved_by: v.nullable(v.string()),
	handled_by: v.picklist(['safeguarding', 'door', 'registration']),
	person: v.nullable(v.string()),
	device: v.nullable(v.string()),
	checkpoint: v.nullable(v.string())
});
export type Incident = v.InferOutput<typeof Incident>;

/** One page of the whole list. */
export const DoorDesk = v.strictObject({
	/** The number of people inside, at any checkpoint. */
	building: v.number(),
	/** The number of people who came today. */
	came: v.number(),
	places: v.array(
		v.strictObject({
			...Checkpoint.entries,
			inside: v.number()
		})
	),
	devices: v.array(DeskDevice),
	conflicts: v.array(Incident)
});
export type DoorDesk = v.InferOutput<typeof DoorDesk>;

/** A person who is inside. */
export const PersonInside = v.strictObject({
	person: v.string(),
	name: v.string(),
	category: v.nullable(v.string()),
	since: v.string(),
	needs_help: v.nullable(v.boolean()),
	places: v.array(v.string())
});
export type PersonInside = v.InferOutput<typeof PersonInside>;

/** What these functions answer. */
export const answers = {
	read_door_desk: v.nullable(DoorDesk),
	list_people_inside: v.nullable(v.array(PersonInside))
} satisfies Answers;
