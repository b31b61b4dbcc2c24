import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { hashFor } from '../../../src/lib/door/device/list.ts';
import type { OfflineSnapshot } from '../../../src/lib/door/device/messages.ts';
import { Doors, type Device, type DoorBadge } from '../../fixtures/door.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs, connectMany } from '../../fixtures/registering.ts';
import { makeWorld, organiserRoles, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let doors: Doors;
let entrance: string;
let room: string;
let device: Device;
let badge: DoorBadge;

beforeEach(async () => {
	doors = new Doors(db.owner, await makeWorld(db.owner));
	await doors.open();
	[entrance, room] = [await doors.checkpoint('entrance'), await doors.checkpoint('room')];
	device = await doors.enrol(entrance);
	badge = await doors.badgeOf(doors.world.registrations.delegate);
});

describe('checkpoints', () => {
	it('exist once for the entrance and each room, and registration organisers add others', async () => {
		const { people, summit } = doors.world;
		const clients = await connectMany(db, 2);
		await Promise.all(clients.map((client) => callAs(client, people.door, 'public.list_checkpoints($1)', [summit])));
		const listed = await doors.callAs<{ kind: string; capacity: number | null }[]>(
			people.door,
			'public.list_checkpoints($1)',
			[summit]
		);
		expect(listed.map(({ kind, capacity }) => [kind, capacity])).toEqual([
			['entrance', null],
			['room', 300]
		]);
		await doors.add('meal', { name: 'Lunch', both_ways: false, categories: ['staff'] });
		for (const kind of ['newcomer', 'delegate', 'programme', 'stage', 'finance', 'focal'] as const)
			expect(await doors.callAs(people[kind], 'public.list_checkpoints($1)', [summit]), kind).toEqual([]);
		for (const kind of ['door', 'delegate', 'programme'] as const)
			expect(
				await doors.callAs(people[kind], 'public.save_checkpoint($1, $2, $3)', [summit, entrance, { name: 'X' }])
			).toEqual({ status: 'not_allowed' });
		for (const wrong of [{ kind: 'nonsense', name: 'X' }, { kind: 'meal' }, { kind: 'meal', name: 'X', capacity: 0 }])
			expect(await doors.callAs(people.registration, 'public.save_checkpoint($1, null, $2)', [summit, wrong])).toEqual({
				status: 'invalid'
			});
	});

	it('of a closed session are made by programme organisers, who change no others', async () => {
		const { people, summit, sessions } = doors.world;
		const save = (who: TestPerson, checkpoint: string | null, fields: object) =>
			doors.callAs<{ status: string; id?: string }>(who, 'public.save_checkpoint($1, $2, $3)', [
				summit,
				checkpoint,
				JSON.stringify(fields)
			]);
		const code = await doors.value<string>(`(select code from public.sessions where id = $1)`, [sessions.closed.id]);
		const door = { kind: 'session', name: 'North corridor', session: code };
		// A person who cannot see the session gets the same answer for its code as for an unknown one.
		expect(await save(people.registration, null, door)).toEqual({ status: 'invalid' });
		expect(await save(people.registration, null, { ...door, session: 'NOBODYS1' })).toEqual({ status: 'invalid' });
		const made = await save(people.programme, null, door);
		expect(made).toMatchObject({ status: 'ok' });
		expect(await save(people.programme, made.id ?? '', { name: 'South corridor' })).toMatchObject({ status: 'ok' });
		expect(await save(people.programme, null, { kind: 'meal', name: 'Lunch' })).toEqual({ status: 'not_allowed' });
		expect(
			await doors.callAs<{ name: { en: string } }[]>(people.programme, 'public.list_checkpoints($1)', [summit])
		).toMatchObject([{ name: { en: 'South corridor' } }]);
		for (const wrong of [{ opens_at: 'soon' }, { categories: 'all' }, { both_ways: 'perhaps' }])
			expect(await save(people.registration, null, { kind: 'meal', name: 'Lunch', ...wrong })).toEqual({
				status: 'invalid'
			});
		// It admits the people of the session and nobody else, also hours before the start and offline.
		const device = await doors.enrol(made.id ?? '');
		const speaker = await doors.badgeOf(doors.world.registrations.speaker);
		expect(await doors.scan(device, { badge: badge.id })).toMatchObject({ answer: 'not_here' });
		expect(await doors.scan(device, { badge: speaker.id })).toMatchObject({ answer: 'welcome' });
		const snapshot = (await doors.snapshot(device)) as unknown as { sessions: { from: string; only: number[] }[] };
		expect(snapshot.sessions.map(({ only }) => only.length)).toEqual([1]);
		expect(Date.parse(snapshot.sessions[0]?.from ?? '')).toBeLessThan(Date.now());
	});

	it('admit their categories in their hours', async () => {
		const meal = await doors.enrol(await doors.add('meal', { name: 'Lunch', categories: ['staff'] }));
		expect(await doors.scan(meal, { badge: badge.id })).toMatchObject({ answer: 'not_here', flags: [] });
		const later = new Date(Date.now() + 3_600_000).toISOString();
		const early = await doors.enrol(await doors.add('other', { name: 'Dinner', opens_at: later }));
		expect(await doors.scan(early, { badge: badge.id })).toMatchObject({ answer: 'not_open' });
		expect(await doors.periods()).toEqual([]);
	});

	it('of a room use the session that is on, and do not mention a closed one', async () => {
		const { people, sessions, registrations, summit } = doors.world;
		const hall = await doors.enrol(room);
		expect(await doors.scan(hall, { badge: badge.id })).toMatchObject({ answer: 'welcome' });
		expect(await doors.scan(hall, { badge: badge.id, direction: 'out' })).toMatchObject({ answer: 'left' });
		await db.owner.query('begin');
		for (const [session, hours] of [
			[sessions.public.id, 10],
			[sessions.closed.id, -3]
		])
			await db.owner.query(
				`update public.slots set during = tstzrange(lower(during) + $2 * interval '1 hour', upper(during) + $2 * interval '1 hour') where session_id = $1`,
				[session, hours]
			);
		await db.owner.query('commit');
		await doors.callAs(people.programme, 'public.publish_release($1)', [summit]);
		const answer = await doors.scan(hall, { badge: badge.id });
		expect(answer).toMatchObject({ answer: 'not_here', flags: [] });
		expect(JSON.stringify(answer)).not.toContain('Session closed');
		const speaker = await doors.badgeOf(registrations.speaker);
		expect(await doors.scan(hall, { badge: speaker.id })).toMatchObject({ answer: 'welcome' });
		// The people in a room are known while the session lasts, for an evacuation; the attendance record does not
		// contain them.
		expect(await doors.callAs(people.registration, 'jsonb_array_length(public.list_people_inside($1))', [summit])).toBe(
			1
		);
		const presences = `(select count(*)::int from public.presence where person_id = $1)`;
		expect(await doors.value(presences, [people.speaker.person])).toBe(0);
		await db.owner.query(`update private.door_periods set anonymise_at = now() - interval '1 hour'; `);
		await db.owner.query(
			`update private.door_scans set anonymise_at = now() - interval '1 hour' where anonymise_at is not null`
		);
		await db.owner.query(`select private.sweep_door()`);
		expect(
			await doors.value(`(select count(*)::int from private.door_scans where person_id = $1 or badge_id = $2)`, [
				people.speaker.person,
				speaker.id
			])
		).toBe(0);
		expect(
			await doors.value(
				`(select count(*)::int from audit.entries where table_name = 'door' and (person_id = $1 or row_id = $2::text))`,
				[people.speaker.person, speaker.id]
			)
		).toBe(0);
	});
});

describe('devices', () => {
	it('use separate keys, for a person with the role, until they are shut out', async () => {
		const { people, summit } = doors.world;
		expect(await doors.scan({ ...device, hash: 'ab'.repeat(32) }, { badge: badge.id })).toEqual({ status: 'unknown' });
		const other = new Doors(db.owner, await makeWorld(db.owner));
		await other.open();
		expect(await other.scan(device, { badge: badge.id })).toEqual({ status: 'unknown' });
		for (const kind of ['delegate', 'stage', 'finance'] as const) {
			const stolen = { ...device, holder: people[kind] };
			expect(await doors.scan(stolen, { badge: badge.id }), kind).toEqual({ status: 'not_allowed' });
			expect(await doors.snapshot(stolen), kind).toEqual({ status: 'not_allowed' });
			expect(await doors.sync(stolen, [doors.offline(badge, 1)]), kind).toEqual({ status: 'not_allowed' });
		}
		expect(await doors.snapshot(device)).toMatchObject({ status: 'ok' });
		for (const kind of organiserRoles.filter((role) => !['registration', 'owner'].includes(role)))
			expect(await doors.callAs(people[kind], 'public.revoke_door_device($1)', [device.id]), kind).toBe('not_found');
		expect(await doors.callAs(people.registration, 'public.revoke_door_device($1)', [device.id])).toBe('ok');
		expect(await doors.scan(device, { badge: badge.id })).toEqual({ status: 'shut_out' });
		expect(await doors.snapshot(device)).toEqual({ status: 'shut_out' });
		// Scans that a shut-out device still sends are recorded, count for nobody, and wait for a review.
		const scan = doors.offline(badge, 1);
		expect(await doors.sync(device, [scan])).toEqual({ status: 'shut_out', taken: { [String(scan.id)]: 'kept' } });
		expect([await doors.periods(), await doors.conflicts()]).toEqual([[], ['shut_out']]);
		const late = await doors.enrol(entrance);
		await db.owner.query(`update private.door_devices set expires_at = now() where id = $1`, [late.id]);
		expect(await doors.scan(late, { badge: badge.id })).toEqual({ status: 'expired' });
		await db.owner.query(`update public.role_grants set ended_at = now() where person_id = $1`, [people.door.person]);
		expect(await doors.scan(await enrolPast(late), { badge: badge.id })).toEqual({ status: 'not_allowed' });
		expect(
			await doors.callAs(people.door, 'public.enrol_door_device($1, $2, $3, $4)', [
				summit,
				entrance,
				'X',
				'cd'.repeat(32)
			])
		).toEqual({
			status: 'not_allowed'
		});
	});

	it('answer a repeated request the same, and undo within a minute', async () => {
		const id = randomUUID();
		expect(await doors.scan(device, { id, badge: badge.id })).toMatchObject({ answer: 'welcome' });
		expect(await doors.scan(device, { id, badge: badge.id })).toMatchObject({ answer: 'welcome' });
		const second = await doors.enrol(entrance);
		expect(await doors.scan(second, { id, badge: badge.id })).toEqual({ status: 'invalid' });
		expect(await doors.periods()).toHaveLength(1);
		const { people, summit } = doors.world;
		const undo = (who: keyof typeof people) => doors.callAs(people[who], 'public.undo_scan($1, $2)', [summit, id]);
		expect([await undo('registration'), await undo('delegate')]).toEqual(['not_found', 'not_found']);
		expect([await undo('door'), await undo('door')]).toEqual(['ok', 'ok']);
		expect(await doors.periods()).toEqual([]);
		const next = await doors.scan(device, { badge: badge.id });
		expect(next).toMatchObject({ answer: 'welcome' });
		await db.owner.query(
			`update private.door_scans set received_at = now() - interval '2 min', scanned_at = now() - interval '2 min' where id = $1`,
			[next.scan]
		);
		expect(await doors.callAs(people.door, 'public.undo_scan($1, $2)', [summit, next.scan])).toBe('too_late');
	});

	it('carry a snapshot without names, of this Summit only', async () => {
		const snapshot = await doors.snapshot(device);
		expect(snapshot.rows).toHaveLength(2);
		const text = JSON.stringify(snapshot);
		for (const secret of [doors.world.people.delegate.name, badge.id, badge.badge_code, badge.person, 'step-free'])
			expect(text).not.toContain(secret);
		expect(snapshot.rows?.map(([, , answer, flags]) => [answer, flags])).toEqual([
			['ok', 4],
			['ok', 4]
		]);
	});

	it('know offline who needs an interpretation headset, as they do online', async () => {
		const { registrations, sessions } = doors.world;
		const inside = await doors.enrol(room);
		const sets = async () => {
			const { sessions: listed = [], rows = [] } = (await doors.snapshot(inside)) as unknown as OfflineSnapshot;
			const half = await hashFor(doors.world.summit, badge.badge_code);
			return listed.map((each) => each.sets?.map((at) => rows[at]?.[1] === half));
		};
		await db.owner.query(`update public.sessions set spoken = '{en}', interpreted = '{fr}' where id = $1`, [
			sessions.public.id
		]);
		for (const [languages, expected] of [
			['{en}', []],
			['{fr}', [true]],
			['{fr,en}', []],
			['{es}', []]
		] as const) {
			await db.owner.query(`update public.registrations set languages = $2 where id = $1`, [
				registrations.delegate,
				languages
			]);
			expect((await sets())[0], languages).toEqual(expected);
		}
		await db.owner.query(`update public.registrations set languages = '{fr}' where id = $1`, [registrations.delegate]);
		expect(JSON.stringify(await doors.snapshot(inside))).not.toContain('"fr"');
		expect((await doors.scan(inside, { badge: badge.id })).flags).toEqual(['interpreter_set', 'access_need']);
	});
});

async function enrolPast(device: Device): Promise<Device> {
	await db.owner.query(`update private.door_devices set expires_at = now() + interval '1 hour' where id = $1`, [
		device.id
	]);
	return device;
}
