import { expect, test } from 'vitest';
import type { RoomPerson } from '#lib/database/answers/meetings.ts';
import { arrangeRoom, galleryLayout, handsOf, holdLead, galleryPage } from './tiles.ts';

const person = (id: string, more: Partial<RoomPerson> = {}): RoomPerson => ({
	id,
	identity: id,
	display_name: id,
	is_host: false,
	is_me: false,
	is_here: true,
	hand: null,
	shares: false,
	number: 0,
	...more
});
const sent = { camera: true, screen: false, microphone: true };

test('fills the place with tiles of one size, in pages where they would be too small', () => {
	expect(galleryLayout(1, 1000, 600)).toEqual({ columns: 1, rows: 1, perPage: 1 });
	expect(galleryLayout(2, 1000, 600)).toEqual({ columns: 2, rows: 1, perPage: 2 });
	expect(galleryLayout(7, 1000, 700)).toMatchObject({ columns: 3, rows: 3, perPage: 7 });
	expect(galleryLayout(20, 1000, 700)).toMatchObject({ perPage: 20 });
	expect(galleryLayout(60, 1900, 1000).perPage).toBe(25);
	expect(galleryLayout(7, 390, 480, 170)).toMatchObject({ columns: 2, perPage: 7 });
	expect(galleryLayout(20, 390, 480, 170)).toMatchObject({ columns: 2, rows: 4, perPage: 8 });
	expect(galleryLayout(0, 0, 0).perPage).toBe(1);
});

test('shows each person on one page, and a speaker of a later page on the first', () => {
	const sending = new Map(['a', 'b', 'c', 'd', 'e'].map((id) => [id, sent]));
	const { equal } = arrangeRoom(
		[...sending.keys()].map((id) => person(id)),
		sending,
		[],
		null,
		'gallery'
	);
	const keys = (page: number, lead: string | null) => galleryPage(equal, page, 2, lead).map(({ key }) => key);
	expect([keys(0, 'b'), keys(1, 'b'), keys(2, 'b')]).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
	expect([keys(0, 'd'), keys(1, 'd'), keys(2, 'd')]).toEqual([['a', 'd'], ['b', 'c'], ['e']]);
});

test('shows nobody whom LiveKit does not list, and a shared screen large in both views', () => {
	const people = [person('me', { is_me: true }), person('a'), person('gone'), person('b')];
	const sending = new Map([
		['me', sent],
		['a', { ...sent, screen: true }],
		['b', sent]
	]);
	for (const view of ['gallery', 'speaker'] as const) {
		const { main, side } = arrangeRoom(people, sending, [], 'b', view);
		expect(main?.key).toBe('a screen');
		expect(side.map(({ key }) => key)).toEqual(['a', 'b', 'me']);
	}
});

test('shows the other of two people large where the reader chose that', () => {
	const people = [person('me', { is_me: true }), person('a')];
	const sending = new Map([
		['me', sent],
		['a', sent]
	]);
	const shown = (view: 'gallery' | 'speaker') => arrangeRoom(people, sending, [], null, view);
	expect(shown('gallery').equal.map(({ key }) => key)).toEqual(['a', 'me']);
	expect([shown('speaker').main?.key, shown('speaker').side.map(({ key }) => key)]).toEqual(['a', ['me']]);
});

test('gives the large place to who goes on speaking', () => {
	const first = holdLead({ lead: null, candidate: null, since: 0 }, ['a'], 0);
	expect(first.lead).toBe('a');
	const cough = holdLead(first, ['b'], 5000);
	expect(cough.lead).toBe('a');
	expect(holdLead(cough, ['a', 'b'], 5500)).toMatchObject({ lead: 'a', candidate: null });
	expect(holdLead(cough, [], 5500).lead).toBe('a');
	expect(holdLead(cough, ['b'], 6000).lead).toBe('b');
});

test('lists hands in the order in which they were raised', () => {
	const at = (second: number) => `2026-11-30T10:00:0${second}Z`;
	const people = [person('a', { hand: at(3) }), person('b'), person('c', { hand: at(1) })];
	expect(handsOf(people).map(({ id }) => id)).toEqual(['c', 'a']);
});
