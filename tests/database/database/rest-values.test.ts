/* The local REST API writes each value of a row as PostgREST does, which takes the JSON of Postgres. */
import { expect, test } from 'vitest';
import { startLite } from '../../fixtures/lite.ts';
import { useDatabase } from '../../fixtures/database.ts';

const db = useDatabase();

/** One literal for each type that a column of the API has; an enumeration has its first label. */
const literals: Record<string, string> = {
	bool: 'true',
	bpchar: 'XY',
	date: '2026-11-28',
	int4: '-4',
	int8: '8000000000',
	jsonb: '{"a": [1, "b", null]}',
	numeric: '19.00',
	text: 'text',
	text_map: '{"en": "text"}',
	time: '09:30:00',
	timestamptz: '2026-11-28T09:30:00.25Z',
	tstzmultirange: '{["2026-11-28 09:30:00+00","2026-11-28 10:30:00+00")}',
	tstzrange: '["2026-11-28 09:30:00+00","2026-11-28 10:30:00+00")',
	uuid: '00000000-0000-4000-8000-000000000001',
	_text: '{a,"b c"}'
};

test('a column of each type that the API has is written as by Postgres', async () => {
	const { rows: types } = await db.owner.query<{ name: string; type: string; label: string | null }>(
		`select distinct t.typname as name, format_type(t.oid, null) as type, (
			select quote_literal(case when t.typelem <> 0 then '{' || e.enumlabel || '}' else e.enumlabel end)
			from pg_enum as e where e.enumtypid in (t.oid, t.typelem) order by e.enumsortorder limit 1) as label
		from pg_attribute as a
		join pg_class as c on c.oid = a.attrelid and c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')
		join pg_type as t on t.oid = a.atttypid
		where a.attnum > 0 and not a.attisdropped
		order by 1`
	);
	const missing = types.filter(({ name, label }) => label === null && literals[name] === undefined);
	expect(missing.map(({ name }) => name)).toEqual([]);
	const literalOf = ({ name, label }: (typeof types)[number]) => label ?? `'${literals[name]}'`;
	const columns = types.map((each) => `${literalOf(each)}::${each.type} as "${each.name}"`).join(', ');
	await db.owner.query(`create table public.every_type as select 1 as id, ${columns}`);
	await db.owner.query('alter table public.every_type add primary key (id)');
	await db.owner.query('grant select on public.every_type to anon');
	const { rows: expected } = await db.owner.query<{ row: unknown }>(
		'select to_jsonb(e) as row from public.every_type as e'
	);

	const lite = await startLite(db);
	const { data, error } = await lite.signedOut().from('every_type').select();
	await lite.stop();
	expect(error).toBeNull();
	expect(data).toEqual(expected.map(({ row }) => row));
});
