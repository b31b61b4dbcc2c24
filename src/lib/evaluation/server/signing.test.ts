import { constants, createPublicKey, publicEncrypt } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { blindToken, readPublicKey, unblindSignature } from '../blind-signature.ts';
import { forgetWaiting, sendAnswers, sendWaiting, waitingAnswers } from '../sending.ts';
import { isSigned, makeKeys, signBlinded } from './signing.ts';

let keys: Awaited<ReturnType<typeof makeKeys>>;
beforeAll(async () => {
	keys = await makeKeys();
});

async function signedToken() {
	const key = readPublicKey(keys.modulus);
	const made = await blindToken(key);
	const blindSignature = signBlinded(keys.privateKey, made.blinded) ?? '';
	return { ...made, key, blindSignature, signature: unblindSignature(key, made, blindSignature) ?? '' };
}

test('a signature without its blinding is an RSA-PSS signature of the token alone', async () => {
	const one = await signedToken();
	const other = await signedToken();
	expect(isSigned(keys.modulus, one.token, one.signature)).toBe(true);
	expect(isSigned(keys.modulus, one.token, other.signature)).toBe(false);
	expect(isSigned(keys.modulus, one.token, one.blindSignature)).toBe(false);
	expect(isSigned((await makeKeys()).modulus, one.token, one.signature)).toBe(false);
});

test('the page refuses a signature by another key, or of something else', async () => {
	const { key, blindSignature, signature, ...made } = await signedToken();
	expect(unblindSignature(key, made, blindSignature)).toBe(signature);
	const others = [
		signBlinded((await makeKeys()).privateKey, made.blinded),
		signBlinded(keys.privateKey, (await signedToken()).blinded),
		(BigInt(`0x${blindSignature}`) ^ 1n).toString(16).padStart(blindSignature.length, '0')
	];
	for (const other of others) expect(unblindSignature(key, made, other ?? '00')).toBeNull();
});

// With every blinded token and every signed one the signer finds a factor that joins them: it learns nothing from any.
test('a blinded token fits every token that was signed', async () => {
	const [one, other] = [await signedToken(), await signedToken()];
	const { modulus } = one.key;
	const raise = (hex: string) =>
		BigInt(
			`0x${publicEncrypt(
				{
					key: createPublicKey({ key: { kty: 'RSA', n: keys.modulus, e: 'AQAB' }, format: 'jwk' }),
					padding: constants.RSA_NO_PADDING
				},
				Buffer.from(hex, 'hex')
			).toString('hex')}`
		);
	for (const [blinded, signed] of [
		[one, other],
		[other, one]
	] as const) {
		// The factor that would lead from the other token to this blinded one, from what the signer knows.
		const inverse = (value: bigint): bigint => {
			let [a, b, x, y] = [value, modulus, 1n, 0n];
			while (b !== 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
			return ((x % modulus) + modulus) % modulus;
		};
		const factor = (BigInt(`0x${blinded.blindSignature}`) * inverse(BigInt(`0x${signed.signature}`))) % modulus;
		const hex = factor.toString(16).padStart(blinded.blinded.length, '0');
		expect((raise(signed.signature) * raise(hex)) % modulus).toBe(BigInt(`0x${blinded.blinded}`));
	}
});

test('what is no number below the modulus is not signed', () => {
	expect(signBlinded(keys.privateKey, 'ff'.repeat(256))).toBeNull();
	expect(signBlinded(keys.privateKey, 'ff'.repeat(300))).toBeNull();
});

describe('what waits in a browser', () => {
	afterEach(() => vi.unstubAllGlobals());

	/** A browser, and a server that answers requests for tokens rightly and `/answers` with what is next. */
	function browser(...next: (object | string)[]) {
		const kept = new Map<string, string>();
		vi.stubGlobal('localStorage', {
			getItem: (key: string) => kept.get(key) ?? null,
			setItem: (key: string, value: string) => kept.set(key, value),
			removeItem: (key: string) => kept.delete(key)
		});
		vi.stubGlobal('navigator', {});
		const requests: Record<string, unknown>[] = [];
		vi.stubGlobal('fetch', (path: string, { body }: { body: string }) => {
			const sent = JSON.parse(body) as Record<string, string>;
			requests.push({ path, ...sent });
			const answer = path.endsWith('/token')
				? { status: 'ok', signature: signBlinded(keys.privateKey, sent['blinded'] ?? '') }
				: next.shift();
			return Promise.resolve(new Response(typeof answer === 'string' ? answer : JSON.stringify(answer)));
		});
		const send = (person: string, useful: string) =>
			sendAnswers({ person, base: '/s', collection: 'c', modulus: keys.modulus, answers: { useful: [useful] } });
		return { kept, requests, send };
	}

	test('is kept with its token where it is refused, and sent again under it', async () => {
		const { kept, requests, send } = browser({ status: 'invalid' }, '<p>Sign in</p>', { status: 'ok' });
		expect(await send('ana', '9')).toBe('refused');
		expect(waitingAnswers('ana', 'c')).toEqual({ useful: ['9'] });
		expect(await send('ana', '5')).toBe('waiting');
		expect(await sendWaiting('ana')).toEqual(new Map([['c', 'ok']]));
		expect(requests.filter(({ path }) => path === '/s/feedback/token')).toHaveLength(1);
		const sent = requests.filter(({ path }) => path === '/s/answers');
		expect(new Set(sent.map(({ token }) => token)).size).toBe(1);
		expect(sent.map(({ answers }) => answers)).toEqual([{ useful: ['9'] }, { useful: ['5'] }, { useful: ['5'] }]);
		expect(kept.size).toBe(0);
	});

	test('belongs to its author, and is deleted at sign-out', async () => {
		const { kept, requests, send } = browser('', '');
		expect([await send('ana', '4'), await send('emeka', '2')]).toEqual(['waiting', 'waiting']);
		expect([waitingAnswers('ana', 'c'), waitingAnswers('emeka', 'c')]).toEqual([{ useful: ['4'] }, { useful: ['2'] }]);
		const before = requests.length;
		expect((await sendWaiting('lucia')).size).toBe(0);
		expect(requests).toHaveLength(before);
		forgetWaiting();
		expect(kept.size).toBe(0);
	});
});
