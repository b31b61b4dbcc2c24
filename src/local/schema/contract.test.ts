import { describe, expect, test } from 'vitest';
import { contractVersion, readMigrations } from '../migrate.ts';
import { contractReasons, contractions, isHeld } from './contract.ts';
import { releasedMigrations } from './released.ts';

const found = (sql: string) => contractions(sql).map(({ what }) => what);

test('migrations after the last release only add, or say that they contract', () => {
	const released = releasedMigrations();
	const later = isHeld(released) ? readMigrations().filter(({ file }) => !released.has(file)) : [];
	const faults = later.flatMap(({ file, sql }) =>
		contractions(sql, file).map(({ line, what }) => `${file}:${line} ${what}`)
	);
	expect(faults).toEqual([]);
});

test('what contracts says since which version nothing uses it, so that older ones refuse the database', () => {
	const said = readMigrations().flatMap(({ sql, file }) => contractReasons(sql, file));
	expect(said.filter((reason) => contractVersion(reason) === null)).toEqual([]);
	expect(contractVersion('public.old_one is used by no release since 1.2.0')).toBe('1.2.0');
	expect(contractVersion('public.old_one is used by nobody')).toBe(null);
});

test('the rule holds from the release after 0.1.0', () => {
	expect(isHeld(new Map([['20261128000000_baseline.sql', 'a hash']]))).toBe(false);
	expect(
		isHeld(
			new Map([
				['20261128000000_baseline.sql', 'a hash'],
				['20261215080000_later.sql', 'a hash']
			])
		)
	).toBe(true);
});

describe('breaks old processes:', () => {
	test.each([
		['drop table public.rooms;', 'drops the table public.rooms'],
		['drop function if exists public.old_one(uuid);', 'drops the function public.old_one'],
		['alter table public.rooms drop column floor;', 'drops the column public.rooms.floor'],
		['alter table public.rooms add column a integer, drop b;', 'drops the column public.rooms.b'],
		['alter table public.rooms rename column a to b;', 'renames public.rooms'],
		['alter function public.one(uuid) rename to two;', 'renames public.one(uuid)'],
		['alter table only public.rooms alter column a type bigint using a::bigint;', 'changes the type of public.rooms.a'],
		['alter table public.rooms alter a set not null;', 'refuses null in public.rooms.a'],
		['alter table public.rooms alter column a drop default;', 'drops the default of public.rooms.a'],
		[
			'alter table public.rooms add column a text not null;',
			'adds the column public.rooms.a, which old processes do not fill'
		],
		['alter domain public.status rename to state;', 'renames public.status'],
		['revoke select on public.rooms from anon;', 'takes select on public.rooms away'],
		['revoke execute on function public.one(uuid) from anon;', 'takes execute on public.one away']
	])('%s', (sql, what) => {
		expect(found(sql)).toEqual([what]);
	});
});

describe('breaks nothing:', () => {
	test.each([
		'create table public.rooms (id uuid);',
		`alter table public.rooms add column a integer not null default 7, add b text, add constraint c check (a > 0) not valid;`,
		'alter table public.rooms add column a integer generated always as (1) stored not null;',
		'alter table public.rooms alter column a set default 3, alter column b drop not null, drop constraint c;',
		'drop function public.one(uuid); create function public.one(uuid, text default null) returns void language sql as $$ drop table x; $$;',
		'create function public.new_one() returns void language sql as $$$$; revoke execute on function public.new_one() from public;',
		'create table public.made (id uuid); alter table public.made drop column id;',
		'drop policy p on public.rooms; drop trigger t on public.rooms; drop index public.i;',
		`comment on table public.rooms is 'drop table public.rooms;';`
	])('%s', (sql) => {
		expect(found(sql)).toEqual([]);
	});
});

test('a comment above the statement takes responsibility for it, and only for it', () => {
	const sql = `
		alter table public.rooms add column a text;

-- contract: public.old_one is used by no release since 1.2.0
drop function public.old_one(uuid);
drop table public.rooms;`;
	expect(contractions(sql)).toEqual([{ line: 6, what: 'drops the table public.rooms' }]);
	expect(contractReasons(sql)).toEqual(['public.old_one is used by no release since 1.2.0']);
});
