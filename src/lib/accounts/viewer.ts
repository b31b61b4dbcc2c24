import type { AnswerOf } from '#lib/database/calls.ts';
import type { Locale } from '#lib/i18n/locale.ts';

/** A role of a person, for one Summit or (null) for all. */
interface ViewerRole {
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
	roles: ViewerRole[];
	/** Roles that the person holds, but that count only once a passkey was used in this session; also a `deputy`. */
	unconfirmedRoles: ViewerRole[];
	hasPasskey: boolean;
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

/** The viewer that the database's `who_am_i` names; null for a signed-out reader. */
export function viewerFrom(answer: AnswerOf<'who_am_i'>): Viewer | null {
	if (answer === null) return null;
	return {
		accountId: answer.account_id,
		personId: answer.person_id,
		displayName: answer.display_name,
		hasAlias: answer.has_alias,
		roles: answer.roles.map(({ role, summit_id }) => ({ role, summitId: summit_id })),
		unconfirmedRoles: answer.unconfirmed_roles.map(({ role, summit_id }) => ({ role, summitId: summit_id })),
		hasPasskey: answer.has_passkey,
		focal: answer.focal.map(({ summit_id, member_id }) => ({ summitId: summit_id, memberId: member_id })),
		speaks: answer.speaks,
		registered: answer.registered,
		locale: answer.locale,
		timeZone: answer.time_zone
	};
}

/** Whether the viewer holds one of the roles for this Summit. An owner holds all but safeguarding. */
export function holdsRole(viewer: Viewer | null, summitId: string | null, ...roles: readonly string[]): boolean {
	return includesRole(viewer?.roles ?? [], summitId, roles);
}

/** Whether the viewer would hold one of the roles once they use a passkey. */
export function holdsUnconfirmed(viewer: Viewer, summitId: string | null, ...roles: readonly string[]): boolean {
	return includesRole(viewer.unconfirmedRoles, summitId, roles);
}

/** Whether one of the roles was granted to the viewer, whether or not they used a passkey for it. */
export function wasGranted(viewer: Viewer, summitId: string | null, ...roles: readonly string[]): boolean {
	return holdsRole(viewer, summitId, ...roles) || holdsUnconfirmed(viewer, summitId, ...roles);
}

function includesRole(held: readonly ViewerRole[], summitId: string | null, roles: readonly string[]): boolean {
	return held.some(
		(one) =>
			(one.summitId === null || one.summitId === summitId) &&
			(roles.includes(one.role) ||
				(one.role === 'owner' && roles.some((role) => role !== 'safeguarding' && isStaffRole(role))))
	);
}

function isStaffRole(role: string): boolean {
	return role === 'door' || role === 'community' || organiserRoles.some((known) => known === role);
}
