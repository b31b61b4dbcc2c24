import { expect, test } from 'vitest';
import { locales } from '#lib/i18n/locale.ts';
import { useDatabase } from '../../fixtures/database.ts';

const db = useDatabase();

test('knows the languages of the pages and no others', async () => {
	const { rows } = await db.owner.query<{ tag: string }>(
		`select a || b || c as tag
		from regexp_split_to_table('abcdefghijklmnopqrstuvwxyz', '') as a,
			regexp_split_to_table('abcdefghijklmnopqrstuvwxyz', '') as b,
			unnest('{"",s}'::text[]) as c
		where private.is_interface_language(a || b || c)`
	);
	expect(rows.map(({ tag }) => tag).sort()).toEqual([...locales].sort());
});

test('no check and no function lists them again', async () => {
	const { rows } = await db.owner.query<{ name: string }>(
		`select conname as name from pg_constraint where pg_get_constraintdef(oid) ~ '''fr''.*''es'''
		union all
		select p.proname from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
		where n.nspname in ('public', 'private', 'audit') and p.prosrc ~ '''fr'', ''es'''`
	);
	expect(rows).toEqual([]);
});

test.each(locales)('no Summit has the address of the pages in %s', async (locale) => {
	await expect(
		db.owner.query(
			`insert into public.summits (slug, name, zone, starts_on, ends_on)
			values ($1, '{"original": "en", "en": "A Summit"}', 'UTC', '2027-06-08', '2027-06-10')`,
			[locale]
		)
	).rejects.toThrow('summits_slug_check');
});
