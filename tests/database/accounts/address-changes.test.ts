/* Changing an address: both mailboxes confirm, once, and nobody else's address can be taken. */
import { randomBytes, randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { readValue } from '../../fixtures/registering.ts';

const db = useDatabase();

interface Holder {
	person: string;
	account: string;
	session: string;
	address: string;
}

const hash = (text: string) => Buffer.from(text.padEnd(32, '.').slice(0, 32));
const [oldCode, newCode] = [hash('old code'), hash('new code')];

/** A person who signed in with a new address, in two sessions. */
async function makeHolder(): Promise<Holder> {
	const [account, session, address] = [randomUUID(), randomUUID(), `${randomUUID()}@example.org`];
	await db.owner.query('insert into auth.users (id, email) values ($1, $2)', [account, address]);
	await db.owner.query(
		`insert into auth.sessions (id, user_id, created_at, updated_at) values ($1, $2, now(), now()), (gen_random_uuid(), $2, now(), now())`,
		[session, account]
	);
	const person = await readValue<string>(db.app, `select private.link_account($1, $2, $3, 'k')`, [
		account,
		hash(address),
		Buffer.from(address)
	]);
	return { person, account, session, address };
}

const request = (who: Holder, address: string, client: string = randomUUID()) =>
	readValue<string>(
		db.app,
		`select private.request_address_change($1, $2, $3, $4, 'k', $5, '\\x01', $6, '\\x02', 'en')`,
		[who.person, hash(client), hash(address), Buffer.from(address), oldCode, newCode]
	);

const confirm = (who: Holder, address: string, [old, fresh] = [oldCode, newCode], client = db.app) =>
	readValue<string>(client, `select private.confirm_address_change($1, $2, $3, $4, $5, $6)`, [
		who.account,
		who.session,
		old,
		fresh,
		address,
		hash(address)
	]);

async function stateOf(who: Holder) {
	const { rows } = await db.owner.query<{ email: string; address: Buffer; sessions: number }>(
		`select u.email, a.address_sealed as address,
			(select count(*)::integer from auth.sessions as s where s.user_id = u.id) as sessions
		from auth.users as u
		join private.person_addresses as a on a.person_id = $2
		where u.id = $1`,
		[who.account, who.person]
	);
	return rows.map(({ email, address, sessions }) => ({ email, address: address.toString(), sessions }));
}

const mailsTo = (address: string) =>
	readValue<string[]>(
		db.owner,
		`select coalesce(array_agg(template || coalesce(' ' || (params ->> 'is_new'), '') order by created_at, template), '{}')
		from private.outbox where address_sealed = $1`,
		[Buffer.from(address)]
	);

test('replaces the address when both codes are right, and ends the other sessions', async () => {
	const who = await makeHolder();
	const next = `${randomUUID()}@example.org`;
	expect(await request(who, next)).toBe('ok');
	expect(await stateOf(who)).toEqual([{ email: who.address, address: who.address, sessions: 2 }]);
	expect(await confirm(who, next)).toBe('ok');
	expect(await stateOf(who)).toEqual([{ email: next, address: next, sessions: 1 }]);
	expect(await mailsTo(who.address)).toEqual(['address_change_code false', 'address_changed']);
	expect(await mailsTo(next)).toEqual(['address_change_code true']);
	expect(await confirm(who, next)).toBe('expired');
});

test('the former address leads to nobody any more', async () => {
	const who = await makeHolder();
	const next = `${randomUUID()}@example.org`;
	await request(who, next);
	await confirm(who, next);
	const account = randomUUID();
	await db.owner.query('insert into auth.users (id, email) values ($1, $2)', [account, who.address]);
	const found = await readValue<string>(db.app, `select private.link_account($1, $2, $3, 'k')`, [
		account,
		hash(who.address),
		Buffer.from(who.address)
	]);
	expect(found).not.toBe(who.person);
});

test.each([
	['the present address', [hash('wrong'), newCode]],
	['the new address', [oldCode, hash('wrong')]],
	['both', [newCode, oldCode]]
] as const)('refuses a wrong code of %s, and all codes after five', async (_which, codes) => {
	const who = await makeHolder();
	const next = `${randomUUID()}@example.org`;
	await request(who, next);
	const answers: string[] = [];
	for (let attempt = 0; attempt < 5; attempt += 1) answers.push(await confirm(who, next, [...codes]));
	expect(answers).toEqual(['wrong', 'wrong', 'wrong', 'wrong', 'invalidated']);
	expect(await confirm(who, next)).toBe('invalidated');
	expect(await stateOf(who)).toEqual([{ email: who.address, address: who.address, sessions: 2 }]);
});

test('refuses codes after an hour, of a change that was given up, and for another address', async () => {
	const who = await makeHolder();
	const next = `${randomUUID()}@example.org`;
	await request(who, next);
	expect(await confirm(who, `${randomUUID()}@example.org`)).toBe('expired');
	await db.app.query('select private.cancel_address_change($1)', [who.person]);
	expect(await confirm(who, next)).toBe('expired');
	await request(who, next);
	await db.owner.query(`update private.address_changes set expires_at = now() where person_id = $1`, [who.person]);
	expect(await confirm(who, next)).toBe('expired');
});

test('says only to who proved it that an address belongs to somebody else', async () => {
	const [who, other] = [await makeHolder(), await makeHolder()];
	expect(await request(who, other.address)).toBe('ok');
	expect(await confirm(who, other.address, [oldCode, hash('wrong')])).toBe('wrong');
	expect(await confirm(who, other.address)).toBe('taken');
	expect(await stateOf(who)).toEqual([{ email: who.address, address: who.address, sessions: 2 }]);
	expect(await stateOf(other)).toEqual([{ email: other.address, address: other.address, sessions: 2 }]);
});

test('two people who confirm one address at once: one of them gets it', async () => {
	const [one, two] = [await makeHolder(), await makeHolder()];
	const next = `${randomUUID()}@example.org`;
	await request(one, next);
	await request(two, next);
	const clients = [await db.connect(db.appUrl), await db.connect(db.appUrl)];
	const answers = await Promise.all([one, two].map((who, n) => confirm(who, next, [oldCode, newCode], clients[n])));
	expect(answers.sort()).toEqual(['ok', 'taken']);
});

test('asks five times a day, and never for the present address', async () => {
	const who = await makeHolder();
	expect(await request(who, who.address)).toBe('same');
	const answers: string[] = [];
	for (let count = 0; count < 6; count += 1) answers.push(await request(who, `${randomUUID()}@example.org`));
	expect(answers).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'limited']);
	await db.owner.query(
		`update private.address_changes set asked_since = now() - interval '25 hours' where person_id = $1`,
		[who.person]
	);
	expect(await request(who, `${randomUUID()}@example.org`)).toBe('ok');
});

test('only the server asks and confirms: no signed-in person can choose the codes', async () => {
	const who = await makeHolder();
	await expect(
		db.as('authenticated', { sub: who.account }, (client) =>
			client.query(`select private.request_address_change($1, $2, $2, $2, 'k', $2, $2, $2, $2, 'en')`, [
				who.person,
				randomBytes(32)
			])
		)
	).rejects.toThrow('permission denied');
});
