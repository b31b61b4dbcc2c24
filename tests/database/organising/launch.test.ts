/* The checklist before a Summit opens and goes live: what closes each item, and that no way of changing the state leads around it. */
import { beforeEach, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { publishSitePage } from '../../fixtures/writing-pages.ts';
import { actAs, makePerson, makeWorld, organiserRoles, type TestPerson, type World } from '../../fixtures/world.ts';

interface Item {
	key: string;
	phase: string;
	blocks: boolean;
	done: boolean;
	count: number | null;
	details: string[];
}

const db = useDatabase();
let world: World;
let owner: TestPerson;

const items = (who = owner, summit = world.summit) =>
	callAs<Item[]>(db.owner, who, 'public.list_launch_items($1)', [summit]);
const item = async (key: string) => (await items()).find((one) => one.key === key);
const stateOf = () => readValue<string>(db.owner, 'select state from public.summits where id = $1', [world.summit]);
const setState = (state: string, who = owner) =>
	callAs<{ status: string; items?: string[] }>(db.owner, who, 'public.set_summit_state($1, $2)', [world.summit, state]);
const put = (sql: string, ...values: unknown[]) => db.owner.query(sql, [world.summit, ...values]);

beforeEach(async () => {
	world = await makeWorld(db.owner);
	owner = world.people.owner;
	// A Summit that begins, with the people of the other one as its organisers but nobody for safeguarding.
	world.summit = await readValue<string>(
		db.owner,
		`insert into public.summits (slug, name, zone, starts_on, ends_on, languages)
		values ('n-' || left($1, 20), '{"original":"en","en":"Summit"}', 'UTC', current_date, current_date, '{en,fr}') returning id`,
		[world.slug]
	);
	await put(
		`insert into public.mode_capacities (summit_id, mode, capacity) values ($1, 'in_person', 20), ($1, 'virtual', 20)`
	);
	for (const role of organiserRoles) if (role !== 'safeguarding') await grant(world.people[role], role);
});

const grant = (who: TestPerson, role: string) =>
	put(
		'insert into public.role_grants (person_id, role, summit_id) values ($2, $3::public.organiser_role, $1)',
		who.person,
		role
	);

/** Does everything that the first phase needs, in the order of the list. */
async function makeReady(): Promise<void> {
	await put(`update public.summits set name = '{"original":"en","en":"Summit","fr":"Sommet"}' where id = $1`);
	for (const kind of ['privacy', 'code_of_conduct'])
		await publishSitePage(db.owner, world.summit, kind, { original: 'en', en: 'A', fr: 'B' });
	await put(
		`insert into public.allocation_policies (summit_id, sector, mode, ceiling) values ($1, 'civil_society', 'virtual', 1)`
	);
	for (const kind of ['safeguarding', 'general'])
		await put(
			`insert into public.summit_contacts (summit_id, kind, label, mail) values ($1, $2, '{"original":"en","en":"Us"}', 'a@b.example')`,
			kind
		);
	await put(
		`insert into public.consent_items (summit_id, key, label) values ($1, 'photographs', '{"original":"en","en":"P"}')`
	);
	expect(await callAs(db.owner, world.people.finance, 'public.set_no_fees($1, true)', [world.summit])).toBe('ok');
}

const blocking = ['texts', 'seats', 'safeguarding_contact', 'contact', 'consents', 'fees'];

test('a draft opens when everything that it needs is done, and not before', async () => {
	const before = await items();
	expect(before.filter(({ phase, blocks, done }) => phase === 'open' && blocks && !done).map(({ key }) => key)).toEqual(
		blocking
	);
	expect((await item('texts'))?.details).toEqual([
		'privacy:en',
		'code_of_conduct:en',
		'name:fr',
		'privacy:fr',
		'code_of_conduct:fr'
	]);
	for (const state of ['open', 'closed', 'archived'])
		expect(await setState(state)).toEqual({ status: 'not_ready', items: blocking });
	expect(await setState('live')).toEqual({
		status: 'not_ready',
		items: [...blocking, 'safeguarding_lead', 'release']
	});
	expect(await stateOf()).toBe('draft');
	await makeReady();
	expect(await setState('open')).toEqual({ status: 'ok' });
	expect(await stateOf()).toBe('open');
	expect(await setState('open')).toEqual({ status: 'already' });
});

test('each item is done by its own act, and open again when that is taken back', async () => {
	await makeReady();
	expect((await items()).filter(({ key, done }) => blocking.includes(key) && !done)).toEqual([]);
	const undo: Record<string, string> = {
		texts: `update public.summits set languages = '{en,fr,ar}' where id = $1`,
		seats: `update public.mode_capacities set capacity = 0 where summit_id = $1 and mode = 'virtual'`,
		safeguarding_contact: `update public.summit_contacts set mail = null, telephone = ' ' where summit_id = $1 and kind = 'safeguarding'`,
		contact: `delete from public.summit_contacts where summit_id = $1 and kind = 'general'`,
		consents: `delete from public.consent_items where summit_id = $1`,
		fees: `update public.money_settings set has_no_fees = false where summit_id = $1`
	};
	for (const [key, sql] of Object.entries(undo)) {
		await db.owner.query('begin');
		await put(sql);
		expect([
			key,
			await readValue(db.owner, `select private.launch_blockers($1, 'draft', 'open')`, [world.summit])
		]).toEqual([key, [key]]);
		await db.owner.query('rollback');
	}
	await put(`insert into public.fees (summit_id, mode, amount, currency) values ($1, 'virtual', 100, 'EUR')`);
	await callAs(db.owner, world.people.finance, 'public.set_no_fees($1, false)', [world.summit]);
	expect(await item('fees')).toEqual(expect.objectContaining({ done: true, count: 1 }));
});

test('what is advised is listed, and forbids nothing', async () => {
	await makeReady();
	const advised = (await items()).filter(({ blocks }) => !blocks);
	expect(advised.map(({ key, phase, done }) => [key, phase, done])).toEqual([
		['registration', 'open', false],
		['place', 'open', false],
		['mail', 'open', false],
		['owners', 'open', false],
		['stage', 'live', false]
	]);
	await put(
		`insert into private.outbox (person_id, template, summit_id, state) values ($2, 'mail_test', $1, 'sent')`,
		owner.person
	);
	const second = await makePerson(db.owner, 'Second owner');
	await grant(second, 'owner');
	await put(
		`update public.summits set registration_opens_at = now() - interval '1 day', country = 'UY', city = '{"original":"en","en":"M"}' where id = $1`
	);
	expect((await items()).filter(({ phase, done }) => phase === 'open' && !done)).toEqual([]);
	expect((await item('owners'))?.count).toBe(2);
	// A door belongs to a Summit with seats in the hall.
	await put(
		`insert into public.allocation_policies (summit_id, sector, mode, ceiling) values ($1, 'civil_society', 'in_person', 1)`
	);
	expect(await item('door')).toEqual(expect.objectContaining({ phase: 'live', done: false, count: 0 }));
	expect(await setState('open')).toEqual({ status: 'ok' });
});

test('a Summit goes live with a release and somebody who reads concerns, and goes back freely', async () => {
	await makeReady();
	await setState('open');
	expect(await setState('live')).toEqual({ status: 'not_ready', items: ['safeguarding_lead', 'release'] });
	await grant(world.people.safeguarding, 'safeguarding');
	expect(await setState('live')).toEqual({ status: 'not_ready', items: ['release'] });
	await put(
		`with session as (
			insert into public.sessions (summit_id, title, level, audience, state)
			values ($1, '{"original":"en","en":"Opening"}', 'public', 'everyone', 'confirmed') returning id)
		insert into public.slots (session_id, summit_id, during)
		select id, $1, tstzrange(now(), now() + interval '1 hour') from session`
	);
	expect(await callAs(db.owner, world.people.programme, 'public.publish_release($1)', [world.summit])).toEqual(
		expect.objectContaining({ status: 'ok' })
	);
	expect(await setState('live')).toEqual({ status: 'ok' });
	// What a draft needs does not stop a Summit that is held.
	await put('delete from public.consent_items where summit_id = $1');
	for (const state of ['closed', 'live', 'archived', 'open', 'live', 'draft'])
		expect([state, await setState(state)]).toEqual([state, { status: 'ok' }]);
	expect(await setState('open')).toEqual({ status: 'not_ready', items: ['consents'] });
});

test('nobody changes the state by another way, and only an owner of the Summit changes it', async () => {
	const attempts = [
		`update public.summits set state = 'live' where id = $1`,
		`update public.summits set name = '{"original":"en","en":"Mine"}' where id = $1`,
		`insert into public.summits (slug, name, zone, starts_on, ends_on, state) values ('x-' || left($1::text, 8), '{"original":"en","en":"X"}', 'UTC', current_date, current_date, 'live')`
	];
	for (const sql of attempts)
		await expect(actAs(db.owner, owner, sql, [world.summit])).rejects.toThrow('permission denied');
	const saved = await callAs<{ status: string }>(db.owner, owner, 'public.save_summit($1, $2)', [
		world.summit,
		JSON.stringify({ state: 'live', address: 'Quay 1' })
	]);
	expect([saved.status, await stateOf()]).toEqual(['ok', 'draft']);
	await makeReady();
	const other = await makeWorld(db.owner);
	const strangers = [
		...organiserRoles.filter((role) => role !== 'owner').map((role) => world.people[role]),
		world.people.delegate,
		world.people.newcomer,
		other.people.owner
	];
	for (const who of strangers)
		expect([who.name, await setState('open', who)]).toEqual([who.name, { status: 'not_allowed' }]);
	await expect(setState('open', null as unknown as TestPerson)).rejects.toThrow('permission denied');
	expect(await stateOf()).toBe('draft');
});

test('of two owners at once one changes the state, and the second finds it changed', async () => {
	await makeReady();
	const second = await makePerson(db.owner, 'Second owner');
	await grant(second, 'owner');
	const clients = await Promise.all([db.connect(), db.connect()]);
	const answers = await Promise.all(
		clients.map((client, at) =>
			callAs<{ status: string }>(client, at === 0 ? owner : second, 'public.set_summit_state($1, $2)', [
				world.summit,
				'open'
			])
		)
	);
	expect(answers.map(({ status }) => status).sort()).toEqual(['already', 'ok']);
	await Promise.all(clients.map((client) => client.end()));
});

test('each role reads what it does, an owner all, and nobody else anything', async () => {
	await grant(world.people.safeguarding, 'safeguarding');
	await makeReady();
	const keys = async (who: TestPerson) => (await items(who)).map(({ key }) => key);
	expect(await keys(world.people.programme)).toEqual(['release']);
	expect(await keys(world.people.finance)).toEqual(['fees']);
	expect(await keys(world.people.stage)).toEqual(['stage']);
	expect(await keys(world.people.safeguarding)).toEqual(['safeguarding_contact', 'safeguarding_lead']);
	expect(await keys(world.people.registration)).toEqual(['seats', 'contact', 'consents', 'registration', 'mail']);
	expect(await keys(owner)).toEqual([
		...blocking,
		'registration',
		'place',
		'mail',
		'owners',
		'safeguarding_lead',
		'release',
		'stage'
	]);
	const other = await makeWorld(db.owner);
	for (const who of [world.people.door, world.people.delegate, other.people.owner]) expect(await keys(who)).toEqual([]);
});

test('finance alone decides that there are no fees', async () => {
	const decide = (who: TestPerson, none: boolean | null) =>
		callAs(db.owner, who, 'public.set_no_fees($1, $2)', [world.summit, none]);
	for (const who of [world.people.registration, world.people.programme, world.people.delegate])
		expect(await decide(who, true)).toBe('not_allowed');
	expect(await decide(world.people.finance, null)).toBe('not_allowed');
	expect((await item('fees'))?.done).toBe(false);
	expect(await decide(world.people.finance, true)).toBe('ok');
	expect(await item('fees')).toEqual(expect.objectContaining({ done: true, count: 0 }));
});
