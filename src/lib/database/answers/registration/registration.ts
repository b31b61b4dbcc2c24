import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from '../answer.ts';
import type { Answers, PrivateAnswers } from '../kinds.ts';
import { TextMap } from '../text-map.ts';

/** One entry of a registration's history. */
export const HistoryStep = v.strictObject({
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
export const QueueEntry = v.strictObject({
	id: v.string(),
	mode: v.picklist(enums.attendance_mode),
	state: v.picklist(['waiting', 'offered']),
	reason: v.picklist(enums.queue_reason),
	position: v.nullable(v.number()),
	deadline: v.nullable(v.string())
});
export type QueueEntry = v.InferOutput<typeof QueueEntry>;

/** A person's own registration. */
export const MyRegistration = v.strictObject({
	id: v.string(),
	summit_id: v.string(),
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
		v.strictObject({
			id: v.string(),
			name: v.string(),
			sector: v.picklist(enums.sector),
			country: v.nullable(v.string())
		})
	),
	request: v.nullable(
		v.strictObject({
			name: v.string(),
			sector: v.nullable(v.picklist(enums.sector)),
			country: v.nullable(v.string()),
			state: v.picklist(['open', 'linked', 'refused'])
		})
	),
	languages: v.array(v.string()),
	access_needs: v.string(),
	note: v.string(),
	/** What the person wishes. */
	no_photographs: v.boolean(),
	/** Whether nobody may photograph them: by their wish, by protection or because they did not consent. */
	forbids_photographs: v.boolean(),
	protection: v.strictObject({
		kind: v.picklist(['none', 'alias', 'talk_first']),
		has_sealed_name: v.boolean()
	}),
	consents: v.record(v.string(), v.boolean()),
	code_of_conduct_at: v.nullable(v.string()),
	/** Under 18 on the first day. */
	is_minor: v.boolean(),
	steps: v.array(HistoryStep),
	seat: v.nullable(
		v.strictObject({
			mode: v.picklist(enums.attendance_mode),
			state: v.picklist(['held', 'taken']),
			held_until: v.nullable(v.string())
		})
	),
	queue: v.array(QueueEntry),
	order: v.nullable(
		v.strictObject({
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
		v.strictObject({
			id: v.string(),
			badge_code: v.string(),
			issued_at: v.string(),
			/** The labels of the answer that the badge shows. */
			line: v.array(TextMap)
		})
	)
});
export type MyRegistration = v.InferOutput<typeof MyRegistration>;

/** The hold or the queue entry of a registration in its mode. */
const SeatStatus = {
	held_until: v.nullable(v.string()),
	queue_position: v.nullable(v.number()),
	queue_reason: v.nullable(v.picklist(enums.queue_reason))
};

/** What sending the form answers. */
export const Submitted = answer(
	{
		held: SeatStatus,
		queued: SeatStatus,
		already: { state: v.picklist(enums.registration_state), ...SeatStatus },
		missing: { missing: v.array(v.string()) }
	},
	/** Another tab changed the mode before the locks were held. */
	'conflict',
	'not_open',
	'not_found'
);
export type Submitted = v.InferOutput<typeof Submitted>;

const version = { version: v.number() };

/** What saving a step of the form answers. */
const StepSaved = answer(
	{
		ok: version,
		conflict: version,
		locked: version,
		closed: version,
		/** Without a version where nothing could be read. */
		invalid: { version: v.optional(v.number()), faults: v.array(v.string()) }
	},
	'not_found'
);

/** What came of filling in steps; `sent` when the form was also sent. */
export const Filled = answer(
	{
		ok: { ...version, id: v.string(), sent: v.optional(Submitted) },
		conflict: { ...version, id: v.optional(v.string()) },
		locked: version,
		closed: version,
		invalid: { version: v.optional(v.number()), faults: v.array(v.string()) },
		/** It was sent before. */
		already: { id: v.string(), state: v.picklist(enums.registration_state) }
	},
	'not_open',
	'not_found',
	'not_allowed'
);
export type Filled = v.InferOutput<typeof Filled>;

/** The order to pay. Minor units. */
const OpenOrder = { order_id: v.string(), amount: v.number(), currency: v.string(), due_at: v.string() };

/** What switching the mode answers. */
export const Switched = answer(
	{
		awaiting_payment: OpenOrder,
		/** The present seat stays until the difference is paid. */
		payment_due: OpenOrder,
		no_seat: { reason: v.picklist(enums.queue_reason) }
	},
	'ok',
	'already',
	'wrong_state',
	'not_found'
);
export type Switched = v.InferOutput<typeof Switched>;

const QueuePlace = {
	position: v.nullable(v.number()),
	reason: v.picklist(enums.queue_reason),
	deadline: v.nullable(v.string())
};

/** Seats of one mode, for all and for one member. */
export const SeatsLeft = v.strictObject({
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
export const InformationRequest = v.strictObject({
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
export const Desk = v.strictObject({
	registration_id: v.string(),
	questions: v.array(InformationRequest),
	review: v.nullable(
		v.strictObject({
			fields: v.array(v.string()),
			is_paused: v.boolean()
		})
	)
});
export type Desk = v.InferOutput<typeof Desk>;

const SealedContact = { contact_sealed: v.string(), key_id: v.string() };

/** What these functions answer. */
export const answers = {
	my_emergency_contact: v.nullable(v.strictObject(SealedContact)),
	read_emergency_contact: answer(
		{ ok: { registration_id: v.string(), display_name: v.string(), ...SealedContact } },
		'none',
		/** Only safeguarding opens that of a person under an alias. */
		'protected',
		'not_found',
		'not_allowed'
	),
	my_registration: v.nullable(MyRegistration),
	save_registration_steps: Filled,
	save_sent_steps: StepSaved,
	seats_left: v.array(SeatsLeft),
	withdraw_registration: answer({ ok: { refund: v.number(), currency: v.string() } }, 'wrong_state', 'not_found'),
	switch_mode: Switched,
	quote_switch: v.nullable(
		v.strictObject({
			due: v.number(),
			credit: v.number(),
			currency: v.string()
		})
	),
	join_queue: answer({ queued: QueuePlace, offered: QueuePlace, already: QueuePlace }, 'wrong_state', 'not_found'),
	leave_queue: answer({}, 'ok', 'wrong_state', 'not_found'),
	replace_badge: answer({}, 'ok', 'too_often', 'no_badge', 'not_found'),
	read_my_desk_requests: v.nullable(Desk),
	update_my_details: answer(
		{ ok: { review: v.boolean() }, invalid: { faults: v.array(v.string()) } },
		'protected',
		'closed',
		'not_found'
	),
	answer_offer: answer(
		{ awaiting_payment: OpenOrder, payment_due: OpenOrder },
		'confirmed',
		'ok',
		'declined',
		'withdrawn',
		'lapsed',
		'wrong_state',
		'not_found'
	)
} satisfies Answers;

/** What these functions of `private` answer: their value, or their row. */
export const privateAnswers = {
	/** How many ran out, how many were served from the queue, and whether to call again at once. */
	sweep_deadlines: v.strictObject({
		offers: v.number(),
		orders: v.number(),
		holds: v.number(),
		served: v.number(),
		more: v.boolean()
	})
} satisfies PrivateAnswers;
