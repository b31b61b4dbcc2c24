/** The roles that an owner grants, in the words of the form. */
export const roleOptions = [
	{ value: 'programme', label: 'Programme', hint: 'Builds and releases the agenda.' },
	{ value: 'registration', label: 'Registration', hint: 'Accredits delegates, sees access needs, gives out seats.' },
	{ value: 'finance', label: 'Finance', hint: 'Fees, orders and refunds.' },
	{ value: 'stage', label: 'Stage', hint: 'Runs live sessions, closed ones too.' },
	{ value: 'door', label: 'Door', hint: 'Checks badges, and nothing else.' },
	{ value: 'safeguarding', label: 'Safeguarding', hint: 'Knows who is protected. Not part of the owner’s rights.' },
	{ value: 'owner', label: 'Owner', hint: 'Sets everything and grants roles.' }
] as const;

/** The values that the database knows. */
export const roleValues = roleOptions.map(({ value }) => value);

/** One role that somebody holds. */
export interface Grant {
	id: string;
	person_id: string;
	display_name: string;
	office: string;
	role: string;
	is_for_all: boolean;
	granted_at: string;
	is_me: boolean;
	has_account: boolean;
}

/** Somebody found by name. */
export interface FoundPerson {
	id: string;
	display_name: string;
	office: string;
	affiliation: string;
}
