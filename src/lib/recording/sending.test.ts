import { expect, test } from 'vitest';
import { PieceQueue } from './sending.ts';

test('delivers pieces once each and in order, over an unreliable connection', async () => {
	const taken: number[] = [];
	let calls = 0;
	const waited: number[] = [];
	const sending = new PieceQueue(
		(number) => {
			if (++calls % 3 !== 0) return Promise.reject(new Error('no line'));
			taken.push(number);
			return Promise.resolve('ok');
		},
		(milliseconds) => Promise.resolve(void waited.push(milliseconds))
	);
	for (let piece = 0; piece < 4; piece++) sending.add(new Blob(['x']));
	await sending.settled();
	expect(taken).toEqual([1, 2, 3, 4]);
	expect(waited.slice(0, 2)).toEqual([300, 1000]);
});

test('ends when the server wants no more', async () => {
	let calls = 0;
	const sending = new PieceQueue(() => Promise.resolve(++calls === 1 ? 'ok' : 'over'));
	for (let piece = 0; piece < 5; piece++) sending.add(new Blob(['x']));
	await sending.settled();
	expect(calls).toBe(2);
	expect(sending.isOver).toBe(true);
});
