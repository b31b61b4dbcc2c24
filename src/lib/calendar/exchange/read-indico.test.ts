import { describe, expect, test } from 'vitest';
import { emptyEvent, exchangeLimit, type FileEvent } from './file.ts';
import { readExchange } from './read.ts';

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const at = (date: string, time: string, tz = 'Europe/Zurich') => ({ date, time, tz });

/** A timetable as Indico exports it: a talk in a session block, a talk by itself, a break, a block without talks. */
function timetable(more: Record<string, unknown> = {}) {
	const talk = (id: number, title: string, start: string, end: string, rest: object = {}) => ({
		_type: 'ContribSchEntry',
		entryType: 'Contribution',
		id: `c${id}`,
		contributionId: id,
		friendlyId: id,
		title,
		description: '<p>First &amp; <b>last</b></p><script>alert(1)</script>',
		startDate: at('2027-06-10', start),
		endDate: at('2027-06-10', end),
		duration: 30,
		room: '',
		location: '',
		url: `/event/77/contributions/${id}/`,
		presenters: [{ firstName: 'Wren', familyName: 'Alder', name: 'Dr. Wren Alder', email: 'wren@example.org' }],
		...rest
	});
	const block = {
		entryType: 'Session',
		id: 's1',
		sessionSlotId: 5,
		title: 'Rivers',
		slotTitle: '',
		room: 'Hall One',
		startDate: at('2027-06-10', '09:00:00'),
		endDate: at('2027-06-10', '10:30:00'),
		conveners: [{ firstName: 'Ama', familyName: 'Reed' }],
		entries: { c11: talk(11, 'Water for all', '09:00:00', '09:30:00') }
	};
	return {
		count: 1,
		_type: 'HTTPAPIResult',
		url: 'https://indico.example/export/timetable/77.json',
		results: {
			'77': {
				'20270610': {
					s1: block,
					c12: talk(12, 'Nairobi by night', '21:00:00', '21:45:00', {
						startDate: at('2027-06-10', '21:00:00', 'Africa/Nairobi'),
						endDate: at('2027-06-10', '21:45:00', 'Africa/Nairobi'),
						room: 'Hall Two'
					}),
					b3: {
						entryType: 'Break',
						id: 'b3',
						title: 'Coffee',
						startDate: at('2027-06-10', '10:30:00'),
						endDate: at('2027-06-10', '11:00:00'),
						room: 'Foyer'
					},
					s2: { ...block, id: 's2', sessionSlotId: 6, slotTitle: 'Posters', entries: {}, title: 'Posters' },
					...more
				}
			}
		}
	};
}

function eventsOf(value: unknown): FileEvent[] {
	const read = readExchange(bytes(value), 'America/Montevideo');
	if (!read.ok) throw new Error(read.fault.code);
	return read.file.events;
}

const faultOf = (value: unknown) => {
	const read = readExchange(bytes(value), 'UTC');
	return read.ok ? null : read.fault;
};

describe('a timetable of Indico', () => {
	test('has the talks of a block in its room and under its name, breaks as breaks, and times of other zones', () => {
		const events = eventsOf(timetable());
		expect(events.map(({ title, room, track, isBreak, start }) => [title, room, track, isBreak, start])).toEqual([
			['Water for all', 'Hall One', 'Rivers', false, Date.parse('2027-06-10T07:00:00Z')],
			['Nairobi by night', 'Hall Two', '', false, Date.parse('2027-06-10T18:00:00Z')],
			['Coffee', 'Foyer', '', true, Date.parse('2027-06-10T08:30:00Z')],
			['Posters – Posters', 'Hall One', '', false, Date.parse('2027-06-10T07:00:00Z')]
		]);
		expect(events[0]).toMatchObject({
			guid: 'contribution 11',
			abstract: 'First & last\nalert(1)',
			persons: [{ name: 'Wren Alder', role: 'speaker' }]
		});
		expect(events[3]?.persons).toEqual([{ name: 'Ama Reed', role: 'chair', code: null, biography: '' }]);
	});

	test('reports a time that is none, and reads the rest', () => {
		const wrong = { entryType: 'Contribution', id: 'c9', title: 'Never', startDate: at('2027-02-31', '09:00:00') };
		const zone = {
			...wrong,
			id: 'c10',
			startDate: at('2027-06-10', '09:00:00', 'Mars/Base'),
			endDate: at('2027-06-10', '10:00:00', 'Mars/Base')
		};
		const events = eventsOf(timetable({ c9: wrong, c10: zone, c11: 'no entry', c13: null }));
		expect(events.slice(4).map(({ badTime }) => badTime)).toEqual([
			'2027-02-31T09:00:00',
			'2027-06-10T09:00:00 2027-06-10T10:00:00'
		]);
	});

	test('is refused when it is too long, and an empty one has no events', () => {
		const many = Object.fromEntries(
			Array.from({ length: exchangeLimit.events + 1 }, (_, index) => [`c${index}`, { entryType: 'Contribution' }])
		);
		expect(faultOf(timetable(many))).toEqual({ code: 'too_many' });
		expect(eventsOf({ results: { '77': {} } })).toEqual([]);
	});
});

describe('an export that holds something else', () => {
	test('is refused by what it is', () => {
		expect([
			faultOf({ event: { slug: 'x', orders: [], items: [] } }),
			faultOf({ registrants: [] }),
			faultOf({ version: 1, abstracts: [] }),
			faultOf([{ code: 'ABCDEF', title: 'T', speakers: [] }])
		]).toEqual(
			['pretix_orders', 'indico_registrations', 'indico_abstracts', 'pretalx_proposals'].map((kind) => ({
				code: 'other_kind',
				kind
			}))
		);
		const table = readExchange(
			new TextEncoder().encode('Order #,First Name,Last Name,Ticket Type,Attendee #\n1,A,B,C,2\n'),
			'UTC'
		);
		expect(table).toEqual({ ok: false, fault: { code: 'other_kind', kind: 'eventbrite_attendees' } });
		expect(emptyEvent().isBreak).toBe(false);
	});
});
