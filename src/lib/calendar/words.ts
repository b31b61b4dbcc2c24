import { roomsIn } from '#lib/agenda/place.ts';
import type { Session } from '#lib/agenda/session.ts';
import { personLine } from '#lib/agenda/words.ts';
import { joinFacts, joinLabel, joinList } from '#lib/i18n/list.ts';
import { href, text, type ChosenText } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { languageName } from '#lib/i18n/names.ts';
import type { Room, Summit } from '#lib/summits/summit.ts';
import { levelWord } from '#lib/ui/level.ts';
import type { FeedWords } from './feed.ts';
import type { ScheduleContext } from './schedule.ts';

// Names leave our site only with public sessions: a calendar is copied to its provider.
function about(session: Session): string {
	const people =
		session.level === 'public'
			? session.people.map((person) => joinFacts([person.display_name, personLine(person)]))
			: [];
	const note = text(session.content_note).text;
	return [
		session.level === 'public' ? '' : levelWord(session.level),
		note && joinLabel(m.ui_content_note(), note),
		session.is_break ? '' : languagesOf(session),
		session.level === 'public' ? text(session.abstract).text : '',
		people.join('\n')
	]
		.filter(Boolean)
		.join('\n\n');
}

function languagesOf({ spoken, interpreted }: Session): string {
	const named = (codes: readonly string[]) => joinList(codes.map((code) => languageName(code)));
	const others = interpreted.filter((code) => !spoken.includes(code));
	if (spoken.length === 0) return '';
	return others.length > 0
		? m.calendar_languages({ spoken: named(spoken), interpreted: named(others) })
		: m.calendar_spoken({ spoken: named(spoken) });
}

// Some calendars hide the state of an event, and none hides its title.
function titleOf(session: Session): ChosenText {
	const title = text(session.title);
	return session.is_cancelled ? { ...title, text: m.calendar_cancelled({ title: title.text }) } : title;
}

/** The texts of a Summit's calendar in the language of the request; `mine` for a personal one. */
export function feedWords(
	summit: Pick<Summit, 'slug' | 'name'> & { rooms: readonly Pick<Room, 'slug' | 'name'>[] },
	origin: string,
	mine: boolean
): FeedWords {
	const name = text(summit.name).text;
	const roomNames = new Map(summit.rooms.map((room) => [room.slug, room.name]));
	return {
		name: mine ? m.agenda_feed_mine({ summit: name }) : name,
		description: mine ? m.agenda_feed_mine_about({ summit: name }) : m.agenda_description({ summit: name }),
		title: titleOf,
		rooms: (slot) => roomsIn(slot, { roomNames }),
		about,
		categories: (session) => [text(session.track).text, text(session.format).text].filter(Boolean),
		address: (session) => origin + href(`/${summit.slug}/sessions/${session.code}`),
		join: ({ attendance, is_break: isBreak }, { rooms: [room] }) =>
			attendance === 'hall' || isBreak || room === undefined
				? null
				: { address: origin + href(`/${summit.slug}/live/${room}`), label: m.calendar_join() }
	};
}

/** The Summit's texts for the exchange format, in the language of the request. */
export function scheduleContext(summit: Summit, origin: string): ScheduleContext {
	return {
		slug: summit.slug,
		name: text(summit.name).text,
		zone: summit.zone,
		startsOn: summit.starts_on,
		endsOn: summit.ends_on,
		version: String(summit.release?.number ?? 0),
		base: origin + href(`/${summit.slug}/agenda`),
		dayBegins: 0,
		notePrefix: `${m.ui_content_note()}: `,
		rooms: summit.rooms.map(({ id, slug, name }) => ({ id, slug, name: text(name).text || slug })),
		tracks: summit.tracks.map(({ slug, name }) => ({ slug, name: text(name).text || slug })),
		title: (session) => titleOf(session).text,
		words: (map) => text(map).text,
		address: (session) => origin + href(`/${summit.slug}/sessions/${session.code}`)
	};
}
