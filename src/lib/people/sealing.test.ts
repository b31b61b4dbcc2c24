import { randomBytes } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { contexts, normaliseAddress, openSealedFile, Sealer, sealFile } from './sealing.ts';

const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;
const name = 'Wren Ólafsdóttir سميرة';

test('seals each file with a key of its own, and opens nothing that was altered, cut, moved or under another key', () => {
	const plain = Buffer.from(name.repeat(1000));
	const { sealed, key: own } = sealFile(plain, 'file 1');
	expect(openSealedFile(sealed, own, 'file 1').equals(plain)).toBe(true);
	expect(sealed.includes(Buffer.from('Wren'))).toBe(false);
	expect(() => openSealedFile(sealed, own, 'file 2')).toThrow();
	expect(() => openSealedFile(sealed, sealFile(plain, 'file 1').key, 'file 1')).toThrow();
	for (const at of [0, 12, 28, sealed.length - 1]) {
		const altered = Buffer.from(sealed);
		altered[at] = (altered[at] ?? 0) ^ 1;
		expect(() => openSealedFile(altered, own, 'file 1')).toThrow();
	}
	for (const length of [0, 12, 20, 28, sealed.length - 1])
		expect(() => openSealedFile(sealed.subarray(0, length), own, 'file 1')).toThrow();
});

describe('sealing', () => {
	const old = key('2026');
	const sealer = new Sealer(old);

	it('opens what it sealed, and shows nothing of it while sealed', () => {
		const { sealed, keyId } = sealer.seal(name, contexts.realName);
		expect(keyId).toBe('2026');
		expect(sealed.includes(Buffer.from('Wren'))).toBe(false);
		expect(sealer.open(sealed, keyId, contexts.realName)).toBe(name);
	});

	it('seals the same text differently each time', () => {
		expect(sealer.seal(name, contexts.realName).sealed.equals(sealer.seal(name, contexts.realName).sealed)).toBe(false);
	});

	it('opens nothing that was altered, moved or sealed by another key', () => {
		const { sealed } = sealer.seal(name, contexts.realName);
		const touched = Buffer.from(sealed);
		touched[touched.length - 1] = (touched.at(-1) ?? 0) ^ 1;
		expect(() => sealer.open(touched, '2026', contexts.realName)).toThrow();
		expect(() => sealer.open(sealed, '2026', contexts.address)).toThrow();
		expect(() => new Sealer(key('2026')).open(sealed, '2026', contexts.realName)).toThrow();
		expect(() => sealer.open(sealed, '2027', contexts.realName)).toThrow('not among SEALING_KEY');
		expect(sealer.tryOpen(sealed, '2027', contexts.realName)).toBeNull();
		expect(sealer.tryOpen(sealed.toString('hex'), '2026', contexts.realName)).toBe(name);
		expect(() => sealer.open(sealed.subarray(0, 20), '2026', contexts.realName)).toThrow();
		// Node accepts a shorter tag, unless its length is set.
		const empty = sealer.seal('', contexts.realName).sealed;
		for (const length of [16, 20, 24, 27])
			expect(() => sealer.open(empty.subarray(0, length), '2026', contexts.realName)).toThrow();
	});

	it('rotates its key and still opens and finds what was sealed before', () => {
		const changed = new Sealer(`${key('2027')},${old}`);
		const { sealed, keyId } = sealer.seal(name, contexts.realName);
		expect(changed.open(sealed, keyId, contexts.realName)).toBe(name);
		expect(changed.seal(name, contexts.realName).keyId).toBe('2027');
		expect(changed.hashAddress('ana@example.org').equals(sealer.hashAddress('ana@example.org'))).toBe(true);
		expect(changed.hash('code', 'certificate').equals(sealer.hash('code', 'certificate'))).toBe(true);
	});

	it.each([
		undefined,
		'',
		'x',
		'id:',
		`id:${Buffer.alloc(16).toString('base64')}`,
		`:${Buffer.alloc(32).toString('base64')}`
	])('refuses %j as a key', (setting) => {
		expect(() => new Sealer(setting)).toThrow('SEALING_KEY');
	});
});

describe('the hash of an address', () => {
	const sealer = new Sealer(key('a'));

	it('is the same for every spelling of the address', () => {
		const forms = ['Ana@Example.org', ' ana@example.org ', 'ANA@EXAMPLE.ORG'];
		expect(new Set(forms.map((form) => sealer.hashAddress(form).toString('hex'))).size).toBe(1);
		expect(normaliseAddress('Jose\u0301@example.org')).toBe('josé@example.org');
	});

	it('differs by address, by purpose and by key', () => {
		const hashes = [
			sealer.hashAddress('a@example.org'),
			sealer.hashAddress('b@example.org'),
			sealer.hash('a@example.org', 'client'),
			sealer.hash('a@example.org', 'code'),
			new Sealer(key('a')).hashAddress('a@example.org')
		];
		expect(new Set(hashes.map((hash) => hash.toString('hex'))).size).toBe(5);
		expect(hashes[0]).toHaveLength(32);
	});
});
