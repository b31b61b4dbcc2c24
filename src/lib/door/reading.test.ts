import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { signBadge } from './badge.ts';
import { readAtDoor } from './reading.ts';
import { readBadgeKeys } from './server/badge-key.ts';

const { privateKey } = generateKeyPairSync('ed25519');
const keys = await readBadgeKeys(`k:${privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')}`);
const id = '5f0c0000-0000-4000-8000-000000000001';
/* Three days in Lisbon, where the clocks go back in the night from the 30th to the 31st: that day has 25 hours. */
const place = { id, zone: 'Europe/Lisbon', starts_on: '2027-10-30', ends_on: '2027-11-01' };
const badge = '5f0c0000-0000-4000-8000-00000000000a';

async function read(
	days: number[],
	at: string,
	direction: 'in' | 'out' = 'in',
	mode: 'in_person' | 'virtual' = 'in_person'
) {
	const code = await signBadge({ badge, summit: id, mode, days }, keys.signer);
	const reading = await readAtDoor(code, keys.verifiers, place, direction, Date.parse(at));
	return reading.ok ? 'ok' : reading.refusal;
}

test.each([
	['2027-10-30T12:00:00Z', ['ok', 'other_day', 'other_day']],
	// The night belongs to both days: who came in the evening and went out comes back.
	['2027-10-30T23:30:00Z', ['ok', 'ok', 'other_day']],
	['2027-10-31T03:59:00Z', ['ok', 'ok', 'other_day']],
	['2027-10-31T04:00:00Z', ['other_day', 'ok', 'other_day']],
	['2027-10-31T23:59:00Z', ['other_day', 'ok', 'other_day']],
	['2027-11-01T03:00:00Z', ['other_day', 'ok', 'ok']],
	// Before and after the Summit the database answers.
	['2027-10-29T12:00:00Z', ['ok', 'ok', 'ok']],
	['2027-11-02T00:30:00Z', ['ok', 'ok', 'ok']]
])('at %s a badge of the first, the second or the third day', async (at, answers) => {
	expect(await Promise.all([0, 1, 2].map((day) => read([day], at)))).toEqual(answers);
});

test('reads a badge of any day on the way out, and not one that opens no door', async () => {
	expect(await read([0], '2027-11-01T12:00:00Z', 'out')).toBe('ok');
	expect(await read([0, 1, 2], '2027-11-01T12:00:00Z', 'out', 'virtual')).toBe('no_door');
});
