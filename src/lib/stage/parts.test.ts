import { expect, test } from 'vitest';
import { partsOf } from './parts.ts';

const nothing = { panel: null, hasRun: true, hasPlace: false, mayRun: false, mayPresent: false };

test('who only watches needs no part', () => {
	expect(partsOf(nothing)).toEqual([]);
	expect(partsOf({ ...nothing, panel: 'no-such-panel' })).toEqual([]);
});

test('an empty room needs what says so, and nothing of a session', () => {
	expect(partsOf({ ...nothing, hasRun: false, panel: 'chat', mayRun: true })).toEqual(['empty']);
});

test('a panel needs its own, and the first one what the reader may do', () => {
	expect(partsOf({ ...nothing, panel: 'chat', mayRun: true })).toEqual(['chat']);
	expect(partsOf({ ...nothing, panel: 'languages' })).toEqual(['booths', 'captions']);
	expect(partsOf({ ...nothing, hasPlace: true })).toEqual(['place']);
	expect(partsOf({ ...nothing, mayRun: true, mayPresent: true })).toEqual(['desk', 'recording', 'presenting']);
	expect(partsOf({ ...nothing, panel: 'session', mayPresent: true })).toEqual(['presenting']);
});
