import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import type { Answers } from '../kinds.ts';
import { TextMap } from '../text-map.ts';

/** A checkpoint in the last five minutes. */
export const DoorNow = v.strictObject({
	id: v.string(),
	name: TextMap,
	kind: v.string(),
	/** Scans, and those of them that were refused. */
	now: v.number(),
	refused: v.number(),
	inside: v.number(),
	capacity: v.nullable(v.number()),
	devices: v.number(),
	silent: v.number(),
	/** Scans that its devices have not sent yet. */
	queued: v.number()
});
export type DoorNow = v.InferOutput<typeof DoorNow>;

/** Where a person of a session was last seen: connected to the stage, in its green room, or in the building. */
export const LastSeenAt = v.nullable(v.picklist(['stage', 'green_room', 'building']));
export type LastSeenAt = v.InferOutput<typeof LastSeenAt>;

export const AwaitedPerson = v.strictObject({
	name: v.string(),
	role: v.picklist(enums.session_role),
	/** Their LiveKit identity, once they had a pass. */
	identity: v.nullable(v.string()),
	seen: LastSeenAt
});
export type AwaitedPerson = v.InferOutput<typeof AwaitedPerson>;

/** A session that begins within half an hour, or has begun within it. */
export const SessionSoon = v.strictObject({
	code: v.string(),
	title: TextMap,
	room: TextMap,
	/** When it begins, ISO. */
	at: v.string(),
	run: v.nullable(v.string()),
	state: v.nullable(v.picklist(['waiting', 'live', 'paused'])),
	people: v.array(AwaitedPerson)
});
export type SessionSoon = v.InferOutput<typeof SessionSoon>;

/** What all who follow the doors of a day see. */
export const DayOverview = v.strictObject({
	day: v.string(),
	came: v.number(),
	building: v.number(),
	/** First arrivals by quarter of an hour. */
	arrivals: v.array(
		v.strictObject({
			at: v.string(),
			people: v.number()
		})
	),
	doors: v.array(DoorNow),
	conflicts: v.number(),
	mail: v.number(),
	/** Changes when something of `soon` changed. */
	mark: v.string()
});
export type DayOverview = v.InferOutput<typeof DayOverview>;

/** The same with the sessions of the reader. */
export const OnTheDay = v.strictObject({
	...DayOverview.entries,
	soon: v.array(SessionSoon)
});
export type OnTheDay = v.InferOutput<typeof OnTheDay>;

/** What these functions answer. */
export const answers = {
	read_on_the_day: v.nullable(OnTheDay)
} satisfies Answers;
