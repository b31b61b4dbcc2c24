/* References of faults: one for the same fault in a minute, and few rows, however many faults there are. */
import { expect, test } from 'vitest';
import { FaultRecorder, type NotedFault } from './recorder.ts';

const fault: NotedFault = {
	origin: 'server',
	route: '/(public)/[summit]/agenda',
	kind: 'TypeError',
	code: null,
	words: null,
	stack: ['load build/server/chunks/a.js:1:2'],
	release: '0.1.0-a',
	trace: null
};
const other = (index: number, origin: NotedFault['origin'] = 'server'): NotedFault => ({
	...fault,
	origin,
	kind: `Kind${'x'.repeat(index)}`
});

test('the same fault has one reference for a minute, and is counted', () => {
	const recorder = new FaultRecorder();
	const first = recorder.note(fault, 0);
	expect(recorder.note(fault, 1000)).toBe(first);
	expect(recorder.note(other(1), 1000)).not.toBe(first);
	const taken = recorder.take();
	expect(taken.map(({ reference, times, last_at }) => ({ reference, times, last_at }))[0]).toEqual({
		reference: first,
		times: 2,
		last_at: '1970-01-01T00:00:01.000Z'
	});
	// After it was written, what comes on top is counted under the same reference.
	expect(recorder.note(fault, 59_000)).toBe(first);
	expect(recorder.take().map(({ reference, times }) => ({ reference, times }))).toEqual([
		{ reference: first, times: 1 }
	]);
	expect(recorder.note(fault, 61_000)).not.toBe(first);
});

test('a storm of different faults makes sixty rows a minute, and each person still gets a reference', () => {
	const recorder = new FaultRecorder();
	const references = Array.from({ length: 5000 }, (_, index) => recorder.note(other(index), 10));
	expect(new Set(references).size).toBe(5000);
	expect([...recorder.take(), ...recorder.take()]).toHaveLength(60);
	recorder.note(other(6000), 60_020);
	expect(recorder.take()).toHaveLength(1);
});

test('browsers cannot take the place of faults of the server', () => {
	const recorder = new FaultRecorder();
	for (let index = 0; index < 1000; index++)
		recorder.note(other(index, 'browser'), 0, `AAAA${String(index).padStart(4, '0')}`);
	recorder.note(fault, 0);
	const origins = recorder.take().map(({ origin }) => origin);
	expect(origins.filter((origin) => origin === 'browser')).toHaveLength(20);
	expect(origins.filter((origin) => origin === 'server')).toHaveLength(1);
});

test('what could not be written waits, up to a limit, and is added to what came meanwhile', () => {
	const recorder = new FaultRecorder();
	const reference = recorder.note(fault, 0);
	const taken = recorder.take();
	recorder.note(fault, 2000);
	recorder.putBack(taken);
	expect(recorder.take()).toMatchObject([{ reference, times: 2, last_at: '1970-01-01T00:00:02.000Z' }]);
	for (let minute = 0; minute < 30; minute++)
		for (let index = 0; index < 60; index++) recorder.note(other(index), minute * 61_000);
	let waiting = 0;
	for (let more = recorder.take(); more.length > 0; more = recorder.take()) waiting += more.length;
	expect(waiting).toBe(500);
});
