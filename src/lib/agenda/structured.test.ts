import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { session, slot } from '../../../tests/fixtures/agenda.ts';
import { scriptText, structuredSession } from './structured.ts';

const summit = {
	slug: '2027',
	name: { original: 'en', en: 'Global Summit 2027' },
	venue_name: { original: 'en', en: 'Centre' },
	city: { original: 'en', en: 'Montevideo' },
	country: 'UY',
	address: 'Rambla 1',
	starts_on: '2027-06-09',
	ends_on: '2027-06-11'
};
const place = { roomNames: new Map([['plenary', { original: 'en', en: 'Plenary Hall' }]]) };
const write = (one: ReturnType<typeof session>) => structuredSession(one, summit, place, 'https://summit.example');
const person = { code: 'WREN2222', display_name: 'Wren Alder', office: 'Chair', affiliation: '', country: null };

describe('the structured data of a session', () => {
	test('contain what, when, where and who, each time and each person once', () => {
		const opening = session({
			code: 'OPEN22',
			title: { original: 'en', en: 'Opening' },
			abstract: { original: 'en', en: 'All begins.' },
			spoken: ['en', 'es'],
			attendance: 'hall_and_online',
			slots: [slot('09:00', '10:30', ['plenary']), slot('14:00', '15:00', ['plenary'])],
			people: [
				{ ...person, role: 'chair' },
				{ ...person, role: 'speaker' }
			]
		});
		const data = write(opening) as { '@context': string; '@graph': Record<string, unknown>[] };
		expect([data['@context'], data['@graph'].map((one) => [one['startDate'], one['endDate']])]).toEqual([
			'https://schema.org',
			opening.slots.map(({ start, end }) => [start, end])
		]);
		expect(data['@graph'][0]).toMatchObject({
			'@type': 'Event',
			name: 'Opening',
			url: 'https://summit.example/2027/sessions/OPEN22',
			eventStatus: 'https://schema.org/EventScheduled',
			eventAttendanceMode: 'https://schema.org/MixedEventAttendanceMode',
			description: 'All begins.',
			inLanguage: ['en', 'es'],
			performer: [{ '@type': 'Person', name: 'Wren Alder', jobTitle: 'Chair' }],
			location: [
				{
					'@type': 'Place',
					name: 'Plenary Hall, Centre',
					address: { streetAddress: 'Rambla 1', addressLocality: 'Montevideo', addressCountry: 'UY' }
				},
				{ '@type': 'VirtualLocation' }
			]
		});
	});

	test.each(['members', 'chatham_house', 'closed'] as const)('at the level %s there is none', (level) => {
		const held = session({ level, title: { original: 'en', en: 'Held back' }, slots: [slot('09:00', '10:00')] });
		expect(write({ ...held, level: 'public' })).not.toBe(null);
		expect(write(held)).toBe(null);
	});

	test('exclude breaks and sessions without a time, and mark cancelled sessions', () => {
		expect(write(session({ is_break: true, slots: [slot('09:00', '10:00')] }))).toBe(null);
		expect(write(session({ slots: [] }))).toBe(null);
		const data = write(session({ is_cancelled: true, slots: [slot('09:00', '10:00')] }));
		expect(JSON.stringify(data)).toContain('https://schema.org/EventCancelled');
	});

	test('escape the script element, and keep every text whole', { timeout: 30_000 }, () => {
		const wild = fc.oneof(
			fc.string({ unit: 'binary' }),
			fc.constantFrom('</script><script>alert(1)</script>', '<!--<script>', '\u2028', ']]>', '&lt;')
		);
		fc.assert(
			fc.property(wild, (title) => {
				const written = scriptText({ title });
				expect(written).not.toMatch(/[<>&\u2028\u2029]/);
				expect(JSON.parse(written)).toEqual({ title });
			})
		);
	});
});
