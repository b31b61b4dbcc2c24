/* Keys of the API: who makes them, when they are refused, how often they may ask, and what the audit keeps. */
import { beforeEach, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { begin, makeKey, newKey, readBy, tryKey, type MadeKey } from '../../fixtures/integrating.ts';
import { callAs, connectMany, readValue } from '../../fixtures/registering.ts';
import { actAs, makePerson, makeWorld, personKinds, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeEach(async () => {
	world = await makeWorld(db.owner);
});

const statusOf = async (key: Pick<MadeKey, 'hash'>) => (await begin(db.app, key, 'agenda')).status;
const change = (key: MadeKey, set: string) =>
	db.owner.query(`update private.api_keys set ${set} where id = $1`, [key.id]);
const listed = (who: World['people']['owner']) =>
	callAs<Record<string, unknown>[]>(db.owner, who, 'public.list_api_keys($1)', [world.summit]);

test('only owners of the Summit make, list and revoke keys', async () => {
	const { people } = world;
	const key = await makeKey(db.owner, world, ['agenda']);
	for (const kind of personKinds.filter((each) => each !== 'owner')) {
		expect([kind, await tryKey(db.owner, world, people[kind], newKey())]).toEqual([kind, 'not_allowed']);
		expect([kind, await listed(people[kind])]).toEqual([kind, []]);
		expect([kind, await callAs(db.owner, people[kind], 'public.revoke_api_key($1)', [key.id])]).toEqual([
			kind,
			'not_found'
		]);
	}
	const other = await makeWorld(db.owner);
	expect(await tryKey(db.owner, world, other.people.owner, newKey())).toBe('not_allowed');
	expect(await callAs(db.owner, other.people.owner, 'public.revoke_api_key($1)', [key.id])).toBe('not_found');
	expect(await statusOf(key)).toBe('ok');
	expect(await listed(people.owner)).toMatchObject([
		{ id: key.id, hint: key.key.slice(-4), scopes: ['agenda'], by: people.owner.name, state: 'ok' }
	]);
});

test('a key needs a name, scopes that exist and an end within a year', async () => {
	const make = (given: object) => tryKey(db.owner, world, world.people.owner, newKey(), given);
	expect(await make({ name: '  ' })).toBe('invalid');
	expect(await make({ scopes: [] })).toBe('invalid');
	await expect(make({ scopes: ['everything'] })).rejects.toThrow('api_scope');
	expect(await make({ days: 0 })).toBe('invalid');
	expect(await make({ days: 367 })).toBe('invalid');
	expect(await make({ days: 366 })).toBe('ok');
});

test('there are never more than twenty keys that can be used, also of owners who act at once', async () => {
	for (let made = 0; made < 19; made += 1) await makeKey(db.owner, world, ['agenda']);
	const both = await connectMany(db, 2);
	const answers = await Promise.all(both.map((client) => tryKey(client, world, world.people.owner, newKey())));
	await Promise.all(both.map((client) => client.end()));
	expect(answers.sort()).toEqual(['ok', 'too_many']);
});

test('a key is refused once it is revoked, expired, or unknown, and for another scope', async () => {
	const key = await makeKey(db.owner, world, ['agenda']);
	expect(await begin(db.app, key, 'agenda')).toMatchObject({
		status: 'ok',
		summit: world.summit,
		key: { scopes: ['agenda'], summit: { slug: world.slug } }
	});
	expect((await begin(db.app, key, 'sessions')).status).toBe('wrong_scope');
	expect(await readBy(db.app, key, 'api_sessions')).toBeNull();
	expect(await begin(db.app, newKey(), 'agenda')).toEqual({ status: 'unknown' });
	await change(key, `created_at = now() - interval '2 days', expires_at = now()`);
	expect(await statusOf(key)).toBe('expired');
	expect(await readBy(db.app, key, 'api_agenda')).toBeNull();
	await change(key, `expires_at = now() + interval '1 day'`);
	expect(await callAs(db.owner, world.people.owner, 'public.revoke_api_key($1)', [key.id])).toBe('ok');
	expect(await statusOf(key)).toBe('revoked');
	expect(await readBy(db.app, key, 'api_agenda')).toBeNull();
	expect(await callAs(db.owner, world.people.owner, 'public.revoke_api_key($1)', [key.id])).toBe('not_found');
});

test('no key outlives the right of its maker', async () => {
	const { owner } = world.people;
	const key = await makeKey(db.owner, world);
	const refused = async () => {
		expect(await statusOf(key)).toBe('not_entitled');
		for (const name of ['api_agenda', 'api_members', 'api_registrations', 'api_checkpoints'] as const)
			expect([name, await readBy(db.app, key, name)]).toEqual([name, null]);
	};
	await db.owner.query(`update public.role_grants set ended_at = now() where person_id = $1`, [owner.person]);
	await refused();
	await db.owner.query(`update public.role_grants set ended_at = null, until = now() where person_id = $1`, [
		owner.person
	]);
	await refused();
	await db.owner.query(`update public.role_grants set until = null where person_id = $1`, [owner.person]);
	expect(await statusOf(key)).toBe('ok');
	await db.owner.query(`update auth.users set banned_until = now() + interval '1 day' where id = $1`, [owner.account]);
	await refused();
	await db.owner.query(`update auth.users set banned_until = null where id = $1`, [owner.account]);
	expect(await statusOf(key)).toBe('ok');
	await db.owner.query(`update private.api_keys set made_by = null where id = $1`, [key.id]);
	await refused();
});

test('an owner of another Summit alone cannot stand behind a key', async () => {
	const other = await makeWorld(db.owner);
	const key = await makeKey(db.owner, world, ['agenda']);
	await change(key, `made_by = '${other.people.owner.person}'`);
	expect(await statusOf(key)).toBe('not_entitled');
	const all = await makePerson(db.owner, 'Owner of all');
	await db.owner.query(`insert into public.role_grants (person_id, role) values ($1, 'owner')`, [all.person]);
	await change(key, `made_by = '${all.person}'`);
	expect(await statusOf(key)).toBe('ok');
});

test('a key may ask six hundred times in a minute, and again in the next', async () => {
	const key = await makeKey(db.owner, world, ['agenda']);
	expect(await begin(db.app, key, 'agenda')).toMatchObject({ status: 'ok', rate: 600, left: 599 });
	await db.owner.query(
		`update private.api_key_windows set begun_at = date_trunc('minute', clock_timestamp()) + interval '1 minute', requests = 599`
	);
	expect(await begin(db.app, key, 'agenda')).toMatchObject({ status: 'ok', left: 0 });
	const limited = await begin(db.app, key, 'agenda');
	expect(limited).toMatchObject({ status: 'limited', left: 0 });
	expect((limited as { reset: number }).reset).toBeGreaterThan(0);
	// Refused requests count as well, and another key has its own.
	expect(await statusOf(await makeKey(db.owner, world, ['agenda']))).toBe('ok');
	await db.owner.query(
		`update private.api_key_windows set begun_at = date_trunc('minute', clock_timestamp()) - interval '1 minute'`
	);
	expect(await begin(db.app, key, 'agenda')).toMatchObject({ status: 'ok', left: 599 });
});

test('requests at once are all counted', async () => {
	const key = await makeKey(db.owner, world, ['agenda']);
	const clients = await connectMany(db, 5, db.appUrl);
	const answers = await Promise.all(clients.flatMap((client) => [begin(client, key, 'agenda')]));
	await Promise.all(clients.map((client) => client.end()));
	expect(answers.map((each) => each.status)).toEqual(Array.from({ length: 5 }, () => 'ok'));
	const counted = await readValue<number>(
		db.owner,
		'select sum(requests)::int from private.api_key_windows where api_key_id = $1',
		[key.id]
	);
	expect([5, ...answers.map((each) => 600 - (each as { left: number }).left)]).toContain(counted);
});

test('the audit keeps who made and revoked a key, that it read rows of people, and never its hash', async () => {
	const key = await makeKey(db.owner, world, ['agenda', 'registration_rows']);
	await begin(db.app, key, 'agenda');
	await begin(db.app, key, 'registration_rows');
	await begin(db.app, key, 'registration_rows');
	await callAs(db.owner, world.people.owner, 'public.revoke_api_key($1)', [key.id]);
	const { rows } = await db.owner.query<{ entry: Record<string, unknown> }>(
		`select to_jsonb(e) as entry from audit.entries as e where e.row_id = $1 order by e.id`,
		[key.id]
	);
	expect(rows.map(({ entry }) => [entry['table_name'], entry['action'], entry['actor_person']])).toEqual([
		['private.api_keys', 'insert', world.people.owner.person],
		['api_keys.read', 'event', world.people.owner.person],
		['private.api_keys', 'update', world.people.owner.person]
	]);
	expect(JSON.stringify(rows)).not.toContain(key.hash.toString('hex'));
	expect(JSON.stringify(await listed(world.people.owner))).not.toContain(key.hash.toString('hex'));
});

test('nobody but the app calls what keys read', async () => {
	const key = await makeKey(db.owner, world);
	for (const who of [null, world.people.owner, world.people.newcomer])
		for (const call of ['begin_api_request($1)', 'api_registrations($1, null, 10)', 'api_agenda($1, null, 10)'])
			await expect(actAs(db.owner, who, `select private.${call}`, [key.hash])).rejects.toThrow('permission denied');
});
