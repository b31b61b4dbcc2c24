import { expect, test } from 'vitest';
import { at, session, slot } from '../../../tests/fixtures/agenda.ts';
import { agendaFiltersFrom } from './filters.ts';
import { agendaView } from './view.ts';

const place = {
	summit: 's',
	slug: 's',
	zone: 'America/Montevideo',
	city: 'Montevideo',
	reader: null,
	roomNames: new Map()
};
const sessions = [
	session({ code: 'A', track_slug: 'law' }),
	session({ code: 'B', track_slug: 'care', slots: [slot('10:00', '11:00', ['plenary'], 11)] }),
	session({
		code: 'C',
		track_slug: 'law',
		title: { original: 'en', en: 'Reporting' },
		slots: [slot('12:00', '13:00', ['rio'], 11)]
	})
];

function view(query: string, now = at('09:30')) {
	return agendaView({
		agenda: { release: null, sessions },
		filters: agendaFiltersFrom(new URLSearchParams(query)),
		place,
		mine: null,
		now: Date.parse(now),
		rooms: ['plenary', 'rio']
	});
}
const shown = (given: ReturnType<typeof view>) =>
	given.shown.map(({ day, rows }) => [day, rows.flatMap((row) => row.entries.map((entry) => entry.session.code))]);

test('shows today, and what is now', () => {
	const today = view('view=list');
	expect(shown(today)).toEqual([['2027-06-10', ['A']]]);
	expect(today.nowNext?.now.map((entry) => entry.session.code)).toEqual(['A']);
	expect([today.days, today.isToday, today.count, today.grid]).toEqual([['2027-06-10', '2027-06-11'], true, 1, null]);
});

test('searches every day', () => {
	expect(shown(view('q=session'))).toEqual([
		['2027-06-10', ['A']],
		['2027-06-11', ['B']]
	]);
});

test('says on an empty day where other days have matches', () => {
	const empty = view('day=2027-06-10&track=care');
	expect(shown(empty)).toEqual([]);
	expect(empty.elsewhere).toEqual([{ day: '2027-06-11', count: 1 }]);
});

test('shows the grid on request, and beside the list to signed-out readers, when it has something to show', () => {
	expect(view('day=2027-06-11').grid?.rooms).toEqual(['plenary', 'rio']);
	expect(view('view=grid&day=2027-06-11').grid?.rooms).toEqual(['plenary', 'rio']);
	expect(view('view=grid&q=nowhere').grid).toBe(null);
});

test('has no "now" on another day', () => expect(view('day=2027-06-11').nowNext).toBe(null));
