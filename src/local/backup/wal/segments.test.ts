import { expect, test } from 'vitest';
import { contiguous, segmentName, numberOf, readName } from './segments.ts';

const names = (from: number, to: number, timeline = '00000001') =>
	Array.from({ length: to - from + 1 }, (_, at) => segmentName(timeline, from + at));

test('numbers segments across the end of a log file', () => {
	expect(numberOf('0000000100000000000000FF') + 1).toBe(numberOf('000000010000000100000000'));
	expect(segmentName('00000001', 256)).toBe('000000010000000100000000');
});

test('finds the first segment that is missing', () => {
	const all = names(250, 260);
	expect(contiguous(all, all[2] ?? '')).toEqual({ names: all.slice(2), gap: null });
	expect(contiguous([...all.slice(0, 5), ...all.slice(6)], all[0] ?? '')).toEqual({
		names: all.slice(0, 5),
		gap: all[5]
	});
	expect(contiguous(all.slice(1), all[0] ?? '')).toEqual({ names: [], gap: all[0] });
	expect(contiguous([], all[0] ?? '')).toEqual({ names: [], gap: null });
	// A recovery went on with another timeline.
	const second = names(261, 262, '00000002');
	expect(contiguous([...all, ...second], all[0] ?? '')).toEqual({ names: [...all, ...second], gap: null });
});

test('reads the names of the place', () => {
	const proof = '0'.repeat(32);
	expect(readName(`000000010000000000000003-${proof}.age`)).toEqual({ name: '000000010000000000000003', proof });
	expect(readName(`00000002.history-${proof}.age`)).toEqual({ name: '00000002.history', proof });
	for (const wrong of ['x', `000000010000000000000003.age`, `000000010000000000000003-${proof}`, '00000003.backup'])
		expect(readName(wrong)).toBe(null);
});
