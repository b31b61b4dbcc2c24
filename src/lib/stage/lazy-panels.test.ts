import { expect, test } from 'vitest';
import { neededPanels } from './lazy-panels.ts';

const nothing = { panel: null, hasRun: true, hasPlace: false, mayRun: false, mayPresent: false };

test('loads no panel for a viewer', () => {
	expect(neededPanels(nothing)).toEqual([]);
	expect(neededPanels({ ...nothing, panel: 'no-such-panel' })).toEqual([]);
});

test('loads for an empty room what explains it, and nothing of a session', () => {
	expect(neededPanels({ ...nothing, hasRun: false, panel: 'chat', mayRun: true })).toEqual(['empty']);
});

test('loads a panel with what the reader may do in it', () => {
	expect(neededPanels({ ...nothing, panel: 'chat', mayRun: true })).toEqual(['chat']);
	expect(neededPanels({ ...nothing, panel: 'languages' })).toEqual(['booths', 'captions']);
	for (const panel of ['questions', 'hands'])
		expect(neededPanels({ ...nothing, panel })).toEqual(['questions', 'hands']);
	expect(neededPanels({ ...nothing, hasPlace: true })).toEqual(['place']);
	expect(neededPanels({ ...nothing, mayRun: true, mayPresent: true })).toEqual(['desk', 'recording', 'presenting']);
	expect(neededPanels({ ...nothing, panel: 'session', mayPresent: true })).toEqual(['presenting']);
});
