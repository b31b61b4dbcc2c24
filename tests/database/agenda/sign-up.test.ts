/* Places in a session with limited capacity: never more than the limit, in order, passed on when given up. */
import { beforeEach, describe, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, makePerson, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let session: string;

beforeEach(async () => {
	world = await makeWorld(db.owner);
	session = world.sessions.members.id;
});

interface Answer {
	status: string;
	state?: string;
	reason?: string;
}

const callAs = async <T>(who: TestPerson | null, call: string, values: unknown[], on = db.owner): Promise<T> =>
	(await actAs<{ answer: T }>(on, who, `select ${call} as answer`, values))[0]?.answer as T;
const signUp = (who: TestPerson, channel = 'online', on = db.owner) =>
	callAs<Answer>(who, 'public.sign_up($1, $2)', [session, channel], on);
const cancel = (who: TestPerson, on = db.owner) => callAs<string>(who, 'public.cancel_sign_up($1)', [session], on);
const setPlaces = (
	hall: number | null,
	online: number | null,
	closes: string | null = null,
	who = world.people.programme
) => callAs<Answer>(who, 'public.set_session_places($1, $2, $3, $4)', [session, hall, online, closes]);
const places = async () =>
	(
		await db.owner.query<{ person_id: string; state: string }>(
			'select person_id, state from private.session_signups where session_id = $1 order by rank',
			[session]
		)
	).rows;

/** People with a confirmed virtual registration, as after accreditation. */
async function attend(count: number): Promise<TestPerson[]> {
	const people: TestPerson[] = [];
	for (let n = 0; n < count; n += 1) people.push(await makePerson(db.owner, `Attendee ${n}`));
	await db.owner.query('begin');
	await db.owner.query(`update public.mode_capacities set capacity = 1000 where summit_id = $1`, [world.summit]);
	await db.owner.query(`update public.allocation_policies set ceiling = 1000 where summit_id = $1`, [world.summit]);
	await db.owner.query(
		`with made as (insert into public.registrations (summit_id, person_id, member_id, mode, state, submitted_at)
			select $1, unnest($2::uuid[]), $3, 'virtual', 'confirmed', now() returning id)
		insert into public.seats (summit_id, registration_id, mode, member_id, state) select $1, id, 'virtual', $3, 'taken' from made`,
		[world.summit, people.map(({ person }) => person), world.member]
	);
	await db.owner.query('commit');
	return people;
}

describe('places of a session', () => {
	test('two hundred people at once for thirty places: thirty get one, the rest wait in the order of their requests', async () => {
		const people = await attend(200);
		await setPlaces(null, 30);
		const connections = await Promise.all(Array.from({ length: 50 }, () => db.connect()));
		await Promise.all(
			connections.map(async (on, n) => {
				for (const who of people.slice(n * 4, n * 4 + 4)) expect((await signUp(who, 'online', on)).status).toBe('ok');
			})
		);
		const all = await places();
		expect(all.map(({ state }) => state)).toEqual([...Array(30).fill('placed'), ...Array(170).fill('waiting')]);
		// Forty give up at once, with and without a place, each twice. The next people move up in order.
		const going = [...all.slice(0, 10), ...all.slice(60, 90)].map(({ person_id }) => person_id);
		await Promise.all(
			going.map(async (person, n) => {
				const who = people.find((one) => one.person === person) as TestPerson;
				await cancel(who, connections[n]);
				await cancel(who, connections[n]);
			})
		);
		const left = await places();
		expect(left.map(({ state }) => state)).toEqual([...Array(30).fill('placed'), ...Array(130).fill('waiting')]);
		expect(left.map(({ person_id }) => person_id)).toEqual(
			all.map(({ person_id }) => person_id).filter((id) => !going.includes(id))
		);
		const { rows } = await db.owner.query<{ person_id: string }>(
			`select person_id from private.outbox where template = 'place_given' and summit_id = $1`,
			[world.summit]
		);
		expect(rows.map(({ person_id }) => person_id).sort()).toEqual(
			left
				.slice(20, 30)
				.map(({ person_id }) => person_id)
				.sort()
		);
	}, 120_000);

	test('require a seat in the hall for a place in the hall, and the audience of a closed session', async () => {
		const { people } = world;
		await setPlaces(1, 1);
		expect(await signUp(people.newcomer)).toEqual({ status: 'not_seen' });
		expect(await signUp(people.virtual, 'hall')).toEqual({ status: 'not_entitled', reason: 'virtual_at_door' });
		expect(await signUp(people.delegate, 'hall')).toEqual({ status: 'ok', state: 'placed' });
		expect(await signUp(people.delegate, 'hall')).toEqual({ status: 'ok', state: 'placed' });
		expect(await signUp(people.delegate, 'online')).toEqual({ status: 'already', state: 'placed' });
		expect(await signUp(people.virtual, 'elsewhere')).toEqual({ status: 'no_limit' });
		session = world.sessions.closed.id;
		await setPlaces(null, 1);
		expect(await signUp(people.delegate)).toEqual({ status: 'not_seen' });
		expect(await callAs(people.delegate, 'public.read_places($1)', [session])).toBeNull();
		expect(await callAs(people.listed, `public.read_places($1) #> '{channels,0}'`, [session])).toEqual({
			channel: 'online',
			places: 1,
			left: 1,
			waiting: 0
		});
	});

	test('pass to the next person after a withdrawal or a switch to virtual', async () => {
		const { people } = world;
		await setPlaces(1, 1);
		const [waiting] = await attend(1);
		await signUp(people.virtual);
		expect(await signUp(waiting as TestPerson)).toEqual({ status: 'ok', state: 'waiting' });
		expect(await callAs(waiting as TestPerson, `public.read_places($1) -> 'mine'`, [session])).toEqual({
			channel: 'online',
			state: 'waiting',
			position: 1
		});
		await signUp(people.delegate, 'hall');
		await callAs(people.virtual, 'public.withdraw_registration($1)', [world.registrations.virtual]);
		expect(await places()).toEqual([
			{ person_id: waiting?.person, state: 'placed' },
			{ person_id: people.delegate.person, state: 'placed' }
		]);
	});

	test('are required at the door, on the stream, at both or nowhere, and never of people who enter by a role', async () => {
		const { people } = world;
		const [other] = await attend(1);
		const entries = async (who: TestPerson | null) => [
			await callAs<string>(who, `public.can_enter($1, 'door')`, [session]),
			await callAs<string>(who, `public.can_enter($1, 'stream')`, [session])
		];
		const limit = (hall: number | null, online: number | null, where: string) =>
			callAs<Answer>(people.programme, 'public.set_session_places($1, $2, $3, null, $4)', [
				session,
				hall,
				online,
				where
			]);
		expect(await limit(5, 5, 'both')).toEqual({ status: 'ok' });
		expect([await entries(people.delegate), await entries(people.virtual), await entries(people.newcomer)]).toEqual([
			['no_place', 'no_place'],
			['virtual_at_door', 'no_place'],
			['not_seen', 'not_seen']
		]);
		// People who run the stage and people of the session need no place.
		expect((await entries(people.stage))[1]).toBe('ok');
		await db.owner.query(
			`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'speaker', 'confirmed')`,
			[session, world.summit, people.speaker.person]
		);
		expect(await entries(people.speaker)).toEqual(['ok', 'ok']);
		// A place in the hall is valid for the stream too; an online place is never valid for the hall. A place in the
		// queue is not a place.
		await signUp(people.delegate, 'hall');
		await signUp(people.virtual);
		expect([await entries(people.delegate), await entries(people.virtual)]).toEqual([
			['ok', 'ok'],
			['virtual_at_door', 'ok']
		]);
		await limit(5, 1, 'both');
		expect(await signUp(other as TestPerson)).toEqual({ status: 'ok', state: 'waiting' });
		expect((await entries(other as TestPerson))[1]).toBe('no_place');
		await cancel(people.virtual);
		expect([(await entries(people.virtual))[1], (await entries(other as TestPerson))[1]]).toEqual(['no_place', 'ok']);
		await limit(5, 1, 'door');
		await cancel(people.delegate);
		expect([await entries(people.delegate), (await entries(people.virtual))[1]]).toEqual([['no_place', 'ok'], 'ok']);
		await limit(5, 1, 'none');
		expect(await entries(people.delegate)).toEqual(['ok', 'ok']);
		await limit(null, 1, 'both');
		expect(await entries(people.delegate)).toEqual(['ok', 'no_place']);
		expect((await limit(1, 1, 'elsewhere')).status).toBe('invalid');
		// Signing up for a public session with a limited stream needs an account.
		session = world.sessions.public.id;
		await limit(null, 1, 'both');
		expect([(await entries(null))[1], (await entries(people.delegate))[1]]).toEqual(['sign_in', 'no_place']);
	});

	test('move up without a mail when the session is not in the newest release', async () => {
		const { people } = world;
		const [other] = await attend(1);
		await setPlaces(null, 1);
		await signUp(people.virtual);
		await signUp(other as TestPerson);
		// People of a session see it in the draft too.
		await db.owner.query(
			`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'speaker', 'confirmed')`,
			[session, world.summit, other?.person]
		);
		await db.owner.query(
			`delete from public.release_sessions where session_id = $1 and release_id = private.newest_release($2)`,
			[session, world.summit]
		);
		expect(await cancel(people.virtual)).toBe('ok');
		expect(await places()).toEqual([{ person_id: other?.person, state: 'placed' }]);
	});

	test('leave nobody waiting when the limit is removed, and every page is notified', async () => {
		const { people } = world;
		const listener = await db.connect();
		const received: string[] = [];
		listener.on('notification', ({ payload }) => {
			const { topic, kind } = JSON.parse(payload ?? '{}') as { topic: string; kind: string };
			if (topic === `session:${session}`) received.push(kind);
		});
		await setPlaces(0, 1);
		expect(await signUp(people.delegate, 'hall')).toEqual({ status: 'ok', state: 'waiting' });
		await signUp(people.virtual);
		expect(await setPlaces(null, 1)).toEqual({ status: 'ok' });
		expect(await places()).toEqual([{ person_id: people.virtual.person, state: 'placed' }]);
		await listener.query('listen live_events');
		expect(await setPlaces(null, null)).toEqual({ status: 'ok' });
		await listener.query('select 1');
		expect([await places(), received]).toEqual([[], ['rights']]);
	});

	test('are limited by people who edit the session; a lower limit takes no given place away', async () => {
		const { people } = world;
		for (const kind of ['newcomer', 'delegate', 'speaker', 'registration', 'stage', 'door'] as const)
			expect(await setPlaces(1, 1, null, people[kind])).toEqual({ status: 'not_allowed' });
		expect(await setPlaces(-1, 1)).toEqual({ status: 'invalid' });
		const [one, two] = await attend(2);
		await setPlaces(null, 1);
		await signUp(one as TestPerson);
		await signUp(two as TestPerson);
		expect(await setPlaces(5, null)).toEqual({ status: 'too_few', taken: { hall: 0, online: 1 } });
		await setPlaces(null, 2);
		expect((await places()).map(({ state }) => state)).toEqual(['placed', 'placed']);
		await setPlaces(null, 3, '2020-01-01T00:00:00Z');
		expect(await signUp(people.virtual)).toEqual({ status: 'closed' });
		await db.owner.query(`update public.sessions set state = 'cancelled' where id = $1`, [session]);
		await actAs(db.owner, people.programme, 'select public.publish_release($1)', [world.summit]);
		expect(await signUp(people.virtual)).toEqual({ status: 'cancelled' });
	});
});
