import { describe, expect, test } from 'vitest';
import { at, session, slot } from '../../../tests/fixtures/agenda.ts';
import type { Agenda, Session } from '#lib/agenda/session.ts';
import { calendarOf, type FeedWords } from './feed.ts';

const words: FeedWords = {
	name: 'Global Summit',
	description: 'Every session',
	title: ({ title }) => title['en'] ?? '',
	rooms: (one) => one.rooms.join(', '),
	about: ({ abstract }) => abstract['en'] ?? '',
	address: ({ code }) => `https://summit.example/2027/sessions/${code}`
};

function agendaOf(sessions: Session[], number = 13): Agenda {
	return { release: { id: 'r', number, released_at: '2027-06-08T21:05:00Z' }, sessions };
}

function write(sessions: Session[], number?: number): string {
	return calendarOf(agendaOf(sessions, number), words, 'https://summit.example/2027/agenda.ics');
}

type Properties = Record<string, string>;

/** Reads an iCalendar file by the rules of RFC 5545, knowing nothing of who wrote it. */
function read(file: string): { calendar: Properties; events: Properties[] } {
	expect(file.endsWith('\r\n')).toBe(true);
	const lines = file.slice(0, -2).split('\r\n');
	for (const line of lines) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
	expect(file.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
	const unfolded = lines
		.join('\r\n')
		.replaceAll(/\r\n[ \t]/g, '')
		.split('\r\n');
	const calendar: Properties = {};
	const events: Properties[] = [];
	let into = calendar;
	for (const line of unfolded) {
		const [, name = '', parameters = '', value = ''] = /^([A-Z-]+)((?:;[^:]*)?):(.*)$/.exec(line) ?? [];
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

const plain = session({ code: 'PLAIN', title: { en: 'Opening' }, slots: [slot('09:00', '10:30', ['plenary'])] });

describe('a calendar', () => {
	test('says when, where and what, in UTC', () => {
		const { calendar, events } = read(write([plain]));
		expect(calendar).toMatchObject({
			VERSION: '2.0',
			METHOD: 'PUBLISH',
			NAME: 'Global Summit',
			BEGIN: 'VCALENDAR',
			END: 'VCALENDAR'
		});
		expect(events).toEqual([
			{
				UID: plain.id,
				SEQUENCE: '13',
				DTSTAMP: '20270608T210500Z',
				DTSTART: '20270610T120000Z',
				DTEND: '20270610T133000Z',
				SUMMARY: 'Opening',
				LOCATION: 'plenary',
				CLASS: 'PUBLIC',
				STATUS: 'CONFIRMED',
				'URL;VALUE=URI': 'https://summit.example/2027/sessions/PLAIN'
			}
		]);
	});

	test('the same agenda is the same bytes; a new release is a higher sequence of the same events', () => {
		expect(write([plain])).toBe(write([plain]));
		const [before, after] = [read(write([plain], 13)), read(write([plain], 14))].map(({ events: [one] }) => one);
		expect([before?.['UID'], before?.['SEQUENCE']]).toEqual([after?.['UID'], '13']);
		expect(after?.['SEQUENCE']).toBe('14');
	});

	test('a cancelled session stays, cancelled', () => {
		const { events } = read(write([{ ...plain, is_cancelled: true }]));
		expect(events.map(({ UID, STATUS }) => [UID, STATUS])).toEqual([[plain.id, 'CANCELLED']]);
	});

	test('each time of a session is an event with a name of its own; a session without a time is none', () => {
		const twice = session({ slots: [slot('09:00', '10:00'), slot('14:00', '15:00')] });
		const { events } = read(write([twice, session({ slots: [] })]));
		expect(events.map(({ UID }) => UID)).toEqual([twice.id, `${twice.id}-2`]);
	});

	test('what is not public asks to be kept to oneself; a break has no page', () => {
		const { events } = read(write([session({ level: 'closed' }), session({ is_break: true })]));
		expect(events.map((one) => [one['CLASS'], 'URL;VALUE=URI' in one])).toEqual([
			['PRIVATE', true],
			['PUBLIC', false]
		]);
	});

	test('long words of any script fold without breaking, and no text becomes a property', () => {
		const title = `القمة العالمية 🌍, ${'très long; '.repeat(20)}\\ fin`;
		const abstract = 'One\nEND:VEVENT\nBEGIN:VEVENT\r\nUID:forged';
		const { events } = read(write([session({ title: { en: title }, abstract: { en: abstract } })]));
		expect(events).toHaveLength(1);
		expect(events[0]?.['SUMMARY']).toBe(title);
		expect(events[0]?.['DESCRIPTION']).toBe(abstract.replaceAll('\r\n', '\n'));
	});

	test('an agenda before its first release is an empty calendar', () => {
		expect(read(calendarOf({ release: null, sessions: [] }, words, 'https://summit.example/a.ics')).events).toEqual([]);
	});
});

test('the instants are those of the agenda', () => expect(at('09:00')).toBe('2027-06-10T12:00:00Z'));
