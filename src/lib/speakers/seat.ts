import { isolated } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import type { ListedSeat } from '#lib/database/answers/speakers/desk.ts';

export type { ListedSeat, SpeakerSeat } from '#lib/database/answers/speakers/desk.ts';

const words: Record<ListedSeat['state'], () => string> = {
	no_account: m.speakers_seat_state_no_account,
	none: m.speakers_seat_state_none,
	draft: m.speakers_seat_state_draft,
	submitted: m.speakers_seat_state_submitted,
	nominated: m.speakers_seat_state_submitted,
	accredited: m.speakers_seat_state_accredited,
	awaiting_payment: m.speakers_seat_state_awaiting_payment,
	confirmed: m.speakers_seat_state_confirmed,
	declined: m.speakers_seat_state_declined,
	withdrawn: m.speakers_seat_state_withdrawn,
	expired: m.speakers_seat_state_expired
};

/** A seat in the organisers' words. */
export function seatWords({ state, mode, pool, reason }: ListedSeat): string {
	if (reason === 'allocation')
		return pool ? m.speakers_seat_waits_pool({ pool: isolated(pool) }) : m.speakers_seat_waits_no_pool();
	if (reason !== null) return m.speakers_seat_waits_full();
	if (state !== 'confirmed' || mode === null) return words[state]();
	return mode === 'in_person' ? m.speakers_seat_in_person() : m.speakers_seat_online();
}
