import type { ApiScope } from '#lib/database/answers/integrations.ts';
import { m } from '#lib/i18n/messages.ts';

export type { ApiScope, ListedApiKey } from '#lib/database/answers/integrations.ts';

/** How far what a scope opens is from what everybody may read. */
type ScopeKind = 'published' | 'numbers' | 'people';

/** The scopes by what they open, from what every visitor reads to rows of people. */
export const scopesByKind: Readonly<Record<ScopeKind, readonly ApiScope[]>> = {
	published: ['agenda', 'sessions', 'speakers', 'commitments', 'documents'],
	numbers: ['members', 'registrations', 'presence'],
	people: ['registration_rows', 'presence_rows', 'check_in']
};

/** Those of a new key, unless its maker chooses others: nothing about single people. */
export const usualScopes: readonly ApiScope[] = scopesByKind.published;

const scopeWords: Record<ApiScope, () => string> = {
	agenda: m.integrations_scope_agenda,
	sessions: m.integrations_scope_sessions,
	speakers: m.integrations_scope_speakers,
	commitments: m.integrations_scope_commitments,
	documents: m.integrations_scope_documents,
	members: m.integrations_scope_members,
	registrations: m.integrations_scope_registrations,
	presence: m.integrations_scope_presence,
	registration_rows: m.integrations_scope_registration_rows,
	presence_rows: m.integrations_scope_presence_rows,
	check_in: m.integrations_scope_check_in
};

const scopeHints: Record<ApiScope, () => string> = {
	agenda: m.integrations_scope_agenda_hint,
	sessions: m.integrations_scope_sessions_hint,
	speakers: m.integrations_scope_speakers_hint,
	commitments: m.integrations_scope_commitments_hint,
	documents: m.integrations_scope_documents_hint,
	members: m.integrations_scope_members_hint,
	registrations: m.integrations_scope_registrations_hint,
	presence: m.integrations_scope_presence_hint,
	registration_rows: m.integrations_scope_registration_rows_hint,
	presence_rows: m.integrations_scope_presence_rows_hint,
	check_in: m.integrations_scope_check_in_hint
};

const kindWords: Record<ScopeKind, () => string> = {
	published: m.integrations_kind_published,
	numbers: m.integrations_kind_numbers,
	people: m.integrations_kind_people
};

/** The name of a scope. */
export const scopeWord = (scope: ApiScope): string => scopeWords[scope]();

/** The scopes as a form offers them, in groups. */
export function scopeChoices() {
	return Object.entries(scopesByKind).map(([kind, scopes]) => ({
		kind: kind as ScopeKind,
		label: kindWords[kind as ScopeKind](),
		options: scopes.map((value) => ({ value, label: scopeWord(value), hint: scopeHints[value]() }))
	}));
}

/** Whether a key opens rows of people. */
export const readsPeople = (scopes: readonly ApiScope[]): boolean =>
	scopes.some((scope) => scopesByKind.people.includes(scope));

/** A key as owners recognise it, by its last characters. */
export const maskedKey = (hint: string): string => `gs_…${hint}`;

/** How another system sends its key. */
export const keyHeader = 'Authorization: Bearer …';
