import type { ListedSeat } from '#lib/database/answers/speakers/desk.ts';

export type { ListedSeat, SpeakerSeat } from '#lib/database/answers/speakers/desk.ts';

const words: Record<ListedSeat['state'], string> = {
	no_account: 'No account yet',
	none: 'No registration yet',
	draft: 'Begun, not sent',
	submitted: 'To be accredited',
	nominated: 'To be accredited',
	accredited: 'Accredited',
	awaiting_payment: 'Awaits payment',
	confirmed: 'Confirmed',
	declined: 'Declined',
	withdrawn: 'Withdrawn',
	expired: 'Expired'
};

/** A seat in the organisers' words. */
export function seatWords({ state, mode, pool, reason }: ListedSeat): string {
	if (reason === 'allocation') return pool ? `Waits: the pool “${pool}” is full` : 'Waits: there is no pool for them';
	if (reason !== null) return 'Waits for a seat: the Summit is full';
	const where = state === 'confirmed' && mode !== null ? `, ${mode === 'in_person' ? 'in person' : 'online'}` : '';
	return words[state] + where;
}
