import * as v from 'valibot';
import { answer } from './answer.ts';
import type { Answers } from './kinds.ts';

/** Who did it: a person by name (null: a deleted record), the person concerned, or the system. */
export const Actor = v.strictObject({
	kind: v.picklist(['person', 'self', 'guardian', 'system']),
	name: v.optional(v.nullable(v.string()))
});
export type Actor = v.InferOutput<typeof Actor>;

/** A value before and after; null: no value. It is the JSON of a column of any audited table, so of any shape. */
export const ChangedField = v.strictObject({
	name: v.string(),
	old: v.unknown(),
	new: v.unknown()
});
export type ChangedField = v.InferOutput<typeof ChangedField>;

/** One entry as the database returns it for this reader. */
export const AuditEntry = v.strictObject({
	id: v.string(),
	at: v.string(),
	table: v.string(),
	area: v.string(),
	action: v.picklist(['insert', 'update', 'delete', 'event']),
	by: Actor,
	/** The person on whose behalf somebody acted. */
	for: v.nullable(Actor),
	reason: v.nullable(v.string()),
	subject: v.nullable(
		v.strictObject({
			kind: v.picklist(['registration', 'order', 'member', 'session', 'draft']),
			/** The code of a session, else the row's id. */
			id: v.string(),
			label: v.string(),
			name: v.optional(v.string())
		})
	),
	/** The person concerned, where that is part of the act: a role, a focal point. */
	person: v.nullable(v.string()),
	currency: v.nullable(v.string()),
	fields: v.array(ChangedField),
	/** Personal columns that changed, without their values. */
	sealed: v.array(v.string()),
	can_open: v.boolean()
});
export type AuditEntry = v.InferOutput<typeof AuditEntry>;

/** A page of the history; `next` is the start of the following page. */
export const AuditList = v.strictObject({
	areas: v.array(v.string()),
	kinds: v.array(v.string()),
	entries: v.array(AuditEntry),
	next: v.nullable(v.string())
});
export type AuditList = v.InferOutput<typeof AuditList>;

/** What these functions answer. */
export const answers = {
	list_audit: v.nullable(AuditList),
	open_audit_entry: answer({ ok: { fields: v.array(ChangedField) } }, 'not_found', 'closed'),
	export_audit: v.nullable(v.array(AuditEntry))
} satisfies Answers;
