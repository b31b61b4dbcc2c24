/* Who may act for whom: seen by the two concerned, ended by either, and by nobody else. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type pg from 'pg';
import { startDatabase, type TestDatabase } from '../fixtures/stack.ts';
import { makeWorld, type Kind, type World } from '../fixtures/world.ts';

let database: TestDatabase;
let client: pg.Client;
let world: World;
let acting: string;

beforeAll(async () => {
	database = await startDatabase();
	client = await database.connect();
	world = await makeWorld(client);
});
afterAll(() => database.stop());
beforeEach(async () => {
	const { delegate, virtual } = world.people;
	await client.query(`delete from public.account_people where relation = 'assistant'`);
	const { rows } = await client.query<{ id: string }>(
		`insert into public.account_people (account_id, person_id, relation, scope) values ($1, $2, 'assistant', 'registration') returning id`,
		[virtual.account, delegate.person]
	);
	acting = rows[0]?.id ?? '';
});

interface Lists {
	for_me: { id: string; display_name: string }[];
	i_for: { id: string; display_name: string }[];
}

async function ask<Answer>(kind: Kind, sql: string, values: unknown[] = []): Promise<Answer> {
	await client.query('begin');
	try {
		await client.query('set local role authenticated');
		await client.query(`select set_config('request.jwt.claims', $1, true)`, [
			JSON.stringify({ sub: world.people[kind].account, role: 'authenticated' })
		]);
		const { rows } = await client.query<{ answer: Answer }>(`select ${sql} as answer`, values);
		await client.query('reset role');
		await client.query('commit');
		return rows[0]?.answer as Answer;
	} catch (error) {
		await client.query('rollback');
		throw error;
	}
}

test('both see it, each from their side, and nobody else does', async () => {
	const { delegate, virtual } = world.people;
	expect((await ask<Lists>('delegate', 'public.list_acting()')).for_me.map((one) => one.display_name)).toEqual([
		virtual.name
	]);
	expect((await ask<Lists>('virtual', 'public.list_acting()')).i_for.map((one) => one.display_name)).toEqual([
		delegate.name
	]);
	expect(await ask<Lists>('owner', 'public.list_acting()')).toEqual({ for_me: [], i_for: [] });
});

test.each(['delegate', 'virtual'] as const)('the %s ends it', async (kind) => {
	expect(await ask('owner', 'public.end_acting($1)', [acting])).toBe('unknown');
	expect(await ask(kind, 'public.end_acting($1)', [acting])).toBe('ok');
	expect(await ask(kind, 'public.end_acting($1)', [acting])).toBe('unknown');
	expect((await client.query(`select id from public.account_people where relation = 'assistant'`)).rows).toEqual([]);
});

test('nobody ends what they are themselves', async () => {
	const { rows } = await client.query<{ id: string }>(
		`select id from public.account_people where account_id = $1 and relation = 'self'`,
		[world.people.delegate.account]
	);
	expect(await ask('delegate', 'public.end_acting($1)', [rows[0]?.id])).toBe('unknown');
});

test('what has run out is no longer listed', async () => {
	await client.query(`update public.account_people set until = now() - interval '1 minute' where id = $1`, [acting]);
	expect(await ask<Lists>('delegate', 'public.list_acting()')).toEqual({ for_me: [], i_for: [] });
});
