/* Accepting a part leads to a registration and a seat. */
import { beforeEach, describe, expect, test } from 'vitest';
import { callAs, inTurn, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makePerson, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeEach(async () => {
	world = await makeWorld(db.owner);
});

describe('accepting a part', () => {
	const invited = (who: TestPerson, session: string, role = 'speaker') =>
		readValue<string>(
			db.owner,
			`insert into public.session_people (session_id, summit_id, person_id, role) values ($1, $2, $3, $4) returning id`,
			[session, world.summit, who.person, role]
		);
	const accept = (who: TestPerson, entry: string) =>
		callAs<string>(db.owner, who, 'public.answer_participation($1, true)', [entry]);
	const registration = (who: TestPerson) =>
		db.owner
			.query<{ id: string; category: string; mode: string; state: string; pool: string | null }>(
				`select r.id, r.category, r.mode, r.state, p.name as pool from public.registrations as r left join public.pools as p on p.id = r.pool_id where r.person_id = $1`,
				[who.person]
			)
			.then(({ rows }) => rows);
	const submit = async (who: TestPerson) => {
		await db.owner.query(`update public.registrations set code_of_conduct_at = now() where person_id = $1`, [
			who.person
		]);
		return callAs<{ status: string }>(db.owner, who, 'private.submit_registration($1)', [
			(await registration(who))[0]?.id
		]);
	};
	const seats = (who: TestPerson) =>
		callAs<{ person: string; state: string; reason: string | null; pool: string | null }[]>(
			db.owner,
			who,
			'public.read_speaker_seats($1)',
			[world.summit]
		);
	const pool = (name: string, places: number) =>
		db.owner.query(
			`insert into public.pools (summit_id, category, name, in_person_ceiling, virtual_ceiling) values ($1, 'speaker', $2, $3, $3)`,
			[world.summit, name, places]
		);

	test('begins a registration of the category, once; an active one stays unchanged', async () => {
		const { newcomer, speaker, virtual } = world.people;
		await db.owner.query(`update public.sessions set attendance = 'online' where id = $1`, [world.sessions.members.id]);
		expect(await accept(newcomer, await invited(newcomer, world.sessions.members.id))).toBe('ok');
		expect(await accept(newcomer, await invited(newcomer, world.sessions.public.id, 'interpreter'))).toBe('ok');
		expect(await registration(newcomer)).toMatchObject([{ category: 'speaker', mode: 'virtual', state: 'draft' }]);
		for (const who of [speaker, virtual]) {
			const before = await registration(who);
			expect(await accept(who, await invited(who, world.sessions.members.id))).toBe('ok');
			expect(await registration(who)).toEqual(before);
		}
		// An entry by organisers begins nothing; the person does, with one click.
		const noted = await makePerson(db.owner, 'Noted');
		const entry = await invited(noted, world.sessions.members.id);
		await callAs(db.owner, world.people.programme, 'public.change_session_person($1, $2)', [entry, 'confirmed']);
		expect([
			await registration(noted),
			await callAs(db.owner, noted, 'public.my_speaker_seat($1)', [world.summit])
		]).toEqual([[], { state: 'none', late: false, waits: false }]);
		expect(await callAs(db.owner, noted, 'public.start_speaker_registration($1)', [world.summit])).toBe('ok');
		expect(await registration(noted)).toHaveLength(1);
		expect(await callAs(db.owner, world.people.delegate, 'public.start_speaker_registration($1)', [world.summit])).toBe(
			'none'
		);
		expect(await callAs(db.owner, world.people.delegate, 'public.my_speaker_seat($1)', [world.summit])).toBeNull();
		// A person whom the organisers have declined begins another one only themselves.
		await db.owner.query(`update public.registrations set state = 'declined' where person_id = $1`, [noted.person]);
		await callAs(db.owner, noted, 'public.start_speaker_registration($1)', [world.summit]);
		expect(await registration(noted)).toMatchObject([{ state: 'declined' }]);
	});

	test('uses the named pool with room; when all are full the part is kept, and organisers see who waits', async () => {
		await pool('A panel', 1);
		await pool('B keynotes', 1);
		const people: TestPerson[] = [];
		for (const n of [1, 2, 3]) {
			const who = await makePerson(db.owner, `Speaker ${n}`);
			await accept(who, await invited(who, world.sessions.members.id));
			people.push(who);
		}
		// Registration is closed for others, but people who agreed to speak may still register.
		await db.owner.query(`update public.summits set registration_closes_at = now() - interval '1 hour' where id = $1`, [
			world.summit
		]);
		const statuses = [];
		for (const who of people) statuses.push((await submit(who)).status);
		expect(statuses).toEqual(['held', 'held', 'queued']);
		expect((await inTurn(people, async (who) => (await registration(who))[0]?.pool)).toSorted()).toEqual([
			'A panel',
			'A panel',
			'B keynotes'
		]);
		const [, , last] = people as [TestPerson, TestPerson, TestPerson];
		expect((await seats(world.people.programme))[0]).toMatchObject({
			person: last.person,
			state: 'submitted',
			reason: 'allocation',
			pool: 'A panel'
		});
		expect(await callAs(db.owner, last, 'public.my_speaker_seat($1)', [world.summit])).toEqual({
			state: 'submitted',
			late: true,
			waits: true
		});
		expect(await callAs(db.owner, last, `public.my_participations($1) #>> '{0,state}'`, [world.summit])).toBe(
			'confirmed'
		);
		for (const who of ['stage', 'delegate', 'speaker', 'finance'] as const)
			expect(await seats(world.people[who])).toEqual([]);
		// After the pool is enlarged the queue moves up automatically.
		await callAs(db.owner, world.people.registration, 'public.save_pool($1, $2, $3)', [
			world.summit,
			await readValue(db.owner, `select id from public.pools where summit_id = $1 and name = 'A panel'`, [
				world.summit
			]),
			JSON.stringify({ name: 'A panel', in_person: '2', virtual: '2' })
		]);
		await db.owner.query('select private.serve_queues($1)', [world.summit]);
		expect((await seats(world.people.programme)).filter(({ reason }) => reason !== null)).toEqual([]);
	});
});
