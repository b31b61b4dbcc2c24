/* Personal values in the audit: opened one by one, and lost with the key of the person. */
import { beforeAll, describe, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { type TestPerson, type World } from '../../fixtures/world.ts';
import { auditReaders, makeAuditedWorlds } from '../../fixtures/reading-audit.ts';

const db = useDatabase();
let world: World;
let other: World;

const { list, open, newest } = auditReaders(db, () => world);

beforeAll(async () => {
	({ world, other } = await makeAuditedWorlds(db));
});

describe('personal values', () => {
	const change = (person: string, office: string) =>
		db.owner.query(`update public.people set office = $2 where id = $1`, [person, office]);
	const ofPerson = (who: TestPerson, registration: string) => newest(who, { registration, kind: 'public.people' });

	test('are listed as changed, and opened one by one, which is logged first', async () => {
		const { registration, delegate, owner } = world.people;
		await change(delegate.person, 'Canary office');
		const entry = await ofPerson(registration, world.registrations.delegate);
		expect([entry.fields, entry.sealed, entry.can_open]).toEqual([[], ['office'], true]);
		expect(JSON.stringify(await list(registration)).includes('Canary office')).toBe(false);
		expect(await open(registration, entry.id)).toEqual({
			status: 'ok',
			fields: [{ name: 'office', old: null, new: 'Canary office' }]
		});
		expect(await newest(owner, { kind: 'audit.opened' })).toMatchObject({
			by: { kind: 'person', name: registration.name },
			fields: [
				{ name: 'entry', new: Number(entry.id) },
				{ name: 'about', new: 'public.people' }
			]
		});
		for (const kind of ['finance', 'safeguarding', 'programme', 'door', 'focal', 'delegate'] as const)
			expect([kind, await open(world.people[kind], entry.id)]).toEqual([kind, { status: 'not_found' }]);
		expect(await open(other.people.registration, entry.id, other.summit)).toEqual({ status: 'not_found' });
	});

	test('are lost with the person’s key', async () => {
		const { registration, speaker } = world.people;
		await change(speaker.person, 'Canary erased');
		const before = await ofPerson(registration, world.registrations.speaker);
		expect(before.can_open).toBe(true);
		await db.owner.query(`update private.person_keys set key = '' where person_id = $1`, [speaker.person]);
		const after = await ofPerson(registration, world.registrations.speaker);
		expect([after.id, after.sealed, after.can_open]).toEqual([before.id, ['office'], false]);
		expect(await open(registration, before.id)).toEqual({ status: 'closed' });
	});

	test('of a protected person cannot be opened by anybody, and former values stay closed afterwards', async () => {
		const { registration, virtual, owner, safeguarding } = world.people;
		await change(virtual.person, 'Canary before');
		const before = await ofPerson(registration, world.registrations.virtual);
		expect(before.can_open).toBe(true);
		await db.owner.query(`insert into private.protections (person_id, kind) values ($1, 'alias')`, [virtual.person]);
		const renamed = (
			await db.owner.query<{ id: string }>('select private.rotate_person_identity($1) as id', [virtual.person])
		).rows[0]?.id;
		await db.owner.query(`update public.people set display_name = 'Another Name', office = '' where id = $1`, [
			renamed
		]);
		for (const who of [registration, owner, safeguarding]) {
			expect(await open(who, before.id)).toEqual({ status: 'not_found' });
			const now = await list(who, { registration: world.registrations.virtual });
			expect(now?.entries.filter(({ can_open, area }) => can_open && area !== 'protection')).toEqual([]);
			expect(JSON.stringify(now).includes(virtual.name)).toBe(false);
			expect(JSON.stringify(now).includes('Canary before')).toBe(false);
		}
		// They also stay closed when the alias is removed again.
		await db.owner.query(`delete from private.protections where person_id = $1`, [renamed]);
		const after = await list(registration, { registration: world.registrations.virtual });
		expect(after?.entries.filter(({ can_open }) => can_open)).toEqual([]);
	});
});
