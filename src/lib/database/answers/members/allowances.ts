import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers } from '../kinds.ts';

/** Seats of a mode. */
const ModeFigures = v.strictObject({
	mode: v.picklist(enums.attendance_mode),
	capacity: v.number(),
	held: v.number(),
	taken: v.number(),
	reserved: v.number(),
	waiting: v.number()
});

/** Seats of a sector in a mode; `policy` null: none for its members. */
export const SectorFigures = v.strictObject({
	sector: v.picklist(enums.sector),
	mode: v.picklist(enums.attendance_mode),
	members: v.number(),
	policy: v.nullable(v.number()),
	allocated: v.number(),
	held: v.number(),
	taken: v.number(),
	waiting: v.number()
});
export type SectorFigures = v.InferOutput<typeof SectorFigures>;

/** A ceiling of seats for a sector or a region. */
export const BalanceCeiling = v.strictObject({
	mode: v.picklist(enums.attendance_mode),
	sector: v.nullable(v.picklist(enums.sector)),
	region: v.nullable(v.string()),
	ceiling: v.number()
});
export type BalanceCeiling = v.InferOutput<typeof BalanceCeiling>;

export const AllowanceFigures = v.strictObject({
	modes: v.array(ModeFigures),
	sectors: v.array(SectorFigures),
	ceilings: v.array(
		v.strictObject({
			...BalanceCeiling.entries,
			used: v.number()
		})
	)
});
export type AllowanceFigures = v.InferOutput<typeof AllowanceFigures>;

/** All present quotas. */
export const Allowances = v.strictObject({
	...AllowanceFigures.entries,
	version: v.string(),
	exceptions: v.array(
		v.strictObject({
			member_id: v.string(),
			name: v.string(),
			mode: v.picklist(enums.attendance_mode),
			ceiling: v.number(),
			policy: v.number(),
			used: v.number(),
			reason: v.string(),
			reserved_until: v.nullable(v.string())
		})
	),
	pools: v.array(
		v.strictObject({
			name: v.string(),
			category: v.string(),
			in_person: v.number(),
			virtual: v.number()
		})
	),
	regions: v.array(v.string())
});
export type Allowances = v.InferOutput<typeof Allowances>;

/** The effects of a proposal. */
export const AllowancePreview = v.strictObject({
	version: v.string(),
	before: AllowanceFigures,
	after: AllowanceFigures,
	members: v.strictObject({
		total: v.number(),
		rows: v.array(
			v.strictObject({
				id: v.string(),
				name: v.string(),
				mode: v.picklist(enums.attendance_mode),
				before: v.number(),
				after: v.number(),
				used: v.number()
			})
		)
	}),
	stranded: v.array(
		v.strictObject({
			kind: v.picklist(['capacity', 'member', 'pool', 'region', 'sector']),
			mode: v.picklist(enums.attendance_mode),
			member_id: v.nullable(v.string()),
			name: v.nullable(v.string()),
			seats: v.number(),
			allowed: v.number()
		})
	),
	served: v.array(
		v.strictObject({
			mode: v.picklist(enums.attendance_mode),
			seats: v.number(),
			offers: v.number()
		})
	),
	next: v.array(
		v.strictObject({
			mode: v.picklist(enums.attendance_mode),
			registration_id: v.string(),
			display_name: v.string(),
			member: v.nullable(v.string())
		})
	)
});
export type AllowancePreview = v.InferOutput<typeof AllowancePreview>;

export const QueueWhy = v.picklist(['capacity', 'allocation', 'ceiling', 'others_wait', 'standing']);

/** One entry of a queue. */
export const QueueRow = v.strictObject({
	id: v.string(),
	registration_id: v.string(),
	reference: v.string(),
	display_name: v.string(),
	member: v.nullable(v.string()),
	member_id: v.nullable(v.string()),
	pool: v.nullable(v.string()),
	sector: v.nullable(v.picklist(enums.sector)),
	region: v.nullable(v.string()),
	registration_state: v.string(),
	present_mode: v.picklist(enums.attendance_mode),
	state: v.picklist(['waiting', 'offered']),
	position: v.nullable(v.number()),
	reason: v.nullable(QueueWhy),
	since: v.string(),
	deadline: v.nullable(v.string()),
	used: v.number(),
	allowed: v.number(),
	full: v.array(
		v.strictObject({
			name: v.string(),
			ceiling: v.number(),
			used: v.number()
		})
	)
});
export type QueueRow = v.InferOutput<typeof QueueRow>;

export const Queue = v.strictObject({
	mode: v.picklist(enums.attendance_mode),
	total: v.number(),
	waiting: v.number(),
	offered: v.number(),
	/** Whether the Summit is in a state in which freed seats are reassigned. */
	serving: v.boolean(),
	capacity: v.number(),
	open: v.number(),
	reserved: v.number(),
	reasons: v.record(QueueWhy, v.number()),
	rows: v.array(QueueRow)
});
export type Queue = v.InferOutput<typeof Queue>;

/** What these functions answer. */
export const answers = {
	read_seat_quotas: v.nullable(Allowances),
	preview_seat_quotas: answer(
		{ ok: AllowancePreview.entries, stranded: AllowancePreview.entries },
		'invalid',
		'not_allowed'
	),
	apply_seat_quotas: answer(
		{ ok: { served: v.number() }, stranded: { detail: v.string() } },
		'conflict',
		'invalid',
		'not_allowed'
	),
	list_queue: v.nullable(Queue)
} satisfies Answers;
