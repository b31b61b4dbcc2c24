import type { Grant } from '#lib/database/answers/accounts.ts';

export type { FoundPerson, Grant } from '#lib/database/answers/accounts.ts';
/** The roles that an owner grants; what each does is said by `roleDoes`. */
export const roleOptions = [
	{ value: 'programme', label: 'Programme' },
	{ value: 'registration', label: 'Registration' },
	{ value: 'finance', label: 'Finance' },
	{ value: 'stage', label: 'Stage' },
	{ value: 'door', label: 'Door' },
	{ value: 'safeguarding', label: 'Safeguarding' },
	{ value: 'owner', label: 'Owner' }
] as const;

/** A function that owners assign beside the roles, only where a concern needs it. */
export const deputyOption = { value: 'deputy', label: 'Deputy for safeguarding' } as const;

/** The values that the database knows. */
export const roleValues = roleOptions.map(({ value }) => value);

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
	const proposer = named.proposed_by ?? 'somebody who is no longer here';
	if (named.is_self_confirmed) {
		const lead = named.is_without_lead ? ', while there was no safeguarding lead' : '';
		return `Named by ${proposer} alone, the only owner then${lead}`;
	}
	const lead = named.is_without_lead ? '; no safeguarding lead took part, there was none' : '';
	return `Proposed by ${proposer}, confirmed by ${named.confirmed_by ?? 'somebody who is no longer here'}${lead}`;
}
