/* Rule 1 for quotas: exceptions, ceilings and reserved seats, and quotas that change while people register. */
import type pg from 'pg';
import { beforeAll, expect, test } from 'vitest';
import {
	callAs,
	connectMany,
	countSeats,
	faultsOf,
	makeDrafts,
	makePeople,
	makeSummit,
	register,
	submitDraft,
	inParallel,
	stateOf,
	readValue
} from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, setCaller, makePerson } from '../../fixtures/world.ts';

const db = useDatabase();
let crowd: pg.Client[];

beforeAll(async () => {
	crowd = await connectMany(db, 60);
});

test('exceptions and ceilings by sector and region apply as well, and reserved seats are not given to others', async () => {
	const { summit, members } = await makeSummit(db.owner, { hall: 4, members: 3 });
	const [first = '', second = '', third = ''] = members;
	await db.owner.query(
		`insert into public.allocation_exceptions (summit_id, member_id, mode, ceiling, reserved_until) values ($1, $2, 'in_person', 2, now() + interval '1 day')`,
		[summit, first]
	);
	await db.owner.query(
		`insert into public.seat_ceilings (summit_id, mode, sector, ceiling) values ($1, 'in_person', 'government', 1)`,
		[summit]
	);
	const [a, b, c, d, e, f, g] = await makePeople(db.owner, 7);
	if (!a || !b || !c || !d || !e || !f || !g) throw new Error('nobody');
	const reason = (id: string) =>
		readValue(db.owner, `select reason from public.queue_entries where registration_id = $1`, [id]);
	expect((await register(db.owner, a, summit, third)).status).toBe('held');
	const overCeiling = await register(db.owner, b, summit, third);
	expect([overCeiling.status, await reason(overCeiling.id)]).toEqual(['queued', 'ceiling']);
	expect((await register(db.owner, c, summit, second)).status).toBe('held');
	// Two seats are free, and both are reserved for the first member.
	const other = await register(db.owner, d, summit, second);
	expect([other.status, await reason(other.id)]).toEqual(['queued', 'capacity']);
	expect((await register(db.owner, e, summit, first)).status).toBe('held');
	expect((await register(db.owner, f, summit, first)).status).toBe('held');
	const third_of_two = await register(db.owner, g, summit, first);
	expect([third_of_two.status, await reason(third_of_two.id)]).toEqual(['queued', 'allocation']);
	expect(await faultsOf(db.owner, summit)).toEqual([]);
	// Unused reserved seats go to the queue when their time is over.
	await callAs(
		db.owner,
		e,
		`public.withdraw_registration((select id from public.registrations where person_id = $1), '')`,
		[e.person]
	);
	expect(await stateOf(db.owner, third_of_two.id)).toBe('submitted');
	expect(await reason(third_of_two.id)).toBe('allocation');
	expect(
		await readValue(db.owner, `select state from public.queue_entries where registration_id = $1`, [third_of_two.id])
	).toBe('served');
	await callAs(
		db.owner,
		f,
		`public.withdraw_registration((select id from public.registrations where person_id = $1), '')`,
		[f.person]
	);
	expect(
		await readValue(db.owner, `select state from public.queue_entries where registration_id = $1`, [other.id])
	).toBe('waiting');
	await db.owner.query(
		`update public.allocation_exceptions set reserved_until = now() - interval '1 second' where summit_id = $1`,
		[summit]
	);
	expect(
		await readValue(db.owner, `select state from public.queue_entries where registration_id = $1`, [other.id])
	).toBe('served');
	expect(await faultsOf(db.owner, summit)).toEqual([]);
});

test('seats reserved for a member that may take no more are for everybody', async () => {
	const { summit, members } = await makeSummit(db.owner, { hall: 2, members: 3 });
	const [first = '', second = ''] = members;
	await db.owner.query(
		`insert into public.allocation_exceptions (summit_id, member_id, mode, ceiling, reserved_until) values ($1, $2, 'in_person', 2, now() + interval '1 day')`,
		[summit, first]
	);
	const [a, b] = await makePeople(db.owner, 2);
	if (!a || !b) throw new Error('nobody');
	const waiting = await register(db.owner, a, summit, second);
	expect(waiting.status).toBe('queued');
	await db.owner.query(
		`update public.summit_members set standing = 'suspended' where summit_id = $1 and member_id = $2`,
		[summit, first]
	);
	expect(
		await readValue(db.owner, `select state from public.queue_entries where registration_id = $1`, [waiting.id])
	).toBe('served');
	expect((await register(db.owner, b, summit, second)).status).toBe('held');
	expect(await faultsOf(db.owner, summit)).toEqual([]);
});

test('quotas are never lowered below the seats taken, even at the same moment', async () => {
	const { summit, members, organiser } = await makeSummit(db.owner, { hall: 20, members: 1 });
	const people = await makePeople(db.owner, 30);
	const drafts = await makeDrafts(db.owner, summit, people, () => members[0] ?? '');
	const lower = (client: pg.Client, n: number) =>
		actAs(
			client,
			organiser,
			n % 2
				? `update public.mode_capacities set capacity = 5 where summit_id = $1 and mode = 'in_person'`
				: `update public.allocation_policies set ceiling = 4 where summit_id = $1`,
			[summit]
		).then(
			() => 'lowered',
			(error: { code: string }) => error.code
		);
	const answers = await inParallel(crowd, [...people, ...Array(20).fill(null)], (client, who, n) =>
		who ? submitDraft(client, who, drafts[n] ?? '').then(({ status }) => status) : lower(client, n)
	);
	expect(new Set(answers).isSubsetOf(new Set(['held', 'queued', 'lowered', 'PT409']))).toBe(true);
	expect(await faultsOf(db.owner, summit)).toEqual([]);
	// A higher quota serves the queue at once.
	await actAs(db.owner, organiser, `update public.allocation_policies set ceiling = 1000 where summit_id = $1`, [
		summit
	]);
	await actAs(db.owner, organiser, `update public.mode_capacities set capacity = 25 where summit_id = $1`, [summit]);
	expect(await countSeats(db.owner, summit)).toEqual({ held: 25, taken: 0, waiting: 5, offered: 0 });
});

test('two people who change settings in opposite order wait for each other, and both succeed', async () => {
	const made = await makeSummit(db.owner);
	const other = await makeSummit(db.owner);
	const second = await makePerson(db.owner, 'Second organiser');
	for (const [who, summit] of [
		[made.organiser, other.summit],
		[second, made.summit]
	] as const)
		await db.owner.query(
			`insert into public.role_grants (person_id, role, summit_id) values ($1, 'registration', $2)`,
			[who.person, summit]
		);
	const { summit, members } = made;
	const ways: [string, unknown[]][] = [
		[`update public.mode_capacities set capacity = capacity + 1 where summit_id = $1 and mode = 'in_person'`, [summit]],
		[`update public.allocation_policies set ceiling = ceiling + 1 where summit_id = $1`, [summit]],
		[
			`insert into public.allocation_exceptions (summit_id, member_id, mode, ceiling) values ($1, $2, 'virtual', 9)
			on conflict (summit_id, member_id, mode) do update set ceiling = excluded.ceiling`,
			[summit, members[0]]
		],
		[
			`insert into public.seat_ceilings (summit_id, mode, sector, ceiling) values ($1, 'virtual', 'government', 900)
			on conflict (summit_id, mode, sector, region) do update set ceiling = seat_ceilings.ceiling + 1`,
			[summit]
		],
		[
			`update public.summit_members set standing = case standing when 'active' then 'observer' else 'active' end::public.standing where summit_id = $1`,
			[summit]
		],
		[
			`select public.save_seat_settings($1, '{"capacities":{"in_person":1500,"virtual":1500},"ceilings":{"government":{"virtual":1200}}}')`,
			[summit]
		]
	];
	const [one, two] = crowd;
	if (!one || !two) throw new Error('no connections');
	const waits = async (client: pg.Client) =>
		readValue<boolean>(db.owner, `select wait_event_type = 'Lock' from pg_stat_activity where pid = $1`, [
			await pidOf.get(client)
		]);
	const pidOf = new Map([
		[one, await readValue<number>(one, 'select pg_backend_pid()')],
		[two, await readValue<number>(two, 'select pg_backend_pid()')]
	]);
	for (const [n, [first, values]] of ways.entries()) {
		for (const [then, thenValues] of ways.filter((_, m) => m !== n)) {
			// One has changed the first setting, the other waits for it, and then the first wants the second one.
			await one.query('begin');
			await setCaller(one, made.organiser);
			await one.query(first, values);
			await two.query('begin');
			await setCaller(two, second);
			const waiting = two.query(then, thenValues);
			await expect.poll(() => waits(two), { interval: 5 }).toBe(true);
			await one.query(then, thenValues);
			await one.query('commit');
			await waiting;
			await two.query('commit');
		}
	}
	expect(await faultsOf(db.owner, summit)).toEqual([]);
});
