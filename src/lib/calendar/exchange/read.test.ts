import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exchangeLimit } from './file.ts';
import { splitTexts, splitNote, joinTexts } from './parts.ts';
import { readExchange } from './read.ts';
import { readInstant, readTimes } from './times.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (given: string | Uint8Array) =>
	readExchange(typeof given === 'string' ? bytes(given) : given, 'Europe/Berlin');
const fault = (given: string | Uint8Array) => {
	const answer = read(given);
	return answer.ok ? 'read' : answer.fault.code;
};
const xml = (inner: string, head = '<?xml version="1.0" encoding="UTF-8"?>') =>
	`${head}<schedule><conference><title>C</title></conference><day date="2027-06-10" index="1"><room name="Hall">${inner}</room></day></schedule>`;
const one = '<event guid="g" id="1"><title>T</title></event>';

describe('a file that is not a schedule', () => {
	test('is identified and not read', () => {
		expect([fault(''), fault('   '), fault('\ufeff')]).toEqual(['empty', 'empty', 'empty']);
		expect([fault('{"schedule":'), fault('{"other":1}'), fault('[]'), fault('{"schedule":{"conference":{}}}')]).toEqual(
			['malformed', 'no_schedule', 'no_schedule', 'no_schedule']
		);
		expect([fault('<schedule>'), fault('<a/>'), fault('<schedule><conference/></a>')]).toEqual([
			'malformed',
			'no_schedule',
			'malformed'
		]);
		expect(fault('one,two\n1,2\n')).toBe('no_columns');
	});

	test('is refused with entities or a document type, in any spelling', () => {
		const bombs = [
			'<!DOCTYPE lolz [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
			'<!DOCTYPE x SYSTEM "file:///etc/passwd">',
			'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1/"> %p;]>'
		];
		expect(bombs.map((bomb) => fault(bomb + xml(one, '')))).toEqual(['doctype', 'doctype', 'doctype']);
		expect(fault(xml('<event guid="g"><title>&xxe;</title></event>'))).toBe('doctype');
		expect(fault(xml('<event guid="g"><title>&amp;&#x41;</title></event>'))).toBe('read');
	});

	test(
		'is refused when it is compressed, too large, too long or too deep, before it is parsed',
		{ timeout: 30_000 },
		() => {
			expect(fault(gzipSync(Buffer.alloc(100_000_000)))).toBe('compressed');
			expect(fault(bytes('PK\u0003\u0004'))).toBe('compressed');
			expect(fault(new Uint8Array(exchangeLimit.bytes + 1))).toBe('too_large');
			expect(fault(xml('<event/>'.repeat(exchangeLimit.events + 1)))).toBe('too_many');
			const many = JSON.stringify({
				schedule: {
					conference: { days: [{ rooms: { A: Array.from({ length: exchangeLimit.events + 1 }, () => ({})) } }] }
				}
			});
			expect(fault(many)).toBe('too_many');
			expect([fault('['.repeat(100_000)), fault('<a>'.repeat(100_000))]).toEqual(['deep', 'deep']);
		}
	);

	test('is refused in a false encoding, and read in encodings of old exports', () => {
		const latin = Buffer.from(
			xml('<event guid="g"><title>Río</title></event>', '<?xml version="1.0" encoding="ISO-8859-1"?>'),
			'latin1'
		);
		const title = (given: Uint8Array) => {
			const answer = read(given);
			return answer.ok ? answer.file.events[0]?.title : answer.fault.code;
		};
		expect(title(latin)).toBe('Río');
		expect(title(Buffer.from(xml('<event guid="g"><title>Río</title></event>'), 'latin1'))).toBe('encoding');
		expect(title(Buffer.from(`\ufeff${xml('<event guid="g"><title>Río</title></event>', '')}`, 'utf16le'))).toBe('Río');
		expect(fault(xml(one, '<?xml version="1.0" encoding="EBCDIC-CP-US"?>'))).toBe('encoding');
		expect(fault(Buffer.from('{"schedule":{"conference":{"title":"R\u00edo","days":[]}}}', 'latin1'))).toBe('encoding');
	});

	test('gets an answer and no error for any bytes', { timeout: 30_000 }, () => {
		fc.assert(
			fc.property(
				fc.oneof(
					fc.uint8Array({ maxLength: 400 }),
					fc.string({ unit: 'binary' }).map(bytes),
					fc.json().map(bytes),
					fc.string().map((text) => bytes(xml(text)))
				),
				(given) => {
					expect(typeof read(given).ok).toBe('boolean');
				}
			),
			{ numRuns: 40 }
		);
	});
});

describe('an event', () => {
	test('has its times by their offset, by the clocks of the file’s zone, or none, or is reported', () => {
		const at = (inner: string) => {
			const answer = read(xml(`<event guid="g"><title>T</title>${inner}</event>`));
			const [event] = answer.ok ? answer.file.events : [];
			return [
				event?.start && new Date(event.start).toISOString(),
				event?.end && new Date(event.end).toISOString(),
				event?.badTime
			];
		};
		expect(at('<date>2027-06-10T10:00:00+02:00</date><duration>01:30</duration>')).toEqual([
			'2027-06-10T08:00:00.000Z',
			'2027-06-10T09:30:00.000Z',
			null
		]);
		expect(at('<start>10:00</start><duration>0:30</duration>')).toEqual([
			'2027-06-10T08:00:00.000Z',
			'2027-06-10T08:30:00.000Z',
			null
		]);
		expect(at('')).toEqual([null, null, null]);
		expect(at('<date>2027-04-31T10:00:00Z</date><duration>1:00</duration>')[2]).toContain('2027-04-31');
		expect(at('<date>2027-06-10T10:00:00Z</date><duration>0:00</duration>')[2]).not.toBe(null);
	});

	test('has an instant in every zone and on days that change the clocks', () => {
		expect(readInstant('2027-03-28T02:30', 'Europe/Berlin')).toBe(Date.parse('2027-03-28T01:30:00Z'));
		expect(readInstant('2027-06-10 09:00', 'Asia/Kathmandu')).toBe(Date.parse('2027-06-10T03:15:00Z'));
		expect(readInstant('2027-06-10T09:00:00+0545', 'UTC')).toBe(Date.parse('2027-06-10T03:15:00Z'));
		expect(readInstant('2027-06-10T09:00+13', 'UTC')).toBe(Date.parse('2027-06-09T20:00:00Z'));
		expect([
			readInstant('tomorrow', 'UTC'),
			readInstant('2027-13-01T00:00Z', 'UTC'),
			readInstant('2027-06-10T25:00', 'UTC')
		]).toEqual([null, null, null]);
		const lasts = (duration: string) => {
			const { start, end } = readTimes(
				{ date: '2027-06-10T10:00:00Z', start: '', duration, end: '', day: null },
				'UTC'
			);
			return end === null || start === null ? null : end - start;
		};
		expect([lasts('25:00'), lasts('1:75'), lasts('')]).toEqual([90_000_000, null, null]);
	});

	test('joins three texts, and splits them again unless they were edited', () => {
		fc.assert(
			fc.property(fc.string(), fc.string(), fc.string(), (subtitle, abstract, description) => {
				const { text, parts } = joinTexts({ subtitle, abstract, description });
				expect(splitTexts(text, parts)).toEqual({ subtitle, abstract, description });
				expect(splitTexts(`${text}!`, parts)).toEqual({ subtitle: '', abstract: `${text}!`, description: '' });
			})
		);
		expect(splitNote('Note: hard\nto hear\n\nMore', ['Note: '])).toEqual({
			note: 'hard\nto hear',
			description: 'More'
		});
		expect(splitNote('Nothing', ['Note: '])).toEqual({ note: '', description: 'Nothing' });
	});
});

describe('a table', () => {
	test('of sessions names people with their parts, and reports unknown columns', () => {
		const answer = read(
			'Code;Title;Start;End;Rooms;People;Colour\nABC222;Opening;2027-06-10 09:00;2027-06-10 10:00;Hall;Wren Alder (chair); Tern Moss;red\n'.replace(
				'(chair); Tern Moss',
				'(chair)'
			)
		);
		expect(
			answer.ok && [
				answer.file.kind,
				answer.file.ignored,
				answer.file.events.map(({ code, title, room, persons }) => [code, title, room, persons])
			]
		).toEqual([
			'csv',
			['Colour'],
			[['ABC222', 'Opening', 'Hall', [{ name: 'Wren Alder', code: null, role: 'chair', biography: '' }]]]
		]);
	});

	test('of speakers adds people to sessions', () => {
		const answer = read('session,role,name\nABC222,moderator,Wren Alder\n');
		expect(
			answer.ok && answer.file.events.map(({ code, persons }) => [code, persons[0]?.name, persons[0]?.role])
		).toEqual([['ABC222', 'Wren Alder', 'moderator']]);
	});
});
