import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from './answer.ts';
import type { Answers, PrivateAnswers } from './kinds.ts';
import { TextMap } from './text-map.ts';

/** Counted when the alias was set. `rewritten` and `left`: rows by the place in which somebody had written the name. */
export const AliasFacts = v.strictObject({
	rewritten: v.record(v.string(), v.number()),
	left: v.record(v.string(), v.number()),
	releases: v.number(),
	badges: v.number(),
	certificates: v.number(),
	letters: v.number(),
	host_lists: v.number(),
	invoices: v.number(),
	recordings: v.number(),
	files: v.number(),
	calendars: v.number()
});
export type AliasFacts = v.InferOutput<typeof AliasFacts>;

export const AliasTraces = v.strictObject({
	at: v.string(),
	facts: AliasFacts
});
export type AliasTraces = v.InferOutput<typeof AliasTraces>;

/** The same, for safeguarding about others. */
export const ListedTraces = v.strictObject({
	...AliasTraces.entries,
	id: v.string(),
	display_name: v.string()
});
export type ListedTraces = v.InferOutput<typeof ListedTraces>;

/** What a reporter or the desk wrote, sealed. */
const SealedMessage = v.strictObject({
	id: v.string(),
	at: v.string(),
	is_from_desk: v.boolean(),
	text_sealed: v.string(),
	key_id: v.string()
});

/** A concern for safeguarding leads, as the database keeps it. */
export const SealedConcern = v.strictObject({
	id: v.string(),
	at: v.string(),
	/** Its subject, where known; '' else. */
	subject: v.string(),
	/** Sealed; null: not asked for, so not logged as read. */
	text_sealed: v.nullable(v.string()),
	key_id: v.string(),
	/** What was done, sealed. */
	note_sealed: v.nullable(v.string()),
	note_key_id: v.nullable(v.string()),
	closed_at: v.nullable(v.string()),
	closed_by: v.nullable(v.string()),
	session: v.nullable(
		v.strictObject({
			id: v.string(),
			code: v.string(),
			title: TextMap
		})
	),
	/** Null: they did not want to be named, or were not signed in. */
	reporter: v.nullable(
		v.strictObject({
			display_name: v.string(),
			affiliation: v.string()
		})
	),
	/** The people whom it is about: they never find it. */
	people: v.array(
		v.strictObject({
			id: v.string(),
			code: v.string(),
			display_name: v.string(),
			source: v.picklist(['reporter', 'lead'])
		})
	),
	/** Who has read it, and when last. */
	read_by: v.array(
		v.strictObject({
			display_name: v.string(),
			at: v.string()
		})
	),
	/** Who wrote it down for somebody else. */
	taken_by: v.nullable(v.string()),
	/** The language of the page on which it was raised. */
	locale: v.nullable(v.picklist(['en', 'fr', 'es', 'ar'])),
	/** The reporter has a code to come back with. */
	may_answer: v.boolean(),
	/** Since when somebody is called, and who has it. */
	alarm: v.nullable(v.strictObject({ since: v.string(), at: v.nullable(v.string()), by: v.nullable(v.string()) })),
	/** The case that it is in. */
	case: v.nullable(v.strictObject({ id: v.string(), reference: v.string() })),
	/** Between the reporter and the desk; null: not asked for. */
	messages: v.nullable(v.array(v.strictObject({ ...SealedMessage.entries, author: v.nullable(v.string()) }))),
	/** One of many from one source. */
	batch: v.nullable(v.string())
});
export type SealedConcern = v.InferOutput<typeof SealedConcern>;

/** Many concerns from one source, shown as one entry. */
export const ConcernBatch = v.strictObject({
	id: v.string(),
	count: v.number(),
	open: v.number(),
	from: v.string(),
	to: v.string()
});
export type ConcernBatch = v.InferOutput<typeof ConcernBatch>;

const Severity = v.picklist(['critical', 'high', 'medium', 'low']);
const Category = v.picklist(['child', 'material', 'sexual', 'harassment', 'threat', 'privacy', 'wellbeing', 'other']);
const CaseState = v.picklist(['open', 'waiting', 'closed']);
const Outcome = v.picklist(['resolved', 'referred', 'not_confirmed', 'no_action', 'other']);

/** A case in the list, without any text. */
export const ListedCase = v.strictObject({
	id: v.string(),
	reference: v.string(),
	severity: Severity,
	category: Category,
	state: CaseState,
	lead: v.nullable(v.string()),
	opened_at: v.string(),
	last_at: v.string(),
	/** Something was added since the reader last read it. */
	is_new: v.boolean(),
	/** The last entry hands it over to the next shift. */
	is_handed_over: v.boolean()
});
export type ListedCase = v.InferOutput<typeof ListedCase>;

/** A case as the database keeps it: its texts are sealed with its own key, and the key is sealed too. */
export const SealedCase = v.strictObject({
	id: v.string(),
	reference: v.string(),
	severity: Severity,
	category: Category,
	state: CaseState,
	outcome: v.nullable(Outcome),
	version: v.number(),
	key_sealed: v.string(),
	key_id: v.string(),
	lead: v.nullable(v.string()),
	/** To whom it may be given. */
	leads: v.array(v.strictObject({ id: v.string(), display_name: v.string() })),
	opened_at: v.string(),
	opened_by: v.nullable(v.string()),
	closed_at: v.nullable(v.string()),
	/** To which authorities it has to be reported, and by when. */
	duties: v.array(
		v.strictObject({
			id: v.string(),
			authority: v.string(),
			address: v.string(),
			note: v.string(),
			due_at: v.string(),
			referred_at: v.nullable(v.string()),
			referred_by: v.nullable(v.string())
		})
	),
	entries: v.array(
		v.strictObject({
			id: v.string(),
			at: v.string(),
			kind: v.picklist(['note', 'handover', 'act', 'outcome']),
			author: v.nullable(v.string()),
			text_sealed: v.string()
		})
	),
	concerns: v.array(SealedConcern),
	/** Who has read it, and when last. */
	read_by: v.array(v.strictObject({ display_name: v.string(), at: v.string() }))
});
export type SealedCase = v.InferOutput<typeof SealedCase>;

/** Figures that may leave safeguarding: nothing below the smallest group. */
export const ConcernFigures = v.strictObject({
	smallest_group: v.number(),
	/** Null: too few. */
	concerns: v.nullable(v.number()),
	cases: v.nullable(v.number()),
	/** A value of null: all others together. */
	groups: v.array(
		v.variant('dimension', [
			v.strictObject({ dimension: v.literal('category'), value: v.nullable(Category), count: v.number() }),
			v.strictObject({ dimension: v.literal('severity'), value: v.nullable(Severity), count: v.number() }),
			v.strictObject({ dimension: v.literal('outcome'), value: v.nullable(Outcome), count: v.number() })
		])
	),
	/** From the report to the first answer, in the middle. */
	minutes_to_answer: v.nullable(v.number())
});
export type ConcernFigures = v.InferOutput<typeof ConcernFigures>;

/** What the lead of an open case can act on. Messages and questions come without an author. */
export const CaseTargets = v.strictObject({
	messages: v.array(
		v.strictObject({
			id: v.string(),
			act: v.picklist(['hide_message', 'hide_question']),
			session: v.string(),
			words: v.string(),
			at: v.string()
		})
	),
	sessions: v.array(v.strictObject({ id: v.string(), title: TextMap, is_on: v.boolean() })),
	recordings: v.array(v.strictObject({ id: v.string(), session: v.string(), at: v.string(), is_held: v.boolean() })),
	people: v.array(
		v.strictObject({ id: v.string(), display_name: v.string(), is_reporter: v.boolean(), is_out: v.boolean() })
	)
});
export type CaseTargets = v.InferOutput<typeof CaseTargets>;

/** To which authority cases of these kinds are reported, within so many hours. */
const Duty = v.strictObject({
	id: v.string(),
	authority: v.string(),
	address: v.string(),
	hours: v.number(),
	categories: v.array(Category),
	note: v.string()
});

/** The on-call rota of a Summit. */
export const OnCall = v.strictObject({
	/** After how many an alarm goes on to the next. */
	minutes: v.number(),
	has_phone: v.boolean(),
	leads: v.array(v.strictObject({ id: v.string(), display_name: v.string() })),
	shifts: v.array(
		v.strictObject({
			id: v.string(),
			display_name: v.string(),
			starts_at: v.string(),
			ends_at: v.string(),
			position: v.number(),
			is_now: v.boolean()
		})
	)
});
export type OnCall = v.InferOutput<typeof OnCall>;

const BarState = v.picklist(['proposed', 'active', 'refused', 'ended']);

/** A person whom an entry may mean. `person` is null for a person with an alias, or not at this Summit. */
export const BarMatch = v.strictObject({
	id: v.string(),
	level: v.picklist(['certain', 'likely', 'possible']),
	/** It connects the entry with an alias: only safeguarding sees that there is a match. */
	is_sealed: v.boolean(),
	found_at: v.string(),
	/** When their accreditation was requested and had to wait. */
	held_back_at: v.nullable(v.string()),
	is_same: v.nullable(v.boolean()),
	decided_at: v.nullable(v.string()),
	decided_by: v.nullable(v.string()),
	/** Whether the reader may decide: about an entry for all Summits, only safeguarding leads for all Summits may. */
	may_decide: v.boolean(),
	may_decline: v.boolean(),
	person: v.nullable(
		v.strictObject({
			display_name: v.string(),
			office: v.string(),
			affiliation: v.string(),
			country: v.nullable(v.string()),
			registrations: v.array(
				v.strictObject({
					reference: v.string(),
					state: v.picklist(enums.registration_state),
					mode: v.picklist(enums.attendance_mode)
				})
			)
		})
	)
});
export type BarMatch = v.InferOutput<typeof BarMatch>;

/** One entry for safeguarding leads, with sealed details. */
export const SealedEntry = v.strictObject({
	id: v.string(),
	everywhere: v.boolean(),
	state: BarState,
	person: v.nullable(v.string()),
	details_sealed: v.string(),
	key_id: v.string(),
	country: v.nullable(v.string()),
	has_address: v.boolean(),
	until: v.nullable(v.string()),
	added_at: v.string(),
	added_by: v.nullable(v.string()),
	confirmed_at: v.nullable(v.string()),
	confirmed_by: v.nullable(v.string()),
	end_asked_at: v.nullable(v.string()),
	end_asked_by: v.nullable(v.string()),
	ended_at: v.nullable(v.string()),
	ended_by: v.nullable(v.string()),
	may_confirm: v.boolean(),
	may_end: v.boolean(),
	matches: v.array(BarMatch)
});
export type SealedEntry = v.InferOutput<typeof SealedEntry>;

/** What these functions answer. */
/** A value that only the app opens. */
const SealedValue = v.strictObject({ sealed: v.string(), key_id: v.string() });

/** A request to open the name of a protected person, or those that a list for the host state withholds. */
export const ListedReveal = v.strictObject({
	id: v.string(),
	/** The alias; null for a list. */
	display_name: v.nullable(v.string()),
	reference: v.nullable(v.string()),
	list: v.nullable(v.strictObject({ recipient: v.string(), purpose: v.string(), withheld: v.number() })),
	state: v.picklist(['asked', 'confirmed', 'refused', 'withdrawn', 'shown']),
	is_expired: v.boolean(),
	asked_as: v.picklist(enums.organiser_role),
	asked_by: v.nullable(v.string()),
	asked_at: v.string(),
	expires_at: v.string(),
	decided_by: v.nullable(v.string()),
	decided_at: v.nullable(v.string()),
	shown_at: v.nullable(v.string()),
	is_mine: v.boolean(),
	may_decide: v.boolean(),
	may_show: v.boolean(),
	reason_sealed: v.string(),
	key_id: v.string(),
	/** For leads: whom somebody still has to tell. */
	untold: v.array(v.strictObject({ person_id: v.string(), display_name: v.string() }))
});
export type ListedReveal = v.InferOutput<typeof ListedReveal>;

export const answers = {
	list_reveals: v.array(ListedReveal),
	show_revealed_name: answer(
		{ ok: { display_name: v.string(), reference: v.string(), real_name: SealedValue } },
		'not_found',
		'wrong_state'
	),
	my_alias_traces: v.nullable(AliasTraces),
	list_alias_traces: v.nullable(v.array(ListedTraces)),
	list_concerns: v.nullable(
		v.strictObject({
			concerns: v.array(SealedConcern),
			batches: v.array(ConcernBatch)
		})
	),
	open_case: answer({ ok: { case: v.string() } }, 'already', 'not_found', 'invalid'),
	list_cases: v.nullable(v.array(ListedCase)),
	read_case: v.nullable(SealedCase),
	concern_figures: v.nullable(ConcernFigures),
	read_case_targets: v.nullable(CaseTargets),
	read_on_call: v.nullable(OnCall),
	read_duties: v.nullable(v.array(Duty)),
	read_watch_list: v.nullable(
		v.strictObject({
			may_everywhere: v.boolean(),
			entries: v.array(SealedEntry)
		})
	),
	add_watch_list_entry: answer({ ok: { id: v.string() } }, 'not_allowed', 'invalid', 'nothing', 'unknown_person', 'own')
} satisfies Answers;

/** What these functions of `private` answer: their value, or their row. */
export const privateAnswers = {
	reported_message_text: v.nullable(v.string()),
	claim_alarm_calls: v.strictObject({
		id: v.string(),
		/** Of a browser; null for a text message. */
		endpoint: v.nullable(v.string()),
		p256dh: v.nullable(v.string()),
		auth: v.nullable(v.string()),
		number_sealed: v.nullable(v.instance(Buffer)),
		key_id: v.nullable(v.string()),
		locale: v.string(),
		slug: v.string(),
		summit_name: TextMap
	}),
	record_alarm_call: v.nullable(v.date()),
	open_concern_by_code: answer(
		{
			ok: {
				at: v.string(),
				text_sealed: v.string(),
				key_id: v.string(),
				was_read: v.boolean(),
				is_closed: v.boolean(),
				messages: v.array(SealedMessage)
			}
		},
		'unknown',
		'too_often'
	)
} satisfies PrivateAnswers;
