import { expect, test } from 'vitest';
import type { Tile } from '#lib/stage/arrangement.ts';
import { clockOf } from './recording.ts';
import { fit, placesOf, size, type Place } from './layout.ts';
import { cuesFile } from './words.ts';

const tile = (key: string) => ({ key, kind: 'camera' }) as Tile;

test('nobody, one, and six on stage: all within the picture, none over another', () => {
	expect(placesOf({ main: null, side: [], equal: [] })).toEqual([]);
	expect(placesOf({ main: tile('a'), side: [], equal: [] })).toMatchObject([{ x: 0, y: 0, width: 1280, height: 676 }]);
	const places = placesOf({ main: tile('a'), side: [...'bcdef'].map(tile), equal: [] });
	expect(places.map((place) => place.tile?.key)).toEqual(['a', 'b', 'c', 'd', 'e']);
	const panel = placesOf({ main: null, side: [], equal: [...'abcde'].map(tile) });
	expect(panel.map((place) => place.tile?.key)).toEqual(['a', 'b', 'c', 'd', 'e']);
	for (const shown of [places, panel]) keepApart(shown);
});

test('a page of slides is large, whoever signs has a place beside it, and a shared screen or a spotlight goes before it', () => {
	const besides = { hasSlide: true, hasSpotlight: false, signing: [tile('sign')] };
	const keys = (places: Place[]) => places.map((place) => place.tile?.key ?? 'slide');
	const shown = placesOf({ main: tile('a'), side: [tile('b')], equal: [] }, besides);
	expect(keys(shown)).toEqual(['slide', 'sign', 'a', 'b']);
	expect(keys(placesOf({ main: tile('a'), side: [], equal: [] }, { ...besides, hasSpotlight: true }))).toEqual([
		'a',
		'sign'
	]);
	const screen = { ...tile('s'), kind: 'screen' as const };
	expect(keys(placesOf({ main: screen, side: [tile('a')], equal: [] }, besides))).toEqual(['s', 'sign', 'a']);
	const panel = placesOf({ main: null, side: [], equal: [...'abc'].map(tile) }, { ...besides, hasSlide: false });
	expect(keys(panel)).toEqual(['a', 'b', 'c', 'sign']);
	expect(keys(placesOf({ main: null, side: [], equal: [] }, { ...besides, signing: [] }))).toEqual(['slide']);
	for (const places of [shown, panel]) keepApart(places);
});

function keepApart(places: Place[]) {
	for (const [index, one] of places.entries()) {
		expect(one.x + one.width <= size.width && one.y + one.height <= size.height).toBe(true);
		for (const other of places.slice(index + 1))
			expect(
				one.x + one.width <= other.x ||
					other.x + other.width <= one.x ||
					one.y + one.height <= other.y ||
					other.y + other.height <= one.y
			).toBe(true);
	}
}

test('a face fills its place, a slide is shown whole', () => {
	const place = { x: 100, y: 0, width: 200, height: 200 };
	expect(fit({ width: 640, height: 320 }, place, false)).toEqual({ from: [160, 0, 320, 320], to: [100, 0, 200, 200] });
	expect(fit({ width: 640, height: 320 }, place, true)).toEqual({ from: [0, 0, 640, 320], to: [100, 50, 200, 100] });
});

test('a moment reads as on a clock', () => {
	expect([0, 65_900, 3_725_000].map(clockOf)).toEqual(['0:00', '1:05', '1:02:05']);
});

test('no words of anybody end a cue or mark up the page', () => {
	expect(cuesFile([{ starts: 1000, ends: 1000, words: 'A\n\n00:00 --> 00:09 <b>&' }])).toBe(
		'WEBVTT\n\n00:00:01.000 --> 00:00:01.001\nA 00:00 --&gt; 00:09 &lt;b&gt;&amp;\n'
	);
});
