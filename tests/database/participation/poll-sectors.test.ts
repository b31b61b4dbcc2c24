/* Results of polls by sector: small sectors are never shown, and nothing is counted in sessions without names. */
import type pg from 'pg';
import { expect, test } from 'vitest';
import { connectMany, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { endRun } from '../../fixtures/level-runs.ts';
import { setCaller, makePerson, type TestPerson } from '../../fixtures/world.ts';
import { usePolls } from '../../fixtures/polling.ts';

const db = useDatabase();
const polls = usePolls(db);
const { make, read, vote, setState, counts, opened } = polls;

async function delegates(sector: string, count: number): Promise<TestPerson[]> {
	const member = await readValue<string>(
		db.owner,
		`with made as (insert into public.members (name, sector, country, region) values ($1, $2, 'UY', 'Americas') returning id, sector)
		insert into public.summit_members (summit_id, member_id, sector, country, region) select $3, id, sector, 'UY', 'Americas' from made returning member_id`,
		[`${sector} ${polls.world.slug}`, sector, polls.world.summit]
	);
	await db.owner.query(
		`insert into public.allocation_policies (summit_id, sector, mode, ceiling) values ($1, $2, 'virtual', 50) on conflict do nothing`,
		[polls.world.summit, sector]
	);
	await db.owner.query(`update public.mode_capacities set capacity = 500 where summit_id = $1`, [polls.world.summit]);
	await db.owner.query(`update public.allocation_policies set ceiling = 50 where summit_id = $1`, [polls.world.summit]);
	const people: TestPerson[] = [];
	for (let n = 0; n < count; n++) {
		const who = await makePerson(db.owner, `${sector} ${n}`);
		await db.owner.query(
			`with made as (insert into public.registrations (summit_id, person_id, member_id, mode, state, submitted_at) values ($1, $2, $3, 'virtual', 'confirmed', now()) returning *)
			insert into public.seats (summit_id, registration_id, mode, member_id, state) select summit_id, id, mode, member_id, 'taken' from made`,
			[polls.world.summit, who.person, member]
		);
		people.push(who);
	}
	return people;
}

test('sectors are shown once a poll is closed, small ones combined with others, and never twice', async () => {
	const poll = await opened('members', { bySector: true });
	for (const [sector, count] of [
		['government', 7],
		['private_sector', 6],
		['intergovernmental', 2]
	] as const)
		for (const [n, who] of (await delegates(sector, count)).entries()) await vote(who, poll, [n === 0 ? 'No' : 'Yes']);
	expect((await read(polls.runs.chair, 'members'))?.polls[0]?.sectors).toBeNull();
	await setState(polls.runs.chair, poll, 'closed');
	const seen = (await read(polls.runs.chair, 'members'))?.polls[0];
	// A group of two could be computed by subtraction, so the smallest other group joins it.
	expect(seen?.sectors?.map(({ sector, voters }) => [sector, voters])).toEqual([
		['government', 7],
		[null, 8]
	]);
	expect(counts(seen)).toEqual({ Yes: 12, No: 3 });
	expect(await setState(polls.runs.chair, poll, 'open')).toBe('invalid');
	// Too few votes in total are shown without sectors.
	const small = await opened('members', { bySector: true });
	await vote(polls.world.people.delegate, small, ['Yes']);
	await setState(polls.runs.chair, small, 'closed');
	expect((await read(polls.runs.chair, 'members'))?.polls[0]?.sectors).toEqual([]);
});

test('without names nothing is counted by sector, and no vote is left after the run', async () => {
	expect(await make(polls.runs.chair, 'chatham_house', 'By sector?', { bySector: true })).toBe('invalid');
	for (const level of ['chatham_house', 'members'] as const) {
		const poll = await opened(level);
		await vote(polls.world.people.delegate, poll, ['Yes']);
		await endRun(db.owner, polls.runs.of[level]);
		expect([
			level,
			await readValue(db.owner, 'select count(*)::int from private.poll_votes where poll_id = $1', [poll.id])
		]).toEqual([level, level === 'members' ? 1 : 0]);
	}
	// Raising the level later deletes what was kept.
	await db.owner.query(`update public.sessions set level = 'chatham_house' where id = $1`, [
		polls.world.sessions.members.id
	]);
	expect(
		await readValue(
			db.owner,
			'select count(*)::int from private.poll_votes as v join private.polls as p on p.id = v.poll_id where p.session_id = $1',
			[polls.world.sessions.members.id]
		)
	).toBe(0);
});

test('raising the level stops counting by sector in polls prepared earlier, also without a run', async () => {
	const session = polls.world.sessions.members.id;
	await endRun(db.owner, polls.runs.of.members);
	expect(await make(polls.runs.chair, 'members', 'Prepared', { bySector: true, open: false })).toBe('ok');
	await db.owner.query(`delete from public.runs where session_id = $1`, [session]);
	await db.owner.query(`update public.sessions set level = 'chatham_house' where id = $1`, [session]);
	await db.owner.query(
		`insert into public.runs (session_id, summit_id, room_id, level, state, started_at)
		select $1, $2, id, 'chatham_house', 'live', now() from public.rooms where summit_id = $2 and slug = 'members'`,
		[session, polls.world.summit]
	);
	const poll = (await read(polls.runs.chair, 'members'))?.drafts?.[0];
	expect(await setState(polls.runs.chair, poll, 'open')).toBe('ok');
	for (const who of await delegates('government', 6)) expect(await vote(who, poll, ['Yes'])).toBe('ok');
	await setState(polls.runs.chair, poll, 'closed');
	expect((await read(polls.runs.chair, 'members'))?.polls[0]).toMatchObject({
		by_sector: false,
		voters: 6,
		sectors: null
	});
	expect(
		await readValue(
			db.owner,
			'select count(*)::int from private.poll_votes where poll_id = $1 and sector is not null',
			[poll?.id]
		)
	).toBe(0);
});

test('a poll by sector that is created while the level is raised counts by no sector', async () => {
	const session = polls.world.sessions.members.id;
	const [maker, raiser] = (await connectMany(db, 2)) as [pg.Client, pg.Client];
	const pid = await readValue<number>(raiser, 'select pg_backend_pid()');
	await maker.query('begin');
	await setCaller(maker, polls.runs.chair);
	await maker.query(`select public.create_poll($1, 'At this moment', 'single', '{A,B}', true, true, true)`, [session]);
	const raising = raiser.query(`update public.sessions set level = 'chatham_house' where id = $1`, [session]);
	const isWaiting = () =>
		readValue<boolean>(db.owner, 'select exists (select from pg_locks where pid = $1 and not granted)', [pid]);
	const isRaised = () =>
		readValue<boolean>(db.owner, `select level = 'chatham_house' from public.sessions where id = $1`, [session]);
	await expect.poll(async () => (await isWaiting()) || (await isRaised())).toBe(true);
	await maker.query('commit');
	await raising;
	expect(
		(await db.owner.query(`select by_sector, level from private.polls where session_id = $1`, [session])).rows
	).toEqual([{ by_sector: false, level: 'chatham_house' }]);
});
