/* Functions called over the data path: every kind of answer, and every kind of error. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signToken, startDataPath, type TestDataPath } from '../../fixtures/data-path.ts';
import { useDatabase } from '../../fixtures/database.ts';

const jwtSecret = randomUUID();

const db = useDatabase();
let path: TestDataPath;

beforeAll(async () => {
	await db.owner.query(`
		create type public.pair as (one integer, two text);
		create domain public.positive as integer check (value > 0);
		create function public.nothing() returns void language sql volatile as $$ select $$;
		create function public.text_of(p_text text) returns text language sql stable as $$ select p_text $$;
		create function public.number_of(p_number numeric default 7) returns numeric language sql stable as $$ select p_number $$;
		create function public.moment_of(p_moment timestamptz) returns timestamptz language sql stable as $$ select p_moment $$;
		create function public.ids_of(p_ids uuid[]) returns uuid[] language sql stable as $$ select p_ids $$;
		create function public.json_of(p_json jsonb) returns jsonb language sql stable as $$ select p_json $$;
		create function public.is_so(p_so boolean) returns boolean language sql stable as $$ select p_so $$;
		create function public.kind_of(p_json jsonb) returns text language sql stable as $$ select jsonb_typeof(p_json) $$;
		create function public.pair_of(p_one integer, p_two text default 'b') returns public.pair language sql stable as $$ select (p_one, p_two)::public.pair $$;
		create function public.no_pair() returns public.pair language sql stable as $$ select null::public.pair $$;
		create function public.pairs() returns setof public.pair language sql stable as $$ select n, 'x' from generate_series(1, 2) as n $$;
		create function public.numbers(p_up_to integer) returns setof integer language sql stable as $$ select generate_series(1, p_up_to) $$;
		create function public.one_table() returns table (a integer, b text) language sql stable as $$ select 1, null::text $$;
		create function public.one_out(out found text) language sql stable as $$ select 'x' $$;
		create function public.positive_of(p_number positive) returns positive language sql stable as $$ select p_number $$;
		create domain public.word as text check (value in ('yes', 'no'));
		create function public.word_of(p_so boolean) returns public.word language sql stable as $$ select case when p_so then 'yes' else 'no' end $$;
		create function public.doubled(a integer) returns text language sql stable as $$ select 'one' $$;
		create function public.doubled(a text) returns text language sql stable as $$ select 'other' $$;
		create function public.raise_as(p_code text) returns text language plpgsql volatile as $$
		begin
			raise exception 'words' using errcode = p_code, detail = 'details', hint = 'a hint';
		end $$;
		create function public.only_signed_in() returns text language sql stable as $$ select 'in' $$;
		create table public.notes (note text);
		alter table public.notes enable row level security;
		create policy notes_all on public.notes for all to authenticated using (true) with check (true);
		grant select, insert on public.notes to authenticated;
		create function public.write_note() returns void language sql volatile as $$ insert into public.notes values ('x') $$;
		create function public.write_while_reading() returns void language plpgsql stable as $$
		begin
			perform public.write_note();
		end $$;
		create function public.write_and_raise() returns void language plpgsql volatile as $$
		begin
			insert into public.notes values ('never kept');
			raise exception 'no' using errcode = 'PT409';
		end $$;
		grant execute on all functions in schema public to anon, authenticated;
		revoke execute on function public.only_signed_in() from anon;
	`);
	path = startDataPath(db, { jwtSecret });
});
afterAll(async () => {
	await path.close();
});

const nobody = () => path.client(null);

test('returns every kind of value as PostgREST writes it', async () => {
	const id = randomUUID();
	const calls: [string, Record<string, unknown>, unknown][] = [
		['text_of', { p_text: 'ünï "quoted" \\' }, 'ünï "quoted" \\'],
		['text_of', { p_text: null }, null],
		['text_of', { p_text: 5 }, '5'],
		['number_of', {}, 7],
		['number_of', { p_number: 1.5 }, 1.5],
		['number_of', { p_number: '12' }, 12],
		['moment_of', { p_moment: '2027-06-09 08:00+02' }, '2027-06-09T06:00:00+00:00'],
		['ids_of', { p_ids: [id] }, [id]],
		['ids_of', { p_ids: [] }, []],
		['json_of', { p_json: { a: [1, null, 'x'] } }, { a: [1, null, 'x'] }],
		['json_of', { p_json: null }, null],
		['kind_of', { p_json: '{"a":1}' }, 'string'],
		['kind_of', { p_json: [] }, 'array'],
		['is_so', { p_so: 'on' }, true],
		['is_so', { p_so: false }, false],
		['word_of', { p_so: false }, 'no'],
		['pair_of', { p_one: 1 }, { one: 1, two: 'b' }],
		['pair_of', { p_two: null, p_one: 1 }, { one: 1, two: null }],
		['no_pair', {}, { one: null, two: null }],
		[
			'pairs',
			{},
			[
				{ one: 1, two: 'x' },
				{ one: 2, two: 'x' }
			]
		],
		['numbers', { p_up_to: 3 }, [1, 2, 3]],
		['numbers', { p_up_to: 0 }, []],
		['one_table', {}, [{ a: 1, b: null }]],
		['one_out', {}, { found: 'x' }]
	];
	for (const [name, values, data] of calls)
		expect(await nobody().rpc(name, values), name).toMatchObject({ data, error: null, status: 200, count: null });
	expect(await nobody().rpc('nothing')).toMatchObject({ data: null, error: null, status: 204 });
	expect((await nobody().rpc('numbers', { p_up_to: 10_001 })).data).toHaveLength(10_000);
	expect(path.passedOn).toEqual([]);
});

test.each([
	['PT418', 418],
	['PT999', 500],
	['P0001', 400],
	['P0002', 500],
	['23502', 400],
	['23503', 409],
	['23505', 409],
	['23514', 400],
	['23P01', 400],
	['22P02', 400],
	['22023', 400],
	['25006', 405],
	['40P01', 500],
	['42501', 401],
	['42883', 404],
	['42P01', 404],
	['53200', 503],
	['55000', 500],
	['57014', 500],
	['XX000', 500]
])('an error %s has status %i, and keeps its details', async (code, status) => {
	expect(await nobody().rpc('raise_as', { p_code: code })).toMatchObject({
		status,
		data: null,
		error: { code, message: 'words', details: 'details', hint: 'a hint' }
	});
});

test('a forbidden call is 401 for a visitor and 403 for a signed-in person', async () => {
	expect(await nobody().rpc('only_signed_in')).toMatchObject({ status: 401, error: { code: '42501' } });
	const signedIn = path.client(await signToken(jwtSecret, { sub: randomUUID() }));
	expect(await signedIn.rpc('only_signed_in')).toMatchObject({ status: 200, data: 'in' });
	expect(await signedIn.rpc('raise_as', { p_code: '42501' })).toMatchObject({ status: 403 });
});

test('invalid values are refused with the error of their type', async () => {
	const calls: [string, Record<string, unknown>, string][] = [
		['ids_of', { p_ids: ['no id'] }, '22P02'],
		['ids_of', { p_ids: 'no list' }, '22P02'],
		['number_of', { p_number: 'many' }, '22P02'],
		['is_so', { p_so: 'perhaps' }, '22P02'],
		['pair_of', { p_one: 1.5 }, '22P02'],
		['pair_of', { p_one: 99_999_999_999 }, '22003'],
		['moment_of', { p_moment: 'soon' }, '22007'],
		['text_of', { p_text: 'a\0b' }, '22P05'],
		['positive_of', { p_number: -1 }, '23514']
	];
	for (const [name, values, code] of calls)
		expect(await nobody().rpc(name, values), name).toMatchObject({ status: 400, data: null, error: { code } });
});

test('a missing function or argument is PGRST202 until it exists', async () => {
	const unknown = await nobody().rpc('made_later', { b: 1, a: 2 });
	expect(unknown).toMatchObject({
		status: 404,
		error: {
			code: 'PGRST202',
			message: 'Could not find the function public.made_later(a, b) in the schema cache',
			details:
				'Searched for the function public.made_later with parameters a, b or with a single unnamed json/jsonb parameter, but no matches were found in the schema cache.'
		}
	});
	expect((await nobody().rpc('text_of')).error?.code).toBe('PGRST202');
	expect((await nobody().rpc('text_of', { p_text: '', more: 1 })).error?.code).toBe('PGRST202');
	await db.owner
		.query(`create function public.made_later(a integer, b integer) returns integer language sql as $$ select a + b $$;
		grant execute on function public.made_later(integer, integer) to anon`);
	const soon = { timeout: 5000 };
	await expect.poll(async () => (await nobody().rpc('made_later', { b: 1, a: 2 })).data, soon).toBe(3);
	// Created again with one more argument, while connections have the former version prepared.
	await db.owner.query(`drop function public.made_later(integer, integer);
		create function public.made_later(a integer, b integer, c integer default 10) returns integer language sql as $$ select a + b + c $$;
		grant execute on function public.made_later(integer, integer, integer) to anon`);
	expect((await nobody().rpc('made_later', { b: 1, a: 2 })).data).toBe(13);
	await expect.poll(async () => (await nobody().rpc('made_later', { b: 1, a: 2, c: 3 })).data, soon).toBe(6);
});

test('leaves response settings, other schemas and overloaded functions to REST', async () => {
	path.passedOn.length = 0;
	await nobody().rpc('numbers', { p_up_to: 3 }).limit(1);
	await nobody().rpc('numbers', { p_up_to: 3 }, { count: 'exact' });
	await nobody().rpc('numbers', { p_up_to: 3 }, { get: true });
	await nobody().rpc('pairs').single();
	await nobody().schema('other').rpc('numbers');
	await nobody().rpc('doubled', { a: 1 });
	await nobody().from('notes').select();
	expect(path.passedOn.splice(0).map((address) => new URL(address).pathname.split('/').at(-1))).toEqual([
		'numbers',
		'numbers',
		'numbers',
		'pairs',
		'numbers',
		'doubled',
		'notes'
	]);
});

test('a stable function cannot write, and an error rolls back', async () => {
	const signedIn = path.client(await signToken(jwtSecret, { sub: randomUUID() }));
	expect(await signedIn.rpc('write_while_reading')).toMatchObject({ status: 405, error: { code: '25006' } });
	expect(await signedIn.rpc('write_and_raise')).toMatchObject({ status: 409, error: { code: 'PT409' } });
	expect((await db.owner.query('select * from public.notes')).rows).toEqual([]);
});

test('applies the settings of a role, as PostgREST does', async () => {
	const name = `${db.owner.database ?? ''}`;
	await db.owner
		.query(`create function public.limits() returns text language sql volatile as $$ select current_setting('statement_timeout') $$;
		grant execute on function public.limits() to anon, authenticated;
		create function public.nap() returns void language sql volatile as $$ select pg_sleep(3) $$;
		grant execute on function public.nap() to anon, authenticated`);
	const superuser = await db.connect(db.superuserUrl);
	await superuser.query(`alter role authenticated in database ${name} set statement_timeout = '700ms'`);
	const limited = startDataPath(db, { jwtSecret });
	const signedIn = limited.client(await signToken(jwtSecret, { sub: randomUUID() }));
	expect((await limited.client(null).rpc('limits')).data).toBe('20s');
	expect((await signedIn.rpc('limits')).data).toBe('700ms');
	expect(await signedIn.rpc('nap')).toMatchObject({ status: 500, error: { code: '57014' } });
	await limited.close();
});
