/* The history for organisers: entries of the audit, the query of the address, and filters. No I/O. */
import { m } from '#lib/i18n/messages.ts';

export type { Actor, AuditEntry, AuditList, ChangedField } from '#lib/database/answers/audit.ts';

const subjects = ['registration', 'order', 'member', 'session'] as const;
const actions = ['insert', 'update', 'delete', 'event'] as const;

/** The kinds of act, with the texts of the filter. */
export const actionOptions = (): { value: (typeof actions)[number]; label: string }[] => [
	{ value: 'insert', label: m.audit_kind_insert() },
	{ value: 'update', label: m.audit_kind_update() },
	{ value: 'delete', label: m.audit_kind_delete() },
	{ value: 'event', label: m.audit_kind_event() }
];

/** The query of the address; '' is no filter. */
export interface AuditQuery {
	registration: string;
	order: string;
	member: string;
	/** The code of a session. */
	session: string;
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
	session: (value) => /^[A-Za-z0-9]{1,20}$/.test(value),
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

/** Reads the query of an address, ignoring invalid values. */
export function auditQuery(search: URLSearchParams): AuditQuery {
	const read = (name: keyof AuditQuery) => {
		const value = (search.get(name) ?? '').trim();
		return shapes[name](value) ? value : '';
	};
	const names = Object.keys(shapes) as (keyof AuditQuery)[];
	return Object.fromEntries(names.map((name) => [name, read(name)])) as unknown as AuditQuery;
}

/** The query string of a query, shortest form: '' or '?…'. Another filter starts at the newest entry again. */
export function auditAddress(query: AuditQuery, change: Partial<AuditQuery> = {}): string {
	const next = { ...query, before: '', ...change };
	const search = new URLSearchParams(Object.entries(next).filter(([, value]) => value !== ''));
	return search.size > 0 ? `?${search}` : '';
}

/** The parameters for the database. */
export function auditFilters({ before: _, ...filters }: AuditQuery): Record<string, string> {
	return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== ''));
}

/** Whether any filter is set, apart from the position in the list. */
export function isHistoryNarrowed(query: AuditQuery): boolean {
	return Object.keys(auditFilters(query)).length > 0;
}

/** The subject that an address names by its id, or null. */
export function querySubject(query: AuditQuery): (typeof subjects)[number] | null {
	return subjects.find((kind) => query[kind] !== '') ?? null;
}
