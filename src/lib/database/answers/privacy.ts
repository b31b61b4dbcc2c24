import { enums } from '#lib/database/types.ts';
import * as v from 'valibot';
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
	kind: v.picklist(['protection', 'needs', 'emergency_contact', 'history', 'answers', 'host_list']),
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
	files: v.array(v.strictObject({ object: v.string(), name: v.string() })),
	readings: v.array(Reading),
	left_out: v.array(
		v.strictObject({ name: v.string(), reason: v.picklist(['technical', 'safety', 'staff', 'others']) })
	)
});
export type CopyOfPerson = v.InferOutput<typeof CopyOfPerson>;

export const answers = {
	my_erasure: v.nullable(MyErasure),
	my_readings: v.array(Reading),
	my_data_copies: v.array(AskedCopy),
	read_data_copy: v.variant('status', [
		v.strictObject({ status: v.literal('ok'), copy: CopyOfPerson }),
		v.strictObject({ status: v.picklist(['confirm_first', 'used', 'expired', 'not_found']) })
	])
} satisfies Answers;
