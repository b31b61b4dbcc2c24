/*
 * Calls every function of schema public by REST and over the data path on two equal databases: as a visitor, a
 * delegate and an organiser, with harmless, missing, null and malformed arguments. Status and body must be equal,
 * refusals included.
 */
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signToken, startDataPath, type TestDataPath } from '../../fixtures/data-path.ts';
import { startLite, type TestLite } from '../../fixtures/lite.ts';
import { startDatabase, type TestDatabase } from '../../fixtures/stack.ts';
import { makeWorld, type World } from '../../fixtures/world.ts';

interface Asked {
	name: string;
	parameters: { name: string; type: string; labels: string[] | null; required: boolean }[];
}
type Values = Record<string, unknown>;
interface Question {
	caller: (typeof callers)[number];
	values: Values;
	what: string;
	/** The one malformed value. */
	wrong?: unknown;
}
interface Answer {
	status: number;
	data: unknown;
	error: { code: string; message: string; details: string | null; hint: string | null } | null;
}

let databases: TestDatabase[];
let world: World;
let lite: TestLite;
let path: TestDataPath;
let functions: Asked[];
/** Every id that existed before the first call; other ids are random. */
let known: Set<string>;
let pairs: Record<string, { rest: SupabaseClient; direct: SupabaseClient }>;

const callers = ['visitor', 'delegate', 'organiser'] as const;

beforeAll(async () => {
	const first = await startDatabase();
	const owner = await first.connect();
	world = await makeWorld(owner);
	functions = (
		await owner.query<Asked>(
			`select p.proname as name, (
				select coalesce(json_agg(json_build_object('name', p.proargnames[n], 'type', format_type(t.oid, null), 'required', n <= p.pronargs - p.pronargdefaults,
					'labels', (select json_agg(enumlabel order by enumsortorder) from pg_enum where enumtypid = t.oid)) order by n), '[]')
				from unnest(p.proargtypes::oid[]) with ordinality as a (type, n) join pg_type as t on t.oid = a.type) as parameters
			from pg_proc as p where p.pronamespace = 'public'::regnamespace order by 1`
		)
	).rows;
	known = await idsIn(first);
	await owner.end();
	const second = await startDatabase(first);
	databases = [first, second];
	lite = await startLite(first);
	path = startDataPath(second, { jwtSecret: lite.jwtSecret });
	const accounts = { visitor: null, delegate: world.people.delegate, organiser: world.people.owner };
	pairs = Object.fromEntries(
		await Promise.all(
			callers.map(async (caller) => {
				const sub = accounts[caller]?.account;
				const token = sub === undefined ? null : await signToken(lite.jwtSecret, { sub });
				const rest = createClient(lite.url, lite.publishableKey, { accessToken: async () => token });
				return [caller, { rest, direct: path.client(token) }] as const;
			})
		)
	);
});
afterAll(async () => {
	await path.close();
	await lite.stop();
	for (const database of databases) await database.stop();
});

async function idsIn(database: TestDatabase): Promise<Set<string>> {
	const client = await database.connect(database.superuserUrl);
	const { rows } = await client.query<{ name: string }>(
		`select oid::regclass::text as name from pg_class where relkind = 'r' and relnamespace::regnamespace::text in ('public', 'private', 'auth')`
	);
	const ids = new Set<string>();
	for (const { name } of rows) {
		const found = await client.query<{ row: string }>(`select t::text as row from ${name} as t`);
		for (const { row } of found.rows) for (const id of row.match(uuids) ?? []) ids.add(id);
	}
	await client.end();
	return ids;
}

const uuids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

const nowhere = '5f2c1a9e-3b7d-4c1e-9a52-0d6e8f714b30';

function idFor(name: string): string {
	const all: [RegExp, string][] = [
		[/summit/, world.summit],
		[/session/, world.sessions.public.id],
		[/registration/, world.registrations.waiting],
		[/member/, world.member],
		[/room/, world.room],
		[/run/, world.run],
		[/person|delegate|speaker|principal/, world.people.delegate.person]
	];
	return all.find(([pattern]) => pattern.test(name))?.[1] ?? nowhere;
}

function harmless({ name, type, labels }: Asked['parameters'][0]): unknown {
	if (labels) return labels[0];
	const values: Record<string, unknown> = {
		uuid: idFor(name),
		'uuid[]': [idFor(name)],
		text: name === 'slug' ? world.slug : name.includes('code') ? world.sessions.public.code : 'words',
		'text[]': ['en'],
		'webhook_kind[]': ['page.published'],
		'api_scope[]': ['agenda'],
		jsonb: {},
		integer: 1,
		bigint: 1,
		numeric: 1,
		boolean: true,
		date: '2027-06-09',
		reveal_contact: 'mail',
		'timestamp with time zone': '2027-06-09T08:00:00Z'
	};
	if (!(type in values)) throw new Error(`${type} has no harmless value here: add one.`);
	return values[type];
}

const malformed: Record<string, unknown[]> = {
	uuid: ['no id', 7],
	'uuid[]': ['no list', ['no id']],
	text: ['half \0 a text'],
	'text[]': ['no list'],
	'webhook_kind[]': ['no list', ['no.kind']],
	jsonb: [[1, 'x']],
	integer: ['many', 1.5, 99_999_999_999],
	numeric: ['many'],
	bigint: ['many', 1e30],
	// The driver of the local REST accepts any text as false, where PostgREST refuses it. A write with it would make
	// the databases differ.
	boolean: [],
	date: ['2027-02-31', 'some day'],
	'timestamp with time zone': ['soon', '2027-13-01T00:00:00Z']
};

/** The arguments of each function, and the callers. */
function questionsOf({ parameters }: Asked): Question[] {
	const plain = Object.fromEntries(parameters.map((each) => [each.name, harmless(each)]));
	const needed = Object.fromEntries(parameters.filter((p) => p.required).map((each) => [each.name, harmless(each)]));
	const nulls = Object.fromEntries(parameters.map(({ name }) => [name, null]));
	return [
		...callers.map((caller) => ({ caller, values: plain, what: 'harmless' })),
		{ caller: 'organiser', values: needed, what: 'without what has a default' },
		{ caller: 'organiser', values: nulls, what: 'nulls' },
		{ caller: 'visitor', values: { ...plain, not_a_parameter: 1 }, what: 'one too many' },
		...(parameters.some((p) => p.required) ? [{ caller: 'delegate' as const, values: {}, what: 'none' }] : []),
		...parameters.flatMap(({ name, type, labels }) =>
			(labels ? ['no label'] : (malformed[type] ?? [])).map((value) => ({
				caller: 'delegate' as const,
				values: { ...plain, [name]: value },
				wrong: value,
				what: `${name}: ${JSON.stringify(value)}`
			}))
		)
	];
}

async function callRpc(client: SupabaseClient, name: string, values: Values): Promise<Answer> {
	const { status, data, error } = await client.rpc(name, values);
	return { status, data, error: error && { ...error } };
}

// Random values, and values that depend on the time of the call.
function stable(value: unknown): unknown {
	if (typeof value === 'string') return stableText(value);
	if (Array.isArray(value)) return value.map(stable);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, stable(each)]));
}

function stableText(text: string): string {
	return text
		.replaceAll(uuids, (id) => (known.has(id) || id === nowhere ? id : 'a new id'))
		.replaceAll(/\b(?:[0-9a-f]{32}|[2-9A-HJ-NP-Z]{20,})\b/g, 'a new code')
		.replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[+-]\d\d(?::\d\d)?|Z)/g, (moment) =>
			Math.abs(Date.parse(moment) - Date.now()) < 3_600_000 ? 'now' : moment
		);
}

/** Where the local REST differs from PostgREST, and the data path follows PostgREST. */
function differsFromPostgrest(rest: Answer, path: Answer, wrong: unknown): boolean {
	const [one, other] = [rest.error?.code, path.error?.code];
	// A hint names a function with a similar name. The data path names none, because PostgREST's choice varies with its
	// version.
	if (one === 'PGRST202' && other === 'PGRST202') return rest.error?.message === path.error?.message;
	// PostgREST lets Postgres parse the arguments from JSON, where an incomplete character is a wrong escape, not a
	// wrong byte.
	return one === '22021' && other === '22P05' && rest.status === path.status && String(wrong).includes('\0');
}

test('every function answers over the data path as by REST', async () => {
	expect(functions.length).toBeGreaterThan(400);
	const differences: string[] = [];
	const statuses = new Set<number>();
	for (const asked of functions)
		for (const { caller, values, what, wrong } of questionsOf(asked)) {
			const { rest, direct } = pairs[caller] as (typeof pairs)[string];
			const [byRest, byPath] = await Promise.all([
				callRpc(rest, asked.name, values),
				callRpc(direct, asked.name, values)
			]);
			statuses.add(byPath.status);
			const [one = '', other = ''] = [byRest, byPath].map((answer) => JSON.stringify(stable(answer)));
			if (one !== other && !differsFromPostgrest(byRest, byPath, wrong))
				differences.push(
					`${asked.name} (${caller}, ${what})\n  REST ${one.slice(0, 400)}\n  path ${other.slice(0, 400)}`
				);
		}
	expect(differences).toEqual([]);
	expect([...statuses].toSorted()).toEqual([200, 204, 400, 401, 404]);
	// None of them was answered by REST instead.
	expect(path.passedOn).toEqual([]);
}, 600_000);
