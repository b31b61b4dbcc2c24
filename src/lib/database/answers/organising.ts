import { domains, enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import type { Answers } from './kinds.ts';
import { TextMap } from './text-map.ts';

/** How many of one kind wait, and since when the oldest does, where something says so. */
const Waiting = v.strictObject({ count: v.number(), since: v.nullable(v.string()) });

/** What waits for the reader's roles, by kind; kinds of which nothing waits are left out. */
export const WaitingList = v.strictObject({
	backups: v.optional(Waiting),
	registrations: v.optional(Waiting),
	second: v.optional(Waiting),
	re_reviews: v.optional(Waiting),
	member_requests: v.optional(Waiting),
	conflicts: v.optional(Waiting),
	devices: v.optional(Waiting),
	proposals: v.optional(Waiting),
	stale_proposals: v.optional(Waiting),
	side_events: v.optional(Waiting),
	suggestions: v.optional(Waiting),
	checks: v.optional(Waiting),
	bank_rows: v.optional(Waiting),
	waivers: v.optional(Waiting),
	concerns: v.optional(Waiting),
	matches: v.optional(Waiting),
	needs: v.optional(Waiting),
	commitments_to_check: v.optional(Waiting),
	commitments_to_announce: v.optional(Waiting)
});
export type WaitingList = v.InferOutput<typeof WaitingList>;

/** What the words of a query name. */
export const FoundItem = v.strictObject({
	kind: v.picklist(['registration', 'member', 'session', 'proposal', 'order']),
	id: v.string(),
	/** The title of a session or proposal, by language; else a name or reference. */
	label: v.union([v.string(), TextMap]),
	detail: v.nullable(v.string())
});
export type FoundItem = v.InferOutput<typeof FoundItem>;

/** A saved view of a list: the filters and the order of its address. */
export const ListView = v.strictObject({
	id: v.string(),
	/** The place of the list after `/organise/`. */
	list: v.string(),
	name: v.string(),
	/** With its question mark. */
	query: v.string()
});
export type ListView = v.InferOutput<typeof ListView>;

/** An act of the reader that they can undo. */
export const UndoableAct = v.strictObject({
	id: v.string(),
	act: v.picklist(domains.undoable_act),
	/** The name of what was changed, if it has one that is shown. */
	subject: v.nullable(v.union([v.string(), TextMap])),
	at: v.string(),
	until: v.string()
});
export type UndoableAct = v.InferOutput<typeof UndoableAct>;

/** The items of the checklist before a Summit opens and goes live. */
export const LaunchKey = v.picklist([
	'texts',
	'seats',
	'safeguarding_contact',
	'contact',
	'consents',
	'fees',
	'registration',
	'place',
	'mail',
	'owners',
	'safeguarding_lead',
	'release',
	'stage',
	'door'
]);
export type LaunchKey = v.InferOutput<typeof LaunchKey>;

/** One item of the checklist. */
export const LaunchItem = v.strictObject({
	key: LaunchKey,
	/** The state that it comes before. */
	phase: v.picklist(['open', 'live']),
	/** Whether that state is refused while it is open. */
	blocks: v.boolean(),
	done: v.boolean(),
	count: v.nullable(v.number()),
	/** What is missing (`privacy:fr`), or what is there. */
	details: v.array(v.string())
});
export type LaunchItem = v.InferOutput<typeof LaunchItem>;

/** What may be open when a Summit is closed. */
export const ClosingKey = v.picklist([
	'live_runs',
	'payments',
	'refunds',
	'invoices',
	'bank_rows',
	'registrations',
	'requests',
	'letters',
	'needs',
	'proposals',
	'agenda',
	'pages',
	'mails',
	'recordings',
	'consents',
	'certificates',
	'concerns'
]);
export type ClosingKey = v.InferOutput<typeof ClosingKey>;

/** What an owner finds on the page of the closing. */
export const Closing = v.strictObject({
	state: v.picklist(enums.summit_state),
	closed_at: v.nullable(v.string()),
	items: v.array(
		v.strictObject({
			key: ClosingKey,
			/** Whether it forbids closing. */
			blocks: v.boolean(),
			/** Null: only safeguarding knows. */
			count: v.nullable(v.number()),
			/** Codes of sessions or references of orders. */
			details: v.array(v.string())
		})
	),
	/** Classes of data that retention has begun to delete since the closing. */
	ran: v.array(v.string()),
	clocks: v.array(
		v.strictObject({
			code: v.string(),
			days: v.number(),
			/** Null while the Summit is not closed. */
			due_at: v.nullable(v.string()),
			is_held: v.boolean()
		})
	)
});
export type Closing = v.InferOutput<typeof Closing>;

/** The session that is on or comes next in a room. */
export const RoomSession = v.strictObject({
	room: v.strictObject({ slug: v.string(), name: TextMap }),
	code: v.string(),
	title: TextMap,
	at: v.string(),
	until: v.string(),
	/** It can be watched online. */
	has_stage: v.boolean(),
	/** Of its run; null: its stage is not open. */
	state: v.nullable(v.picklist(enums.run_state)),
	/** Two for each language that is not spoken in it. */
	interpreters: v.strictObject({ needed: v.number(), assigned: v.number() }),
	/** Null where no door counts. */
	inside: v.nullable(v.number()),
	capacity: v.nullable(v.number())
});
export type RoomSession = v.InferOutput<typeof RoomSession>;

/** The day at a glance: who came, of how many confirmed in person, and the rooms. */
export const LiveOverview = v.strictObject({
	came: v.number(),
	building: v.number(),
	expected: v.number(),
	rooms: v.array(RoomSession)
});
export type LiveOverview = v.InferOutput<typeof LiveOverview>;

/** What these functions answer. */
export const answers = {
	list_waiting: WaitingList,
	find_in_summit: v.array(FoundItem),
	list_launch_items: v.array(LaunchItem),
	read_closing: v.nullable(Closing),
	read_live_overview: v.nullable(LiveOverview),
	my_list_views: v.array(ListView),
	my_undoable_acts: v.array(UndoableAct)
} satisfies Answers;
