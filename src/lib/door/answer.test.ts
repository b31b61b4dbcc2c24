import { describe, expect, it } from 'vitest';
import { dayOfSummit, readDoorCode, verdictOfRefusal, toneOf } from './answer.ts';

describe('text typed at the door', () => {
	it('takes a badge code in any case and grouping', () => {
		const badgeCode = { kind: 'badge_code', badge_code: '7Q4MXK29BD3F' };
		for (const typed of ['7Q4MXK29BD3F', '7q4m xk29 bd3f', ' 7Q4M-XK29-BD3F\r\n'])
			expect(readDoorCode(typed)).toEqual(badgeCode);
	});

	it('takes everything else as a scanned code, without the line end of a scanner', () => {
		expect(readDoorCode('AQNrZXk_x\n')).toEqual({ kind: 'signed', text: 'AQNrZXk_x' });
		expect(readDoorCode('7Q4MXK29BD3')).toEqual({ kind: 'signed', text: '7Q4MXK29BD3' });
	});
});

describe('the answer at the door', () => {
	it('names nobody when a code is invalid', () => {
		for (const refusal of ['forged', 'unknown_key', 'other_summit', 'no_door', 'other_day', 'unreadable'] as const)
			expect(verdictOfRefusal(refusal)).toMatchObject({ displayName: null, flags: [] });
		expect(verdictOfRefusal('unknown_key').answer).toBe('forged');
	});

	it('is good for going in and out only', () => {
		expect([toneOf('welcome'), toneOf('left'), toneOf('full')]).toEqual(['good', 'good', 'look']);
		expect(toneOf('already_in')).toBe('look');
		expect(toneOf('revoked')).toBe('bad');
	});

	it('counts the days of the Summit', () => {
		expect(dayOfSummit('2027-06-09', '2027-06-09', '2027-06-11')).toBe(0);
		expect(dayOfSummit('2027-06-11', '2027-06-09', '2027-06-11')).toBe(2);
		expect(dayOfSummit('2027-06-12', '2027-06-09', '2027-06-11')).toBeUndefined();
	});
});
