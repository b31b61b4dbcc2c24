/* What would solve a finding: another room at the same time, or another time in the same room. No I/O. */
import { placesAt, freePlaces, startsOf, type MoveFacts, type PlaceRequest } from '#lib/agenda/builder/proposals.ts';
import { dayKey } from '#lib/i18n/time.ts';
import type { FindingCode } from './checks.ts';
import type { When } from '../builder/builder.ts';

/** A place where the finding would not be; `kind` says what is different. */
export interface Remedy extends When {
	kind: 'room' | 'time' | 'both';
}

/** A remedy as the server offers it, with the time that it moves as the organiser sees it now. */
export interface OfferedRemedy extends Remedy {
	session: string;
	slot: string | null;
	seen: When | null;
	/** How many times the session has. */
	times: number;
}

const ofRooms: readonly FindingCode[] = [
	'level_stream',
	'room_capacity',
	'audience_room',
	'equipment_missing',
	'access_missing'
];
const ofTimes: readonly FindingCode[] = [
	'speaker_twice',
	'speaker_maybe_twice',
	'outside_summit',
	'outside_availability',
	'humane_hours',
	'speaker_travel',
	'track_parallel',
	'member_parallel',
	'no_slot'
];

/** Whether moving a session can solve findings of a check. */
export const canMoveAway = (code: FindingCode) => ofRooms.includes(code) || ofTimes.includes(code);

/** The place nearest to the present one (null: none yet) at which everything fits; null when there is none. */
export function remedyFor(code: FindingCode, facts: MoveFacts, request: PlaceRequest, now: When | null): Remedy | null {
	const fits = ({ misses }: { misses: readonly string[] }) => misses.length === 0;
	const [room = '', ...more] = now?.rooms ?? [];
	// Several rooms at once are one decision, which nobody should have to undo.
	if (now && more.length === 0) {
		const start = Date.parse(now.start);
		if (ofRooms.includes(code)) {
			const place = placesAt(facts, request, [start], (slug) => slug !== room).find(fits);
			return place ? { start: place.start, end: place.end, rooms: [place.room], kind: 'room' } : null;
		}
		const starts = startsOf(dayKey(start, request.zone), request)
			.filter((one) => one !== start)
			.sort((one, other) => Math.abs(one - start) - Math.abs(other - start));
		const place = placesAt(facts, request, starts, (slug) => slug === room).find(fits);
		if (place) return { start: place.start, end: place.end, rooms: [place.room], kind: 'time' };
	}
	const place = more.length === 0 ? freePlaces(facts, request).find(fits) : undefined;
	return place ? { start: place.start, end: place.end, rooms: [place.room], kind: 'both' } : null;
}
