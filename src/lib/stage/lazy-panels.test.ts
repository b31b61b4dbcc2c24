import { expect, test } from 'vitest';
import { neededPanels } from './lazy-panels.ts';

const nothing = { panel: null, hasRun: true, hasPlace: false, mayRun: false, mayPresent: false };

test('who only watches needs no part', () => {
	expect(neededPanels(nothing)).toEqual([]);
	expect(neededPanels({ ...nothing, panel: 'no-such-panel' })).toEqual([]);
});

test('an empty room needs what says so, and nothing of a session', () => {
	expect(neededPanels({ ...nothing, hasRun: false, panel: 'chat', mayRun: true })).toEqual(['empty']);
});

test('a panel needs its own, and the first one what the reader may do', () => {
	expect(neededPanels({ ...nothing, panel: 'chat', mayRun: true })).toEqual(['chat']);
	expect(neededPanels({ ...nothing, panel: 'languages' })).toEqual(['booths', 'captions']);
	expect(neededPanels({ ...nothing, hasPlace: true })).toEqual(['place']);
	expect(neededPanels({ ...nothing, mayRun: true, mayPresent: true })).toEqual(['desk', 'recording', 'presenting']);
	expect(neededPanels({ ...nothing, panel: 'session', mayPresent: true })).toEqual(['presenting']);
});
