/*
 * Seat quotas, changed as a whole: previewed first, applied once, and never stranding a seat; and the queue as
 * organisers read it.
 */
import { expect, test } from 'vitest';
import {
	callAs,
	connectMany,
	countSeats,
	faultsOf,
	makePeople,
	makeRegistered,
	makeSummit,
	register,
	readValue,
	type Mode
} from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();

type Answer = { status: string; [key: string]: unknown };
interface Queue {
	total: number;
	waiting: number;
	reasons: Record<string, number>;
	rows: { display_name: string; position: number | null; reason: string | null; used: number; allowed: number }[];
}
const preview = (who: TestPerson, summit: string, proposal: object) =>
	callAs<Answer>(db.owner, who, `public.preview_seat_quotas($1, $2)`, [summit, JSON.stringify(proposal)]);
const version = (summit: string) => readValue<string>(db.owner, `select private.seat_quotas_version($1)`, [summit]);
const apply = (who: TestPerson, summit: string, proposal: object, seen: string, client = db.owner) =>
	callAs<Answer>(client, who, `public.apply_seat_quotas($1, $2, $3, 'agreed')`, [
		summit,
		JSON.stringify(proposal),
		seen
	]);
const queue = (who: TestPerson, summit: string, filters: object = {}, mode: Mode = 'in_person') =>
	callAs<Queue | null>(db.owner, who, `public.list_queue($1, $2, $3)`, [summit, mode, JSON.stringify(filters)]);

test('a preview shows the exact result, to the seat, and changes nothing', async () => {
	const { summit, organiser, finance, people } = await makeRegistered(db.owner, 6, { hall: 2 });
	const proposal = { capacities: { in_person: 4 }, policies: { government: { in_person: 2 } } };
	expect(await preview(finance, summit, proposal)).toEqual({ status: 'not_allowed' });
	const before = await version(summit);
	const entries = () =>
		db.owner.query(`select id, state, rank from public.queue_entries where summit_id = $1 order by rank`, [summit]);
	const queued = (await entries()).rows;
	const tried = await preview(organiser, summit, proposal);
	expect(tried).toMatchObject({ status: 'ok', version: before, stranded: [] });
	expect(tried['served']).toEqual([{ mode: 'in_person', seats: 2, offers: 0 }]);
	expect(tried['next']).toMatchObject(
		people.slice(2, 4).map(({ name }) => ({ mode: 'in_person', display_name: name }))
	);
	expect(tried['members']).toMatchObject({ total: 1, rows: [{ mode: 'in_person', before: 1000, after: 2, used: 0 }] });
	expect((tried['before'] as { modes: object[] }).modes[0]).toMatchObject({ capacity: 2, held: 2, waiting: 4 });
	expect((tried['after'] as { modes: object[] }).modes[0]).toMatchObject({ capacity: 4, held: 4, waiting: 2 });
	expect(await version(summit)).toBe(before);
	expect((await entries()).rows).toEqual(queued);
	expect(await countSeats(db.owner, summit)).toEqual({ held: 2, taken: 0, waiting: 4, offered: 0 });
	expect(
		await readValue(
			db.owner,
			`select count(*)::integer from private.outbox where summit_id = $1 and template = 'offer_made'`,
			[summit]
		)
	).toBe(0);
	expect(await apply(organiser, summit, proposal, before)).toEqual({ status: 'ok', served: 2 });
	expect(await countSeats(db.owner, summit)).toEqual({ held: 4, taken: 0, waiting: 2, offered: 0 });
	expect(await faultsOf(db.owner, summit)).toEqual([]);
});

test('a change that would strand seats is refused with each place where it would', async () => {
	const { summit, members, organiser } = await makeRegistered(db.owner, 5, { hall: 5 }, (n) => (n < 3 ? 0 : 1));
	const proposal = {
		capacities: { in_person: 4 },
		policies: { civil_society: { in_person: 2 }, private_sector: { in_person: null } },
		ceilings: [{ mode: 'in_person', sector: 'civil_society', ceiling: 2 }]
	};
	const tried = await preview(organiser, summit, proposal);
	expect(tried['status']).toBe('stranded');
	expect(tried['stranded']).toMatchObject([
		{ kind: 'capacity', mode: 'in_person', seats: 5, allowed: 4 },
		{ kind: 'member', mode: 'in_person' },
		{ kind: 'member', mode: 'in_person' },
		{ kind: 'sector', name: 'civil_society', seats: 3, allowed: 2 }
	]);
	const stranded = tried['stranded'] as { member_id: string | null; seats: number; allowed: number }[];
	const excess = (member?: string) => stranded.find(({ member_id }) => member_id === member);
	expect(excess(members[0])).toMatchObject({ seats: 3, allowed: 2 });
	expect(excess(members[1])).toMatchObject({ seats: 2, allowed: 0 });
	const seen = await version(summit);
	expect((await apply(organiser, summit, proposal, seen)).status).toBe('stranded');
	expect(await version(summit)).toBe(seen);
	// A change that lowers and raises is judged by its result: one member gets its exception as the policy is lowered.
	const together = {
		policies: { civil_society: { in_person: 1 } },
		exceptions: [{ member_id: members[0], mode: 'in_person', ceiling: 3, reason: 'The host of the Summit' }]
	};
	expect(await apply(organiser, summit, together, seen)).toMatchObject({ status: 'ok' });
	expect(await faultsOf(db.owner, summit)).toEqual([]);
});

test('the second of two organisers who apply at once must read again first', async () => {
	const { summit, organiser } = await makeSummit(db.owner, { hall: 10 });
	const seen = await version(summit);
	const clients = await connectMany(db, 8);
	const answers = await Promise.all(
		clients.map((client, n) => apply(organiser, summit, { capacities: { in_person: 20 + n } }, seen, client))
	);
	await Promise.all(clients.map((client) => client.end()));
	expect(answers.map(({ status }) => status).sort()).toEqual([...Array<string>(7).fill('conflict'), 'ok']);
});

test('invalid values are refused with a reason', async () => {
	const { summit, organiser } = await makeSummit(db.owner, {});
	const seen = await version(summit);
	for (const proposal of [
		{ capacities: { in_person: -1 } },
		{ capacities: { on_the_moon: 3 } },
		{ policies: { government: { in_person: 'many' } } },
		{ ceilings: [{ mode: 'in_person', sector: 'government', region: 'Africa', ceiling: 1 }] },
		{ exceptions: [{ member_id: summit, mode: 'virtual', ceiling: 1 }] }
	]) {
		expect(await preview(organiser, summit, proposal)).toEqual({ status: 'invalid' });
		expect(await apply(organiser, summit, proposal, seen)).toEqual({ status: 'invalid' });
	}
	expect(await version(summit)).toBe(seen);
});

test('while a capacity changes to and fro, registrations never exceed it', async () => {
	const { summit, members, organiser } = await makeSummit(db.owner, { hall: 3 });
	const people = await makePeople(db.owner, 40);
	const clients = await connectMany(db, 12);
	let n = 0;
	await Promise.all(
		clients.map(async (client, at) => {
			if (at < 4) {
				for (let round = 0; round < 8; round += 1) {
					const seen = await readValue<string>(client, `select private.seat_quotas_version($1)`, [summit]);
					await apply(organiser, summit, { capacities: { in_person: 3 + ((round + at) % 9) } }, seen, client);
				}
			} else {
				for (let who = people[n++]; who; who = people[n++]) await register(client, who, summit, members[n % 3] ?? '');
			}
		})
	);
	await Promise.all(clients.map((client) => client.end()));
	expect(await faultsOf(db.owner, summit)).toEqual([]);
});

test('the queue shows each person’s current reason for waiting, and keeps the order', async () => {
	// Member 0 has a seat and waits for its own allocation, member 1 is full by its sector, the last person waits for
	// the hall.
	const { summit, organiser, finance, members, people } = await makeRegistered(
		db.owner,
		5,
		{ hall: 2, ceilings: { civil_society: 1 } },
		(n) => [0, 0, 1, 1, 2][n] ?? 0
	);
	await db.owner.query(
		`insert into public.seat_ceilings (summit_id, mode, sector, ceiling) values ($1, 'in_person', 'private_sector', 1)`,
		[summit]
	);
	expect(await queue(finance, summit)).toBeNull();
	const read = await queue(organiser, summit);
	expect(read).toMatchObject({ total: 3, waiting: 3, capacity: 2, open: 2, serving: true });
	expect(read?.rows.map(({ display_name, position, reason }) => [display_name, position, reason])).toEqual([
		[people[1]?.name, 1, 'allocation'],
		[people[3]?.name, 2, 'ceiling'],
		[people[4]?.name, 3, 'capacity']
	]);
	expect(read?.rows[0]).toMatchObject({ used: 1, allowed: 1 });
	expect(read?.rows[1]).toMatchObject({ full: [{ name: 'private_sector', ceiling: 1, used: 1 }] });
	expect(read?.reasons).toEqual({ allocation: 1, ceiling: 1, capacity: 1 });
	const found = await queue(organiser, summit, { reason: 'capacity' });
	expect(found?.rows.map(({ position }) => position)).toEqual([3]);
	await db.owner.query(
		`update public.summit_members set standing = 'suspended' where summit_id = $1 and member_id = $2`,
		[summit, members[2]]
	);
	expect((await queue(organiser, summit))?.rows[2]?.reason).toBe('standing');
});

test('the figures of each sector and mode add up to the seats taken', async () => {
	const { summit, organiser, finance } = await makeRegistered(db.owner, 7, { hall: 4 });
	const read = await callAs<{
		modes: { mode: string; capacity: number; held: number; taken: number; waiting: number }[];
		sectors: {
			sector: string;
			mode: string;
			members: number;
			allocated: number;
			held: number;
			taken: number;
			waiting: number;
		}[];
	}>(db.owner, finance, `public.read_seat_quotas($1)`, [summit]);
	const hall = read.sectors.filter(({ mode }) => mode === 'in_person');
	const sum = (key: 'held' | 'taken' | 'waiting' | 'members') => hall.reduce((all, each) => all + each[key], 0);
	expect(read.modes[0]).toMatchObject({ mode: 'in_person', capacity: 4, held: 4, taken: 0, waiting: 3 });
	expect([sum('held'), sum('taken'), sum('waiting'), sum('members')]).toEqual([4, 0, 3, 3]);
	expect(hall.find(({ sector }) => sector === 'intergovernmental')).toMatchObject({ members: 0, allocated: 0 });
	expect(await callAs(db.owner, organiser, `public.read_seat_quotas($1)`, [summit])).toMatchObject({ exceptions: [] });
});
