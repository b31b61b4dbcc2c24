/* Who the caller is: found once for a transaction, and never kept beyond the claims that it belongs to. */
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { makePerson, setCaller, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let ana: TestPerson;
let bruno: TestPerson;

beforeAll(async () => {
	ana = await makePerson(db.owner, 'Ana');
	bruno = await makePerson(db.owner, 'Bruno');
});

const me = async () =>
	(await db.owner.query<{ account: string | null; me: string | null }>(`select private.account(), private.me() as me`))
		.rows[0];
const inTransaction = async (work: () => Promise<void>) => {
	await db.owner.query('begin');
	try {
		await work();
	} finally {
		await db.owner.query('rollback');
	}
};

test('other claims in the same transaction are another caller', () =>
	inTransaction(async () => {
		await setCaller(db.owner, ana);
		expect(await me()).toEqual({ account: ana.account, me: ana.person });
		await setCaller(db.owner, bruno, 'none');
		expect(await me()).toEqual({ account: bruno.account, me: bruno.person });
		await db.owner.query(
			`select set_config('request.jwt.claims', '', true), set_config('request.jwt.claim.sub', '', true)`
		);
		expect(await me()).toEqual({ account: null, me: null });
	}));

test('nothing is left for the next transaction of the connection', async () => {
	await inTransaction(async () => {
		await setCaller(db.owner, ana);
		expect((await me())?.me).toBe(ana.person);
	});
	expect(await me()).toEqual({ account: null, me: null });
});

test('a person whom the transaction itself links or unlinks is seen at once', () =>
	inTransaction(async () => {
		await setCaller(db.owner, ana, 'none');
		expect((await me())?.me).toBe(ana.person);
		await db.owner.query('delete from public.account_people where account_id = $1', [ana.account]);
		expect((await me())?.me).toBeNull();
		await db.owner.query(
			`insert into public.account_people (account_id, person_id, relation) values ($1, $2, 'self')`,
			[ana.account, ana.person]
		);
		expect((await me())?.me).toBe(ana.person);
	}));

test('a session that Auth ends, a ban and a deletion count from the next transaction on', async () => {
	const session = randomUUID();
	await db.owner.query(`insert into auth.sessions (id, user_id) values ($1, $2)`, [session, ana.account]);
	const asked = async () => {
		let answer: Awaited<ReturnType<typeof me>>;
		await inTransaction(async () => {
			await db.owner.query(`select set_config('request.jwt.claims', $1, true)`, [
				JSON.stringify({ role: 'authenticated', sub: ana.account, session_id: session })
			]);
			answer = await me();
		});
		return answer;
	};
	expect((await asked())?.me).toBe(ana.person);
	await db.owner.query('delete from auth.sessions where id = $1', [session]);
	expect(await asked()).toEqual({ account: null, me: null });
	await db.owner.query(`insert into auth.sessions (id, user_id) values ($1, $2)`, [session, ana.account]);
	for (const column of ['deleted_at', 'banned_until']) {
		await db.owner.query(`update auth.users set ${column} = now() + interval '1 hour' where id = $1`, [ana.account]);
		expect(await asked()).toEqual({ account: null, me: null });
		await db.owner.query(`update auth.users set ${column} = null where id = $1`, [ana.account]);
	}
});

test('no query asks for each row who the caller is', () => {
	const folder = join(import.meta.dirname, '../../../supabase/schemas');
	const perRow = readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((path) => path.endsWith('.sql'))
		.flatMap((path) => readFileSync(join(folder, path), 'utf8').split('\n'))
		.filter((line) => /^\s*(where|and|or|on)\b.*\b\w+\.\w+ (=|<>) private\.me\(\)/.test(line));
	expect(perRow).toEqual([]);
});
