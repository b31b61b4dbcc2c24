import { roomsIn } from '#lib/agenda/place.ts';
import type { Session } from '#lib/agenda/session.ts';
import { standingOf } from '#lib/agenda/words.ts';
import { href, text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import type { Summit } from '#lib/summits/summit.ts';
import { levelWord } from '#lib/ui/level.ts';
import type { FeedWords } from './feed.ts';
import type { ScheduleContext } from './schedule.ts';

// Names leave our site only with what is public: a calendar is copied to whoever keeps it.
function about(session: Session): string {
	const people =
		session.level === 'public'
			? session.people.map((person) => [person.display_name, standingOf(person)].filter(Boolean).join(', '))
			: [];
	const note = text(session.content_note).text;
	return [
		session.level === 'public' ? '' : levelWord(session.level),
		note && `${m.shell_content_note()}: ${note}`,
		session.level === 'public' ? text(session.abstract).text : '',
		people.join('\n')
	]
		.filter(Boolean)
		.join('\n\n');
}

/** The words of a Summit's calendar in the language of the request; `mine` for a person's own. */
export function feedWords(summit: Pick<Summit, 'slug' | 'name' | 'rooms'>, origin: string, mine: boolean): FeedWords {
	const name = text(summit.name).text;
	const roomNames = new Map(summit.rooms.map((room) => [room.slug, room.name]));
	return {
		name: mine ? m.agenda_feed_mine({ summit: name }) : name,
		description: mine ? m.agenda_feed_mine_about({ summit: name }) : m.agenda_description({ summit: name }),
		title: (session) => text(session.title).text,
		rooms: (slot) => roomsIn(slot, { roomNames }),
		about,
		address: (session) => origin + href(`/${summit.slug}/sessions/${session.code}`)
	};
}

/** What the exchange format needs of a Summit, in the language of the request. */
export function scheduleContext(summit: Summit, origin: string): ScheduleContext {
	return {
		slug: summit.slug,
		title: text(summit.name).text,
		zone: summit.zone,
		startsOn: summit.starts_on,
		endsOn: summit.ends_on,
		version: String(summit.release?.number ?? 0),
		base: origin + href(`/${summit.slug}/agenda`),
		rooms: summit.rooms.map((room) => ({ slug: room.slug, name: text(room.name).text || room.slug })),
		words: (map) => text(map).text,
		address: (session) => origin + href(`/${summit.slug}/sessions/${session.code}`)
	};
}
