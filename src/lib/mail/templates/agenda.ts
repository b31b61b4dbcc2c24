import type { InvitedEvent } from '#lib/calendar/invitation.ts';
import { joinFacts, joinList } from '#lib/i18n/list.ts';
import { text, type TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { clockRange, day, offsetMinutes, zoneCity } from '#lib/i18n/time.ts';
import { isolate, momentParam, pageOf, summitName, textParam, type MailContext } from '../context.ts';
import { paragraph, type Letter, type MailPart } from '../letter.ts';

interface Placed {
	start: string;
	end: string;
	rooms: TextMap[];
}

/** A changed session, as the database returns it for one person; it names nobody. */
interface DigestChange {
	kinds: string[];
	title: TextMap;
	title_before: TextMap | null;
	places: Placed[];
	places_before: Placed[] | null;
	/** The content note, where it changed. */
	note?: TextMap | null;
	speaking: boolean;
}

function spanIn(zone: string, city: string, { start, end }: Placed): string {
	const date = day(start, zone, { year: true });
	return isolate(`${joinFacts([date, clockRange(start, end, zone)])} (${city})`);
}

// By the venue's clock and, where it differs, by the reader's.
function placeWords({ summit, zone }: MailContext, placed: Placed): string {
	const venue = summit?.zone ?? 'UTC';
	const there = spanIn(venue, (summit && text(summit.city).text) || zoneCity(venue), placed);
	const differs = zone !== null && offsetMinutes(placed.start, zone) !== offsetMinutes(placed.start, venue);
	const time = differs ? `${there} = ${spanIn(zone, zoneCity(zone), placed)}` : there;
	const rooms = joinList(placed.rooms.map((name) => isolate(text(name).text)));
	return rooms === '' ? time : m.mail_change_where({ time, rooms });
}

function kindWords(kind: string, change: DigestChange): string | null {
	switch (kind) {
		case 'added':
			return m.mail_change_added();
		case 'removed':
			return m.mail_change_removed();
		case 'cancelled':
			return m.mail_change_cancelled();
		case 'restored':
			return m.mail_change_restored();
		case 'moved':
			return m.mail_change_moved();
		case 'renamed':
			return m.mail_change_renamed({ title: isolate(change.title_before ? text(change.title_before).text : '') });
		case 'people':
			return m.mail_change_people();
		case 'details':
			return m.mail_change_details();
		case 'note': {
			const note = text(change.note ?? {}).text;
			return note === '' ? m.mail_change_note_none() : m.mail_change_note({ note: isolate(note) });
		}
		default:
			return null;
	}
}

function paragraphOf(context: MailContext, change: DigestChange): string {
	const off = change.kinds.includes('cancelled') || change.kinds.includes('removed');
	const places = change.places.map((placed) => placeWords(context, placed));
	const before = (change.places_before ?? []).map((placed) => placeWords(context, placed));
	return [
		m.mail_change_title({ title: isolate(text(change.title).text) }),
		change.kinds
			.map((kind) => kindWords(kind, change))
			.filter((words) => words !== null)
			.join(' '),
		...(off ? [] : places.map((place) => m.mail_change_now({ place }))),
		...(before.length > 0 && !off ? before.map((place) => m.mail_change_before({ place })) : []),
		...(off ? places.map((place) => m.mail_change_before({ place })) : []),
		...(change.speaking ? [m.mail_change_speaking()] : [])
	].join('\n');
}

const eventsIn = ({ params }: MailContext) =>
	Array.isArray(params['events']) ? (params['events'] as InvitedEvent[]) : [];

// Explains the attachment.
function attached(context: MailContext): MailPart[] {
	return eventsIn(context).length === 0
		? []
		: [paragraph(m.mail_calendar_attached()), paragraph(m.mail_calendar_answers())];
}

const titleOf = ({ session }: InvitedEvent) => (session ? text(session.title).text : m.mail_calendar_gone());

function eventParagraph(context: MailContext, event: InvitedEvent): string {
	const { start, end, rooms } = event;
	const place = placeWords(context, { start, end, rooms: rooms.map(({ name }) => name) });
	return [
		m.mail_change_title({ title: isolate(titleOf(event)) }),
		...(event.method === 'CANCEL' ? [m.mail_calendar_off()] : []),
		event.method === 'CANCEL' ? m.mail_change_before({ place }) : m.mail_change_now({ place })
	].join('\n');
}

/** What is new in a person's own calendar, or is removed from it: the invitation itself is attached. */
export function calendarEvent(context: MailContext): Letter {
	const events = eventsIn(context);
	const summit = summitName(context);
	const [first] = events;
	const title = events.length === 1 && first ? titleOf(first) : summit;
	const off = events.length > 0 && events.every(({ method }) => method === 'CANCEL');
	return {
		subject: off ? m.mail_calendar_off_subject({ title }) : m.mail_calendar_subject({ title }),
		parts: [
			...attached(context),
			...events.map((event) => paragraph(eventParagraph(context, event))),
			{ kind: 'action', label: m.mail_action_my_agenda(), url: pageOf(context, '/me/agenda') }
		],
		foot: [
			m.mail_why_calendar({ summit, url: pageOf(context, '/me/agenda') }),
			m.mail_talk({ url: pageOf(context, '/talk') })
		]
	};
}

/** All changes in the sessions of one person since their last mail, in one mail. */
export function agendaChanges(context: MailContext): Letter {
	const summit = summitName(context);
	const { changes, more, now } = context.params;
	const listed = Array.isArray(changes) ? (changes as DigestChange[]) : [];
	return {
		subject: now === true ? m.mail_changes_now_subject({ summit }) : m.mail_changes_subject({ summit }),
		parts: [
			paragraph(m.mail_changes_body()),
			...listed.map((change) => paragraph(paragraphOf(context, change))),
			...(typeof more === 'number' && more > 0 ? [paragraph(m.mail_changes_more({ count: more }))] : []),
			...attached(context),
			{ kind: 'action', label: m.mail_action_my_agenda(), url: pageOf(context, '/me/agenda') }
		],
		foot: [
			m.mail_why_agenda({ summit, url: pageOf(context, '/me/agenda') }),
			m.mail_talk({ url: pageOf(context, '/talk') })
		]
	};
}

/** A person who waited for a place in a session now has one. */
export function placeGiven(context: MailContext): Letter {
	const { title, channel } = context.params;
	const named = typeof title === 'object' && title !== null ? text(title as TextMap).text : '';
	const time = momentParam(context, 'start');
	return {
		subject: m.mail_place_subject({ title: named || summitName(context) }),
		parts: [
			paragraph(channel === 'hall' ? m.mail_place_hall() : m.mail_place_online()),
			...(time === null ? [] : [paragraph(m.mail_place_start({ time }))]),
			paragraph(m.mail_place_back()),
			...attached(context),
			{
				kind: 'action',
				label: m.mail_action_session(),
				url: pageOf(context, `/sessions/${textParam(context, 'code')}`)
			}
		],
		foot: [m.mail_why_registration({ summit: summitName(context) }), m.mail_talk({ url: pageOf(context, '/talk') })]
	};
}
