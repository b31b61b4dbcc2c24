/*
 * Which sites may embed the agenda: only programme organisers decide, for their own Summit, and only valid origins are
 * accepted.
 */
import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, makeWorld, type PersonKind, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeAll(async () => {
	world = await makeWorld(db.owner);
});

const callAs = async (who: PersonKind | null, call: string, values: unknown[], on = db.owner) =>
	(await actAs<{ answer: unknown }>(on, who && world.people[who], `select ${call} as answer`, values))[0]?.answer;
const save = (who: PersonKind, origins: unknown, summit = world.summit, on = db.owner) =>
	callAs(who, 'public.save_embed_origins($1, $2)', [summit, origins], on);
const read = (who: PersonKind | null = null) => callAs(who, 'public.read_embed_origins($1)', [world.summit]);

test('programme organisers list sites, everyone may read them, and nobody else changes them', async () => {
	expect(await read()).toEqual([]);
	expect(
		await save('programme', ['https://b.example.org', 'https://a.example.org:8443', 'https://b.example.org'])
	).toBe('ok');
	const origins = ['https://a.example.org:8443', 'https://b.example.org'];
	expect(await read()).toEqual(origins);
	for (const kind of ['newcomer', 'delegate', 'speaker', 'registration', 'stage', 'door', 'finance'] as const)
		expect([kind, await save(kind, [])]).toEqual([kind, 'not_allowed']);
	const other = await makeWorld(db.owner);
	expect(await save('programme', [], other.summit)).toBe('not_allowed');
	expect(await read()).toEqual(origins);
	await expect(actAs(db.owner, null, 'select public.save_embed_origins($1, $2)', [world.summit, []])).rejects.toThrow(
		'permission denied'
	);
});

test.each([
	['http://a.example.org'],
	['https://*.example.org'],
	['https://a.example.org/path'],
	["https://a.example.org 'unsafe-inline'"],
	['https://a.example.org; script-src *'],
	['https://A.example.org'],
	['*'],
	['']
])('refuses %s, and keeps what was saved before', async (wrong) => {
	await save('programme', ['https://b.example.org']);
	expect(await save('programme', ['https://c.example.org', wrong])).toBe('invalid');
	expect(
		await save(
			'programme',
			Array.from({ length: 21 }, (_, n) => `https://s${n}.example.org`)
		)
	).toBe('invalid');
	expect(await save('programme', [null])).toBe('invalid');
	expect(await read()).toEqual(['https://b.example.org']);
});

test('keeps the whole list of the last writer when two save at once', async () => {
	const two = await Promise.all([db.connect(), db.connect()]);
	const words = [['https://one.example.org', 'https://both.example.org'], ['https://two.example.org']];
	await Promise.all(two.map((on, n) => save('programme', words[n], world.summit, on)));
	expect(words.map((each) => [...each].sort())).toContainEqual(await read());
	await Promise.all(two.map((on) => on.end()));
});
