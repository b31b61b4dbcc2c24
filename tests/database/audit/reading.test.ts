/* What organisers read in the audit: each role its own subjects, and nothing about drafts, closed sessions or former names. */
import { beforeAll, describe, expect, test } from 'vitest';
import { callAs } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, personKinds, type PersonKind, type TestPerson, type World } from '../../fixtures/world.ts';
import { auditReaders, makeAuditedWorlds, type Entry, type List } from '../../fixtures/reading-audit.ts';

const db = useDatabase();
let world: World;
let other: World;
let order: string;

const { list, newest } = auditReaders(db, () => world);

beforeAll(async () => {
	({ world, other, order } = await makeAuditedWorlds(db));
});

describe('access', () => {
	const expected: Partial<Record<PersonKind, string[]>> = {
		registration: ['member', 'registration'],
		finance: ['money'],
		safeguarding: ['protection'],
		stage: ['stage'],
		programme: ['programme', 'session'],
		owner: ['member', 'money', 'programme', 'registration', 'session', 'settings', 'stage']
	};

	test('each role reads its own areas, and other people read nothing', async () => {
		const found: Record<string, unknown> = {};
		for (const kind of personKinds) {
			const answer = await list(world.people[kind]);
			found[kind] = answer && [...new Set(answer.entries.map(({ area }) => area))].sort();
		}
		expect(found).toEqual(Object.fromEntries(personKinds.map((kind) => [kind, expected[kind] ?? null])));
		await expect(list(null)).rejects.toThrow('permission denied');
	});

	test('a filter with an invalid day or id finds nothing, in the list and in the file', async () => {
		const who = world.people.owner;
		for (const filters of [
			{ from: 'yesterday' },
			{ from: '2030-02-31' },
			{ to: '' },
			{ to: '99999-01-01' },
			{ registration: 'x' },
			{ order: 7 },
			{ member: ['x'] }
		]) {
			expect([filters, (await list(who, filters))?.entries]).toEqual([filters, []]);
			expect(await callAs(db.owner, who, `public.export_audit($1, $2)`, [world.summit, filters])).toEqual([]);
		}
		expect((await list(who, { from: '2020-01-01', to: '9999-12-31' }))?.entries).not.toEqual([]);
		expect((await list(who, { from: null, registration: null }))?.areas).not.toEqual([]);
	});

	test('nobody reads entries of another Summit', async () => {
		const own = await list(world.people.owner);
		const foreign = await list(other.people.owner, {}, null, 200, other.summit);
		const ids = new Set(foreign?.entries.map(({ id }) => id));
		expect(own?.entries.filter(({ id }) => ids.has(id))).toEqual([]);
		expect(await list(world.people.owner, {}, null, 200, other.summit)).toBe(null);
		expect((await list(world.people.registration, { registration: other.registrations.delegate }))?.entries).toEqual(
			[]
		);
		expect((await list(world.people.registration, { member: other.member }))?.entries).toEqual([]);
	});

	test('closed sessions, badge codes, addresses and ids of people are in no answer', async () => {
		await db.owner.query(`update public.sessions set title = '{"original":"en","en":"Canary closed"}' where id = $1`, [
			world.sessions.closed.id
		]);
		const badges = (await db.owner.query<{ badge_code: string }>('select badge_code from public.badges')).rows;
		const text = JSON.stringify([
			await list(world.people.owner),
			await list(world.people.safeguarding),
			await list(world.people.registration)
		]);
		expect(text.includes('Canary closed')).toBe(false);
		expect(badges.filter((row) => text.includes(row.badge_code))).toEqual([]);
		expect(Object.values(world.people).filter(({ person }) => text.includes(person))).toEqual([]);
	});

	test('a draft has no history', async () => {
		const { rows } = await db.owner.query<{ id: string }>(
			`insert into public.registrations (summit_id, person_id, mode, state) values ($1, $2, 'virtual', 'draft') returning id`,
			[world.summit, world.people.newcomer.person]
		);
		await db.owner.query(`update public.registrations set mode = 'in_person' where id = $1`, [rows[0]?.id]);
		await db.owner.query(`update public.people set office = 'Begun' where id = $1`, [world.people.newcomer.person]);
		expect((await list(world.people.registration, { registration: rows[0]?.id }))?.entries).toEqual([]);
		expect(JSON.stringify(await list(world.people.registration)).includes(world.people.newcomer.name)).toBe(false);
	});
});

describe('entries', () => {
	test('show a change of a registration: who made it, the old and new state, and the reason', async () => {
		const { registration, waiting } = { ...world.people, ...world.registrations } as unknown as {
			registration: TestPerson;
			waiting: string;
		};
		await callAs(
			db.owner,
			registration,
			`public.decide_registrations(array[$1::uuid], 'decline', 'No place is left')`,
			[waiting]
		);
		const entry = await newest(registration, { registration: waiting, kind: 'public.registrations' });
		expect({ ...entry, id: '', at: '' }).toMatchObject({
			table: 'public.registrations',
			action: 'update',
			by: { kind: 'person', name: registration.name },
			reason: 'No place is left',
			subject: { kind: 'registration', id: waiting, name: world.people.waiting.name },
			fields: [{ name: 'state', old: 'submitted', new: 'declined' }],
			sealed: [],
			can_open: false
		});
	});

	test('without a Summit column are found by the row they belong to', async () => {
		const entry = await newest(world.people.finance, { order, kind: 'public.order_adjustments' });
		expect(entry).toMatchObject({
			action: 'insert',
			by: { kind: 'system' },
			subject: { kind: 'order', id: order },
			currency: 'EUR',
			fields: [
				{ name: 'kind', old: null, new: 'waiver' },
				{ name: 'amount', old: null, new: -5000 }
			]
		});
	});

	test('of a member are its own, not those of its people', async () => {
		await actAs(
			db.owner,
			world.people.registration,
			`update public.summit_members set standing = 'observer' where member_id = $1`,
			[world.member]
		);
		const found = await list(world.people.registration, { member: world.member });
		expect([...new Set(found?.entries.map((entry) => entry.table))].sort()).toEqual([
			'private.invitations',
			'public.focal_points',
			'public.members',
			'public.summit_members'
		]);
		expect(found?.entries[0]).toMatchObject({
			by: { kind: 'person', name: world.people.registration.name },
			fields: [{ name: 'standing', old: 'active', new: 'observer' }]
		});
	});
});

describe('filters and pages', () => {
	test('filter by actor, kind, action, reference and day', async () => {
		const { registration } = world.people;
		const reference = (
			await db.owner.query<{ reference: string }>(`select reference from public.registrations where id = $1`, [
				world.registrations.delegate
			])
		).rows[0]?.reference;
		const byActor = await list(registration, { actor: registration.name.toUpperCase() });
		expect(new Set(byActor?.entries.map(({ by }) => by.name))).toEqual(new Set([registration.name]));
		const byKind = await list(registration, { kind: 'public.seats', action: 'insert' });
		expect(new Set(byKind?.entries.map(({ table, action }) => `${table} ${action}`))).toEqual(
			new Set(['public.seats insert'])
		);
		const byReference = await list(registration, { query: reference?.toLowerCase(), kind: 'public.registrations' });
		expect(new Set(byReference?.entries.map(({ subject }) => subject?.label))).toEqual(new Set([reference]));
		expect((await list(registration, { to: '2020-01-01' }))?.entries).toEqual([]);
		expect((await list(registration, { from: '2020-01-01' }))?.entries.length).toBeGreaterThan(0);
		expect((await list(registration, { kind: 'public.orders' }))?.entries).toEqual([]);
	});

	test('return consecutive pages without gaps or duplicates', async () => {
		const whole = (await list(world.people.owner))?.entries.map(({ id }) => id);
		const paged: string[] = [];
		for (let before: string | null = null; ;) {
			const page: List | null = await list(world.people.owner, {}, before, 7);
			paged.push(...(page?.entries.map(({ id }) => id) ?? []));
			before = page?.next ?? null;
			if (before === null) break;
		}
		expect(paged.slice(0, whole?.length)).toEqual(whole);
		expect(new Set(paged).size).toBe(paged.length);
	});
});

test('a file contains what the list contains, and its download is recorded', async () => {
	const { finance, owner } = world.people;
	const shown = await list(finance);
	const file = await callAs<Entry[]>(db.owner, finance, 'public.export_audit($1, $2)', [world.summit, {}]);
	expect(file).toEqual(shown?.entries);
	expect(await newest(owner, { kind: 'audit.exported' })).toMatchObject({
		by: { kind: 'person', name: finance.name },
		fields: [{ name: 'rows', new: file.length }]
	});
	expect(await callAs(db.owner, world.people.delegate, 'public.export_audit($1, $2)', [world.summit, {}])).toBe(null);
});
