/* The search of the library over 20,000 documents, for a visitor, a person of a member and who runs the community. */
import type pg from 'pg';
import { makeLibraryWorld } from '../fixtures/library.ts';
import { callAs } from '../fixtures/registering.ts';
import type { TestSummit } from '../fixtures/summit.ts';
import type { TestPerson } from '../fixtures/world.ts';
import { ms, percentile, print, type Figure } from './report.ts';
import { ownerOf } from './summit.ts';

const size = 20_000;

/** Questions of a day: none, a frequent word, a rare one, two words, other languages, and one that is misspelt. */
const questions = ['', 'report', 'evidence 1234', 'hotlines schools', 'rapport témoins', '报告', 'harbour', 'hotlynes'];

/** The first words of titles, and the codes, of what is filled in. `levels`: which document of 20 has which. */
interface Filling {
	code: string;
	words: readonly string[];
	levels: string;
}

/** Three in five public, one in four for members, the others for a group. */
const mixed: Filling = {
	code: 'BENCH',
	words: ['Report', 'Evidence', 'Hotlines', 'Schools', 'Survivors', 'Police', 'Budget', 'Harbour'],
	levels: `case when n % 20 < 12 then 'public' when n % 20 < 17 then 'members' else 'group' end`
};

/** For a group alone: the words of the questions, and words that differ from them by a letter or two. */
const hidden: Filling = {
	code: 'HIDDEN',
	words: [
		'Report',
		'Evidence',
		'Hotlines',
		'Hotlynes',
		'Hotlinez',
		'Hotlyness',
		'Harbour',
		'Harbuor',
		'Schools',
		'Rapport'
	],
	levels: `'group'`
};

/** So many published documents. */
export async function fillLibrary(client: pg.Client, { code, words, levels }: Filling = mixed): Promise<void> {
	await client.query('begin');
	// Without the audit, and without what indexes one document at a time.
	await client.query(`set local session_replication_role = replica`);
	await client.query(
		`insert into private.groups (id, name, level) values (gen_random_uuid(), '{"original":"en","en":"Bench"}', 'closed')`
	);
	await client.query(
		`with words as (
			select n, ($2::text[])[1 + n % cardinality($2::text[])] as one,
				(array['national', 'regional', 'yearly', 'joint', 'open'])[1 + n % 5] as other
			from generate_series(1, $1::integer) as n
		), items as (
			insert into private.library_items (code, state) select $3 || n, 'published' from words returning id, code
		)
		insert into private.library_versions (item_id, number, kind, title, summary, authors, licence, issued_on, theme_id, level, group_id,
			submitted_at, published_at)
		select i.id, 1, (enum_range(null::public.library_kind))[1 + n % 8],
			jsonb_build_object('original', 'en', 'en', one || ' ' || n || ' of the ' || other || ' review',
				'fr', 'Rapport ' || n || ' des témoins', 'zh', '年度报告' || n),
			jsonb_build_object('original', 'en', 'en', 'What members reported on ' || lower(one) || ', what has changed and where figures are missing.'),
			array['Author ' || n % 500], 'cc_by', date '2010-01-01' + n % 6000, t.id, level.level::public.library_level,
			case level.level when 'group' then (select g.id from private.groups as g where g.name ->> 'en' = 'Bench' limit 1) end, now(), now()
		from words join items as i on i.code = $3 || n
		join (select id, row_number() over () as place, count(*) over () as most from private.commitment_themes) as t on t.place = 1 + n % t.most
		cross join lateral (select ${levels} as level) as level`,
		[size, words, code]
	);
	await client.query(
		`insert into private.library_publications (item_id, number, kind, theme_id, issued_on, languages, needs, shown_from, shown_until, head)
		select v.item_id, 1, v.kind, v.theme_id, v.issued_on, '{en,fr,zh}',
			case v.level when 'members' then '{members}'::text[] when 'group' then array[v.group_id::text] else '{}' end,
			now(), 'infinity', private.search_vector(v.title, 'A') || private.search_vector(v.summary, 'B')
		from private.library_versions as v join private.library_items as i on i.id = v.item_id and i.code ~ ('^' || $1 || '[0-9]')`,
		[code]
	);
	await client.query(
		`insert into private.search_terms (item_id, number, word)
		select v.item_id, v.number, term
		from private.library_versions as v
		join private.library_publications as p on p.item_id = v.item_id and p.number = v.number
		cross join lateral private.terms_of(private.texts_in(v.title) || v.authors) as term
		on conflict do nothing`
	);
	await client.query('commit');
	await client.query('vacuum analyze private.library_publications');
	await client.query('analyze private.library_versions, private.library_items, private.search_terms');
}

/** Leaves only what a visitor sees. */
export async function dropClosed(client: pg.Client): Promise<void> {
	await client.query(`delete from private.library_publications where needs <> '{}'`);
	await client.query('vacuum analyze private.library_publications');
}

/** How long each question takes, in milliseconds, in turns so that no question has the best moment. */
export async function timeSearches(
	client: pg.Client,
	who: TestPerson | null,
	turns = 12
): Promise<Map<string, number[]>> {
	const times = new Map<string, number[]>();
	for (let turn = 0; turn <= turns; turn++)
		for (const question of questions) {
			const began = performance.now();
			await callAs(client, who, 'public.search_library($1, $2, $3)', [question, '{}', 'en']);
			// The first turn fills caches and plans.
			if (turn > 0) times.set(question, [...(times.get(question) ?? []), performance.now() - began]);
		}
	return times;
}

const all = (times: Map<string, number[]>) => [...times.values()].flat();

/** The figures of readers, and those of a visitor with and without many documents that they do not see. */
export async function searchFigures(client: pg.Client): Promise<Figure[]> {
	const world = await makeLibraryWorld(client);
	await fillLibrary(client);
	const readers: [string, TestPerson | null][] = [
		['visitor', null],
		['person of a member', world.people.delegate],
		['who runs the community', world.reviewer]
	];
	const figures: Figure[] = [];
	const median = (times: number[]) => percentile(times, 0.5);
	for (const [what, who] of readers) {
		const times = await timeSearches(client, who);
		const slowest = [...times]
			.map(([question, each]) => [question, median(each)] as const)
			.sort((a, b) => b[1] - a[1])[0];
		figures.push({
			what,
			value: `p50 ${ms(median(all(times)))}, p95 ${ms(percentile(all(times), 0.95))}; slowest “${slowest?.[0] ?? ''}” ${ms(slowest?.[1] ?? 0)}`,
			aim: 'p95 50 ms'
		});
	}
	await dropClosed(client);
	const without = await timeSearches(client, null);
	await fillLibrary(client, hidden);
	const among = await timeSearches(client, null);
	for (const [question, times] of among) {
		const [more, less] = [median(times), median(without.get(question) ?? [])];
		figures.push({
			what: `visitor, “${question}”`,
			value: `${ms(more)} among ${size} hidden documents with these words and misspellings, ${ms(less)} without: ${ms(more - less)} more`
		});
	}
	return figures;
}

/** Measures the search over 20,000 documents. */
export async function measureLibrary(stack: TestSummit): Promise<void> {
	const client = await ownerOf(stack.variables);
	print(`Search of the library over ${size} documents`, await searchFigures(client));
	await client.end();
}
