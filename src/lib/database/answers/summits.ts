import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from './answer.ts';
import type { Answers } from './kinds.ts';
import { ClosingKey, LaunchKey } from './organising.ts';
import { TextMap } from './text-map.ts';

/** A room, with its position among the Summit's rooms. */
export const Room = v.strictObject({
	id: v.string(),
	slug: v.string(),
	name: TextMap,
	kind: v.picklist(enums.room_kind),
	capacity: v.nullable(v.number()),
	/** For rest: no sessions are held there. */
	is_quiet_room: v.boolean(),
	directions: TextMap,
	hours: TextMap
});
export type Room = v.InferOutput<typeof Room>;

/** A track or a format: a filter of the agenda. */
export const SummitHeading = v.strictObject({
	id: v.string(),
	slug: v.string(),
	name: TextMap
});
export type SummitHeading = v.InferOutput<typeof SummitHeading>;

/** A contact. */
export const Contact = v.strictObject({
	kind: v.picklist(['wellbeing', 'safeguarding', 'registration', 'technical', 'general', 'emergency', 'privacy']),
	label: TextMap,
	note: TextMap,
	mail: v.nullable(v.string()),
	telephone: v.nullable(v.string()),
	hours: TextMap
});
export type Contact = v.InferOutput<typeof Contact>;

/** One edition, as `read_summit` returns it: its public data. */
export const Summit = v.strictObject({
	id: v.string(),
	slug: v.string(),
	name: TextMap,
	summary: TextMap,
	zone: v.string(),
	starts_on: v.string(),
	ends_on: v.string(),
	state: v.picklist(enums.summit_state),
	venue_name: TextMap,
	city: TextMap,
	country: v.nullable(v.string()),
	address: v.string(),
	languages: v.array(v.string()),
	currency: v.string(),
	registration_opens_at: v.nullable(v.string()),
	registration_closes_at: v.nullable(v.string()),
	/** After it only organisers nominate; null: while registration is open. */
	nominations_close_at: v.nullable(v.string()),
	/** From then on the accredited keep their displayed names. */
	names_freeze_at: v.nullable(v.string()),
	registration: v.picklist(['before', 'open', 'closed']),
	rooms: v.array(Room),
	tracks: v.array(SummitHeading),
	formats: v.array(
		v.strictObject({
			...SummitHeading.entries,
			minutes: v.number()
		})
	),
	payment_days: v.number(),
	texts: v.record(v.string(), TextMap),
	contacts: v.array(Contact),
	consents: v.array(
		v.strictObject({
			id: v.string(),
			key: v.string(),
			label: TextMap,
			detail: TextMap,
			is_required: v.boolean()
		})
	),
	release: v.nullable(
		v.strictObject({
			id: v.string(),
			number: v.number(),
			released_at: v.string()
		})
	),
	logistics_due_at: v.nullable(v.string()),
	review_days: v.number(),
	offer_hours: v.number(),
	refund_until: v.nullable(v.string()),
	refund_percent: v.number()
});
export type Summit = v.InferOutput<typeof Summit>;

/** Everything an owner has set for a Summit, read now. */
export type SummitSettings = Omit<
	Summit,
	'registration' | 'consents' | 'tracks' | 'rooms' | 'formats' | 'contacts' | 'release'
>;

/** What saving the settings answers; `faults` names columns. */
export const SavedSummit = answer(
	{ ok: { slug: v.string() }, invalid: { faults: v.array(v.string()) } },
	'not_allowed',
	'slug_taken'
);
export type SavedSummit = v.InferOutput<typeof SavedSummit>;

/** The number of seats, and the quota of a member of each sector. */
export const SeatRules = v.strictObject({
	capacities: v.record(v.picklist(enums.attendance_mode), v.number()),
	ceilings: v.record(v.string(), v.record(v.picklist(enums.attendance_mode), v.number()))
});
export type SeatRules = v.InferOutput<typeof SeatRules>;

/** A Summit in the list of its organisers. */
export const OwnSummit = v.pick(Summit, ['name', 'id', 'slug', 'state', 'starts_on', 'ends_on']);
export type OwnSummit = v.InferOutput<typeof OwnSummit>;

/** What an owner looks at in a Summit that was created from an earlier edition. */
export const CopiedEdition = v.strictObject({
	from: v.strictObject({ slug: v.string(), name: TextMap }),
	items: v.array(
		v.strictObject({
			key: v.picklist([
				'deadlines',
				'fees',
				'consents',
				'empty_pages',
				'draft_pages',
				'published_pages',
				'wordings',
				'surveys',
				'members_left',
				'no_focal_point',
				'roles'
			]),
			count: v.number()
		})
	)
});
export type CopiedEdition = v.InferOutput<typeof CopiedEdition>;

/** What these functions answer. */
export const answers = {
	read_summit: v.nullable(Summit),
	current_summit: v.nullable(v.string()),
	create_summit: SavedSummit,
	create_summit_from: SavedSummit,
	read_copied_edition: v.nullable(CopiedEdition),
	save_summit: SavedSummit,
	set_summit_state: answer(
		{
			not_ready: { items: v.array(LaunchKey) },
			clock_ran: { classes: v.array(v.string()) },
			blocked: { items: v.array(ClosingKey) },
			open: { items: v.array(ClosingKey) }
		},
		'ok',
		'already',
		'not_allowed'
	),
	read_seat_settings: SeatRules,
	save_seat_settings: answer({ below_use: { detail: v.string() } }, 'ok', 'not_allowed', 'invalid'),
	list_summits: v.array(OwnSummit)
} satisfies Answers;
