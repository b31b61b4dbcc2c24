import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers } from '../kinds.ts';

/** An organisation as it takes part in one Summit. */
export const Member = v.strictObject({
	id: v.string(),
	name: v.string(),
	sector: v.picklist(enums.sector),
	country: v.nullable(v.string())
});
export type Member = v.InferOutput<typeof Member>;

/** A page of matches and how many there are in all. */
export const FoundMembers = v.strictObject({
	total: v.number(),
	members: v.array(Member)
});
export type FoundMembers = v.InferOutput<typeof FoundMembers>;

/** Seats of one member in one mode; `own`: the ceiling is an exception. */
const SeatCount = v.strictObject({
	ceiling: v.number(),
	held: v.number(),
	taken: v.number(),
	waiting: v.number()
});

/** A member as organisers list it. */
export const ListedMember = v.strictObject({
	...Member.entries,
	code: v.string(),
	region: v.string(),
	standing: v.picklist(enums.standing),
	website: v.nullable(v.string()),
	focal: v.array(v.string()),
	seats: v.strictObject({
		in_person: v.strictObject({
			...SeatCount.entries,
			own: v.boolean()
		}),
		virtual: v.strictObject({
			...SeatCount.entries,
			own: v.boolean()
		})
	})
});
export type ListedMember = v.InferOutput<typeof ListedMember>;

/** "Mine is not listed", as it waits for an answer. */
export const MemberRequest = v.strictObject({
	id: v.string(),
	name: v.string(),
	sector: v.nullable(v.picklist(enums.sector)),
	country: v.nullable(v.string()),
	created_at: v.string(),
	registration_id: v.string(),
	reference: v.string(),
	display_name: v.string(),
	office: v.string()
});
export type MemberRequest = v.InferOutput<typeof MemberRequest>;

/** A registered person of a member. */
export const MemberPerson = v.strictObject({
	registration_id: v.string(),
	person_id: v.string(),
	reference: v.string(),
	display_name: v.string(),
	office: v.string(),
	state: v.picklist(enums.registration_state),
	mode: v.picklist(enums.attendance_mode),
	position: v.nullable(v.number())
});
export type MemberPerson = v.InferOutput<typeof MemberPerson>;

/** One member with all its data for organisers. */
export const ReadMember = v.strictObject({
	...Member.entries,
	code: v.string(),
	region: v.string(),
	standing: v.picklist(enums.standing),
	website: v.nullable(v.string()),
	version: v.string(),
	/** Whether the reader may change name and website, which are shared between Summits. */
	is_lasting: v.boolean(),
	seats: v.array(
		v.strictObject({
			...SeatCount.entries,
			...v.strictObject({
				mode: v.picklist(enums.attendance_mode),
				policy: v.number(),
				exception: v.nullable(
					v.strictObject({
						ceiling: v.number(),
						reason: v.string(),
						reserved_until: v.nullable(v.string())
					})
				)
			}).entries
		})
	),
	focal: v.array(
		v.strictObject({
			id: v.string(),
			display_name: v.string(),
			office: v.string(),
			since: v.string()
		})
	),
	invited: v.array(
		v.strictObject({
			id: v.string(),
			hint: v.string(),
			until: v.string()
		})
	),
	people: v.array(MemberPerson)
});
export type ReadMember = v.InferOutput<typeof ReadMember>;

/** One entry of a member's history. */
export const MemberAct = v.strictObject({
	at: v.string(),
	what: v.picklist(['member', 'standing', 'focal', 'exception', 'merged']),
	action: v.picklist(['insert', 'update', 'delete', 'event']),
	actor: v.nullable(v.string()),
	person: v.nullable(v.string()),
	mode: v.nullable(v.picklist(enums.attendance_mode)),
	reason: v.nullable(v.string()),
	changes: v.array(
		v.strictObject({
			field: v.string(),
			from: v.optional(v.nullable(v.union([v.string(), v.number(), v.boolean()]))),
			to: v.optional(v.nullable(v.union([v.string(), v.number(), v.boolean()])))
		})
	)
});
export type MemberAct = v.InferOutput<typeof MemberAct>;

/** What a merge would move. */
export const MergePreview = v.strictObject({
	keep: v.strictObject({
		id: v.string(),
		code: v.string(),
		name: v.string(),
		sector: v.string(),
		country: v.nullable(v.string())
	}),
	duplicate: v.strictObject({
		id: v.string(),
		code: v.string(),
		name: v.string(),
		sector: v.string(),
		country: v.nullable(v.string())
	}),
	summits: v.array(
		v.strictObject({
			slug: v.string(),
			name: v.record(v.string(), v.string()),
			registrations: v.number(),
			focal: v.number(),
			waiting: v.number(),
			seats: v.array(
				v.strictObject({
					mode: v.picklist(enums.attendance_mode),
					kept: v.number(),
					dropped: v.number(),
					ceiling: v.number()
				})
			)
		})
	),
	moves: v.strictObject({
		orders: v.number(),
		sessions: v.number(),
		exceptions: v.number(),
		requests: v.number()
	}),
	exceeds: v.boolean()
});
export type MergePreview = v.InferOutput<typeof MergePreview>;

/** Seats of a pool in one mode. */
export const PoolSeats = v.strictObject({
	ceiling: v.number(),
	held: v.number(),
	taken: v.number(),
	waiting: v.number()
});
export type PoolSeats = v.InferOutput<typeof PoolSeats>;

export const Pool = v.strictObject({
	id: v.string(),
	category: v.string(),
	name: v.string(),
	/** Its seats count only under its own ceilings, not under the capacity. */
	outside: v.boolean(),
	in_person: PoolSeats,
	virtual: PoolSeats
});
export type Pool = v.InferOutput<typeof Pool>;

/** A person in a pool, or without one. */
const PoolRow = v.strictObject({
	id: v.string(),
	reference: v.string(),
	display_name: v.string(),
	category: v.string(),
	mode: v.picklist(enums.attendance_mode),
	state: v.picklist(enums.registration_state)
});

export const Pools = v.strictObject({
	may_change: v.boolean(),
	pools: v.array(Pool),
	/** How many have neither a member nor a pool. */
	unplaced: v.number(),
	total: v.number(),
	rows: v.array(PoolRow)
});
export type Pools = v.InferOutput<typeof Pools>;

/** What these functions answer. */
export const answers = {
	search_members: FoundMembers,
	list_members: v.nullable(
		v.strictObject({
			total: v.number(),
			members: v.array(ListedMember),
			countries: v.array(v.string()),
			regions: v.array(v.string())
		})
	),
	list_member_requests: v.array(MemberRequest),
	add_member: answer({ ok: { id: v.string() }, exists: { id: v.string() } }, 'invalid', 'not_allowed'),
	read_member: v.nullable(
		v.union([
			ReadMember,
			v.strictObject({
				moved_to: v.string()
			})
		])
	),
	member_history: v.nullable(v.array(MemberAct)),
	save_member: answer(
		{ invalid: { fault: v.string() }, stranded: { detail: v.string() } },
		'ok',
		'conflict',
		'taken',
		'not_lasting',
		'not_allowed',
		'not_found'
	),
	my_focal_invitations: v.array(
		v.strictObject({
			id: v.string(),
			member: v.string(),
			until: v.string()
		})
	),
	preview_member_merge: answer({ ok: MergePreview.entries }, 'same', 'unknown', 'not_allowed'),
	merge_members: answer(
		{ exceeds: { detail: v.string() }, stranded: { detail: v.string() } },
		'ok',
		'conflict',
		'not_allowed',
		'unknown',
		'same',
		'reason_needed'
	),
	read_pools: v.nullable(Pools),
	save_pool: answer(
		{ ok: { id: v.string() }, below_use: { detail: v.string() } },
		'not_allowed',
		'not_found',
		'invalid',
		'name_taken'
	),
	move_to_pool: v.array(
		v.strictObject({
			id: v.string(),
			status: v.picklist([
				'ok',
				'already',
				'no_room',
				'others_wait',
				'wrong_category',
				'has_member',
				'wrong_state',
				'not_found'
			])
		})
	)
} satisfies Answers;
