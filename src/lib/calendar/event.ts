import { ICalEventClass, ICalEventStatus, type ICalEventData } from 'ical-generator';
import type { Session, Slot } from '#lib/agenda/session.ts';
import type { FeedWords } from './feed.ts';
import { withoutBreaks } from '#lib/forms/one-line.ts';
import { asAddress, asParameter, foldLine, unfoldLines, withoutControls } from './unfolded.ts';

/** The program that wrote a file, as its PRODID names it. */
export const productId = '//Global Summit//agenda//EN';

/** One time of a session as an event: when, where and what. */
export function eventOf(session: Session, slot: Slot, words: FeedWords): ICalEventData {
	return {
		start: new Date(slot.start),
		end: new Date(slot.end),
		summary: withoutBreaks(words.title(session).text),
		description: words.about(session) || null,
		location: withoutBreaks(words.rooms(slot)) || null,
		url: session.is_break ? null : asAddress(words.address(session)),
		categories: words
			.categories(session)
			.map(withoutBreaks)
			.filter(Boolean)
			.map((name) => ({ name })),
		status: session.is_cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
		// Offices share calendars: a session that is not public is marked as private.
		class: session.level === 'public' ? ICalEventClass.PUBLIC : ICalEventClass.PRIVATE
	};
}

const isTag = (lang: string) => /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(lang);

/** The parts of an event that the library does not write. */
export interface EventExtra {
	language: string | null;
	lines: string[];
}

/** The language of the title where it is not the reader's, and the address where the session is followed online. */
export function extraOf(session: Session, slot: Slot, words: FeedWords): EventExtra {
	const title = words.title(session);
	const join = session.is_cancelled ? null : words.join(session, slot);
	return {
		language: title.fallback && isTag(title.lang) ? title.lang : null,
		lines: join
			? [`CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL=${asParameter(join.label)}:${asAddress(join.address)}`]
			: []
	};
}

/** The file with the properties of RFC 7986 that the library does not write; each line is folded again, by octets. */
export function addExtras(file: string, extras: readonly EventExtra[]): string {
	let at = -1;
	const lines = unfoldLines(file).flatMap((line) => {
		if (line === 'BEGIN:VEVENT') at += 1;
		const extra = extras[at];
		if (line === 'END:VEVENT' && extra) return [...extra.lines, line];
		if (line.startsWith('SUMMARY:') && extra?.language) return [`SUMMARY;LANGUAGE=${extra.language}${line.slice(7)}`];
		if (line.startsWith('X-PUBLISHED-TTL:')) return [line, 'COLOR:midnightblue'];
		return [line];
	});
	return `${lines
		.filter((line) => line !== '')
		.map((line) => foldLine(withoutControls(line)))
		.join('\r\n')}\r\n`;
}
