/*
 * Three members of staff, none of them a safeguarding lead, act together at random and know a real name, its address and
 * the hashes that the app would make of both. Whatever they try, no answer differs from the one for a name and an address
 * that nobody has, and none contains the real name beside anything of the person who goes by another name.
 */
import { beforeAll, expect, test } from 'vitest';
import type pg from 'pg';
import { Random } from '../../../src/local/sample/prng.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { placeEverywhere } from '../../fixtures/taking-aliases.ts';
import { makeWorld, setCaller, type PersonKind, type World } from '../../fixtures/world.ts';

const sequences = 1000;
const actsInEach = 6;

const db = useDatabase();
let world: World;
let client: pg.Client;

/** What the colluders know, and what they compare it with: of the same shape, and nobody's. */
const known = { name: 'Zoraida Canary', address: 'aa'.repeat(32), key: 'bb'.repeat(32), skeleton: 'cc'.repeat(32) };
const nobody = { name: 'Yolanda Marble', address: 'dd'.repeat(32), key: 'ee'.repeat(32), skeleton: 'ff'.repeat(32) };
type Guess = typeof known;

const alias = 'Marta Ilves';
const colluders: PersonKind[] = ['registration', 'programme', 'finance', 'stage', 'door', 'owner'];

interface Called {
	name: string;
	given: string[];
	types: string[];
	labels: (string[] | null)[];
	defaults: number;
}
let functions: Called[];
/** Those that take a text or an object, and so a guess. */
let guessing: Called[];
/** What finds the protected person: ids, codes, the reference, the alias. */
let marks: string[];

beforeAll(async () => {
	world = await makeWorld(db.owner);
	await placeEverywhere(db.owner, world);
	const { speaker } = world.people;
	client = db.owner;
	await client.query(`update public.people set display_name = $2 where id = $1`, [speaker.person, alias]);
	await client.query(
		`insert into private.protections (person_id, kind, real_name_sealed, key_id) values ($1, 'alias', '\\x00', 'k1')`,
		[speaker.person]
	);
	await client.query(
		`insert into private.sealed_name_hashes (person_id, key_hash, skeleton_hash) values ($1, decode($2, 'hex'), decode($3, 'hex'))`,
		[speaker.person, known.key, known.skeleton]
	);
	await client.query(
		`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id, verified_at, is_primary)
		values ($1, decode($2, 'hex'), '\\x00', 'k1', now(), false)`,
		[speaker.person, known.address]
	);
	functions = (
		await client.query<Called>(
			`select p.proname as name, coalesce(p.proargnames[1:p.pronargs], '{}') as given, p.pronargdefaults as defaults,
				array(select format_type(t, null) from unnest(p.proargtypes::oid[]) with ordinality as x (t, n) order by n) as types,
				(select coalesce(json_agg((select json_agg(enumlabel order by enumsortorder) from pg_enum where enumtypid = t) order by n), '[]')
					from unnest(p.proargtypes::oid[]) with ordinality as x (t, n)) as labels
			from pg_proc as p
			where p.pronamespace = 'public'::regnamespace and has_function_privilege('authenticated', p.oid, 'execute')
			order by p.oid`
		)
	).rows;
	guessing = functions.filter(({ types }) => types.some((type) => ['text', 'text[]', 'jsonb'].includes(type)));
	marks = (
		await client.query<{ mark: string }>(
			`select unnest(array[p.id::text, p.code, p.display_name]) as mark from public.people as p where p.id = $1
			union select unnest(array[r.id::text, r.reference]) from public.registrations as r where r.person_id = $1`,
			[speaker.person]
		)
	).rows.map(({ mark }) => mark);
});

/** A value for an argument, chosen at random; `GUESS` stands for what is known of the person. */
function valueOf(random: Random, name: string, type: string, labels: string[] | null): unknown {
	const { people, sessions, registrations } = world;
	if (labels) return random.pick(labels);
	const ids = [
		...Object.values(people).map(({ person }) => person),
		...Object.values(registrations),
		...Object.values(sessions).map(({ id }) => id)
	];
	const idOf: [RegExp, string[]][] = [
		[/summit/, [world.summit]],
		[/session/, Object.values(sessions).map(({ id }) => id)],
		[/registration/, Object.values(registrations)],
		[/member/, [world.member]],
		[/room/, [world.room]],
		[/run/, [world.run]],
		[/person|keep|duplicate|delegate|speaker/, Object.values(people).map(({ person }) => person)]
	];
	const id = () => random.pick(idOf.find(([pattern]) => pattern.test(name))?.[1] ?? ids);
	const address = {
		hash: 'GUESS address',
		sealed: 'ab'.repeat(40),
		key_id: 'k1',
		mask: 'z…@example.org',
		locale: 'en'
	};
	const made: Record<string, () => unknown> = {
		uuid: id,
		'uuid[]': () => [id()],
		text: () =>
			/hash/.test(name) ? 'GUESS address' : random.pick(['GUESS name', 'GUESS name', 'en', 'plenary', marks[3] ?? '']),
		'text[]': () => ['GUESS name'],
		boolean: () => random.pick([true, false]),
		integer: () => random.pick([0, 1, 2, 50]),
		bigint: () => 1,
		smallint: () => 1,
		jsonb: () =>
			JSON.stringify(
				/address/.test(name)
					? address
					: {
							display_name: 'GUESS name',
							name: 'GUESS name',
							query: 'GUESS name',
							text: 'GUESS name',
							address_hash: 'GUESS address',
							key_hash: 'GUESS key',
							skeleton_hash: 'GUESS skeleton',
							details_sealed: 'ab'.repeat(40),
							key_id: 'k1',
							address
						}
			),
		date: () => '2027-06-09',
		'timestamp with time zone': () => '2031-06-09T08:00:00Z'
	};
	return (made[type] ?? (() => null))();
}

const guess = (value: unknown, { name, address, key, skeleton }: Guess): unknown =>
	typeof value === 'string'
		? value
				.replaceAll('GUESS name', name)
				.replaceAll('GUESS address', address)
				.replaceAll('GUESS key', key)
				.replaceAll('GUESS skeleton', skeleton)
		: Array.isArray(value)
			? value.map((one) => guess(one, { name, address, key, skeleton }))
			: value;

/** An answer without what differs from call to call: ids, codes, times, and the guess itself. */
function shapeOf(answer: unknown, which: Guess): string {
	return JSON.stringify(answer)
		.replaceAll(new RegExp(Object.values(which).join('|'), 'gi'), 'GUESS')
		.replaceAll(which.name.toLowerCase(), 'GUESS')
		.replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID')
		.replaceAll(/\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z|[+-]\d\d(?::?\d\d)?)?/g, 'TIME')
		.replaceAll(/"(?:(?=[A-Z0-9]*\d)[A-Z0-9]{6,40}|[A-Z0-9]{8,40})"/g, '"CODE"')
		.replaceAll(/\b\d{2,}\b/g, 'N');
}

/** The objects of an answer in which the name stands beside something of the person. */
function joins(tree: unknown): unknown[] {
	const found: unknown[] = [];
	const visit = (node: unknown): void => {
		if (Array.isArray(node)) return node.forEach(visit);
		if (typeof node !== 'object' || node === null || node instanceof Date) return;
		const own = Object.values(node).filter((one) => typeof one === 'string');
		if (own.some((one) => one.includes(known.name)) && own.some((one) => marks.includes(one))) found.push(node);
		Object.values(node).forEach(visit);
	};
	visit(tree);
	return found;
}

async function answerOf(sql: string, values: unknown[]): Promise<unknown> {
	try {
		return (await client.query(sql, values)).rows;
	} catch (error) {
		return { code: (error as { code?: string }).code };
	}
}

interface Act {
	seed: number;
	who: PersonKind;
	call: string;
	values: unknown[];
	/** Without what differs from call to call. */
	answer: string;
	joins: unknown[];
}

/** A sequence of acts with one guess, and what each answered; none of it stays. */
async function play(seed: number, which: Guess): Promise<Act[]> {
	const random = new Random(seed);
	const three = random.shuffle(colluders).slice(0, 3);
	const acts: Act[] = [];
	await client.query('begin');
	for (let act = 0; act < actsInEach; act += 1) {
		const who = random.pick(three);
		const { name, given, types, labels, defaults } = random.pick(random.chance(0.8) ? guessing : functions);
		const values = given
			.slice(0, given.length - random.between(0, defaults))
			.map((argument, n) => valueOf(random, argument, types[n] ?? '', labels[n] ?? null));
		const list = values.map((_, n) => `$${n + 1}::${types[n]}`).join(', ');
		await client.query('savepoint act');
		await setCaller(client, world.people[who]);
		const answer = await answerOf(
			`select public.${name}(${list}) as answer`,
			values.map((value) => guess(value, which))
		);
		if (!Array.isArray(answer)) await client.query('rollback to savepoint act');
		await client.query('reset role');
		acts.push({ seed, who, call: name, values, answer: shapeOf(answer, which), joins: joins(answer) });
	}
	await client.query('rollback');
	return acts;
}

test(`in ${sequences} sequences of acts, three colluders learn nothing of a name`, { timeout: 600_000 }, async () => {
	for (let seed = 1; seed <= sequences; seed += 1) {
		const acts = await play(seed, known);
		expect(acts).toEqual(await play(seed, nobody));
		expect(acts.filter((act) => act.joins.length > 0)).toEqual([]);
	}
});
