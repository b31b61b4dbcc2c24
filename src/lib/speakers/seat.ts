/** The state of the reader's seat as a speaker. */
export interface SpeakerSeat {
	/** `none`, or the state of the registration. */
	state: string;
	/** May register although registration is closed for others. */
	late: boolean;
	/** No seat of the pool is free. */
	waits: boolean;
}

/** A person of the agenda, with their seat for organisers. */
export interface ListedSeat {
	person: string;
	name: string;
	state: string;
	mode: 'in_person' | 'virtual' | null;
	category: string | null;
	pool: string | null;
	/** Why it waits for a seat. */
	reason: 'capacity' | 'allocation' | 'ceiling' | 'others_wait' | null;
}

const words: Record<string, string> = {
	no_account: 'No account yet',
	none: 'No registration yet',
	draft: 'Begun, not sent',
	submitted: 'To be accredited',
	nominated: 'To be accredited',
	accredited: 'Accredited',
	awaiting_payment: 'Awaits payment',
	confirmed: 'Confirmed',
	declined: 'Declined'
};

/** A seat in the organisers' words. */
export function seatWords({ state, mode, pool, reason }: ListedSeat): string {
	if (reason === 'allocation') return pool ? `Waits: the pool “${pool}” is full` : 'Waits: there is no pool for them';
	if (reason !== null) return 'Waits for a seat: the Summit is full';
	const where = state === 'confirmed' && mode !== null ? `, ${mode === 'in_person' ? 'in person' : 'online'}` : '';
	return (words[state] ?? state) + where;
}
