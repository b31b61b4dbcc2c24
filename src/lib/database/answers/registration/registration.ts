import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import type { Answers, PrivateAnswers } from '../kinds.ts';

/** One entry of a registration's history. */
export const HistoryStep = v.object({
	from_state: v.nullable(v.picklist(enums.registration_state)),
	to_state: v.picklist(enums.registration_state),
	mode: v.picklist(enums.attendance_mode),
	/** The new category, where the step changed it. */
	category: v.optional(v.nullable(v.string())),
	at: v.string(),
	reason: v.string(),
	/** Whether the person did it themselves. */
	by_self: v.boolean(),
	/** Who did it, for organisers. */
	actor: v.optional(v.nullable(v.string()))
});
export type HistoryStep = v.InferOutput<typeof HistoryStep>;

/** A place in the queue, or the offer that resulted from it. */
export const QueueEntry = v.object({
	id: v.string(),
	mode: v.picklist(enums.attendance_mode),
	state: v.picklist(['waiting', 'offered']),
	reason: v.picklist(enums.queue_reason),
	position: v.nullable(v.number()),
	deadline: v.nullable(v.string())
});
export type QueueEntry = v.InferOutput<typeof QueueEntry>;

/** A person's own registration. */
export const MyRegistration = v.object({
	id: v.string(),
	reference: v.string(),
	category: v.string(),
	mode: v.picklist(enums.attendance_mode),
	state: v.picklist(enums.registration_state),
	state_since: v.string(),
	form_step: v.number(),
	version: v.number(),
	updated_at: v.string(),
	display_name: v.string(),
	office: v.string(),
	affiliation: v.string(),
	country: v.nullable(v.string()),
	member: v.nullable(
		v.object({
			id: v.string(),
			name: v.string(),
			sector: v.picklist(enums.sector),
			country: v.nullable(v.string())
		})
	),
	request: v.nullable(
		v.object({
			name: v.string(),
			sector: v.nullable(v.picklist(enums.sector)),
			country: v.nullable(v.string()),
			state: v.picklist(['open', 'linked', 'refused'])
		})
	),
	languages: v.array(v.string()),
	access_needs: v.string(),
	note: v.string(),
	no_photographs: v.boolean(),
	protection: v.object({
		kind: v.picklist(['none', 'alias', 'talk_first']),
		has_sealed_name: v.boolean()
	}),
	consents: v.record(v.string(), v.boolean()),
	code_of_conduct_at: v.nullable(v.string()),
	/** Under 18 on the first day. */
	is_minor: v.boolean(),
	steps: v.array(HistoryStep),
	seat: v.nullable(
		v.object({
			mode: v.picklist(enums.attendance_mode),
			state: v.picklist(['held', 'taken']),
			held_until: v.nullable(v.string())
		})
	),
	queue: v.array(QueueEntry),
	order: v.nullable(
		v.object({
			id: v.string(),
			reference: v.string(),
			balance: v.number(),
			currency: v.string(),
			due_at: v.string(),
			/** Closed when settled or cancelled. */
			is_open: v.boolean(),
			/** A member pays for a whole delegation; its delegates have nothing to pay. */
			payer: v.picklist(['person', 'member'])
		})
	),
	badge: v.nullable(
		v.object({
			id: v.string(),
			badge_code: v.string(),
			issued_at: v.string()
		})
	)
});
export type MyRegistration = v.InferOutput<typeof MyRegistration>;

/** What a change of a registration answers; `status` is a word of the database's. */
export const RegistrationOutcome = v.object({
	status: v.string(),
	id: v.optional(v.string()),
	version: v.optional(v.number()),
	missing: v.optional(v.array(v.string())),
	faults: v.optional(v.array(v.string())),
	queue_position: v.optional(v.nullable(v.number())),
	held_until: v.optional(v.nullable(v.string()))
});
export type RegistrationOutcome = v.InferOutput<typeof RegistrationOutcome>;

/** What came of filling in a step; `sent` when it was also sent: held, queued, missing or not_open. */
export const Filled = v.object({
	...RegistrationOutcome.entries,
	sent: v.optional(RegistrationOutcome)
});
export type Filled = v.InferOutput<typeof Filled>;

/** Seats of one mode, for all and for one member. */
export const SeatsLeft = v.object({
	mode: v.picklist(enums.attendance_mode),
	capacity: v.number(),
	left: v.number(),
	member_ceiling: v.nullable(v.number()),
	member_left: v.nullable(v.number()),
	waiting: v.number(),
	/** Minor units; 0 is free of charge; null where it depends on a member not chosen yet. */
	fee: v.optional(v.nullable(v.number())),
	currency: v.optional(v.nullable(v.string()))
});
export type SeatsLeft = v.InferOutput<typeof SeatsLeft>;

/** A question to the person. */
export const InformationRequest = v.object({
	id: v.string(),
	question: v.string(),
	deadline: v.string(),
	state: v.picklist(['open', 'answered', 'closed']),
	asked_at: v.string(),
	answer: v.nullable(v.string()),
	answered_at: v.nullable(v.string()),
	asked_by: v.optional(v.nullable(v.string())),
	is_read: v.optional(v.boolean()),
	reminders: v.optional(v.number())
});
export type InformationRequest = v.InferOutput<typeof InformationRequest>;

/** What the accreditation desk wants of the reader: questions, and whether a change of theirs is looked at. */
export const Desk = v.object({
	registration_id: v.string(),
	questions: v.array(InformationRequest),
	review: v.nullable(
		v.object({
			fields: v.array(v.string()),
			is_paused: v.boolean()
		})
	)
});
export type Desk = v.InferOutput<typeof Desk>;

/** What these functions answer. */
export const answers = {
	my_registration: v.nullable(MyRegistration),
	save_registration_steps: Filled,
	save_sent_steps: RegistrationOutcome,
	seats_left: v.array(SeatsLeft),
	withdraw_registration: RegistrationOutcome,
	switch_mode: RegistrationOutcome,
	quote_switch: v.nullable(
		v.object({
			due: v.number(),
			credit: v.number(),
			currency: v.string()
		})
	),
	join_queue: RegistrationOutcome,
	leave_queue: RegistrationOutcome,
	replace_badge: RegistrationOutcome,
	read_my_desk_requests: v.nullable(Desk),
	update_my_details: v.object({
		status: v.string(),
		review: v.optional(v.boolean()),
		faults: v.optional(v.array(v.string()))
	}),
	answer_offer: RegistrationOutcome
} satisfies Answers;

/** What these functions of `private` answer: their value, or their row. */
export const privateAnswers = {
	sweep_deadlines: v.object({
		more: v.boolean()
	})
} satisfies PrivateAnswers;
