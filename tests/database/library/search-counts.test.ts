/* The search over thousands of documents finds, counts and orders what the rule of readers and the query say, read plainly. */
import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { createGroup, putInGroup } from '../../fixtures/grouping.ts';
import { fillLibrary } from '../../fixtures/library-filling.ts';
import {
	addFile,
	makeLibraryWorld,
	publish,
	publishDocument,
	revisionOf,
	saveDocument,
	search,
	type Found,
	type LibraryWorld
} from '../../fixtures/library.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { setCaller, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let world: LibraryWorld;
let readers: (TestPerson | null)[];
let groups: Record<'closed' | 'open', string>;

beforeAll(async () => {
	world = await makeLibraryWorld(db.owner);
	// More than two thousand hits are not ranked; each reader has fewer and more.
	await fillLibrary(db.owner, 4000);
	groups = {
		closed: await readValue(db.owner, `select code from private.groups where name ->> 'en' = 'Bench'`),
		open: await createGroup(db.owner, world.reviewer, 'public')
	};
	await putInGroup(db.owner, world.people.newcomer, groups.closed, 'alternate');
	for (const level of ['public', 'members'])
		await publish(
			world,
			world.people.delegate,
			{ level, related: [{ kind: 'group', code: groups.open }], issued_on: '2030-01-01' },
			{ content: 'Harbour, and a word of the file alone: geolocation.' }
		);
	readers = [null, world.people.delegate, world.people.newcomer, world.reviewer];
});

/** What a query finds, read with neither the indexes nor the facets of the search. */
const plainly = `
	with asked as materialized (
		select private.search_query($2) as query, private.library_scopes($1) as scopes, private.runs_community($1) as runs,
			array(select private.visible_groups($1)) as visible
	), read as (
		select i.code, p.kind::text, t.slug as theme, extract(year from p.issued_on)::text as year, p.languages,
			array(select g.code from private.groups as g where g.id = any (p.groups) and g.id = any (q.visible)) as groups,
			p.issued_on, p.item_id, case when q.query is null then 0 else ts_rank(p.head, q.query) end as score
		from private.library_publications as p
		join private.library_items as i on i.id = p.item_id
		left join private.commitment_themes as t on t.id = p.theme_id
		cross join asked as q
		where p.shown_from <= now() and p.shown_until > now()
			and (p.needs <@ q.scopes or coalesce(q.runs, false))
			and (q.query is null or p.head @@ q.query or exists (
				select from private.library_file_words as w
				where w.item_id = p.item_id and w.number = p.number and w.words @@ q.query))
	), fitting as materialized (
		select r.*,
			r.kind = coalesce($3::jsonb ->> 'kind', r.kind) as kind_fits,
			coalesce(r.theme, '') = coalesce($3::jsonb ->> 'theme', r.theme, '') as theme_fits,
			r.year = coalesce($3::jsonb ->> 'year', r.year) as year_fits,
			not $3::jsonb ? 'language' or ($3::jsonb ->> 'language') = any (r.languages) as language_fits,
			not $3::jsonb ? 'group' or ($3::jsonb ->> 'group') = any (r.groups) as group_fits
		from read as r
	), found as (
		select f.*, count(*) over () as total
		from fitting as f
		where kind_fits and theme_fits and year_fits and language_fits and group_fits
	)
	select coalesce((select max(total) from found), 0)::integer as total,
		array(
			select f.code from found as f
			order by case when total <= 2000 then score else 0 end desc, issued_on desc, item_id
			limit 20 offset $4) as codes,
		(select coalesce(jsonb_object_agg(kind, n), '{}') from (
			select kind, count(*) as n from fitting where theme_fits and year_fits and language_fits and group_fits
			group by kind) as x) as kind,
		(select coalesce(jsonb_object_agg(theme, n), '{}') from (
			select theme, count(*) as n from fitting
			where kind_fits and year_fits and language_fits and group_fits and theme is not null
			group by theme) as x) as theme,
		(select coalesce(jsonb_object_agg(year, n), '{}') from (
			select year, count(*) as n from fitting where kind_fits and theme_fits and language_fits and group_fits
			group by year) as x) as year,
		(select coalesce(jsonb_object_agg(tag, n), '{}') from (
			select tag, count(*) as n from fitting, unnest(languages) as tag
			where kind_fits and theme_fits and year_fits and group_fits
			group by tag) as x) as language,
		(select coalesce(jsonb_object_agg(code, n), '{}') from (
			select each.code, count(*) as n from fitting, unnest(groups) as each (code)
			where kind_fits and theme_fits and year_fits and language_fits
			group by each.code) as x) as "group"`;

const asMap = (facet: { value: string; count: number }[]) =>
	Object.fromEntries(facet.map(({ value, count }) => [value, count]));

test.each(['', 'report', 'rapport témoins', '报告', '年度报告', '告报', 'harbour', 'budget review', 'geolocation'])(
	'“%s” for each reader and choice',
	async (question) => {
		const choices = [
			{},
			{ kind: 'report' },
			{ year: '2012' },
			{ language: 'fr' },
			{ kind: 'minutes', language: 'en' },
			{ theme: 'victims' },
			{ theme: 'victims', year: '2015', language: 'zh' },
			...Object.values(groups).flatMap((group) => [{ group }, { group, kind: 'report', theme: 'victims' }])
		];
		for (const who of readers)
			for (const [n, choice] of choices.entries()) {
				const page = n === 0 ? 1 : 2;
				const { rows } = await db.owner.query(plainly, [
					who?.person ?? null,
					question,
					JSON.stringify(choice),
					20 * (page - 1)
				]);
				const found = await callAs<Found>(db.owner, who, 'public.search_library($1, $2, $3, $4)', [
					question,
					JSON.stringify({ source: 'document', ...choice }),
					'en',
					page
				]);
				const { source, ...facets } = Object.fromEntries(
					Object.entries(found.facets).map(([name, values]) => [name, asMap(values)])
				);
				const codes = found.results.map(({ code }) => code);
				expect({ total: found.total, codes, ...facets }).toEqual(rows[0]);
				expect(source).toEqual(found.total ? { document: found.total } : {});
			}
	}
);

/** A document of which the version before has an embargo, and nothing else is different. */
async function publishTwice(fields: object) {
	const { delegate } = world.people;
	const one = await publish(world, delegate, { ...fields, embargo_until: '2090-01-01T00:00:00Z' });
	await saveDocument(
		world,
		delegate,
		{ ...fields, embargo_until: null, note: 'Open now' },
		{ id: one.id, revision: await revisionOf(world, one) }
	);
	await addFile(world, delegate, one);
	return publishDocument(world, delegate, one);
}

test.each(['public', 'members'])(
	'a version for %s whose embargo still runs hides no other with its facet',
	async (level) => {
		const fields = { level, title: { original: 'en', en: `Observatory for ${level}` } };
		const alone = await publishTwice({ ...fields, issued_on: '2031-01-01' });
		const among = [
			await publishTwice({ ...fields, issued_on: '2032-12-31' }),
			await publish(world, world.people.delegate, { ...fields, issued_on: '2032-06-30' }),
			await publishTwice({ ...fields, issued_on: '2032-01-01' })
		];
		const all = [...among, alone].map(({ code }) => code);
		for (const who of readers.filter(
			(one) => level === 'public' || one === world.people.delegate || one === world.reviewer
		))
			for (const question of ['', `observatory ${level}`]) {
				for (const [year, expected] of [
					['2031', [alone.code]],
					['2032', among.map(({ code }) => code)]
				] as const) {
					const found = await search(world, who, question, { source: 'document', year });
					const ofLevel = found.results.map(({ code }) => code).filter((code) => all.includes(code));
					expect(ofLevel.sort()).toEqual([...expected].sort());
					expect(found.total).toBe(found.results.length);
					if (question) expect(asMap(found.facets.year)).toEqual({ 2031: 1, 2032: 3 });
				}
			}
	}
);

/** How many rows, and entries of their indexes, a search reads of what is published. */
async function countRead(who: TestPerson | null, question: string): Promise<number> {
	const count = () =>
		readValue<number>(
			db.owner,
			`with published as (
				select c.oid
				from pg_class as c
				where c.relnamespace = 'private'::regnamespace
					and c.relname in ('library_publications', 'library_facets', 'library_file_words', 'search_terms', 'search_words')
			)
			select sum(pg_stat_get_xact_tuples_returned(oid) + pg_stat_get_xact_tuples_fetched(oid))::integer
			from (
				select oid from published
				union all
				select i.indexrelid from pg_index as i join published as p on p.oid = i.indrelid) as each`
		);
	await db.owner.query('begin');
	await setCaller(db.owner, who);
	const before = await count();
	await db.owner.query('select public.search_library($1)', [question]);
	const read = (await count()) - before;
	await db.owner.query('rollback');
	return read;
}

test('a search reads nothing of documents that are hidden from its reader', async () => {
	const { delegate } = world.people;
	const searches = ['', 'report', 'evidence 1234', '报告', 'harbour', 'hotlynes'].flatMap((question) => [
		[null, question] as const,
		// The words of all closed documents are compared with a misspelt one of people who may read some of them.
		...(question === 'hotlynes' ? [] : [[delegate, question] as const])
	]);
	const readAll = async () => {
		for (const table of ['library_publications', 'library_facets', 'search_words'])
			await db.owner.query(`vacuum (index_cleanup on) private.${table}`);
		const read: number[] = [];
		for (const [who, question] of searches) read.push(await countRead(who, question));
		return read;
	};
	const before = await readAll();
	expect(Math.min(...before)).toBeGreaterThan(0);
	const words = ['Report', 'Evidence', 'Hotlines', 'Hotlynes', 'Hotlinez', 'Harbour'];
	await fillLibrary(db.owner, 500, { code: 'HIDDEN', words, levels: `'group'` });
	// Fewer, where a page of the table came to be marked as one that everybody sees; one that something else holds is marked
	// by a later vacuum.
	await expect
		.poll(async () => (await readAll()).map((read, n) => Math.max(0, read - (before[n] ?? 0))), { timeout: 20_000 })
		.toEqual(before.map(() => 0));
});
