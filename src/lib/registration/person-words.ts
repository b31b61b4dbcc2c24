/* One person's seat and place in the queue, for organisers. No I/O. */
import { m } from '#lib/i18n/messages.ts';
import type { MyRegistration, QueueEntry } from './registration.ts';

/** Whether there is a seat, and which. */
export function seatWord({ seat }: Pick<MyRegistration, 'seat'>): string {
	if (!seat) return m.registration_person_seat_none();
	if (seat.state === 'held')
		return seat.mode === 'in_person'
			? m.registration_person_seat_held_in_person()
			: m.registration_person_seat_held_virtual();
	return seat.mode === 'in_person'
		? m.registration_person_seat_taken_in_person()
		: m.registration_person_seat_taken_virtual();
}

/** Why a person waits, in a few words. */
export function queueReason({ reason }: Pick<QueueEntry, 'reason'>): string {
	const words: Record<string, () => string> = {
		allocation: m.registration_person_queue_allocation,
		ceiling: m.registration_person_queue_ceiling,
		capacity: m.registration_person_queue_capacity,
		others_wait: m.registration_person_queue_others_wait
	};
	return (words[reason] ?? m.registration_person_queue)();
}

/** What a person waits for, and their position. */
export function queueSentence({ state, mode, position }: Pick<QueueEntry, 'state' | 'mode' | 'position'>): string {
	if (state === 'offered')
		return position ? m.registration_person_offered_number({ position }) : m.registration_person_offered();
	if (mode === 'in_person')
		return position
			? m.registration_person_waits_in_person_number({ position })
			: m.registration_person_waits_in_person();
	return position ? m.registration_person_waits_virtual_number({ position }) : m.registration_person_waits_virtual();
}
