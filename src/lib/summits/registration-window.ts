/* Whether a Summit gives seats, and takes registrations; as private.gives_seats and private.registration_window say. No I/O. */
import type { Summit } from '#lib/database/answers/summits.ts';
import { endOfSummit } from './local-time.ts';

/** Whether a Summit gives seats at a moment (milliseconds): it is open or live, and its last day has not passed. */
export function givesSeats(summit: Pick<Summit, 'state' | 'ends_on' | 'zone'>, now: number): boolean {
	return (summit.state === 'open' || summit.state === 'live') && now < endOfSummit(summit);
}

/** Whether registration is open at a moment (milliseconds): within its own hours, in a Summit that gives seats. */
export function registrationOpen(
	summit: Pick<Summit, 'state' | 'ends_on' | 'zone' | 'registration_opens_at' | 'registration_closes_at'>,
	now: number
): boolean {
	const after = summit.registration_opens_at !== null && Date.parse(summit.registration_opens_at) <= now;
	const before = summit.registration_closes_at === null || now < Date.parse(summit.registration_closes_at);
	return givesSeats(summit, now) && after && before;
}
