import { expect, it } from 'vitest';
import { deviceState, type DeviceFacts } from './own-device.ts';

const sent: DeviceFacts = { isWanted: true, isSent: true, isAllowed: true, isAnyAllowed: true, problem: null };
const stateWith = (change: Partial<DeviceFacts>) => deviceState({ ...sent, ...change });

it('is on only while it is sent', () => {
	expect(stateWith({})).toBe('on');
	expect(stateWith({ isSent: false })).toBe('starting');
	expect(stateWith({ isSent: false, isWanted: false })).toBe('off');
});

it('is ready, not on, while the session is paused', () => {
	expect(stateWith({ isSent: false, isAllowed: false, isAnyAllowed: false })).toBe('ready');
});

it('is withheld where a host has muted it or the right is missing, regardless of the choice', () => {
	for (const isWanted of [true, false])
		expect(stateWith({ isSent: false, isAllowed: false, isWanted })).toBe('withheld');
});

it('is off, and then starting, where the server allows it on request', () => {
	const asked = { isSent: false, isAllowed: false, isOnRequest: true };
	expect([stateWith({ ...asked, isWanted: false }), stateWith(asked)]).toEqual(['off', 'starting']);
});

it('reports a fault of a wanted device, and none of one that is switched off', () => {
	for (const problem of ['refused', 'missing', 'ended'] as const) {
		expect(stateWith({ isSent: false, problem })).toBe(problem);
		expect(stateWith({ isSent: false, problem, isWanted: false })).toBe('off');
	}
});
