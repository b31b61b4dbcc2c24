import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { Doors, type Device, type DoorBadge } from '../../fixtures/door.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makeWorld } from '../../fixtures/world.ts';

const db = useDatabase();
let doors: Doors;
let entrance: string;
let one: Device;
let other: Device;
let badge: DoorBadge;

beforeEach(async () => {
	doors = new Doors(db.owner, await makeWorld(db.owner));
	await doors.open();
	entrance = await doors.checkpoint('entrance');
	[one, other] = [await doors.enrol(entrance), await doors.enrol(await doors.add('entrance', { name: 'River door' }))];
	badge = await doors.badgeOf(doors.world.registrations.delegate);
	await doors.enrolledHoursAgo(3);
});

/** The expected final record, in whatever order the scans arrive. */
async function record(): Promise<unknown> {
	const { rows } = await db.owner.query(
		`select person_id, place, to_char(entered_at, 'MI:SS') as came, to_char(left_at, 'MI:SS') as went from private.door_periods where summit_id = $1 order by person_id, entered_at`,
		[doors.world.summit]
	);
	return { rows, conflicts: await doors.conflicts() };
}

describe('offline scans', () => {
	it('lead to the same record, however late, often and mixed they arrive', async () => {
		const room = await doors.enrol(await doors.checkpoint('room'));
		await doors.enrolledHoursAgo(3);
		const scans: [Device, Record<string, unknown>][] = [
			[one, doors.offline(badge, 50)],
			[room, doors.offline(badge, 40)],
			[other, doors.offline(badge, 35)],
			[room, doors.offline(badge, 30, { direction: 'out', answer: 'left' })],
			[one, doors.offline(badge, 20, { direction: 'out', answer: 'left' })],
			[other, doors.offline(badge, 10)]
		];
		const orders = [
			[0, 1, 2, 3, 4, 5],
			[5, 4, 3, 2, 1, 0],
			[2, 5, 0, 3, 0, 1, 4, 2, 5]
		];
		const records: unknown[] = [];
		for (const order of orders) {
			for (const each of order) {
				const [device, scan] = scans[each] ?? [one, {}];
				await doors.sync(device, [scan]);
			}
			records.push(await record());
			await db.owner.query(`delete from private.door_scans where summit_id = $1`, [doors.world.summit]);
			await db.owner.query(`delete from private.door_conflicts where summit_id = $1`, [doors.world.summit]);
		}
		expect(records[0]).toMatchObject({ conflicts: ['two_doors'] });
		expect((records[0] as { rows: unknown[] }).rows).toHaveLength(3);
		expect([records[1], records[2]]).toEqual([records[0], records[0]]);
	});

	it('count once when the same device or another one sends them again', async () => {
		const scan = doors.offline(badge, 5);
		const [first, again] = [await doors.sync(one, [scan]), await doors.sync(one, [scan, scan])];
		expect([first.taken, again.taken]).toEqual([{ [String(scan.id)]: 'kept' }, { [String(scan.id)]: 'repeated' }]);
		expect((await doors.sync(other, [scan])).taken).toEqual({ [String(scan.id)]: 'repeated' });
		expect([(await doors.periods()).length, await doors.conflicts()]).toEqual([1, []]);
		const clients = await Promise.all(Array.from({ length: 6 }, () => db.connect()));
		const batch = [doors.offline(badge, 4, { direction: 'out', answer: 'left' }), doors.offline(badge, 3)];
		await Promise.all(
			clients.map((each, at) => doors.sync(at % 2 ? one : other, at % 3 ? batch : batch.toReversed(), {}, each))
		);
		expect((await doors.periods()).map(({ open }) => open)).toEqual([false, true]);
	});

	it('keep the device’s result when the server’s answer came too late for it, and may be undone', async () => {
		const id = randomUUID();
		const small = await doors.enrol(await doors.add('other', { name: 'Booth', capacity: 1 }));
		await doors.enrolledHoursAgo(3);
		const [first] = await doors.badges(1);
		await doors.scan(small, { badge: first?.id });
		expect(await doors.scan(small, { id, badge: badge.id })).toMatchObject({ answer: 'full' });
		const shown = { ...doors.offline(badge, 0), id };
		expect((await doors.sync(small, [shown])).taken).toEqual({ [id]: 'kept' });
		expect([(await doors.periods()).length, await doors.conflicts()]).toEqual([2, ['over_capacity']]);
		expect((await doors.sync(small, [shown])).taken).toEqual({ [id]: 'repeated' });
		expect((await doors.sync(small, [{ ...shown, undone: true }])).taken).toEqual({ [id]: 'kept' });
		expect((await doors.sync(small, [shown, { ...shown, undone: true }])).taken).toEqual({ [id]: 'repeated' });
		expect(await doors.periods()).toHaveLength(1);
	});

	it('report each conflict: revoked, barred or no longer admitted, and an invalid badge', async () => {
		const [revoked, barred, moved] = await doors.badges(3);
		if (!revoked || !barred || !moved) throw new Error('no badges');
		await db.owner.query(`update public.badges set revoked_at = now() - interval '10 min' where id = $1`, [revoked.id]);
		await db.owner.query(`insert into private.entry_bars (summit_id, person_id) values ($1, $2)`, [
			doors.world.summit,
			barred.person
		]);
		const staff = await doors.enrol(await doors.add('other', { name: 'Crew', categories: ['crew'] }));
		await doors.enrolledHoursAgo(3);
		await doors.sync(one, [doors.offline(revoked, 20, { direction: 'out', answer: 'left' }), doors.offline(barred, 5)]);
		await doors.sync(one, [doors.offline(revoked, 5), { ...doors.offline(barred, 4), badge: randomUUID() }]);
		await doors.sync(staff, [doors.offline(moved, 5)]);
		expect(await doors.conflicts()).toEqual(['barred', 'not_entitled', 'revoked', 'unknown_badge']);
		const { people, summit } = doors.world;
		const desk = (who: keyof typeof people) =>
			doors.callAs<{ conflicts: { id: string; handled_by: string; kind: string }[] } | null>(
				people[who],
				'public.read_door_desk($1)',
				[summit]
			);
		for (const kind of ['door', 'delegate', 'programme', 'stage', 'finance'] as const)
			expect(await desk(kind), kind).toBeNull();
		const found = (await desk('registration'))?.conflicts ?? [];
		expect(found.find(({ kind }) => kind === 'barred')?.handled_by).toBe('safeguarding');
		const resolve = (who: keyof typeof people, note: string) =>
			doors.callAs(people[who], 'public.resolve_door_conflict($1, $2)', [found[0]?.id, note]);
		expect([
			await resolve('door', 'It was fine'),
			await resolve('registration', ' '),
			await resolve('registration', 'Spoke with them')
		]).toEqual(['not_found', 'invalid', 'ok']);
		expect(
			await doors.value(
				`(select count(*)::int from audit.entries where table_name = 'private.door_conflicts' and action = 'update' and row_id = $1)`,
				[found[0]?.id]
			)
		).toBe(1);
	});

	it('in excess of a room’s capacity are reported once, with their number', async () => {
		const small = await doors.add('other', { name: 'Booth', capacity: 2 });
		const [here, there] = [await doors.enrol(small), await doors.enrol(small)];
		await doors.enrolledHoursAgo(3);
		const badges = await doors.badges(4);
		const [a, b, c, d] = badges.map((each, at) => doors.offline(each, 10 - at));
		await doors.sync(here, [a ?? {}, b ?? {}]);
		expect(await doors.conflicts()).toEqual([]);
		await doors.sync(there, [c ?? {}, d ?? {}]);
		expect(await doors.conflicts()).toEqual(['over_capacity']);
		expect(
			await doors.value(`(select facts ->> 'most' from private.door_conflicts where summit_id = $1)`, [
				doors.world.summit
			])
		).toBe('4');
		const extra = await doors.badgeOf(doors.world.registrations.delegate);
		expect(await doors.scan(here, { badge: extra.id })).toMatchObject({ answer: 'full', elsewhere: {} });
	});

	it('of a clock that is two hours wrong are recorded at the right time', async () => {
		const wrong = (minutesAgo: number) => new Date(Date.now() - (minutesAgo + 120) * 60_000).toISOString();
		const scan = { ...doors.offline(badge, 0), at: wrong(10) };
		expect(await doors.sync(one, [scan], { now: wrong(0) })).toMatchObject({ status: 'ok' });
		const minutes = `(select round(extract(epoch from now() - entered_at) / 60)::int from private.door_periods where summit_id = $1)`;
		expect(await doors.value(minutes, [doors.world.summit])).toBe(10);
		expect(await doors.conflicts()).toEqual(['wrong_clock']);
	});

	it('tell other doors who is inside now, and the last place is given once', async () => {
		const start = await doors.sync(other, []);
		await doors.scan(one, { badge: badge.id });
		const answer = await doors.sync(other, [], { after: start.cursor });
		const hash = await doors.value<string>('private.door_hash($1, $2)', [doors.world.summit, badge.id]);
		expect(answer.changes).toEqual([[hash, expect.any(Number)]]);
		expect(answer.inside).toBe(1);
		const small = await doors.add('other', { name: 'Booth', capacity: 3 });
		const device = await doors.enrol(small);
		const [badges, clients] = [await doors.badges(8), await Promise.all(Array.from({ length: 8 }, () => db.connect()))];
		const answers = await Promise.all(badges.map((each, at) => doors.scan(device, { badge: each.id }, clients[at])));
		expect(answers.map(({ answer }) => answer).toSorted()).toEqual([
			...Array<string>(5).fill('full'),
			...Array<string>(3).fill('welcome')
		]);
	});
});
