import { describe, expect, test } from 'vitest';
import { session, slot } from '../../../tests/fixtures/agenda.ts';
import { agendaAddress, cleared, countSet, agendaFiltersFrom, matching, type Filters } from './filters.ts';
import type { Session } from './session.ts';

const from = (query: string) => agendaFiltersFrom(new URLSearchParams(query));
const roomNames = new Map([['rio', { original: 'es', es: 'Río' }]]);

function found(sessions: Session[], query: string, mine: string[] = []): string[] {
	return matching(sessions, from(query), { roomNames, mine: new Set(mine) }).map(({ code }) => code);
}

describe('the filters in an address', () => {
	test.each([
		'',
		'?day=2027-06-10',
		'?day=2027-06-10&language=fr&mode=online&level=public&track=law&format=panel&room=rio&q=law&mine=1&view=grid&zone=Africa/Nairobi'
	])('%s says the same after it was read', (address) => expect(agendaAddress(from(address.slice(1)))).toBe(address));

	test('keep several values of one kind, each once', () => {
		expect(from('track=a&track=b&track=a').track).toEqual(['a', 'b']);
	});

	test('ignore invalid values', () => {
		const asked = from('day=tomorrow&track=<script>&mode=teleport&level=secret&language=*&view=cube&mine=yes');
		expect(agendaAddress(asked)).toBe('');
		expect(countSet(asked)).toBe(0);
	});

	test('cut a long search, and clear all but day, view and zone', () => {
		expect(from(`q=${'x'.repeat(500)}`).query).toHaveLength(80);
		expect(agendaAddress(cleared(from('day=2027-06-10&q=law&track=a&mine=1&view=grid&zone=UTC')))).toBe(
			'?day=2027-06-10&view=grid&zone=UTC'
		);
	});
});

describe('matching', () => {
	const law = session({
		code: 'LAW',
		title: { original: 'en', en: 'Law', fr: 'Le droit pénal' },
		track_slug: 'law',
		spoken: ['en-GB'],
		interpreted: ['fr']
	});
	const hall = session({
		code: 'HALL',
		attendance: 'hall',
		level: 'members',
		slots: [slot('09:00', '10:00', ['rio'])],
		spoken: ['es']
	});
	const online = session({
		code: 'ONLINE',
		attendance: 'online',
		format_slug: 'panel',
		people: [
			{ code: 'P', display_name: 'Hélène Ōta', office: '', affiliation: 'Harbour', country: null, role: 'chair' }
		]
	});
	const pause = session({ code: 'BREAK', is_break: true });
	const all = [law, hall, online, pause];

	test.each([
		['', ['LAW', 'HALL', 'ONLINE', 'BREAK']],
		['track=law', ['LAW']],
		['format=panel', ['ONLINE']],
		['language=fr', ['LAW']],
		['language=en', ['LAW', 'ONLINE']],
		['mode=online', ['LAW', 'ONLINE']],
		['mode=hall', ['LAW', 'HALL']],
		['level=members', ['HALL']],
		['room=rio', ['HALL']],
		['q=PENAL', ['LAW']],
		['q=rio', ['HALL']],
		['q=ota+helene', ['ONLINE']],
		['q=aw', []],
		['track=law&mode=online&language=es', []]
	] satisfies [string, string[]][])('%s', (query, codes) => expect(found(all, query)).toEqual(codes));

	test('shows the reader’s bookmarks under "mine", and nothing without bookmarks', () => {
		expect(found(all, 'mine=1', [hall.id])).toEqual(['HALL']);
		expect(found(all, 'mine=1')).toEqual([]);
	});

	test('finds Arabic without vowel marks and in either form of its letters', () => {
		const arabic = session({ code: 'AR', title: { original: 'ar', ar: 'الاستجابةُ الوطنيّة: أربعة بلدان' } });
		const query: Partial<Filters> = { query: 'الاستجابه اربعة' };
		expect(matching([arabic], { ...from(''), ...query }, { roomNames, mine: new Set() })).toEqual([arabic]);
	});
});
