/*
 * Conflicts at the doors: a browser that was another device before, wrong clocks, the last place, and sessions without
 * names.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { Doors, type Device, type DoorBadge } from '../../fixtures/door.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makeWorld } from '../../fixtures/world.ts';

const db = useDatabase();
let doors: Doors;
let entrance: string;
let room: string;
let one: Device;
let badge: DoorBadge;

beforeEach(async () => {
	doors = new Doors(db.owner, await makeWorld(db.owner));
	await doors.open();
	[entrance, room] = [await doors.checkpoint('entrance'), await doors.checkpoint('room')];
	one = await doors.enrol(entrance);
	badge = await doors.badgeOf(doors.world.registrations.delegate);
	await doors.enrolledHoursAgo(3);
});

describe('scans of a browser that has become another device', () => {
	it('keep the time at which they were made', async () => {
		const scan: Record<string, unknown> = { ...doors.offline(badge, 60), device: one.id };
		const next = await doors.enrol(entrance);
		expect((await doors.sync(next, [scan])).taken).toEqual({ [String(scan.id)]: 'kept' });
		const minutes = `(select round(extract(epoch from now() - entered_at) / 60)::int from private.door_periods where person_id = $1)`;
		expect(await doors.value(minutes, [badge.person])).toBe(60);
		expect((await doors.sync(one, [scan])).taken).toEqual({ [String(scan.id)]: 'repeated' });
	});

	it('count for nobody when that device was shut out, and wait for a review', async () => {
		await doors.callAs(doors.world.people.registration, 'public.revoke_door_device($1)', [one.id]);
		const next = await doors.enrol(entrance);
		const scans = [doors.offline(badge, 60), doors.offline(badge, 50, { direction: 'out', answer: 'left' })];
		await doors.sync(
			next,
			scans.map((scan) => ({ ...scan, device: one.id }))
		);
		expect([await doors.periods(), await doors.conflicts()]).toEqual([[], ['shut_out']]);
		expect(
			await doors.value(`(select facts from private.door_conflicts where summit_id = $1)`, [doors.world.summit])
		).toEqual({ scans: 2 });
	});

	it('belong to their own Summit: a device of another Summit cannot vouch for them', async () => {
		const other = new Doors(db.owner, await makeWorld(db.owner));
		await other.open();
		const elsewhere = await other.enrol(await other.checkpoint('entrance'));
		await other.enrolledHoursAgo(3);
		const next = await doors.enrol(entrance);
		await doors.sync(next, [{ ...doors.offline(badge, 60), device: elsewhere.id }]);
		expect(await doors.value(`(select device_id from private.door_scans where person_id = $1)`, [badge.person])).toBe(
			next.id
		);
		expect(await other.sync(one, [doors.offline(badge, 1)])).toEqual({ status: 'unknown' });
		expect(await doors.periods()).toHaveLength(1);
	});
});

it('reports no incident for a person who entered rightly and then withdrew or went online, but one for a person who entered afterwards', async () => {
	const [withdrawn, gone] = await doors.badges(2);
	if (!withdrawn || !gone) throw new Error('no badges');
	await db.owner.query('begin');
	const held = [withdrawn.registration, gone.registration];
	await db.owner.query(
		`update public.badges set revoked_at = now() - interval '10 minutes' where registration_id = any ($1)`,
		[held]
	);
	await db.owner.query(
		`update public.seats set state = 'released', released_at = now(), release_reason = 'withdrawn' where registration_id = any ($1)`,
		[held]
	);
	await db.owner.query(`update public.registrations set state = 'withdrawn' where id = $1`, [withdrawn.registration]);
	await db.owner.query(`update public.registrations set mode = 'virtual' where id = $1`, [gone.registration]);
	await db.owner.query(
		`insert into public.seats (summit_id, registration_id, mode, member_id, state) select summit_id, id, mode, member_id, 'taken' from public.registrations where id = $1`,
		[gone.registration]
	);
	await db.owner.query('commit');
	await doors.sync(one, [doors.offline(withdrawn, 20), doors.offline(gone, 20)]);
	expect([(await doors.periods()).length, await doors.conflicts()]).toEqual([2, []]);
	for (const each of [withdrawn, gone])
		expect(await doors.scan(one, { badge: each.id, direction: 'out' })).toMatchObject({ answer: 'left' });
	await doors.sync(one, [doors.offline(withdrawn, 0), doors.offline(gone, 0)]);
	expect(await doors.conflicts()).toEqual(['revoked', 'revoked']);
});

it('reports no incident for a person who entered rightly and then changed category, but one for a person who entered afterwards', async () => {
	const lounge = await doors.add('other', { name: 'Delegates', categories: ['delegate'] });
	const device = await doors.enrol(lounge);
	await doors.enrolledHoursAgo(3);
	const { registrations, people } = doors.world;
	await doors.sync(device, [doors.offline(badge, 30, { direction: 'out', answer: 'left' })]);
	const changed = await doors.callAs<{ status: string }>(
		people.registration,
		`public.change_category($1, 'press', 'Came as press', $2)`,
		[registrations.delegate, doors.world.member]
	);
	expect(changed.status).toBe('ok');
	await db.owner.query(`update public.badges set revoked_at = now() - interval '10 minutes' where id = $1`, [badge.id]);
	const now = await doors.badgeOf(registrations.delegate);
	expect(now.id).not.toBe(badge.id);
	await doors.sync(device, [doors.offline(badge, 20)]);
	expect([(await doors.periods()).length, await doors.conflicts()]).toEqual([1, []]);
	await doors.sync(device, [doors.offline(now, 1, { direction: 'out', answer: 'left' }), doors.offline(now, 0)]);
	expect(await doors.conflicts()).toEqual(['not_entitled']);
});

it('in and out keep their order when the clock has the wrong year', async () => {
	const people = await doors.badges(8);
	const at = (minute: number) => new Date(Date.UTC(1970, 0, 1, 0, minute)).toISOString();
	const scans = people.flatMap((each) => [
		{ ...doors.offline(each, 0, { direction: 'out', answer: 'left' }), at: at(9), offset: 0 },
		{ ...doors.offline(each, 0), at: at(1), offset: 0 }
	]);
	await doors.sync(one, scans);
	expect((await doors.periods()).map(({ open }) => open)).toEqual(people.map(() => false));
});

describe('the last place', () => {
	it('is not given online while a device is sending who took it', async () => {
		const booth = await doors.add('other', { name: 'Booth', capacity: 1 });
		const [first, second] = [await doors.enrol(booth), await doors.enrol(booth)];
		await doors.enrolledHoursAgo(3);
		const [somebody] = await doors.badges(1);
		const other = await db.connect();
		await other.query('begin');
		await doors.sync(first, [doors.offline(badge, 5)], {}, other);
		const asked = doors.scan(second, { badge: somebody?.id });
		await other.query('select pg_sleep(0.3)');
		await other.query('commit');
		expect(await asked).toMatchObject({ answer: 'full' });
		expect([(await doors.periods()).length, await doors.conflicts()]).toEqual([1, []]);
	});

	it('admitted in excess is no longer an incident once the scan is undone or somebody has left', async () => {
		const booth = await doors.add('other', { name: 'Booth', capacity: 1 });
		const device = await doors.enrol(booth);
		await doors.enrolledHoursAgo(3);
		const [first] = await doors.badges(1);
		if (!first) throw new Error('no badge');
		const mistake = doors.offline(badge, 5);
		await doors.sync(device, [doors.offline(first, 20), mistake]);
		expect(await doors.conflicts()).toEqual(['over_capacity']);
		await doors.sync(device, [{ ...mistake, undone: true }]);
		expect(await doors.conflicts()).toEqual([]);
		await doors.sync(device, [doors.offline(badge, 4)]);
		expect(await doors.conflicts()).toEqual(['over_capacity']);
		await doors.sync(device, [doors.offline(first, 10, { direction: 'out', answer: 'left' })]);
		expect(await doors.conflicts()).toEqual([]);
	});

	it('is no incident either when the person admitted online is undone', async () => {
		const booth = await doors.add('other', { name: 'Booth', capacity: 1 });
		const [online, offline] = [await doors.enrol(booth), await doors.enrol(booth)];
		await doors.enrolledHoursAgo(3);
		const [first] = await doors.badges(1);
		if (!first) throw new Error('no badge');
		const { scan } = await doors.scan(online, { badge: badge.id });
		await doors.sync(offline, [doors.offline(first, 0)]);
		expect(await doors.conflicts()).toEqual(['over_capacity']);
		const undo = `public.undo_scan($1, $2)`;
		expect(await doors.callAs(doors.world.people.door, undo, [doors.world.summit, scan])).toBe('ok');
		expect([(await doors.periods()).length, await doors.conflicts()]).toEqual([1, []]);
	});

	it('in a room whose capacity was lowered admits nobody until enough people have left', async () => {
		const people = await doors.badges(3);
		const hall = await doors.enrol(room);
		for (const each of people) expect(await doors.scan(hall, { badge: each.id })).toMatchObject({ answer: 'welcome' });
		await doors.callAs(doors.world.people.registration, 'public.save_checkpoint($1, $2, $3)', [
			doors.world.summit,
			room,
			{ capacity: 2 }
		]);
		const out = (each: DoorBadge | undefined) => doors.scan(hall, { badge: each?.id, direction: 'out' });
		for (const [leaves, answer] of [
			[null, 'full'],
			[people[0], 'full'],
			[people[1], 'welcome']
		] as const) {
			if (leaves) expect(await out(leaves)).toMatchObject({ answer: 'left' });
			expect(await doors.scan(hall, { badge: badge.id })).toMatchObject({ answer });
		}
	});

	it('leads to the overflow at the door when it is taken before the start, and to the stream when that is full too', async () => {
		const { sessions, summit } = doors.world;
		await doors.callAs(doors.world.people.registration, 'public.save_checkpoint($1, $2, $3)', [
			summit,
			room,
			{ capacity: 1 }
		]);
		const overflow = await doors.value<string>('gen_random_uuid()');
		await db.owner.query(
			`insert into public.rooms (id, summit_id, slug, name, kind, capacity, position) values ($1, $2, 'overflow', '{"original":"en","en":"Overflow"}', 'overflow', 1, 9)`,
			[overflow, summit]
		);
		// It begins in ten minutes, in both rooms.
		await db.owner.query(
			`update public.slots set during = tstzrange(now() + interval '10 minutes', upper(during)) where session_id = $1`,
			[sessions.public.id]
		);
		await db.owner.query(
			`insert into public.slot_rooms (summit_id, slot_id, room_id, during) select summit_id, id, $2, during from public.slots where session_id = $1`,
			[sessions.public.id, overflow]
		);
		await doors.callAs(doors.world.people.programme, 'public.publish_release($1)', [summit]);
		const [first, second, third] = await doors.badges(3);
		const hall = await doors.enrol(room);
		await doors.scan(hall, { badge: first?.id });
		expect(await doors.scan(hall, { badge: second?.id })).toMatchObject({
			answer: 'full',
			elsewhere: { room: { en: 'Overflow' } }
		});
		// The snapshot of a device contains it, and leaves out a place without a capacity.
		const listed = (await doors.snapshot(hall)).sessions as { elsewhere: unknown }[];
		expect(listed[0]?.elsewhere).toMatchObject({ room: { en: 'Overflow' } });
		await db.owner.query(`select private.ensure_checkpoints($1)`, [summit]);
		const behind = await doors.value<string>(`(select id from public.checkpoints where room_id = $1)`, [overflow]);
		expect(await doors.scan(await doors.enrol(behind), { badge: second?.id })).toMatchObject({ answer: 'welcome' });
		expect(await doors.scan(hall, { badge: third?.id })).toMatchObject({ answer: 'full', elsewhere: { stream: true } });
	});
});

it('a person scanned at a room only is in the building on every page that counts people', async () => {
	await doors.scan(await doors.enrol(room), { badge: badge.id });
	const { people, summit } = doors.world;
	const building = (name: string) =>
		doors
			.callAs<{ building: number }>(people.registration, `public.${name}($1)`, [summit])
			.then((read) => read.building);
	expect([await building('read_door_desk'), await building('read_on_the_day')]).toEqual([1, 1]);
});

it('an incident of a session without names shows the person while it lasts, and nothing stores it', async () => {
	const { people, sessions, registrations, summit } = doors.world;
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
	const [hall, side] = [await doors.enrol(room), await doors.enrol(room)];
	const speaker = await doors.badgeOf(registrations.speaker);
	await doors.scan(hall, { badge: speaker.id });
	await doors.sync(side, [doors.offline(speaker, 0), doors.offline(badge, 0)]);
	expect(await doors.conflicts()).toEqual(['not_entitled', 'two_doors']);
	const named = async () =>
		(
			await doors.callAs<{ conflicts: { person: string | null }[] }>(people.registration, 'public.read_door_desk($1)', [
				summit
			])
		).conflicts.map(({ person }) => person);
	expect((await named()).sort()).toEqual([people.delegate.name, people.speaker.name].sort());
	await db.owner.query(`update private.door_scans set anonymise_at = now() - interval '1 hour' where summit_id = $1`, [
		summit
	]);
	await db.owner.query(
		`update private.door_periods set anonymise_at = now() - interval '1 hour' where summit_id = $1`,
		[summit]
	);
	await db.owner.query(`select private.sweep_door()`);
	expect(await named()).toEqual([null, null]);
	for (const person of [speaker.person, badge.person])
		expect(
			await doors.value(
				`(select count(*)::int from audit.entries where table_name in ('door', 'private.door_conflicts') and (person_id = $1 or new_values::text like '%' || $1 || '%'))`,
				[person]
			)
		).toBe(0);
});
