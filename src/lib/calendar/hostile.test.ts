/* Texts that try to inject lines into a calendar, in every field of it, read by two independent readers. */
import fc from 'fast-check';
import ICAL from 'ical.js';
import nodeIcal from 'node-ical';
import { expect, test } from 'vitest';
import { session } from '../../../tests/fixtures/agenda.ts';
import { withoutBreaks } from '#lib/forms/one-line.ts';
import { calendarOf, type FeedWords } from './feed.ts';
import { invitationOf } from './invitation.ts';

const forged = 'BEGIN:VEVENT\r\nUID:forged\r\nDTSTART:20270101T000000Z\r\nSUMMARY:Forged\r\nEND:VEVENT';
const breaks = [
	'\r\n',
	'\n',
	'\r',
	'\u0085',
	'\u2028',
	'\u2029',
	'\u000b',
	'\u000c',
	'\u0000',
	'\u001c',
	'\r\n ',
	'\\n',
	'"',
	'^n'
];
const hostile = fc.oneof(
	fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 }),
	fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }).map((text) => text.replace(/\p{Cs}/gu, '')),
	fc
		.tuple(
			fc.constantFrom('Opening', 'القمة', 'Summit, 2027; "a\\b"'),
			fc.constantFrom(...breaks),
			fc.constantFrom(forged, 'X-A:b', ';LANGUAGE=fr:x')
		)
		.map((parts) => parts.join(''))
);

interface Texts {
	name: string;
	description: string;
	title: string;
	room: string;
	track: string;
	about: string;
	label: string;
	lang: string;
	address: string;
}

const words = (texts: Texts): FeedWords => ({
	name: texts.name,
	description: texts.description,
	title: () => ({ text: texts.title, lang: texts.lang, fallback: true }),
	rooms: () => texts.room,
	about: () => texts.about,
	categories: () => [texts.track],
	address: () => `https://summit.example/${texts.address}`,
	join: () => ({ address: `https://summit.example/live/${texts.address}`, label: texts.label })
});
const slot = { start: '2027-06-10T12:00:00Z', end: '2027-06-10T13:00:00Z', rooms: ['plenary'] };

function linesOf(file: string): string[] {
	expect(file.endsWith('\r\n')).toBe(true);
	const lines = file.slice(0, -2).split('\r\n');
	for (const line of lines) {
		expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
		expect(line).toMatch(/^(?:[^\p{Cc}]|\t)*$/u);
	}
	return lines
		.join('\r\n')
		.replaceAll(/\r\n[ \t]/g, '')
		.split('\r\n');
}

const unescaped = (value: unknown) => (typeof value === 'string' ? value : '').replaceAll(/\\(.)/g, '$1');

/** The names of all properties, in order: an injected line would add one. */
const names = (file: string) => linesOf(file).map((line) => /^[A-Z-]+/.exec(line)?.[0]);

const texts = fc.record<Texts>({
	name: hostile,
	description: hostile,
	title: hostile,
	room: hostile,
	track: hostile,
	about: hostile,
	label: hostile,
	lang: fc.oneof(fc.constantFrom('fr', 'ar'), hostile),
	address: hostile
});
const plain: Texts = {
	name: 'n',
	description: 'd',
	title: 't',
	room: 'r',
	track: 'k',
	about: 'a',
	label: 'l',
	lang: 'fr',
	address: 'p'
};

test('keeps the lines, events and values of a feed for any texts', { timeout: 60_000 }, () => {
	const feed = { release: null, sessions: [session({ slots: [slot] })], events: {} };
	const write = (given: Texts) => calendarOf(feed, words(given), `https://summit.example/${given.address}.ics`);
	const usual = names(write(plain));
	fc.assert(
		fc.property(texts, (given) => {
			const file = write(given);
			const has = (text: string) => withoutBreaks(text) !== '';
			const optional = {
				LOCATION: has(given.room),
				DESCRIPTION: given.about !== '',
				CATEGORIES: has(given.track),
				NAME: has(given.name),
				'X-WR-CALNAME': has(given.name),
				'X-WR-CALDESC': has(given.description)
			};
			expect(names(file)).toEqual(usual.filter((name) => optional[name as keyof typeof optional] ?? true));

			const calendar = new ICAL.Component(ICAL.parse(file) as [string, unknown[], unknown[]]);
			const [event, ...more] = calendar.getAllSubcomponents('vevent');
			expect(more).toEqual([]);
			// ical.js does not know NAME (RFC 7986) and returns it as it is written.
			expect(unescaped(calendar.getFirstPropertyValue('name'))).toBe(withoutBreaks(given.name));
			expect([
				event?.getFirstPropertyValue('summary'),
				event?.getFirstPropertyValue('location') ?? '',
				event?.getFirstPropertyValue('categories') ?? '',
				event?.getFirstPropertyValue('uid')
			]).toEqual([
				withoutBreaks(given.title),
				withoutBreaks(given.room),
				withoutBreaks(given.track),
				feed.sessions[0]?.id
			]);

			const read = Object.values(nodeIcal.sync.parseICS(file)).filter((one) => one?.type === 'VEVENT');
			expect(
				read.map((one) => [one?.type === 'VEVENT' && one.uid, one?.type === 'VEVENT' && one.start.toISOString()])
			).toEqual([[feed.sessions[0]?.id, '2027-06-10T12:00:00.000Z']]);
		}),
		{ numRuns: 300 }
	);
});

test('names its organiser and nobody else in a mailed event for any name of the Summit', () => {
	const one = session({ slots: [slot] });
	fc.assert(
		fc.property(texts, (given) => {
			const { content } = invitationOf(
				{ method: 'REQUEST', uid: 'u1', sequence: 1, start: slot.start, end: slot.end, session: one, rooms: [] },
				words(given),
				{ organizer: { name: given.name, email: 'summit@example.org' }, attendee: 'delegate@example.org', now: 0 },
				'gone'
			);
			linesOf(content);
			const calendar = new ICAL.Component(ICAL.parse(content) as [string, unknown[], unknown[]]);
			const [event, ...more] = calendar.getAllSubcomponents('vevent');
			expect(more).toEqual([]);
			expect(event?.getAllProperties('organizer').map((property) => property.getFirstValue())).toEqual([
				'mailto:summit@example.org'
			]);
			expect(event?.getAllProperties('attendee').map((property) => property.getFirstValue())).toEqual([
				'MAILTO:delegate@example.org'
			]);
		}),
		{ numRuns: 150 }
	);
});
