/*
 * Two records of one member are merged: everything moves, no seat is stranded, and the old id leads to the kept record.
 */
import type pg from 'pg';
import { expect, test } from 'vitest';
import { makeLetter } from '../../fixtures/inviting.ts';
import {
	callAs,
	connectMany,
	faultsOf,
	makePeople,
	makeSummit,
	register,
	readValue
} from '../../fixtures/registering.ts';
import { useDatabase, waitForLocks } from '../../fixtures/database.ts';
import { setCaller, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();

type Answer = { status: string; [key: string]: unknown };
const merge = (
	who: TestPerson,
	keep: string,
	drop: string,
	asException = false,
	client = db.owner,
	reason = 'One and the same'
) => callAs<Answer>(client, who, `public.merge_members($1, $2, $3, $4)`, [keep, drop, reason, asException]);
const seatsOf = (member: string) =>
	readValue<number>(
		db.owner,
		`select count(*)::integer from public.seats where member_id = $1 and state <> 'released'`,
		[member]
	);
const exists = (member: string) =>
	readValue<boolean>(db.owner, `select exists (select from public.members where id = $1)`, [member]);

async function two(hall = 10, ceiling = 10) {
	const made = await makeSummit(db.owner, {
		hall,
		ceilings: { civil_society: ceiling, private_sector: ceiling },
		members: 3
	});
	const [keep = '', drop = ''] = made.members;
	const people = (await makePeople(db.owner, 4)) as [TestPerson, TestPerson, TestPerson, TestPerson];
	return { ...made, keep, drop, people };
}

test('registrations, seats, queue, focal points, exceptions, orders and audiences move in a full hall', async () => {
	const { summit, keep, drop, people, organiser } = await two(2);
	await register(db.owner, people[0], summit, keep);
	const moved = await register(db.owner, people[1], summit, drop);
	const waiting = await register(db.owner, people[2], summit, drop);
	expect([moved.status, waiting.status]).toEqual(['held', 'queued']);
	const rank = () =>
		readValue<string>(db.owner, `select rank from public.queue_entries where registration_id = $1`, [waiting.id]);
	const before = await rank();
	await db.owner.query(
		`insert into public.focal_points (summit_id, member_id, person_id) select $1, m, $3 from unnest($2::uuid[]) as m`,
		[summit, [keep, drop], people[0].person]
	);
	await db.owner.query(`insert into public.focal_points (summit_id, member_id, person_id) values ($1, $2, $3)`, [
		summit,
		drop,
		people[1].person
	]);
	await db.owner.query(
		`insert into public.allocation_exceptions (summit_id, member_id, mode, ceiling, reason) values ($1, $2, 'virtual', 7, 'Host')`,
		[summit, drop]
	);
	await db.owner.query(
		`insert into public.orders (summit_id, payer_member_id, currency, due_at, closed_at) values ($1, $2, 'EUR', now(), now())`,
		[summit, drop]
	);
	await db.owner.query(
		`with s as (insert into public.sessions (summit_id, title, level, audience) values ($1, '{"original":"en","en":"Closed"}', 'closed', 'listed') returning id)
		insert into public.session_audiences (session_id, summit_id, member_id) select id, $1, m from s, unnest($2::uuid[]) as m`,
		[summit, [keep, drop]]
	);
	await db.owner.query(
		`insert into public.delegation_places (registration_id, summit_id, member_id, position, is_head)
		select r.id, r.summit_id, r.member_id, 1, r.id <> $2 from public.registrations as r where r.summit_id = $1`,
		[summit, waiting.id]
	);
	const shown = await callAs<Answer>(db.owner, organiser, `public.preview_member_merge($1, $2)`, [keep, drop]);
	expect(shown).toMatchObject({ status: 'ok', exceeds: false, moves: { orders: 1, sessions: 1, exceptions: 1 } });
	expect(shown['summits']).toMatchObject([{ registrations: 2, focal: 2, waiting: 1 }]);
	const [row] = shown['summits'] as { seats: { mode: string; kept: number; dropped: number }[] }[];
	expect(row?.seats[0]).toMatchObject({ mode: 'in_person', kept: 1, dropped: 1 });

	expect(await merge(organiser, keep, drop)).toEqual({ status: 'ok' });
	expect(await seatsOf(keep)).toBe(2);
	expect(await rank()).toBe(before);
	const count = (sql: string) => readValue<number>(db.owner, `select count(*)::integer from ${sql}`, [keep]);
	expect(await count(`public.registrations where member_id = $1`)).toBe(3);
	expect(await count(`public.focal_points where member_id = $1`)).toBe(2);
	expect(await count(`public.allocation_exceptions where member_id = $1 and ceiling = 7`)).toBe(1);
	expect(await count(`public.orders where payer_member_id = $1`)).toBe(1);
	expect(await count(`public.session_audiences where member_id = $1`)).toBe(1);
	expect(await count(`public.delegation_places where member_id = $1`)).toBe(3);
	expect(await count(`public.delegation_places where member_id = $1 and is_head`)).toBe(1);
	expect(await exists(drop)).toBe(false);
	expect(await callAs(db.owner, organiser, `public.read_member($1, $2)`, [summit, drop])).toEqual({ moved_to: keep });
	const history = await callAs<{ what: string; actor: string; reason: string }[]>(
		db.owner,
		organiser,
		`public.member_history($1, $2)`,
		[summit, keep]
	);
	expect(history.find(({ what }) => what === 'merged')).toMatchObject({
		actor: organiser.name,
		reason: 'One and the same'
	});
	expect(await faultsOf(db.owner, summit)).toEqual([]);
});

test('exceeding the kept member’s allocation is refused with the reason, or allowed as an exception with one', async () => {
	const { summit, keep, drop, people, organiser } = await two(10, 1);
	await register(db.owner, people[0], summit, keep);
	await register(db.owner, people[1], summit, drop);
	const shown = await callAs<Answer>(db.owner, organiser, `public.preview_member_merge($1, $2)`, [keep, drop]);
	expect(shown['exceeds']).toBe(true);
	expect(await merge(organiser, keep, drop)).toEqual({ status: 'exceeds', detail: 'exceeds in_person 2 1' });
	expect([await exists(drop), await seatsOf(keep), await seatsOf(drop)]).toEqual([true, 1, 1]);
	expect(await merge(organiser, keep, drop, true, db.owner, '')).toEqual({ status: 'reason_needed' });
	expect(await merge(organiser, keep, drop, true)).toEqual({ status: 'ok' });
	expect(
		(
			await db.owner.query(`select mode, ceiling, reason from public.allocation_exceptions where member_id = $1`, [
				keep
			])
		).rows
	).toEqual([{ mode: 'in_person', ceiling: 2, reason: 'One and the same' }]);
	expect(await faultsOf(db.owner, summit)).toEqual([]);
});

test('a balance ceiling that the seats would exceed prevents a merge', async () => {
	const { summit, keep, drop, people, organiser } = await two();
	await db.owner.query(
		`insert into public.seat_ceilings (summit_id, mode, sector, ceiling) values ($1, 'in_person', 'civil_society', 1)`,
		[summit]
	);
	await register(db.owner, people[0], summit, keep);
	await register(db.owner, people[1], summit, drop);
	expect(await merge(organiser, keep, drop, true)).toMatchObject({ status: 'stranded' });
	expect([await exists(drop), await seatsOf(drop)]).toEqual([true, 1]);
});

test('only registration organisers of every Summit of the two members merge them', async () => {
	const { keep, drop, organiser, finance } = await two();
	const other = await makeSummit(db.owner, {});
	expect(await merge(finance, keep, drop)).toEqual({ status: 'not_allowed' });
	expect(await merge(other.organiser, keep, drop)).toEqual({ status: 'not_allowed' });
	await db.owner.query(
		`insert into public.summit_members (summit_id, member_id, sector, country) values ($1, $2, 'civil_society', 'PT')`,
		[other.summit, drop]
	);
	expect(await merge(organiser, keep, drop)).toEqual({ status: 'not_allowed' });
	expect(await merge(organiser, keep, keep)).toEqual({ status: 'same' });
});

test('a merge during registrations and a merge in the opposite direction: one succeeds, and nothing is stranded', async () => {
	for (let round = 0; round < 3; round += 1) {
		const { summit, members, keep, drop, organiser } = await two(12, 30);
		const people = await makePeople(db.owner, 24);
		const clients = await connectMany(db, 10);
		let n = 0;
		const merges: Answer[] = [];
		await Promise.all(
			clients.map(async (client, at) => {
				if (at < 2) {
					merges.push(await merge(organiser, at === 0 ? keep : drop, at === 0 ? drop : keep, true, client));
				} else {
					for (let who = people[n++]; who; who = people[n++]) {
						// People whose member is merged away meanwhile are told so, and lose nothing.
						await register(client, who, summit, members[n % 2] ?? '').catch((error: { code?: string }) => {
							if (error.code !== '23503') throw error;
						});
					}
				}
			})
		);
		await Promise.all(clients.map((client) => client.end()));
		expect(merges.filter(({ status }) => status === 'ok').length).toBe(1);
		expect([await exists(keep), await exists(drop)].filter(Boolean).length).toBe(1);
		expect(await faultsOf(db.owner, summit)).toEqual([]);
	}
});

test('inviting for or choosing a member that is being merged waits, and then reports that it is gone', async () => {
	const { summit, keep, drop, organiser, people } = await two();
	const [who] = people;
	const started = await callAs<{ id: string }>(db.owner, who, `private.start_registration($1)`, [summit]);
	const [merging, inviting, choosing] = (await connectMany(db, 3)) as [pg.Client, pg.Client, pg.Client];
	await merging.query('begin');
	await setCaller(merging, organiser);
	await merging.query(`select public.merge_members($1, $2, 'One and the same')`, [keep, drop]);
	const answers = [
		callAs<Answer>(inviting, organiser, `public.invite_delegate($1, $2, 'in_person', $3)`, [
			summit,
			drop,
			makeLetter('a@example.org').letter
		]),
		callAs<Answer>(choosing, who, `private.save_registration($1, 2, $2)`, [
			started.id,
			JSON.stringify({ member_id: drop })
		])
	];
	await waitForLocks(db.owner, 2);
	await merging.query('commit');
	const [invited, chosen] = await Promise.all(answers);
	expect(invited).toEqual({ status: 'not_allowed' });
	expect(chosen).toMatchObject({ status: 'invalid', faults: ['member_id'] });
	await Promise.all([merging, inviting, choosing].map((client) => client.end()));
});

test('changes made during a merge move as well', async () => {
	const { summit, keep, drop, organiser } = await two();
	const letter = makeLetter('changed@example.org');
	const invited = await callAs<{ id: string }>(db.owner, organiser, `public.invite_delegate($1, $2, 'in_person', $3)`, [
		summit,
		drop,
		letter.letter
	]);
	const [opening, merging] = (await connectMany(db, 2)) as [pg.Client, pg.Client];
	await opening.query('begin');
	await opening.query(`update private.invitations set opened_at = now() where id = $1`, [invited.id]);
	const merged = merge(organiser, keep, drop, false, merging);
	await waitForLocks(db.owner);
	await opening.query('commit');
	expect(await merged).toEqual({ status: 'ok' });
	const { rows } = await db.owner.query(
		`select member_id, opened_at is not null as opened from private.invitations where id = $1`,
		[invited.id]
	);
	expect(rows).toEqual([{ member_id: keep, opened: true }]);
	await Promise.all([opening, merging].map((client) => client.end()));
});
