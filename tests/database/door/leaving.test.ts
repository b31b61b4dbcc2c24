/*
 * Who is in the building in an emergency: people who left are not, staff and crew are, two records of one person count
 * once, and deleting a room deletes no scans.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { openDoors, type Doors, type Device, type DoorBadge } from '../../fixtures/door.ts';
import { useDatabase } from '../../fixtures/database.ts';

const db = useDatabase();
let doors: Doors;
let entrance: Device;
let room: Device;
let badge: DoorBadge;

beforeEach(async () => {
	({ doors, entrance, room, badge } = await openDoors(db.owner));
	await doors.enrolledHoursAgo(3);
});

const inside = () =>
	doors.callAs<{ name: string; category: string; places: string[] }[]>(
		doors.world.people.safeguarding,
		'public.list_people_inside($1)',
		[doors.world.summit]
	);
const bar = (person: string) =>
	db.owner.query(`insert into private.entry_bars (summit_id, person_id) values ($1, $2)`, [doors.world.summit, person]);

describe('a person barred while inside', () => {
	it('is stopped on the way out, and is in no emergency list from then on', async () => {
		await doors.scan(entrance, { badge: badge.id });
		await doors.scan(room, { badge: badge.id });
		await bar(badge.person);
		expect((await inside()).length).toBe(1);
		// A person stopped at a door of the building is out of its rooms too.
		expect(await doors.scan(entrance, { badge: badge.id, direction: 'out' })).toMatchObject({
			answer: 'stop',
			flags: []
		});
		expect([await inside(), (await doors.periods()).filter(({ open }) => open)]).toEqual([[], []]);
		expect(await doors.scan(entrance, { badge: badge.id })).toMatchObject({ answer: 'stop' });
		expect([await inside(), await doors.conflicts()]).toEqual([[], []]);
	});

	it('is stopped at an offline door too, and other doors learn it', async () => {
		await doors.scan(entrance, { badge: badge.id });
		const cursor = (await doors.snapshot(entrance)).cursor;
		await bar(badge.person);
		await doors.sync(entrance, [
			doors.offline(badge, 1, { answer: 'stop' }),
			doors.offline(badge, 0, { direction: 'out', answer: 'stop' })
		]);
		expect([await inside(), (await doors.periods()).length, await doors.conflicts()]).toEqual([[], 1, []]);
		const { changes } = await doors.sync(entrance, [], { after: cursor });
		expect(changes?.map(([, since]) => since)).toEqual([null]);
	});
});

it('staff and crew are scanned like everybody, counted, and listed with their function', async () => {
	const [staff, crew] = await doors.badges(2);
	for (const [each, category] of [
		[staff, 'staff'],
		[crew, 'crew']
	] as const)
		await db.owner.query(`update public.registrations set category = $2 where id = $1`, [each?.registration, category]);
	const hall = await doors.add('other', { name: 'Stage door', categories: ['crew'] });
	const stage = await doors.enrol(hall);
	expect(await doors.scan(stage, { badge: badge.id })).toMatchObject({ answer: 'not_here' });
	expect(await doors.scan(stage, { badge: crew?.id })).toMatchObject({ answer: 'welcome' });
	expect(await doors.scan(entrance, { badge: staff?.id })).toMatchObject({ answer: 'welcome' });
	expect((await inside()).map(({ category }) => category).sort()).toEqual(['crew', 'staff']);
	const desk = await doors.callAs<{ building: number; came: number }>(
		doors.world.people.registration,
		'public.read_door_desk($1)',
		[doors.world.summit]
	);
	expect([desk.building, desk.came]).toEqual([2, 2]);
});

describe('two records of one person', () => {
	let other: DoorBadge;
	const merge = () =>
		db.owner.query(`select private.merge_people($1, $2, 'Same person')`, [badge.person, other.person]);
	const minutes = (place: string) =>
		doors.value<[number, number][]>(
			`(select coalesce(jsonb_agg(jsonb_build_array(round(extract(epoch from now() - entered_at) / 60), round(extract(epoch from now() - left_at) / 60)) order by entered_at), '[]')
			from private.door_periods where person_id = $1 and place = $2)`,
			[badge.person, place]
		);

	beforeEach(async () => {
		[other] = (await doors.badges(1)) as [DoorBadge];
	});
	const withdrawn = async () => {
		await db.owner.query('begin');
		await db.owner.query(`update public.badges set revoked_at = now() where id = $1`, [other.id]);
		await db.owner.query(
			`update public.seats set state = 'released', released_at = now(), release_reason = 'withdrawn' where registration_id = $1`,
			[other.registration]
		);
		await db.owner.query(`update public.registrations set state = 'withdrawn' where id = $1`, [other.registration]);
		await db.owner.query('commit');
	};

	it('that were scanned in at one door are inside once, and out once', async () => {
		await doors.sync(entrance, [doors.offline(badge, 60), doors.offline(other, 40)]);
		expect((await inside()).length).toBe(2);
		await withdrawn();
		await merge();
		expect([(await inside()).length, await minutes('building')]).toEqual([1, [[60, null]]]);
		expect(await doors.conflicts()).toEqual(['two_doors']);
		expect(await doors.scan(entrance, { badge: badge.id, direction: 'out' })).toMatchObject({ answer: 'left' });
		expect(await inside()).toEqual([]);
		const door = `(select count(*)::int from public.presence where person_id = $1 and kind = 'door' and session_id is null)`;
		expect(await doors.value(door, [badge.person])).toBe(1);
	});

	it('with overlapping minutes at two places are in one place at a time', async () => {
		const side = await doors.add('other', { name: 'Side' });
		const booth = await doors.enrol(side);
		await doors.enrolledHoursAgo(3);
		await doors.sync(entrance, [doors.offline(badge, 90), doors.offline(other, 80)]);
		await doors.sync(room, [
			doors.offline(badge, 70),
			doors.offline(other, 50),
			doors.offline(other, 20, { direction: 'out', answer: 'left' })
		]);
		await doors.sync(booth, [doors.offline(other, 10)]);
		await withdrawn();
		await merge();
		const held = await doors.value<string>(`(select room_id from public.checkpoints where id = $1)`, [
			await doors.checkpoint('room')
		]);
		expect([await minutes('building'), await minutes(held), await minutes(side)]).toEqual([
			[[90, null]],
			[[70, 20]],
			[[10, null]]
		]);
		expect((await inside()).length).toBe(1);
	});

	it('with two certificates of one kind keep one, and the other code answers that it is no longer valid', async () => {
		await db.owner.query(
			`insert into public.certificate_settings (summit_id, threshold, issuer_name, signatory_name, signatory_office) values ($1, 1, 'S', 'A', 'D')`,
			[doors.world.summit]
		);
		const codeOf = ({ person }: DoorBadge) => Buffer.from(person);
		for (const each of [badge, other])
			await db.owner.query(
				`insert into private.certificates (summit_id, person_id, kind, code_hash, content_sealed, key_id) values ($1, $2, 'attendance', $3, 'x', 'k')`,
				[doors.world.summit, each.person, codeOf(each)]
			);
		await withdrawn();
		await merge();
		const certificateState = (each: DoorBadge) =>
			doors.value(`private.read_certificate($1) ->> 'state'`, [codeOf(each)]);
		expect([await certificateState(badge), await certificateState(other)]).toEqual(['valid', 'ended']);
	});
});

describe('scans are kept', () => {
	const drop = (sql: string, id: string) =>
		db.owner.query(sql, [id]).then(
			() => 'gone',
			(error: Error) => error.message
		);
	const scans = () =>
		doors.value<number>(`(select count(*)::int from private.door_scans where summit_id = $1)`, [doors.world.summit]);
	const makeRoom = async () => {
		const id = await doors.value<string>('gen_random_uuid()');
		await db.owner.query(
			`insert into public.rooms (id, summit_id, slug, name, kind, position) values ($1, $2, 'side', '{"original":"en","en":"Side"}', 'hall', 9)`,
			[id, doors.world.summit]
		);
		await db.owner.query(`select private.ensure_checkpoints($1)`, [doors.world.summit]);
		return {
			id,
			checkpoint: await doors.value<string>(`(select id from public.checkpoints where room_id = $1)`, [id])
		};
	};

	it('when their room or session would be deleted: the deletion is refused', async () => {
		const side = await makeRoom();
		const device = await doors.enrol(side.checkpoint);
		const refused = expect.stringContaining('Badges are read at this checkpoint');
		// Devices that were set up there may still send scans.
		expect(await drop(`delete from public.rooms where id = $1`, side.id)).toEqual(refused);
		await doors.scan(device, { badge: badge.id });
		expect(await drop(`delete from public.rooms where id = $1`, side.id)).toEqual(refused);
		expect(await drop(`delete from public.checkpoints where id = $1`, side.checkpoint)).toEqual(refused);
		expect([await scans(), (await inside()).length]).toEqual([1, 1]);
		// The table enforces it as well.
		await db.owner.query('alter table public.checkpoints disable trigger prevent_checkpoint_delete');
		expect(await drop(`delete from public.rooms where id = $1`, side.id)).toMatch(/foreign key constraint/);
		await db.owner.query('alter table public.checkpoints enable trigger prevent_checkpoint_delete');
		expect(await scans()).toBe(1);
	});

	it('but a room without scans is deleted with its checkpoint', async () => {
		const side = await makeRoom();
		expect(await drop(`delete from public.rooms where id = $1`, side.id)).toBe('gone');
		expect(await doors.value(`(select count(*)::int from public.checkpoints where id = $1)`, [side.checkpoint])).toBe(
			0
		);
	});
});
