import type { Grant } from '#lib/database/answers/accounts.ts';
import { isolated } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';

export type { FoundPerson, Grant } from '#lib/database/answers/accounts.ts';
/** The roles that an owner grants; what each does is said by `roleDoes`. */
export const roleValues = [
	'programme',
	'registration',
	'finance',
	'stage',
	'door',
	'safeguarding',
	'owner',
	'community'
] as const;

/** A function that owners assign beside the roles, only where a concern needs it. */
export const deputyValue = 'deputy';

const words: Record<(typeof roleValues)[number] | typeof deputyValue, () => string> = {
	programme: m.accounts_roles_programme,
	registration: m.accounts_roles_registration,
	finance: m.accounts_roles_finance,
	stage: m.accounts_roles_stage,
	door: m.accounts_roles_door,
	safeguarding: m.accounts_roles_safeguarding,
	owner: m.accounts_role_owner,
	community: m.accounts_roles_community,
	deputy: m.accounts_role_deputy
};

/** The choices of a role; with the deputy where a concern needs one. */
export function roleOptions(withDeputy = false) {
	return [...roleValues, ...(withDeputy ? ([deputyValue] as const) : [])].map((value) => ({
		value,
		label: words[value]()
	}));
}

const isRole = (role: string): role is keyof typeof words => Object.hasOwn(words, role);

/** A role by its area, or the deputy's function. */
export const roleWord = (role: string): string => (isRole(role) ? words[role]() : role);

/** Roles that count only in a session in which a passkey was used. */
export const strongRoles: readonly string[] = ['owner', 'finance', 'safeguarding', 'registration', 'deputy'];

/** A role that waits for a second person. */
export interface RoleProposal {
	id: string;
	role: string;
	is_deputy: boolean;
	is_for_all: boolean;
	display_name: string;
	/** For a person who was invited by mail: the address, for those who decide; '' when its key is gone, null for a person with an account. */
	address: string | null;
	proposed_by: string | null;
	proposed_at: string;
	/** When the role ends by itself. */
	until: string | null;
	expires_at: string;
	is_mine: boolean;
	may_confirm: boolean;
	/** Names of those who may confirm it. */
	waits_for: string[];
}

/** Who decided a role that takes two people, in a sentence; '' where nobody had to decide. */
export function namedBy(named: Grant['named']): string {
	if (!named) return '';
	const nameOf = (name: string | null) => (name ? isolated(name) : m.accounts_somebody_gone());
	const proposer = nameOf(named.proposed_by);
	if (named.is_self_confirmed)
		return named.is_without_lead ? m.accounts_named_alone_no_lead({ proposer }) : m.accounts_named_alone({ proposer });
	const values = { proposer, second: nameOf(named.confirmed_by) };
	return named.is_without_lead ? m.accounts_named_by_no_lead(values) : m.accounts_named_by(values);
}
