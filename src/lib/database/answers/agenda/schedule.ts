import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import type { Answers } from '../kinds.ts';
import { TextMap } from '../text-map.ts';
import { BuilderSession } from './builder.ts';
import { CheckSettings } from './checks.ts';
import { RoomFacts } from './facts.ts';

/** From and until, as ISO instants. */
const Span = v.strictTuple([v.string(), v.string()]);

/** Everything that decides where sessions may be, as `read_schedule_facts` returns it. */
export const ScheduleFacts = v.strictObject({
	rooms: v.array(
		v.strictObject({
			slug: v.string(),
			name: TextMap,
			kind: v.picklist(enums.room_kind),
			capacity: v.nullable(v.number()),
			/** For rest: no sessions are held there. */
			is_quiet: v.boolean(),
			/** Null where nothing was entered. */
			facts: v.nullable(v.omit(RoomFacts, ['room']))
		})
	),
	/** The minutes between two rooms, where they were entered. */
	walks: v.array(v.strictObject({ one: v.string(), other: v.string(), minutes: v.number() })),
	people: v.array(
		v.strictObject({
			id: v.string(),
			name: v.string(),
			zone: v.nullable(v.string()),
			/** Takes part online. */
			is_remote: v.boolean(),
			available: v.array(Span),
			/** In sessions that the reader does not see. */
			busy: v.array(Span),
			/** None of somebody with an alias. */
			member: v.nullable(v.string()),
			sector: v.nullable(v.picklist(enums.sector)),
			region: v.nullable(v.string())
		})
	),
	/** Those that are not cancelled and that the reader sees. */
	sessions: v.array(
		v.strictObject({
			...v.omit(BuilderSession, ['people', 'spoken', 'interpreted', 'is_recorded']).entries,
			people: v.array(
				v.strictObject({
					person: v.string(),
					/** Has confirmed. */
					is_sure: v.boolean(),
					/** Is seen: neither interpreter nor captioner alone. */
					is_staged: v.boolean(),
					is_interpreter: v.boolean()
				})
			),
			needs: v.strictObject({
				expected: v.nullable(v.number()),
				step_free: v.boolean(),
				hearing_loop: v.boolean(),
				equipment: v.array(v.string())
			})
		})
	),
	/** How many readers marked both of two sessions, by code: those with the most. */
	shared: v.array(v.strictTuple([v.string(), v.string(), v.number()])),
	/** When rooms are taken by something else. */
	blocks: v.array(v.strictObject({ start: v.string(), end: v.string(), rooms: v.array(v.string()) })),
	limits: CheckSettings.entries.limits,
	severities: CheckSettings.entries.severities
});
export type ScheduleFacts = v.InferOutput<typeof ScheduleFacts>;

/** What these functions answer. */
export const answers = {
	read_schedule_facts: v.nullable(ScheduleFacts)
} satisfies Answers;
