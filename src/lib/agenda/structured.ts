import { joinFacts } from '#lib/i18n/list.ts';
import { href, text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import type { Summit } from '#lib/summits/summit.ts';
import { roomsIn, type Place } from './place.ts';
import type { Session } from './session.ts';

type Thing = Record<string, unknown>;

const attendances = {
	hall_and_online: 'MixedEventAttendanceMode',
	hall: 'OfflineEventAttendanceMode',
	online: 'OnlineEventAttendanceMode'
} as const;

/**
 * The times of a session as schema.org Events, for search engines; null for a session that is not public. It contains only what the page
 * itself shows a signed-out reader.
 */
export function structuredSession(
	session: Session,
	summit: Pick<Summit, 'slug' | 'name' | 'venue_name' | 'city' | 'country' | 'address' | 'starts_on' | 'ends_on'>,
	place: Pick<Place, 'roomNames'>,
	origin: string
): Thing | null {
	if (session.level !== 'public' || session.is_break || session.slots.length === 0) return null;
	const url = origin + href(`/${summit.slug}/sessions/${session.code}`);
	const about = text(session.abstract).text;
	const whole: Thing = {
		'@type': 'Event',
		name: text(summit.name).text,
		url: origin + href(`/${summit.slug}`),
		startDate: summit.starts_on,
		endDate: summit.ends_on
	};
	const events = session.slots.map((slot) => ({
		'@type': 'Event',
		name: text(session.title).text,
		url,
		startDate: slot.start,
		endDate: slot.end,
		eventStatus: `https://schema.org/${session.is_cancelled ? 'EventCancelled' : 'EventScheduled'}`,
		eventAttendanceMode: `https://schema.org/${attendances[session.attendance]}`,
		location: locationsOf(session, summit, roomsIn(slot, place), url),
		image: `${origin}/share.png`,
		...(about && { description: about }),
		...(session.spoken.length > 0 && { inLanguage: session.spoken }),
		...(session.people.length > 0 && { performer: performersOf(session) }),
		organizer: { '@type': 'Organization', name: m.ui_name(), url: origin + href('/') },
		superEvent: { ...whole, location: venueOf(summit) }
	}));
	return { '@context': 'https://schema.org', '@graph': events };
}

// A person with two parts in a session is one performer.
function performersOf({ people }: Session): Thing[] {
	return [...new Map(people.map((person) => [person.code, person])).values()].map((person) => ({
		'@type': 'Person',
		name: person.display_name,
		...(person.office && { jobTitle: person.office }),
		...(person.affiliation && { affiliation: { '@type': 'Organization', name: person.affiliation } })
	}));
}

function venueOf({
	venue_name: venue,
	city,
	country,
	address
}: Pick<Summit, 'venue_name' | 'city' | 'country' | 'address'>): Thing {
	const [town, name] = [text(city).text, text(venue).text];
	return {
		'@type': 'Place',
		name: name || town || m.ui_name(),
		address: {
			'@type': 'PostalAddress',
			...(address && { streetAddress: address }),
			...(town && { addressLocality: town }),
			...(country && { addressCountry: country })
		}
	};
}

function locationsOf(
	{ attendance }: Session,
	summit: Pick<Summit, 'venue_name' | 'city' | 'country' | 'address'>,
	rooms: string,
	url: string
): Thing[] {
	const hall = {
		...venueOf(summit),
		...(rooms && { name: joinFacts([rooms, text(summit.venue_name).text]) })
	};
	const online = { '@type': 'VirtualLocation', url };
	return [...(attendance === 'online' ? [] : [hall]), ...(attendance === 'hall' ? [] : [online])];
}

/** Structured data as the text of a script element: nothing in it can end that element, or start another. */
export function scriptText(data: unknown): string {
	const escapes: Record<string, string> = {
		'<': '\\u003c',
		'>': '\\u003e',
		'&': '\\u0026',
		'\u2028': '\\u2028',
		'\u2029': '\\u2029'
	};
	return JSON.stringify(data).replaceAll(/[<>&\u2028\u2029]/g, (sign) => escapes[sign] ?? '');
}
