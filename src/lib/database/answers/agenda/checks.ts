import * as v from 'valibot';
import type { Answers } from '../kinds.ts';
import { TextMap } from '../text-map.ts';

export const FindingCode = v.picklist([
	'level_stream',
	'speaker_twice',
	'speaker_maybe_twice',
	'outside_summit',
	'room_capacity',
	'speaker_travel',
	'outside_availability',
	'humane_hours',
	'interpreter_pairs',
	'interpreter_hours',
	'audience_room',
	'unconfirmed_speaker',
	'equipment_missing',
	'access_missing',
	'track_parallel',
	'member_parallel',
	'no_slot',
	'no_people'
]);
export type FindingCode = v.InferOutput<typeof FindingCode>;

/** One problem of the draft, with its sessions. */
export const Finding = v.strictObject({
	code: FindingCode,
	severity: v.picklist(['note', 'block', 'warn']),
	sessions: v.array(v.string()),
	detail: v.strictObject({
		person: v.optional(v.string()),
		people: v.optional(v.array(v.string())),
		start: v.optional(v.string()),
		end: v.optional(v.string()),
		minutes: v.optional(v.number()),
		gap: v.optional(v.number()),
		zone: v.optional(v.string()),
		expected: v.optional(v.number()),
		seats: v.optional(v.number()),
		lacks: v.optional(v.picklist(['hall', 'stream'])),
		level: v.optional(v.string()),
		things: v.optional(v.array(v.string())),
		step_free: v.optional(v.boolean()),
		hearing_loop: v.optional(v.boolean()),
		language: v.optional(v.string()),
		count: v.optional(v.number()),
		kind: v.optional(v.picklist(['turn', 'day'])),
		track: v.optional(TextMap),
		member: v.optional(v.string())
	}),
	/** Of what the check looked at; '' after moves. */
	fingerprint: v.string(),
	/** An organiser accepted it; this holds until something that the check looked at changes. */
	accepted: v.nullable(v.strictObject({ reason: v.string(), by: v.nullable(v.string()), at: v.string() }))
});
export type Finding = v.InferOutput<typeof Finding>;

/** The answer of `read_checks`. */
export const Checks = v.strictObject({
	findings: v.array(Finding),
	sessions: v.record(
		v.string(),
		v.strictObject({
			title: TextMap,
			state: v.string()
		})
	),
	people: v.record(v.string(), v.string()),
	/** Findings that are hidden, because of a session that the reader may not see. */
	hidden: v.number()
});
export type Checks = v.InferOutput<typeof Checks>;

/** The settings of a Summit. */
export const CheckSettings = v.strictObject({
	severities: v.strictObject({
		level_stream: v.picklist(['note', 'block', 'warn']),
		speaker_twice: v.picklist(['note', 'block', 'warn']),
		speaker_maybe_twice: v.picklist(['note', 'block', 'warn']),
		outside_summit: v.picklist(['note', 'block', 'warn']),
		room_capacity: v.picklist(['note', 'block', 'warn']),
		speaker_travel: v.picklist(['note', 'block', 'warn']),
		outside_availability: v.picklist(['note', 'block', 'warn']),
		humane_hours: v.picklist(['note', 'block', 'warn']),
		interpreter_pairs: v.picklist(['note', 'block', 'warn']),
		interpreter_hours: v.picklist(['note', 'block', 'warn']),
		audience_room: v.picklist(['note', 'block', 'warn']),
		unconfirmed_speaker: v.picklist(['note', 'block', 'warn']),
		equipment_missing: v.picklist(['note', 'block', 'warn']),
		access_missing: v.picklist(['note', 'block', 'warn']),
		track_parallel: v.picklist(['note', 'block', 'warn']),
		member_parallel: v.picklist(['note', 'block', 'warn']),
		no_slot: v.picklist(['note', 'block', 'warn']),
		no_people: v.picklist(['note', 'block', 'warn'])
	}),
	limits: v.strictObject({
		floor_minutes: v.number(),
		building_minutes: v.number(),
		turn_minutes: v.number(),
		day_minutes: v.number(),
		track_limit: v.number(),
		daytime_from: v.string(),
		daytime_until: v.string()
	})
});
export type CheckSettings = v.InferOutput<typeof CheckSettings>;

/** What these functions answer. */
export const answers = {
	read_checks: v.nullable(Checks),
	read_check_settings: v.nullable(CheckSettings)
} satisfies Answers;
