/* Processes of the last release go on beside the new database: what they call and read is still there. */
import { beforeAll, expect, test } from 'vitest';
import { migrate, readMigrations } from '../../../src/local/migrate.ts';
import { createSystemSchema } from '../../../src/local/roles.ts';
import { contractReasons, isHeld } from '../../../src/local/schema/contract.ts';
import { releasedMigrations } from '../../../src/local/schema/released.ts';
import { missingIn, readSignatures, type Signatures } from '../../../src/local/schema/signatures.ts';
import { useDatabase } from '../../fixtures/database.ts';

const db = useDatabase();
const released = releasedMigrations();
const all = readMigrations();
/** The migrations that processes of the last release know; all of them while an upgrade from it stops them. */
const old = isHeld(released) ? all.filter(({ file }) => released.has(file)) : all;
let now: Signatures;

beforeAll(async () => {
	now = await readSignatures(db.owner);
});

test('nothing of the last release is missing, but what a marked migration says', { timeout: 120_000 }, async () => {
	expect([now.functions.length > 500, now.relations.length > 50]).toEqual([true, true]);
	const later = all.filter((migration) => !old.includes(migration));
	const said = later.flatMap(({ sql, file }) => contractReasons(sql, file)).join('\n');
	const name = `${db.owner.database ?? ''}_old`;
	const at = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href;
	await db.owner.query(`create database ${name}`);
	try {
		const superuser = await db.connect(at(db.superuserUrl));
		await createSystemSchema(superuser);
		const client = await db.connect(at(db.url));
		await migrate(client, old);
		const missing = missingIn(now, await readSignatures(client));
		expect(missing.filter((each) => !said.includes(each.split(':')[0] ?? ''))).toEqual([]);
		await Promise.all([client.end(), superuser.end()]);
	} finally {
		await (await db.connect(db.superuserUrl)).query(`drop database ${name} with (force)`);
	}
});

test('finds each kind of what old processes would miss', async () => {
	const client = await db.connect();
	await client.query(`
		create table public.made_up (id uuid primary key, kept text, changed integer);
		create function public.made_one(first uuid, second text) returns table (a integer) language sql as 'select 1';
		create function public.made_two(first uuid) returns integer language sql as 'select 1';
		create function public.made_three() returns integer language sql as 'select 1';
		grant execute on function public.made_one, public.made_two, public.made_three to authenticated`);
	const before = await readSignatures(client);
	await client.query(`
		alter table public.made_up alter changed type bigint, drop column kept, add demanded text not null;
		drop function public.made_one;
		create function public.made_one(first uuid, second text, third text default null) returns table (a integer, b text)
			language sql as $$ select 1, '' $$;
		drop function public.made_two;
		create function public.made_two(other uuid) returns integer language sql as 'select 1';
		grant execute on function public.made_one, public.made_two to authenticated;
		revoke execute on function public.made_three from authenticated;
		create function public.made_three(first integer) returns text language sql as $$ select '' $$;
		grant execute on function public.made_three(integer) to authenticated`);
	expect(missingIn(await readSignatures(client), before)).toEqual([
		'public.made_three: nothing takes ()',
		'public.made_two: nothing takes (first uuid)',
		'public.made_up.kept: is not there, not text',
		'public.made_up.changed: is bigint, not integer',
		'public.made_up.demanded: must be filled'
	]);
});
