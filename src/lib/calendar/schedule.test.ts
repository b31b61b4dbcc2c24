import { describe, expect, test } from 'vitest';
import { session, slot } from '../../../tests/fixtures/agenda.ts';
import { guidOf, localIso, scheduleOf, type ScheduleContext } from './schedule.ts';
import { scheduleXml } from './schedule-xml.ts';

const context: ScheduleContext = {
	slug: '2027',
	name: 'Global Summit <2027> & more',
	zone: 'America/Montevideo',
	startsOn: '2027-06-09',
	endsOn: '2027-06-11',
	version: '13',
	base: 'https://summit.example/2027/agenda',
	dayBegins: 0,
	notePrefix: 'Content note: ',
	rooms: [
		{ id: '00000000-0000-4000-9000-000000000001', slug: 'plenary', name: 'Plenary Hall' },
		{ id: '00000000-0000-4000-9000-000000000002', slug: 'rio', name: 'Río' }
	],
	tracks: [{ slug: 'knowledge', name: 'Knowledge' }],
	title: ({ title, is_cancelled: off }) => (off ? 'Cancelled: ' : '') + (title['en'] ?? ''),
	words: (map) => map['en'] ?? '',
	address: ({ code }) => `https://summit.example/2027/sessions/${code}`
};
const person = { code: 'WREN2222', display_name: 'Wren', office: '', affiliation: '', country: null };
const opening = session({
	code: 'OPEN22',
	title: { en: 'Opening' },
	is_recorded: true,
	slots: [slot('09:00', '10:30', ['rio', 'plenary']), slot('09:00', '10:00', ['rio'], 11)],
	people: [
		{ ...person, role: 'chair' },
		{ ...person, role: 'speaker' }
	]
});

describe('the exchange format', () => {
	const off = session({ is_cancelled: true, title: { en: 'Withdrawn' }, slots: [slot('12:00', '13:00', ['rio'])] });
	const schedule = scheduleOf([opening, session({ is_break: true }), off], context);

	test('has every day of the Summit, its rooms by name and no breaks, and marks cancelled sessions', () => {
		const { days, ...conference } = schedule.conference;
		expect(conference).toEqual({
			acronym: '2027',
			title: 'Global Summit <2027> & more',
			start: '2027-06-09',
			end: '2027-06-11',
			daysCount: 3,
			timeslot_duration: '00:05',
			time_zone_name: 'America/Montevideo',
			tracks: [{ name: 'Knowledge', slug: 'knowledge' }],
			rooms: context.rooms.map(({ id, name, slug }) => ({ name, slug, guid: id }))
		});
		expect(
			days.map(({ index, date, day_start, day_end, rooms }) => [index, date, day_start, day_end, Object.keys(rooms)])
		).toEqual([
			[1, '2027-06-09', '2027-06-09T12:00:00-03:00', '2027-06-09T12:00:00-03:00', []],
			[2, '2027-06-10', '2027-06-10T09:00:00-03:00', '2027-06-10T13:00:00-03:00', ['Plenary Hall', 'Río']],
			[3, '2027-06-11', '2027-06-11T09:00:00-03:00', '2027-06-11T10:00:00-03:00', ['Río']]
		]);
		expect(days[1]?.rooms['Río']?.map(({ title }) => title)).toEqual(['Cancelled: Withdrawn']);
	});

	test('begins a day without sessions at its midnight, thirteen hours ahead of UTC too', () => {
		const summer = { zone: 'Pacific/Auckland', startsOn: '2027-01-09', endsOn: '2027-01-10' };
		const { days } = scheduleOf([], { ...context, ...summer }).conference;
		expect(days.map(({ date, day_start }) => [date, day_start])).toEqual([
			['2027-01-09', '2027-01-09T12:00:00+13:00'],
			['2027-01-10', '2027-01-10T12:00:00+13:00']
		]);
	});

	test('puts sessions before the start of a day on the previous day', () => {
		const night = session({ slots: [slot('02:00', '03:00', ['rio'], 11), slot('06:00', '07:00', ['rio'], 11)] });
		const { days } = scheduleOf([night], { ...context, dayBegins: 5 * 60 }).conference;
		expect(days.map(({ date, rooms }) => [date, rooms['Río']?.map(({ date: at }) => at)])).toEqual([
			['2027-06-09', undefined],
			['2027-06-10', ['2027-06-11T02:00:00-03:00']],
			['2027-06-11', ['2027-06-11T06:00:00-03:00']]
		]);
	});

	test('has an event with its own ids for each time of a session, each person once', () => {
		const [first, , second] = schedule.conference.days.flatMap(({ rooms }) => Object.values(rooms).flat());
		expect(first).toMatchObject({
			guid: opening.id,
			code: 'OPEN22',
			slug: expect.stringMatching(/^2027-\d{1,6}-open22$/) as string,
			start: '09:00',
			duration: '01:30',
			title: 'Opening',
			language: 'en',
			do_not_record: false,
			url: 'https://summit.example/2027/sessions/OPEN22',
			persons: [{ code: 'WREN2222', public_name: 'Wren' }]
		});
		expect([second?.guid, second?.slug, second?.code]).toEqual([guidOf(opening.id, 1), `${first?.slug}-2`, undefined]);
		expect(second?.guid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
		expect(Number.isInteger(first?.id) && first?.id !== second?.id).toBe(true);
	});

	test('is the same each time', () => expect(scheduleOf([opening], context)).toEqual(scheduleOf([opening], context)));

	test('is well-formed XML for any text', () => {
		const wild = session({ title: { en: '</title><event guid="x"> & "quotes" \u0000\u000b \ud800' } });
		const xml = scheduleXml(scheduleOf([wild], context));
		expect(xml).toContain('<title>&lt;/title&gt;&lt;event guid=&quot;x&quot;&gt; &amp; &quot;quotes&quot;  </title>');
		expect(xml.match(/<event /g)).toHaveLength(1);
		expect(xml).toContain('<title>Global Summit &lt;2027&gt; &amp; more</title>');
		expect(balanced(xml)).toBe(true);
	});
});

/** Whether every element that opens also closes, in order. */
function balanced(xml: string): boolean {
	const open: string[] = [];
	for (const [, closing, name = '', empty] of xml
		.replace(/^<\?xml[^>]*\?>/, '')
		.matchAll(/<(\/?)([a-z_]+)(?:\s[a-z]+="[^"<]*")*(\/?)>/g)) {
		if (closing) {
			if (open.pop() !== name) return false;
		} else if (!empty) open.push(name);
	}
	return open.length === 0;
}

test('survives any year in a row', () => {
	expect(localIso('0999-06-10T12:00:00Z', 'UTC')).toBe('0999-06-10T12:00:00+00:00');
	const early = session({ slots: [{ start: '0999-06-10T12:00:00Z', end: '0999-06-10T13:00:00Z', rooms: ['rio'] }] });
	const { days } = scheduleOf([early], context).conference;
	expect(days.map(({ date }) => date)).toEqual(['0999-06-10', '2027-06-09', '2027-06-10', '2027-06-11']);
});

test('writes local times with the offset of their date', () => {
	expect(localIso('2027-07-01T12:00:00Z', 'Europe/Brussels')).toBe('2027-07-01T14:00:00+02:00');
	expect(localIso('2027-12-01T12:00:00Z', 'Europe/Brussels')).toBe('2027-12-01T13:00:00+01:00');
	expect(localIso('2027-12-01T12:00:00Z', 'UTC')).toBe('2027-12-01T12:00:00+00:00');
});
