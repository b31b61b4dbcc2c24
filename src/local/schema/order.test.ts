import { expect, test } from 'vitest';
import { madeBy, ordered } from './order.ts';
import { splitStatements } from './statements.ts';

const statements = (text: string) => splitStatements(text, '01_noun/file.sql');

test('splits a file at semicolons outside of quotes, bodies and comments', () => {
	const text = `
-- About the file; not about the function.

-- Answers a; b.
create function private.f() returns text language sql as $$
	select 'a;' || "b;" -- c;
$$;
grant execute on function private.f() to anon;
`;
	expect(statements(text).map(({ comment, sql, line }) => ({ comment, sql: sql.slice(0, 12), line }))).toEqual([
		{ comment: '-- Answers a; b.', sql: 'create funct', line: 5 },
		{ comment: '', sql: 'grant execut', line: 8 }
	]);
	expect(() => statements('select 1')).toThrow('does not end with a semicolon');
});

test('puts functions before a table that calls them, and a table after those that it refers to', () => {
	const parts = ordered(
		statements(`
			create table public.b (a_id uuid references public.a (id), code text default private.code(3));
			create table public.a (id uuid primary key, next uuid references public.a (id));
			create function private.code(p integer) returns text language sql return 'x';
			create function private.other(p public.a) returns text language sql return 'x';
			create index on public.a (next);
		`)
	);
	const names = (section: 'types' | 'tables' | 'functions') => parts.get(section)?.map((one) => madeBy(one).name);
	expect(names('types')).toEqual(['function private.code(p integer)']);
	expect(names('tables')).toEqual(['table public.a', 'table public.b']);
	expect(names('functions')).toEqual(['function private.other(p public.a)']);
});

test('refuses an object that is defined twice, circular tables, and what belongs in no schema', () => {
	const twice = 'create function private.f(a text) returns text language sql return a;';
	expect(() => ordered(statements(`${twice}\n${twice}`))).toThrow(
		'function private.f(a text) is stated twice: 01_noun/file.sql:1 and 01_noun/file.sql:2.'
	);
	expect(() =>
		ordered(
			statements(`
				create table public.a (b_id uuid references public.b (id));
				create table public.b (a_id uuid references public.a (id));`)
		)
	).toThrow('Tables refer to each other in a circle: public.a, public.b.');
	expect(() => ordered(statements('drop table public.a;'))).toThrow(
		'supabase/schemas/01_noun/file.sql:1: "drop table public.a" has no place in a schema.'
	);
});
