import { expect, test } from 'vitest';
import type { Tile } from '#lib/stage/arrangement.ts';
import { playbackTime } from './recording.ts';
import { fit, layOut, size, type TileBox } from './layout.ts';
import { cuesFile } from './words.ts';

const tile = (key: string) => ({ key, kind: 'camera' }) as Tile;
const keys = (places: TileBox[]) => places.map(({ what }) => (typeof what === 'string' ? what : what.key));
const none = { page: null, main: null, side: [], equal: [], speaker: null };

test('places none, one, and six people within the video without overlap', () => {
	expect(layOut(none)).toEqual([]);
	expect(layOut({ ...none, main: tile('a') })).toMatchObject([{ x: 0, y: 0, width: 1280, height: 676 }]);
	const places = layOut({ ...none, main: tile('a'), side: [...'bcdef'].map(tile) });
	expect(keys(places)).toEqual(['a', 'b', 'c', 'd', 'e']);
	const panel = layOut({ ...none, equal: [...'abcde'].map(tile) });
	expect(keys(panel)).toEqual(['a', 'b', 'c', 'd', 'e']);
	for (const shown of [places, panel]) keepApart(shown);
});

test('puts a signer first, and never leaves out the speaker', () => {
	const side = [...'abcdef'].map(tile);
	const [sign, last = null] = [tile('sign'), side[5]];
	for (const page of ['poll', 'slide'] as const) {
		const shown = layOut({ ...none, page, side, speaker: last }, [sign]);
		expect(keys(shown)).toEqual([page, 'sign', 'a', 'b', 'f']);
		keepApart(shown);
	}
	expect(keys(layOut({ ...none, page: 'slide', side, speaker: side[1] ?? null }))).toEqual([
		'slide',
		'a',
		'b',
		'c',
		'd'
	]);
	expect(keys(layOut({ ...none, main: last, side: side.slice(0, 5), speaker: last }, [sign]))).toEqual([
		'f',
		'sign',
		'a',
		'b',
		'c'
	]);
	const panel = layOut({ ...none, equal: [...'abc'].map(tile) }, [sign]);
	expect(keys(panel)).toEqual(['a', 'b', 'c', 'sign']);
	keepApart(panel);
	expect(keys(layOut({ ...none, page: 'poll' }))).toEqual(['poll']);
	expect(keys(layOut({ ...none, page: 'poll', side, speaker: last }, [...'vwxyz'].map(tile)))).toHaveLength(5);
});

function keepApart(places: TileBox[]) {
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

test('fills a tile with a face, and shows a slide whole', () => {
	const place = { x: 100, y: 0, width: 200, height: 200 };
	expect(fit({ width: 640, height: 320 }, place, false)).toEqual({ from: [160, 0, 320, 320], to: [100, 0, 200, 200] });
	expect(fit({ width: 640, height: 320 }, place, true)).toEqual({ from: [0, 0, 640, 320], to: [100, 50, 200, 100] });
});

test('writes a moment as a clock time', () => {
	expect([0, 65_900, 3_725_000].map(playbackTime)).toEqual(['0:00', '1:05', '1:02:05']);
});

test('escapes texts so that they end no cue and add no markup', () => {
	expect(cuesFile([{ starts: 1000, ends: 1000, words: 'A\n\n00:00 --> 00:09 <b>&' }])).toBe(
		'WEBVTT\n\n00:00:01.000 --> 00:00:01.001\nA 00:00 --&gt; 00:09 &lt;b&gt;&amp;\n'
	);
});
