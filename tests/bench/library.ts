/* The search of the library over 20,000 documents, for a visitor, a person of a member and who runs the community. */
import type pg from 'pg';
import { fillLibrary, fillSessionMedia, type Filling } from '../fixtures/library-filling.ts';
import { makeLibraryWorld } from '../fixtures/library.ts';
import { callAs } from '../fixtures/registering.ts';
import type { TestSummit } from '../fixtures/summit.ts';
import type { TestPerson } from '../fixtures/world.ts';
import { ms, percentile, print, type Figure } from './report.ts';
import { ownerOf } from './summit.ts';

const size = 20_000;

/** Questions of a day: none, a frequent word, a rare one, two words, other languages, and one that is misspelt. */
const questions = ['', 'report', 'evidence 1234', 'hotlines schools', 'rapport témoins', '报告', 'harbour', 'hotlynes'];

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

/** Leaves only what a visitor sees. */
export async function dropClosed(client: pg.Client): Promise<void> {
	await client.query(`delete from private.library_publications where needs <> '{}'`);
	await client.query('vacuum analyze private.library_publications');
}

/** How long something takes, in milliseconds. */
async function timeOf(work: () => Promise<unknown>): Promise<number> {
	const began = performance.now();
	await work();
	return performance.now() - began;
}

/**
 * How long each question takes, in milliseconds, in turns so that no question has the best moment. `fixed` gets the times of the same
 * work of the database between them: how much they differ tells how much the machine does.
 */
export async function timeSearches(
	client: pg.Client,
	who: TestPerson | null,
	fixed: number[] = [],
	turns = 12
): Promise<Map<string, number[]>> {
	const times = new Map<string, number[]>();
	for (let turn = 0; turn <= turns; turn++)
		for (const question of questions) {
			const took = await timeOf(() => callAs(client, who, 'public.search_library($1, $2, $3)', [question, '{}', 'en']));
			// The first turn fills caches and plans.
			if (turn > 0) times.set(question, [...(times.get(question) ?? []), took]);
			fixed.push(await timeOf(() => client.query('select sum(n) from generate_series(1, 150000) as n')));
		}
	return times;
}

const all = (times: Map<string, number[]>) => [...times.values()].flat();

/** The figures of readers, and those of a visitor with and without many documents that they do not see. */
export async function searchFigures(client: pg.Client): Promise<Figure[]> {
	const world = await makeLibraryWorld(client);
	await fillLibrary(client, size);
	const sessions = await fillSessionMedia(client);
	const readers: [string, TestPerson | null][] = [
		['visitor', null],
		['person of a member', world.people.delegate],
		['who runs the community', world.reviewer]
	];
	const figures: Figure[] = [{ what: 'sessions with two files and a recording', value: String(sessions) }];
	const median = (times: number[]) => percentile(times, 0.5);
	const fixed: number[] = [];
	for (const [what, who] of readers) {
		const times = await timeSearches(client, who, fixed);
		const slowest = [...times]
			.map(([question, each]) => [question, median(each)] as const)
			.sort((a, b) => b[1] - a[1])[0];
		figures.push({
			what,
			value: `p50 ${ms(median(all(times)))}, p95 ${ms(percentile(all(times), 0.95))}; slowest “${slowest?.[0] ?? ''}” ${ms(slowest?.[1] ?? 0)}`,
			aim: 'p95 50 ms'
		});
	}
	figures.push({
		what: 'the same sum of numbers, between them',
		value: `p50 ${ms(median(fixed))}, p95 ${ms(percentile(fixed, 0.95))}: on a machine that does nothing else they are alike`
	});
	await dropClosed(client);
	const without = await timeSearches(client, null);
	await fillLibrary(client, size, hidden);
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
