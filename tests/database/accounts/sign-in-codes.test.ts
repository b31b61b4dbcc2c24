/*
 * Sign-in codes: wrong guesses end the challenge of one browser, codes grow longer under attack, and an attack never
 * locks holders out of their own accounts.
 */
import { createHash, randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { connectMany, inParallel, inTurn } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';

const db = useDatabase();
/** The victim's address: each test has its own. */
let address: string;

beforeEach(() => {
	address = fresh();
});

const fresh = () => randomBytes(8).toString('hex');
const hash = (words: string) => createHash('sha256').update(words).digest();

/** What a browser holds after it asked for a code, and which mail was sent. */
interface Asked {
	status: string;
	challenge: string | null;
	retry_after: number;
	mailed: 'own' | 'shared' | null;
	own: string;
	shared: string;
}
async function requestCode(
	to = address,
	client = 'venue',
	replaces: string | null = null,
	on = db.app
): Promise<Asked> {
	const codes = { own: `own ${fresh()}`, shared: `shared ${fresh()}` };
	const { rows } = await on.query<Asked>(
		`select * from private.request_sign_in_code($1, $2, $3, $4, 'k', 'en', $5, $6, $7, $8)`,
		[
			hash(to),
			hash(client),
			replaces,
			hash(to),
			hash(codes.own),
			Buffer.from(codes.own),
			hash(codes.shared),
			Buffer.from(codes.shared)
		]
	);
	const mails = await db.owner.query<{ secret: Buffer }>(
		`select secret from private.outbox where idempotency_key = 'code:' || $1`,
		[rows[0]?.challenge]
	);
	const secret = mails.rows[0]?.secret.toString();
	return { ...(rows[0] as Asked), ...codes, mailed: (secret?.split(' ')[0] ?? null) as Asked['mailed'] };
}
async function check(challenge: string | null, code: string, on = db.app): Promise<string | undefined> {
	const { rows } = await on.query<{ status: string }>('select private.check_sign_in_code($1, $2) as status', [
		challenge,
		hash(code)
	]);
	return rows[0]?.status;
}
/** The address of somebody with an account here. */
async function makeKnown(): Promise<string> {
	const known = fresh();
	await db.owner.query(
		`with person as (insert into public.people default values returning id)
		insert into private.person_addresses (person_id, address_hash, address_sealed, key_id, is_primary) select id, $1, '\\x00', 'k', true from person`,
		[hash(known)]
	);
	return known;
}
/** Moves all rows into the past, as if this much time had passed. */
async function later(interval: string): Promise<void> {
	await db.owner.query(
		`update private.sign_in_challenges set created_at = created_at - $1::interval, expires_at = expires_at - $1::interval`,
		[interval]
	);
	await db.owner.query(
		`update private.sign_in_addresses set mails_since = mails_since - $1::interval, failed_attempts_since = failed_attempts_since - $1::interval, shared_at = shared_at - $1::interval`,
		[interval]
	);
	await db.owner.query(`update private.sign_in_shared_codes set mailed_at = mailed_at - $1::interval`, [interval]);
	await db.owner.query(`update private.sign_in_clients set mails_since = mails_since - $1::interval`, [interval]);
}
async function miss(times: number, challenge: string | null): Promise<(string | undefined)[]> {
	return inTurn(Array.from({ length: times }), () => check(challenge, 'a guess'));
}

describe('a sign-in code', () => {
	test('signs in once', async () => {
		const { challenge, own } = await requestCode();
		expect(await check(challenge, own)).toBe('ok');
		expect(await check(challenge, own)).toBe('used');
	});

	test('ends after five wrong guesses, and then refuses the right code too', async () => {
		const { challenge, own } = await requestCode();
		expect(await miss(5, challenge)).toEqual(['wrong', 'wrong', 'wrong', 'wrong', 'invalidated']);
		expect(await check(challenge, own)).toBe('invalidated');
	});

	test('is replaced by a newer one for the same browser, after half a minute', async () => {
		const first = await requestCode();
		const soon = await requestCode(address, 'venue', first.challenge);
		expect(soon).toMatchObject({ status: 'limited', challenge: null, mailed: null });
		expect(soon.retry_after).toBeGreaterThan(0);
		expect(soon.retry_after).toBeLessThanOrEqual(30);
		await later('31 seconds');
		const second = await requestCode(address, 'venue', first.challenge);
		expect(await check(first.challenge, first.own)).toBe('invalidated');
		expect(await check(second.challenge, second.own)).toBe('ok');
	});

	test('stays valid when somebody asks for a code for another address', async () => {
		const theirs = await requestCode();
		const mine = await requestCode(fresh(), 'venue', theirs.challenge);
		expect(mine.status).toBe('ok');
		expect(await check(theirs.challenge, theirs.own)).toBe('ok');
	});

	test('expires, and an unknown challenge gets the same answer', async () => {
		const { challenge, own } = await requestCode();
		await later('10 minutes');
		expect(await check(challenge, own)).toBe('expired');
		expect(await check('00000000-0000-4000-8000-000000000000', own)).toBe('expired');
	});

	test('cannot be guessed in parallel: fifty wrong guesses at once count as five', async () => {
		const { challenge } = await requestCode();
		const clients = await connectMany(db, 10, db.appUrl);
		const guesses = Array.from({ length: 50 }, () => 'a guess');
		const answers = await inParallel(clients, guesses, (client, guess) => check(challenge, guess, client));
		expect(answers.filter((answer) => answer === 'wrong')).toHaveLength(4);
		expect(answers.filter((answer) => answer === 'invalidated')).toHaveLength(46);
	});
});

describe('under attack', () => {
	test.each(['the same address', 'many addresses'])(
		'the holder signs in while others request and guess codes from %s',
		async (from) => {
			const before = await requestCode();
			const clientOf = (n: number) => (from === 'the same address' ? 'venue' : `bot ${n}`);
			const floods = await inTurn(
				Array.from({ length: 60 }, (_, n) => n),
				async (n) => {
					const asked = await requestCode(address, clientOf(n));
					await miss(5, asked.challenge);
					return asked;
				}
			);
			expect(floods.map(({ status }) => status)).toEqual(Array(60).fill('ok'));
			// Codes mailed before the attack work. A browser that asks during the attack signs in with the newest mail.
			expect(await check(before.challenge, before.own)).toBe('ok');
			const newest = floods.findLast(({ mailed }) => mailed !== null);
			const mine = await requestCode();
			expect(mine).toMatchObject({ status: 'ok', mailed: null });
			expect(await check(mine.challenge, newest?.[newest.mailed ?? 'own'] ?? '')).toBe('ok');
		}
	);

	test('an address gets five short codes and twelve long ones an hour, from all requests together', async () => {
		const mailed: Asked['mailed'][] = [];
		for (let minute = 0; minute < 59; minute++) {
			mailed.push(
				(await requestCode(address, `bot ${minute}`)).mailed,
				(await requestCode(address, `bot ${minute}`)).mailed
			);
			await later('1 minute');
		}
		expect(mailed.filter((kind) => kind === 'own')).toHaveLength(5);
		expect(mailed.filter((kind) => kind === 'shared')).toHaveLength(12);
	});

	test('ten wrong guesses in a day make the codes of an address long, and short ones mailed earlier stay valid', async () => {
		const mine = await requestCode();
		for (const bot of ['one', 'two']) await miss(5, (await requestCode(address, bot)).challenge);
		const next = await requestCode(address, 'three');
		expect(next.mailed).toBe('shared');
		expect(await check(next.challenge, next.own)).toBe('wrong');
		expect(await check(mine.challenge, mine.own)).toBe('ok');
		await later('23 hours');
		expect((await requestCode()).mailed).toBe('shared');
		await later('61 minutes');
		expect((await requestCode()).mailed).toBe('own');
	});

	test('a long code works in any browser of its address, once, and in no browser of another address', async () => {
		await inTurn(Array.from({ length: 5 }), () => requestCode());
		const [mine, other, guesser] = [await requestCode(), await requestCode(), await requestCode(fresh())];
		expect([mine.mailed, other.mailed]).toEqual(['shared', null]);
		expect(await check(guesser.challenge, mine.shared)).toBe('wrong');
		expect(await check(other.challenge, mine.shared)).toBe('ok');
		expect(await check(mine.challenge, mine.shared)).toBe('wrong');
		// A used code is replaced at once, not after five minutes.
		const again = await requestCode();
		expect(again.mailed).toBe('shared');
		expect(await check(mine.challenge, again.shared)).toBe('ok');
	});

	test('a long code stays valid for a quarter of an hour beside newer ones', async () => {
		await inTurn(Array.from({ length: 5 }), () => requestCode());
		const first = await requestCode();
		await later('6 minutes');
		expect((await requestCode(address, 'bot')).mailed).toBe('shared');
		expect(await check(first.challenge, first.shared)).toBe('ok');
	});

	test('a long code works once when many browsers send it at the same time', async () => {
		await inTurn(Array.from({ length: 5 }), () => requestCode());
		const asked = await inTurn(Array.from({ length: 8 }), () => requestCode());
		const clients = await Promise.all(asked.map(() => db.connect(db.appUrl)));
		const code = asked[0]?.shared ?? '';
		const answers = await Promise.all(asked.map(({ challenge }, at) => check(challenge, code, clients[at])));
		expect(answers.toSorted()).toEqual(['ok', ...Array<string>(7).fill('wrong')]);
	});
});

describe('one client', () => {
	const spend = (client: string, mails: number) =>
		db.owner.query(`insert into private.sign_in_clients (client_hash, mails) values ($1, $2)`, [hash(client), mails]);

	test('sends a thousand mails an hour to people without an account and then none, with the same answer', async () => {
		const client = fresh();
		await spend(client, 999);
		const [last, none] = [await requestCode(fresh(), client), await requestCode(fresh(), client)];
		expect([last.mailed, none.mailed]).toEqual(['own', null]);
		expect(Object.keys(none)).toEqual(Object.keys(last));
		expect([none.status, none.retry_after]).toEqual(['ok', 0]);
		await later('61 minutes');
		expect((await requestCode(fresh(), client)).mailed).toBe('own');
	});

	test('that reached its limit blocks mail neither to people with accounts nor to others elsewhere', async () => {
		const client = fresh();
		await spend(client, 5000);
		const [known, newcomer] = [await makeKnown(), fresh()];
		expect((await requestCode(known, client)).mailed).toBe('own');
		for (let n = 0; n < 8; n++) expect((await requestCode(newcomer, client)).mailed).toBeNull();
		expect((await requestCode(newcomer, 'another client')).mailed).toBe('own');
	});
});

test('people with accounts get their code before others who asked earlier', async () => {
	const waiting = await inTurn([fresh(), fresh(), fresh()], (to) => requestCode(to));
	const known = await requestCode(await makeKnown());
	const { rows } = await db.owner.query<{ idempotency_key: string }>(
		`select idempotency_key from private.outbox where idempotency_key = any ($1) order by priority, created_at`,
		[[...waiting, known].map(({ challenge }) => `code:${challenge}`)]
	);
	expect(rows.map(({ idempotency_key }) => idempotency_key)).toEqual(
		[known, ...waiting].map(({ challenge }) => `code:${challenge}`)
	);
});

test('counters are deleted when their windows are over, and active ones stay', async () => {
	await requestCode();
	await requestCode(fresh(), fresh());
	const left = async () => {
		await db.app.query('select private.delete_expired_challenges()');
		const { rows } = await db.owner.query<{ addresses: number; clients: number }>(
			`select (select count(*)::int from private.sign_in_addresses) as addresses, (select count(*)::int from private.sign_in_clients) as clients`
		);
		return rows[0];
	};
	const before = await left();
	expect(before?.addresses).toBeGreaterThan(1);
	await later('20 minutes');
	expect(await left()).toEqual(before);
	await later('2 days');
	expect(await left()).toEqual({ addresses: 0, clients: 0 });
});
