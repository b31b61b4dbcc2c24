import { isLocale, type Locale } from '#lib/i18n/locale.ts';

/** A role of a person, for one Summit or (null) for all. */
export interface Role {
	role: string;
	summitId: string | null;
}

/** The reader: the account, the person, and their roles. */
export interface Viewer {
	accountId: string;
	personId: string | null;
	displayName: string;
	/** All others see the person under another name. */
	hasAlias: boolean;
	roles: Role[];
	/** Members whose seats the person looks after. */
	focal: { summitId: string; memberId: string }[];
	/** Summits at which the person speaks. */
	speaks: string[];
	/** Summits at which the person has a live registration. */
	registered: string[];
	locale: Locale;
	/** The zone in which the person wants to read times, where they chose one. */
	timeZone: string | null;
}

/** The roles of the secretariat; door staff are not among them. */
export const organiserRoles = ['programme', 'registration', 'finance', 'stage', 'safeguarding', 'owner'] as const;

/** Reads the answer of the database's `who_am_i`; null for a stranger or an invalid answer. */
export function viewerFrom(answer: unknown): Viewer | null {
	if (typeof answer !== 'object' || answer === null) return null;
	const { account_id, person_id, display_name, has_alias, roles, focal, speaks, registered, locale, time_zone } =
		answer as Record<string, unknown>;
	if (typeof account_id !== 'string') return null;
	return {
		accountId: account_id,
		personId: typeof person_id === 'string' ? person_id : null,
		displayName: typeof display_name === 'string' ? display_name : '',
		hasAlias: has_alias === true,
		roles: Array.isArray(roles) ? roles.flatMap(roleFrom) : [],
		focal: Array.isArray(focal) ? focal.flatMap(focalFrom) : [],
		speaks: textsFrom(speaks),
		registered: textsFrom(registered),
		locale: isLocale(locale) ? locale : 'en',
		timeZone: typeof time_zone === 'string' ? time_zone : null
	};
}

function roleFrom(value: unknown): Role[] {
	if (typeof value !== 'object' || value === null) return [];
	const { role, summit_id } = value as Record<string, unknown>;
	return typeof role === 'string' ? [{ role, summitId: typeof summit_id === 'string' ? summit_id : null }] : [];
}

function textsFrom(value: unknown): string[] {
	return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function focalFrom(value: unknown): { summitId: string; memberId: string }[] {
	if (typeof value !== 'object' || value === null) return [];
	const { summit_id, member_id } = value as Record<string, unknown>;
	return typeof summit_id === 'string' && typeof member_id === 'string'
		? [{ summitId: summit_id, memberId: member_id }]
		: [];
}

/** Whether the viewer holds one of the roles for this Summit. An owner holds all but safeguarding. */
export function holdsRole(viewer: Viewer | null, summitId: string | null, ...roles: readonly string[]): boolean {
	return (viewer?.roles ?? []).some(
		(held) =>
			(held.summitId === null || held.summitId === summitId) &&
			(roles.includes(held.role) ||
				(held.role === 'owner' && roles.some((role) => role !== 'safeguarding' && isStaffRole(role))))
	);
}

function isStaffRole(role: string): boolean {
	return role === 'door' || organiserRoles.some((known) => known === role);
}
