/*
 * Who is in a room while sessions change in it: no minute is lost, and a session without names stores nothing, not even
 * who stayed for it.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { DoorList, hashFor } from '../../../src/lib/door/device/list.ts';
import type { OfflineSnapshot } from '../../../src/lib/door/device/messages.ts';
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

/** Sessions of the plenary room, in minutes from now. */
async function agenda(...held: [level: 'public' | 'closed', from: number, to: number][]): Promise<void> {
	const { sessions, summit, people } = doors.world;
	await db.owner.query('begin');
	await db.owner.query(
		`update public.slots set during = tstzrange(lower(during) + interval '1 day', upper(during) + interval '1 day') where summit_id = $1`,
		[summit]
	);
	for (const [level, from, to] of held)
		await db.owner.query(
			`update public.slots set during = tstzrange(now() + $2 * interval '1 minute', now() + $3 * interval '1 minute') where session_id = $1`,
			[sessions[level].id, from, to]
		);
	await db.owner.query('commit');
	await doors.callAs(people.programme, 'public.publish_release($1)', [summit]);
}
/** [person, minutes since they came, minutes since they left]. */
const presence = () =>
	doors.value<[string, number, number | null][]>(
		`(select coalesce(jsonb_agg(jsonb_build_array(case when session_id is null then 'room' else 'session' end, round(extract(epoch from now() - entered_at) / 60),
			round(extract(epoch from now() - left_at) / 60)) order by session_id nulls first), '[]') from public.presence where person_id = $1 and kind = 'door')`,
		[badge.person]
	);

it('minutes are recorded even if nobody read them when the session ended', async () => {
	await db.owner.query(`delete from public.runs where id = $1`, [doors.world.run]);
	await agenda(['public', 60, 120]);
	await doors.sync(room, [doors.offline(badge, 100)]);
	await agenda(['public', -90, -30]);
	expect(await presence()).toEqual([['room', 100, null]]);
	expect(await doors.value('private.sweep_door()')).toBe(1);
	expect(await presence()).toEqual([
		['room', 100, null],
		['session', 90, 30]
	]);
	expect([await doors.value('private.sweep_door()'), (await presence()).length]).toEqual([0, 2]);
});

it.each([true, false])(
	'a person who stays for a session without names is recorded until it begins (with a run: %s)',
	async (runs) => {
		const { run, people, summit } = doors.world;
		if (runs)
			await db.owner.query(
				`update public.runs set state = 'ended', started_at = now() - interval '90 minutes', ended_at = now() - interval '31 minutes' where id = $1`,
				[run]
			);
		else await db.owner.query(`delete from public.runs where id = $1`, [run]);
		await agenda(['public', -90, -30], ['closed', -30, -2]);
		await doors.sync(room, [doors.offline(badge, 80)]);
		const cut = [
			['room', 80, 30],
			['session', 80, runs ? 31 : 30]
		];
		expect(await presence()).toEqual(cut);
		// In an emergency they are listed by name.
		const inside = () => doors.callAs<unknown[]>(people.safeguarding, 'public.list_people_inside($1)', [summit]);
		// Listed for the building only: neither the room nor the session is named.
		expect(await inside()).toEqual([expect.objectContaining({ person: badge.person, places: [] })]);
		expect(await doors.scan(room, { badge: badge.id, direction: 'out' })).toMatchObject({ answer: 'left' });
		expect([await presence(), await inside()]).toEqual([cut, []]);
		const audited = `(select count(*)::int from audit.entries where table_name = 'door' and (person_id = $1 or row_id = $2::text))`;
		expect(await doors.value(audited, [badge.person, badge.id])).toBe(0);
		// Attendance of the session with names is recorded as usual.
		const [other] = await doors.badges(1);
		await doors.scan(entrance, { badge: other?.id });
		await doors.scan(entrance, { badge: other?.id, direction: 'out' });
		expect(await doors.value(audited, [other?.person, other?.id])).toBe(2);
	}
);

describe('a closed session that runs over its time', () => {
	let speaker: DoorBadge;
	beforeEach(async () => {
		const { run, sessions, registrations } = doors.world;
		await db.owner.query(`delete from public.runs where id = $1`, [run]);
		await agenda(['closed', -60, -5]);
		await db.owner.query(
			`insert into public.runs (summit_id, session_id, room_id, level, state, started_at) select summit_id, id, $2, 'closed', 'live', now() - interval '1 hour' from public.sessions where id = $1`,
			[sessions.closed.id, doors.world.room]
		);
		speaker = await doors.badgeOf(registrations.speaker);
	});
	const end = () =>
		db.owner.query(`update public.runs set state = 'ended', ended_at = now() where session_id = $1`, [
			doors.world.sessions.closed.id
		]);

	it('stays closed, at the door and in the snapshot of a device, until its run ends', async () => {
		expect(await doors.scan(room, { badge: badge.id })).toMatchObject({ answer: 'not_here' });
		expect(await doors.scan(room, { badge: speaker.id })).toMatchObject({ answer: 'welcome' });
		const list = new DoorList((await doors.snapshot(room)) as unknown as OfflineSnapshot);
		const answer = async (id: string) => list.answer(await hashFor(doors.world.summit, id), 'in', Date.now()).answer;
		expect([await answer(badge.id), await answer(speaker.id)]).toEqual(['not_here', 'already_in']);
		await doors.sync(room, [doors.offline(badge, 1)]);
		expect(await doors.conflicts()).toEqual(['not_entitled']);
		await end();
		const [other] = await doors.badges(1);
		expect(await doors.scan(room, { badge: other?.id })).toMatchObject({ answer: 'welcome' });
	});

	it('records nobody who arrives then', async () => {
		await doors.scan(room, { badge: speaker.id });
		const named = `(select count(*)::int from public.presence where person_id = $1) + (select count(*)::int from audit.entries where table_name = 'door' and person_id = $1)`;
		expect([await doors.value(named, [speaker.person]), (await doors.periods()).length]).toEqual([0, 1]);
	});

	it('that nobody ended does not block the room', async () => {
		await agenda(['closed', -180, -61]);
		expect(await doors.scan(room, { badge: badge.id })).toMatchObject({ answer: 'welcome' });
	});
});
