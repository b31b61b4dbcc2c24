/* The watch list, for its keepers. No I/O. */
import type { RegistrationState } from '#lib/registration/registration.ts';

type BarState = 'proposed' | 'active' | 'refused' | 'ended';

/** A person whom an entry may mean. `person` is null for a person with an alias, or not at this Summit. */
export interface BarMatch {
	id: string;
	level: 'certain' | 'likely' | 'possible';
	/** It connects the entry with an alias: only safeguarding sees that there is a match. */
	is_sealed: boolean;
	found_at: string;
	/** When their accreditation was requested and had to wait. */
	held_at: string | null;
	is_same: boolean | null;
	decided_at: string | null;
	decided_by: string | null;
	/** Whether the reader may decide: about an entry for all Summits only keepers for all Summits may. */
	may_decide: boolean;
	may_decline: boolean;
	person: {
		display_name: string;
		office: string;
		affiliation: string;
		country: string | null;
		registrations: { reference: string; state: RegistrationState; mode: 'in_person' | 'virtual' }[];
	} | null;
}

/** The sealed content of an entry. */
export interface BarDetails {
	name: string;
	born_on: string;
	reason: string;
	source: string;
}

/** One entry, opened for its keepers. `details` is null when its key is gone. */
export interface BarEntry {
	id: string;
	everywhere: boolean;
	state: BarState;
	person: string | null;
	details: BarDetails | null;
	country: string | null;
	has_address: boolean;
	until: string | null;
	added_at: string;
	added_by: string | null;
	confirmed_at: string | null;
	confirmed_by: string | null;
	end_asked_at: string | null;
	end_asked_by: string | null;
	ended_at: string | null;
	ended_by: string | null;
	may_confirm: boolean;
	may_end: boolean;
	matches: BarMatch[];
}

/** The acts on an entry, as the database names them. */
export const barActs = ['confirm', 'refuse', 'ask_end', 'end', 'keep'] as const;
export type BarAct = (typeof barActs)[number];

/** What an entry waits for, in a sentence; '' for nothing. */
export function barWaits(entry: Pick<BarEntry, 'state' | 'end_asked_at' | 'may_confirm' | 'may_end'>): string {
	if (entry.state === 'proposed')
		return entry.may_confirm ? 'Waits for you to confirm it.' : 'Waits for somebody else to confirm it.';
	if (entry.state === 'active' && entry.end_asked_at !== null)
		return entry.may_end ? 'Waits for you to end it.' : 'Waits for somebody else to end it.';
	return '';
}

/** Why an entry and a person were matched. */
export const levelWords: Record<BarMatch['level'], string> = {
	certain: 'Named by the entry, or has its address',
	likely: 'Has the same name',
	possible: 'Has a name that may be the same'
};

/** Undecided matches, those that block a person first. */
export function openMatches(entries: readonly BarEntry[]): { entry: BarEntry; match: BarMatch }[] {
	return entries
		.filter(({ state }) => state === 'proposed' || state === 'active')
		.flatMap((entry) => entry.matches.filter(({ is_same }) => is_same === null).map((match) => ({ entry, match })))
		.sort((one, other) => Number(other.match.held_at !== null) - Number(one.match.held_at !== null));
}
