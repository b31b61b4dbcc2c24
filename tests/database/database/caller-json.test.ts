/* Functions that take JSON from a caller answer a status to any JSON: no value raises an error. */
import type pg from 'pg';
import { beforeAll, expect, test } from 'vitest';
import { programmeCalls } from '../../fixtures/caller-json/programme.ts';
import { registrationCalls } from '../../fixtures/caller-json/registration.ts';
import { takingPartCalls } from '../../fixtures/caller-json/taking-part.ts';
import { makeCallerWorld, type CallerWorld, type Json } from '../../fixtures/caller-json/world.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { setCaller } from '../../fixtures/world.ts';

const db = useDatabase();
let world: CallerWorld;

beforeAll(async () => {
	world = await makeCallerWorld(db.owner);
});

// No number, day, moment or id of a type; out of its range; of another shape than expected; or not there.
type Hostile = Json | undefined;
const hostile: Hostile[] = [
	undefined,
	null,
	'x',
	'a\nb',
	-1,
	1e14,
	'2026-02-31',
	'1999-01-01T00:00:00Z',
	true,
	[],
	[[]],
	{ x: null }
];

/** The value with itself and each of its parts in turn replaced by what is hostile. */
function* attacks(value: Hostile): Generator<Hostile> {
	yield* hostile;
	if (Array.isArray(value)) {
		for (const [at, part] of value.entries()) for (const other of attacks(part)) yield value.with(at, other ?? null);
	} else if (value && typeof value === 'object') {
		for (const [key, part] of Object.entries(value))
			for (const other of attacks(part)) yield { ...value, [key]: other };
	}
}

// A function of the API, or one of `private`, which the app calls with what a device or an engine sent.
const named = (name: string) => (name.includes('.') ? name : `public.${name.trim()}`);

/** Calls a function with the JSON and undoes what it did: the status, `read` where the answer has none, or the error. */
async function attempt(client: pg.Client, name: string, values: string, json: Hostile): Promise<string> {
	await client.query('savepoint attempt');
	try {
		const { rows } = await client.query<{ answer: string | { status?: string } | null }>(
			`select ${named(name)}(${values}) as answer`,
			[JSON.stringify(json)]
		);
		const answer = rows[0]?.answer;
		return typeof answer === 'string' ? answer : (answer?.status ?? 'read');
	} catch (error) {
		const { code, constraint, message } = error as Error & { code: string; constraint?: string };
		return `error ${code} ${constraint ?? message}`;
	} finally {
		await client.query('rollback to attempt');
	}
}

const calls = { ...registrationCalls, ...programmeCalls, ...takingPartCalls };

test.each(Object.entries(calls))('%s answers a status to any JSON', async (name, callOf) => {
	const [values, json, who = 'owner'] = callOf(world);
	await db.owner.query('begin');
	try {
		await setCaller(db.owner, world.people[who], name.startsWith('private.') ? 'none' : undefined);
		expect(await attempt(db.owner, name, values, json)).toMatch(/^(ok|read|confirmed)$/);
		const errors = new Map<string, unknown>();
		for (const attack of attacks(json)) {
			const answer = await attempt(db.owner, name, values, attack);
			if (answer.startsWith('error')) errors.set(answer, attack);
		}
		expect([...errors]).toEqual([]);
	} finally {
		await db.owner.query('rollback');
	}
});
