import { joinWords } from '#lib/i18n/list.ts';
import { href, text, type TextMap } from '#lib/i18n/locale.ts';
import { zoneCity } from '#lib/i18n/time.ts';
import { isZone } from '#lib/i18n/zone.ts';
import type { Room, Summit } from '#lib/summits/summit.ts';
import type { Slot } from './session.ts';

/** Where the agenda is held and read: what a page needs to write a time or a room. */
export interface Place {
	summit: string;
	slug: string;
	/** The venue's zone and the city that names it for readers. */
	zone: string;
	city: string;
	/** The reader's zone where the server knows it: from the address or their preference. */
	reader: string | null;
	roomNames: ReadonlyMap<string, TextMap>;
	/** A preview of the draft: the pages of its sessions are not there yet. */
	isPreview?: boolean;
}

type PlacedSummit = Pick<Summit, 'id' | 'slug' | 'zone' | 'city'> & { rooms: readonly Pick<Room, 'slug' | 'name'>[] };

/** The place of a Summit, for a reader. */
export function placeOf(summit: PlacedSummit, reader: string | null): Place {
	return {
		summit: summit.id,
		slug: summit.slug,
		zone: summit.zone,
		city: text(summit.city).text || zoneCity(summit.zone),
		reader: isZone(reader) && reader !== summit.zone ? reader : null,
		roomNames: new Map((summit.rooms ?? []).map((room) => [room.slug, room.name]))
	};
}

/** The names of a slot's rooms, in the reader's language: "Plenary Hall and Online". */
export function roomsIn(slot: Slot, place: Pick<Place, 'roomNames'>): string {
	const names = slot.rooms.map((slug) => text(place.roomNames.get(slug)).text || slug);
	return joinWords(names);
}

/** The address of a session's page; in a preview, of its place on the page. */
export function sessionAddress(code: string, place: Pick<Place, 'slug' | 'isPreview'>): string {
	return place.isPreview ? `#${code}` : href(`/${place.slug}/sessions/${code}`);
}
