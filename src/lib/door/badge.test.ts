import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { badgeDays, formatBadgeCode, signBadge, verifyBadge, type BadgeRights } from './badge.ts';
import { readBadgeKeys } from './server/badge-key.ts';

function newKey(id: string): string {
	const { privateKey } = generateKeyPairSync('ed25519');
	return `${id}:${privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')}`;
}

const summit = randomUUID();
const rights: BadgeRights = { badge: randomUUID(), summit, mode: 'in_person', days: [0, 1, 31] };
const keys = await readBadgeKeys(newKey('b1'));
const code = await signBadge(rights, keys.signer);

describe('the code on a badge', () => {
	test('contains what was signed, and is short enough for a camera', async () => {
		expect(await verifyBadge(code, keys.verifiers, { summit })).toEqual({ ok: true, rights });
		expect(await verifyBadge(` ${code}\n`, keys.verifiers, { summit: summit.toUpperCase(), day: 31 })).toEqual({
			ok: true,
			rights
		});
		expect(code).toMatch(/^[A-Za-z0-9_-]{140,160}$/);
	});

	test('is refused when any single byte is changed', async () => {
		const bytes = Buffer.from(code, 'base64url');
		for (let at = 0; at < bytes.length; at += 1) {
			const altered = Buffer.from(bytes);
			altered.writeUInt8(altered.readUInt8(at) ^ 1, at);
			const reading = await verifyBadge(altered.toString('base64url'), keys.verifiers, { summit });
			expect(reading.ok, `byte ${at}`).toBe(false);
		}
	});

	test('is refused when another key signed it under our key id', async () => {
		const other = await readBadgeKeys(newKey('b1'));
		expect(await verifyBadge(await signBadge(rights, other.signer), keys.verifiers, { summit })).toEqual({
			ok: false,
			refusal: 'forged'
		});
	});

	test('is refused when its key is unknown', async () => {
		const other = await readBadgeKeys(newKey('zz'));
		expect(await verifyBadge(await signBadge(rights, other.signer), keys.verifiers, { summit })).toEqual({
			ok: false,
			refusal: 'unknown_key'
		});
	});

	test('is refused at another Summit, on another day, and online', async () => {
		expect(await verifyBadge(code, keys.verifiers, { summit: randomUUID() })).toEqual({
			ok: false,
			refusal: 'other_summit'
		});
		expect(await verifyBadge(code, keys.verifiers, { summit, day: 2 })).toEqual({ ok: false, refusal: 'other_day' });
		const online = await signBadge({ ...rights, mode: 'virtual', days: [] }, keys.signer);
		expect(await verifyBadge(online, keys.verifiers, { summit })).toEqual({ ok: false, refusal: 'no_door' });
	});

	test.each([
		'',
		'AQ',
		'not a badge',
		'='.repeat(40),
		'A'.repeat(100_000),
		'../../etc/passwd',
		code.slice(0, -2),
		`${code}AAAA`
	])('text that is no code is unreadable: %.20s', async (text) => {
		expect(await verifyBadge(text, keys.verifiers, { summit })).toEqual({ ok: false, refusal: 'unreadable' });
	});

	test('is verified by older keys too, and signed by the first', async () => {
		const [old, young] = [newKey('old'), newKey('new')];
		const before = await readBadgeKeys(old);
		const after = await readBadgeKeys(`${young},${old}`);
		expect(after.signer.keyId).toBe('new');
		expect(await verifyBadge(await signBadge(rights, before.signer), after.verifiers, { summit })).toEqual({
			ok: true,
			rights
		});
	});

	test('names an invalid setting without printing it', async () => {
		for (const setting of [undefined, '', 'b1', 'b1:notakey', `b1:${Buffer.alloc(48).toString('base64')}`]) {
			await expect(readBadgeKeys(setting)).rejects.toThrow(
				'BADGE_KEY must be "keyid:" and an Ed25519 private key (PKCS#8 DER) in base64.'
			);
		}
	});
});

test('counts the days of a Summit from its first', () => {
	expect(badgeDays('2027-06-09', '2027-06-11')).toEqual([0, 1, 2]);
	expect(badgeDays('2027-06-09', '2027-06-09')).toEqual([0]);
});

test('groups its letters in fours', () => {
	expect(formatBadgeCode('7Q4MXK29BD3F')).toBe('7Q4M XK29 BD3F');
});
