/* What the code of a badge says at a door: the same on the server and on a device without a network. */
import { clock, dayKey } from '#lib/i18n/time.ts';
import { dayOfSummit, type DoorDirection } from './answer.ts';
import { verifyBadge, type BadgeReading } from './badge.ts';

/** What a door must know of its Summit to read a code. */
export interface ReadingPlace {
	id: string;
	zone: string;
	starts_on: string;
	ends_on: string;
}

// The day that is on at the venue, counted from the first of the Summit; and until four the one before it, too, as the database has it.
function daysAt({ zone, starts_on, ends_on }: ReadingPlace, now: number): (number | undefined)[] {
	const today = dayOfSummit(dayKey(now, zone), starts_on, ends_on);
	return today !== undefined && today > 0 && clock(now, zone, 'en') < '04:00' ? [today, today - 1] : [today];
}

/** Checks a code at a moment, in milliseconds. On the way out no day is asked: nobody is kept in. */
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
