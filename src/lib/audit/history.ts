/* The history that organisers read: entries of the audit, what the address asks for, and filters. No I/O. */

/** Who did it: somebody by name (null: a record that is gone), the person concerned, or nobody but the system. */
export interface Actor {
	kind: 'person' | 'self' | 'system';
	name?: string | null;
}

/** A value before and after; null: nothing stood there. */
export interface ChangedField {
	name: string;
	old: unknown;
	new: unknown;
}

/** One entry as the database gives it to this reader. */
export interface AuditEntry {
	id: string;
	at: string;
	table: string;
	area: string;
	action: 'insert' | 'update' | 'delete' | 'event';
	by: Actor;
	/** For whom, where somebody acts for another. */
	for: Actor | null;
	reason: string | null;
	subject: { kind: 'registration' | 'order' | 'member' | 'session'; id: string; label: string; name?: string } | null;
	/** Whom it concerns, where that is part of what was done: a role, a focal point. */
	person: string | null;
	currency: string | null;
	fields: ChangedField[];
	/** Personal columns that changed, without their values. */
	sealed: string[];
	can_open: boolean;
}

/** A page of the history; `next` is where the page after it begins. */
export interface AuditList {
	areas: string[];
	kinds: string[];
	entries: AuditEntry[];
	next: string | null;
}

const subjects = ['registration', 'order', 'member'] as const;
const actions = ['insert', 'update', 'delete', 'event'] as const;

/** The kinds of act, in the words of the filter. */
export const actionOptions = [
	{ value: 'insert', label: 'Added' },
	{ value: 'update', label: 'Changed' },
	{ value: 'delete', label: 'Removed' },
	{ value: 'event', label: 'Read, sent or exported' }
] as const satisfies readonly { value: (typeof actions)[number]; label: string }[];

/** What the address asks for; '' is no filter. */
export interface AuditQuery {
	registration: string;
	order: string;
	member: string;
	query: string;
	actor: string;
	kind: string;
	action: string;
	from: string;
	to: string;
	before: string;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const shapes: Record<keyof AuditQuery, (value: string) => boolean> = {
	registration: (value) => uuid.test(value),
	order: (value) => uuid.test(value),
	member: (value) => uuid.test(value),
	query: (value) => value.length <= 100,
	actor: (value) => value.length <= 100,
	kind: (value) => /^[a-z_.]{1,60}$/.test(value),
	action: (value) => actions.some((known) => known === value),
	from: isDay,
	to: isDay,
	before: (value) => /^\d{1,15}$/.test(value)
};

function isDay(value: string): boolean {
	return /^\d{4}-\d{2}-\d{2}$/.test(value) && new Date(`${value}T00:00Z`).toJSON()?.startsWith(value) === true;
}

/** Reads what an address asks for; what it does not understand it leaves out. */
export function auditQuery(search: URLSearchParams): AuditQuery {
	const read = (name: keyof AuditQuery) => {
		const value = (search.get(name) ?? '').trim();
		return shapes[name](value) ? value : '';
	};
	const names = Object.keys(shapes) as (keyof AuditQuery)[];
	return Object.fromEntries(names.map((name) => [name, read(name)])) as unknown as AuditQuery;
}

/** The query string of a query, shortest form: '' or '?…'. Another filter begins at the newest entry again. */
export function auditAddress(query: AuditQuery, change: Partial<AuditQuery> = {}): string {
	const next = { ...query, before: '', ...change };
	const search = new URLSearchParams(Object.entries(next).filter(([, value]) => value !== ''));
	return search.size > 0 ? `?${search}` : '';
}

/** What the database is asked with. */
export function auditFilters({ before: _, ...filters }: AuditQuery): Record<string, string> {
	return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== ''));
}

/** Whether anything but the place in the list is asked for. */
export function isNarrowed(query: AuditQuery): boolean {
	return Object.keys(auditFilters(query)).length > 0;
}

/** The subject that an address names by its id, or null. */
export function askedSubject(query: AuditQuery): (typeof subjects)[number] | null {
	return subjects.find((kind) => query[kind] !== '') ?? null;
}
