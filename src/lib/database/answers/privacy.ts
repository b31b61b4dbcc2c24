import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
import { answer } from './answer.ts';
import type { Answers } from './kinds.ts';
import { MailSummit } from './mail.ts';
import { TextMap } from './text-map.ts';

/** The parts of a copy of somebody's data, in their order. */
export const copySections = [
	'profile',
	'roles',
	'registration',
	'money',
	'agenda',
	'speaking',
	'participation',
	'attendance',
	'mail',
	'concerns'
] as const;

/** What an erasure of the reader means. */
export const MyErasure = v.strictObject({
	/** Null when none was asked for. */
	due_at: v.nullable(v.string()),
	/** It is due, and a legal duty holds it. */
	waits: v.boolean(),
	/** A role has to end first. */
	has_role: v.boolean(),
	/** Invoices and payments stay. */
	has_orders: v.boolean(),
	/** The registrations that it withdraws. */
	summits: v.array(v.strictObject({ slug: v.string(), name: TextMap }))
});
export type MyErasure = v.InferOutput<typeof MyErasure>;

/** A reading by somebody else of sensitive values of the reader. */
export const Reading = v.strictObject({
	at: v.string(),
	kind: v.picklist(['protection', 'needs', 'emergency_contact', 'history', 'answers', 'host_list', 'name']),
	/** What the other person was at that moment; empty when they hold no role, as a system has none. */
	roles: v.array(v.picklist(enums.organiser_role)),
	summit: v.nullable(TextMap)
});
export type Reading = v.InferOutput<typeof Reading>;

/** A copy of everything about the reader that they asked for. */
export const AskedCopy = v.strictObject({
	id: v.string(),
	asked_at: v.string(),
	expires_at: v.string(),
	/** It can be downloaded once. */
	downloaded_at: v.nullable(v.string())
});
export type AskedCopy = v.InferOutput<typeof AskedCopy>;

/** Everything about a person that they are given; sealed values are still sealed. */
export const CopyOfPerson = v.strictObject({
	made_at: v.string(),
	accounts: v.array(
		v.strictObject({
			address: v.nullable(v.string()),
			created_at: v.nullable(v.string()),
			last_signed_in_at: v.nullable(v.string())
		})
	),
	/** Those with a row. */
	tables: v.array(
		v.strictObject({
			/** Of the database: "public.registrations". */
			name: v.string(),
			section: v.picklist(copySections),
			/** In their order. */
			columns: v.array(v.string()),
			rows: v.array(v.record(v.string(), v.unknown()))
		})
	),
	mails: v.array(
		v.strictObject({
			at: v.nullable(v.string()),
			template: v.string(),
			locale: v.string(),
			params: v.record(v.string(), v.unknown()),
			summit: v.nullable(MailSummit),
			wording: v.nullable(v.strictObject({ subject: v.string(), body: v.string() }))
		})
	),
	files: v.array(
		v.strictObject({
			object: v.string(),
			name: v.string(),
			/** A file that answers a question is sealed, with its name. */
			sealed: v.nullable(
				v.strictObject({
					field: v.string(),
					answer_sealed: v.string(),
					file_key_sealed: v.string(),
					key_id: v.string()
				})
			)
		})
	),
	readings: v.array(Reading),
	left_out: v.array(
		v.strictObject({ name: v.string(), reason: v.picklist(['technical', 'safety', 'staff', 'others']) })
	)
});
export type CopyOfPerson = v.InferOutput<typeof CopyOfPerson>;
const clock = v.picklist(['closed', 'written', 'ended', 'last_sign']);

/** How long a class of data is kept, for everybody. */
export const RetentionPeriod = v.strictObject({ code: v.string(), clock, days: v.number() });
export type RetentionPeriod = v.InferOutput<typeof RetentionPeriod>;

/** A class of data as owners see it. */
export const RetentionClass = v.strictObject({
	...RetentionPeriod.entries,
	default_days: v.number(),
	min_days: v.number(),
	max_days: v.number(),
	functions: v.array(v.string()),
	/** The period was set here, and is not the default or the one for all Summits. */
	is_own: v.boolean(),
	/** A change that has not taken effect yet; days null: back to the default. */
	next: v.nullable(v.strictObject({ days: v.nullable(v.number()), at: v.string() })),
	/** When the first rows go; null while no clock runs. */
	due_at: v.nullable(v.string()),
	/** Rows that go with the next sweep. */
	due: v.number(),
	is_held: v.boolean()
});
export type RetentionClass = v.InferOutput<typeof RetentionClass>;

/** A legal hold, on a class or on a person. */
export const LegalHold = v.strictObject({
	id: v.string(),
	class: v.nullable(v.string()),
	person: v.nullable(v.strictObject({ reference: v.string(), display_name: v.string() })),
	reason: v.string(),
	until: v.nullable(v.string()),
	placed_at: v.string(),
	placed_by: v.nullable(v.string())
});
export type LegalHold = v.InferOutput<typeof LegalHold>;

/** The page of data retention. */
export const RetentionSettings = v.strictObject({
	closed_since: v.nullable(v.string()),
	may_set: v.boolean(),
	classes: v.array(RetentionClass),
	holds: v.array(LegalHold),
	reports: v.array(
		v.strictObject({
			on: v.string(),
			class: v.string(),
			rows: v.number(),
			/** The code of the error, where something could not be deleted. */
			fault: v.nullable(v.string())
		})
	)
});
export type RetentionSettings = v.InferOutput<typeof RetentionSettings>;

const change = { rows: v.number(), effective_at: v.string() };

export const answers = {
	my_erasure: v.nullable(MyErasure),
	my_readings: v.array(Reading),
	my_data_copies: v.array(AskedCopy),
	read_data_copy: v.variant('status', [
		v.strictObject({ status: v.literal('ok'), copy: CopyOfPerson }),
		v.strictObject({ status: v.picklist(['confirm_first', 'used', 'expired', 'not_found']) })
	]),
	retention_periods: v.array(RetentionPeriod),
	retention_settings: v.nullable(RetentionSettings),
	set_retention_period: answer({ ok: change, confirm: change }, 'not_allowed', 'invalid')
} satisfies Answers;
