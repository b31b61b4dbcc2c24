import fc from 'fast-check';
import ICAL from 'ical.js';
import nodeIcal from 'node-ical';
import { describe, expect, test } from 'vitest';
import { at, session, slot } from '../../../tests/fixtures/agenda.ts';
import type { Session } from '#lib/agenda/session.ts';
import { withoutBreaks } from '#lib/forms/one-line.ts';
import { calendarOf, type EventFacts, type Feed, type FeedWords } from './feed.ts';

const words: FeedWords = {
	name: 'Global Summit',
	description: 'Every session',
	title: ({ title }) => ({
		text: title['en'] ?? title['ar'] ?? '',
		lang: title['en'] ? 'en' : 'ar',
		fallback: !title['en']
	}),
	rooms: (one) => one.rooms.join(', '),
	about: ({ abstract }) => abstract['en'] ?? '',
	categories: ({ track }) => Object.values(track),
	address: ({ code }) => `https://summit.example/2027/sessions/${code}`,
	join: ({ attendance }, { rooms: [room] }) =>
		attendance === 'hall' ? null : { address: `https://summit.example/2027/live/${room}`, label: 'Join "online"' }
};

function feedOf(sessions: Session[], number = 13, events: Record<string, EventFacts[]> = {}): Feed {
	return { release: { number, released_at: '2027-06-08T21:05:00Z' }, sessions, events };
}

function write(sessions: Session[], number?: number, events?: Record<string, EventFacts[]>): string {
	return calendarOf(feedOf(sessions, number, events), words, 'https://summit.example/2027/agenda.ics');
}

type Properties = Record<string, string>;

/** Reads an iCalendar file by the rules of RFC 5545, independently of our writer. */
function read(file: string): { calendar: Properties; events: Properties[] } {
	expect(file.endsWith('\r\n')).toBe(true);
	const lines = file.slice(0, -2).split('\r\n');
	for (const line of lines) {
		expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
		// A character that was split would be corrupt in the bytes of its line.
		expect(Buffer.from(line).toString()).toBe(line);
	}
	expect(file.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
	const unfolded = lines
		.join('\r\n')
		.replaceAll(/\r\n[ \t]/g, '')
		.split('\r\n');
	const calendar: Properties = {};
	const events: Properties[] = [];
	let into = calendar;
	for (const line of unfolded) {
		// A text may contain the line and paragraph separators of Unicode, which end no line of the file.
		const [, name = '', parameters = '', value = ''] =
			/^([A-Z-]+)((?:;[A-Z-]+=(?:"[^"]*"|[^":;]*))*):(.*)$/s.exec(line) ?? [];
		expect(name).not.toBe('');
		if (line === 'BEGIN:VEVENT') events.push((into = {}));
		else if (line === 'END:VEVENT') into = calendar;
		else
			into[name + parameters] = value.replaceAll(/\\([nN,;\\])/g, (_, sign: string) =>
				sign.toLowerCase() === 'n' ? '\n' : sign
			);
	}
	return { calendar, events };
}

const plain = session({
	code: 'PLAIN',
	title: { en: 'Opening' },
	track: { en: 'Knowledge' },
	slots: [slot('09:00', '10:30', ['plenary'])]
});
const facts: EventFacts = {
	...(plain.slots[0] ?? slot('09:00', '10:30')),
	uid: '5f0c5a3e-0000-4000-8000-000000000001',
	sequence: 7,
	changed_at: '2027-06-01T08:00:00Z'
};

describe('a calendar', () => {
	test('contains when, where and what, in UTC, and since which release', () => {
		const { calendar, events } = read(write([plain], 13, { [plain.id]: [facts] }));
		expect(calendar).toMatchObject({
			VERSION: '2.0',
			NAME: 'Global Summit',
			'REFRESH-INTERVAL;VALUE=DURATION': 'PT15M',
			'X-PUBLISHED-TTL': 'PT15M',
			'SOURCE;VALUE=URI': 'https://summit.example/2027/agenda.ics',
			COLOR: 'midnightblue'
		});
		// A subscribed file has no method: its DTSTAMP is then the time of the last change (RFC 5545, 3.8.7.2).
		expect(calendar).not.toHaveProperty('METHOD');
		expect(events).toEqual([
			{
				UID: facts.uid,
				SEQUENCE: '7',
				DTSTAMP: '20270601T080000Z',
				'LAST-MODIFIED': '20270601T080000Z',
				DTSTART: '20270610T120000Z',
				DTEND: '20270610T133000Z',
				SUMMARY: 'Opening',
				LOCATION: 'plenary',
				CATEGORIES: 'Knowledge',
				CLASS: 'PUBLIC',
				STATUS: 'CONFIRMED',
				'URL;VALUE=URI': 'https://summit.example/2027/sessions/PLAIN',
				[`CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL="Join  online"`]: 'https://summit.example/2027/live/plenary'
			}
		]);
	});

	test('has the same bytes for the same agenda each time', () => {
		expect(write([plain])).toBe(write([plain]));
	});

	test('keeps a cancelled session as cancelled, and names no room for it', () => {
		const { events } = read(write([{ ...plain, is_cancelled: true }]));
		expect(events.map(({ UID, STATUS }) => [UID, STATUS])).toEqual([[plain.id, 'CANCELLED']]);
		expect(Object.keys(events[0] ?? {}).filter((name) => name.startsWith('CONFERENCE'))).toEqual([]);
	});

	test('has an event with its own id for each time of a session, and none without a time', () => {
		const twice = session({ slots: [slot('09:00', '10:00'), slot('14:00', '15:00')] });
		const { events } = read(write([twice, session({ slots: [] })]));
		expect(events.map(({ UID }) => UID)).toEqual([twice.id, `${twice.id}-2`]);
		const [first, second] = twice.slots.map((one, n) => ({ ...facts, ...one, uid: `u${n}` }));
		// The id belongs to the time, in any order.
		const named = write([twice], 13, { [twice.id]: [second, first].filter((one) => one !== undefined) });
		expect(read(named).events.map(({ UID }) => UID)).toEqual(['u0', 'u1']);
	});

	test('marks a non-public session as private, and gives a break no page', () => {
		const { events } = read(write([session({ level: 'closed' }), session({ is_break: true })]));
		expect(events.map((one) => [one['CLASS'], 'URL;VALUE=URI' in one])).toEqual([
			['PRIVATE', true],
			['PUBLIC', false]
		]);
	});

	test('marks the language of a title that is not in the reader’s language', () => {
		const { events } = read(
			write([session({ title: { ar: 'افتتاح القمة العالمية للأعضاء والشركاء والجهات الحكومية' } })])
		);
		expect(events[0]?.['SUMMARY;LANGUAGE=ar']).toBe('افتتاح القمة العالمية للأعضاء والشركاء والجهات الحكومية');
	});

	test('is empty before the first release', () => {
		const empty: Feed = { release: null, sessions: [], events: {} };
		expect(read(calendarOf(empty, words, 'https://summit.example/a.ics')).events).toEqual([]);
	});
});

describe('a calendar with any text and any time', () => {
	// Zones with half hours, at the date line and with days that change their clocks: a file in UTC contains none of it.
	const instant = fc.integer({
		min: Date.parse('2026-12-30T00:00:00Z') / 60_000,
		max: Date.parse('2027-12-31T00:00:00Z') / 60_000
	});
	const text = fc.oneof(
		fc.string({ unit: 'grapheme', maxLength: 300 }),
		fc.constantFrom(
			'القمة العالمية لحماية الأطفال على الإنترنت '.repeat(8),
			'🌍'.repeat(60),
			'a,b;c\\d\nEND:VEVENT\r\nBEGIN:VEVENT\nUID:forged',
			'"quoted"'
		),
		fc.string({ unit: fc.constantFrom('é', 'ж', '中', 'ا', '🌍', ' ', ',', ';', '\\', '\n'), maxLength: 400 })
	);
	const one = fc.record({
		start: instant,
		minutes: fc.integer({ min: 1, max: 1440 }),
		title: text,
		about: text,
		cancelled: fc.boolean()
	});
	const iso = (minutes: number) => new Date(minutes * 60_000).toISOString().replace('.000Z', 'Z');
	// Each writer drops characters that a calendar may not contain; neither trims the ends of a line.
	const normalised = (value: string) => value.replaceAll(/\r\n?/g, '\n');

	test('gives two independent readers the same events at the same instants', { timeout: 30_000 }, () => {
		fc.assert(
			fc.property(fc.array(one, { minLength: 1, maxLength: 5 }), (given) => {
				const sessions = given.map(({ start, minutes, title, about, cancelled }) =>
					session({
						title: { en: normalised(title) || 'x' },
						abstract: { en: normalised(about) },
						is_cancelled: cancelled,
						slots: [{ start: iso(start), end: iso(start + minutes), rooms: ['plenary'] }]
					})
				);
				const file = write(sessions);
				read(file);
				const expected = sessions.map(({ id, slots: [slot], is_cancelled }) => [
					id,
					slot?.start,
					slot?.end,
					is_cancelled ? 'CANCELLED' : 'CONFIRMED'
				]);
				const byICAL = new ICAL.Component(ICAL.parse(file) as [string, unknown[], unknown[]])
					.getAllSubcomponents('vevent')
					.map((event) => {
						const { uid, startDate, endDate } = new ICAL.Event(event);
						return [
							uid,
							startDate.toJSDate().toISOString().replace('.000Z', 'Z'),
							endDate.toJSDate().toISOString().replace('.000Z', 'Z'),
							event.getFirstPropertyValue('status')
						];
					});
				expect(byICAL).toEqual(expected);
				const byNode = Object.values(nodeIcal.sync.parseICS(file)).flatMap((event) =>
					event?.type === 'VEVENT'
						? [
								[
									event.uid,
									event.start.toISOString().replace('.000Z', 'Z'),
									event.end?.toISOString().replace('.000Z', 'Z'),
									event.status
								]
							]
						: []
				);
				expect(byNode.sort()).toEqual([...expected].sort());
			}),
			{ numRuns: 150 }
		);
	});

	test('keeps titles and texts unchanged', { timeout: 30_000 }, () => {
		fc.assert(
			fc.property(text, text, (title, about) => {
				const clean = (value: string) => normalised(value).replaceAll(/[^\n\P{Cc}]/gu, '');
				const [given, abstract] = [withoutBreaks(title) || 'x', clean(about)];
				const file = write([session({ title: { en: given }, abstract: { en: abstract } })]);
				const [event] = new ICAL.Component(ICAL.parse(file) as [string, unknown[], unknown[]]).getAllSubcomponents(
					'vevent'
				);
				expect([event?.getFirstPropertyValue('summary'), event?.getFirstPropertyValue('description') ?? '']).toEqual([
					given,
					abstract
				]);
			}),
			{ numRuns: 150 }
		);
	});

	test('gives no event both an end and a duration', () => {
		const file = write([plain, session({ is_cancelled: true })]);
		expect([file.includes('DURATION:'), file.match(/DTEND/g)?.length]).toEqual([
			file.includes('REFRESH-INTERVAL;VALUE=DURATION:'),
			2
		]);
	});
});

test('uses the instants of the agenda', () => expect(at('09:00')).toBe('2027-06-10T12:00:00Z'));
