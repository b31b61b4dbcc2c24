/* Reads the code of a badge at a door: the same on the server and on an offline device. */
import { clock, dayKey } from '#lib/i18n/time.ts';
import { dayOfSummit, type DoorDirection } from './answer.ts';
import { verifyBadge, type BadgeReading } from './badge.ts';

/** What a door needs of its Summit to read a code. */
export interface ReadingPlace {
	id: string;
	zone: string;
	starts_on: string;
	ends_on: string;
}

// The present day at the venue, counted from the first of the Summit; until four also the previous one, as in the database.
function daysAt({ zone, starts_on, ends_on }: ReadingPlace, now: number): (number | undefined)[] {
	const today = dayOfSummit(dayKey(now, zone), starts_on, ends_on);
	return today !== undefined && today > 0 && clock(now, zone, 'en') < '04:00' ? [today, today - 1] : [today];
}

/** Verifies a code at a time in milliseconds. On the way out the day is not checked: nobody is prevented from leaving. */
export async function readAtDoor(
	code: string,
	keys: ReadonlyMap<string, CryptoKey>,
	place: ReadingPlace,
	direction: DoorDirection,
	now: number
): Promise<BadgeReading> {
	const days = direction === 'out' ? [undefined] : daysAt(place, now);
	let reading: BadgeReading = { ok: false, refusal: 'other_day' };
	for (const day of days) {
		reading = await verifyBadge(code, keys, { summit: place.id, ...(day !== undefined && { day }) });
		if (reading.ok || reading.refusal !== 'other_day') break;
	}
	return reading;
}
