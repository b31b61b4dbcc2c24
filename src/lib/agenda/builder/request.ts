import type { Summit } from '#lib/summits/summit.ts';
import type { DraftSession, DraftSlot } from '../draft.ts';
import type { PlaceRequest } from './proposals.ts';

/** What free places for one time of a session are looked for: as long as it is, else as long as its format. */
export function freeRequest(
	summit: Pick<Summit, 'formats' | 'zone' | 'starts_on' | 'ends_on'>,
	session: Pick<DraftSession, 'id' | 'format_id' | 'attendance'>,
	slot: Pick<DraftSlot, 'start' | 'end'> | null
): PlaceRequest {
	const { zone, starts_on, ends_on } = summit;
	const usual = summit.formats.find(({ id }) => id === session.format_id)?.minutes ?? 60;
	const minutes = slot ? (Date.parse(slot.end) - Date.parse(slot.start)) / 60_000 : usual;
	return { session: session.id, attendance: session.attendance, minutes, zone, starts_on, ends_on };
}
