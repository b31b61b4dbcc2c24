import { describe, expect, test } from 'vitest';
import { waitForLocks } from '../../fixtures/database.ts';
import { useStageWorld } from '../../fixtures/staging.ts';
import { actAs, type TestPerson } from '../../fixtures/world.ts';

const stage = useStageWorld();

describe('presence', () => {
	const at = (minute: number, second = 0) => new Date(Date.UTC(2027, 5, 9, 10, minute, second)).toISOString();
	const event = (
		room: string | undefined,
		sid: string,
		identity: string | null | undefined,
		joined: string,
		left: string | null
	) =>
		stage.one<number>(stage.app, `select private.apply_livekit_event($1, $2, $3, $4, $5)`, [
			room,
			sid,
			identity,
			joined,
			left
		]);
	const recorded = async (who: TestPerson) =>
		(
			await stage.owner.query<{ entered_at: Date; left_at: Date | null }>(
				`select entered_at, left_at from public.presence where person_id = $1 and kind = 'stream' order by entered_at`,
				[who.person]
			)
		).rows.map(({ entered_at, left_at }) => [entered_at.toISOString(), left_at?.toISOString() ?? null]);

	test('is the same for any order and repetition of events', async () => {
		const reports: [string, string, string | null][] = [
			['PA_a', at(0), null],
			['PA_a', at(0), at(10)],
			['PA_b', at(10, 20), null],
			['PA_b', at(10, 20), at(20)],
			['PA_c', at(40), null],
			['PA_c', at(40), at(50)]
		];
		const orders = [reports, [...reports].reverse(), [...reports, ...reports], reports.filter(([, , left]) => left)];
		for (const [index, order] of orders.entries()) {
			const who = [
				stage.world.people.delegate,
				stage.world.people.virtual,
				stage.world.people.listed,
				stage.world.people.speaker
			][index] as TestPerson;
			const { room, identity } = await stage.pass(who);
			for (const [sid, joined, left] of order)
				await event(room, `${sid}${index}${stage.world.slug}`, identity, joined, left);
			expect(await recorded(who)).toEqual([
				[at(0), at(20)],
				[at(40), at(50)]
			]);
		}
	});

	test('ends with the run, and by the room list when the webhook is missing', async () => {
		const first = await stage.pass(stage.world.people.delegate);
		const second = await stage.pass(stage.world.people.virtual);
		await event(first.room, `PA_1${stage.world.slug}`, first.identity, at(0), null);
		expect(await recorded(stage.world.people.delegate)).toEqual([[at(0), null]]);
		const list = (minute: number, ...present: [string, string | null | undefined][]) =>
			stage.app.query(`select private.reconcile_connections($1, $2, $3)`, [
				first.room,
				JSON.stringify(present.map(([sid, identity]) => ({ sid, identity, joined_at: at(1) }))),
				at(minute)
			]);
		// The join of the second was never reported; the first leaves without an event.
		await list(2, [`PA_1${stage.world.slug}`, first.identity], [`PA_2${stage.world.slug}`, second.identity]);
		await list(3, [`PA_2${stage.world.slug}`, second.identity]);
		expect(await recorded(stage.world.people.delegate)).toEqual([[at(0), at(2)]]);
		expect(await recorded(stage.world.people.virtual)).toEqual([[at(1), null]]);
		await stage.setState(stage.world.people.stage, stage.world.run, 'ended');
		expect((await recorded(stage.world.people.virtual))[0]?.[1]).not.toBeNull();
	});

	test('corrects a LiveKit clock that is ahead of ours: a visit between two checks has no duration', async () => {
		const { room, identity } = await stage.pass(stage.world.people.delegate);
		const other = await stage.pass(stage.world.people.virtual);
		const list = (when: string, ...present: object[]) =>
			stage.app.query(`select private.reconcile_connections($1, $2, $3)`, [room, JSON.stringify(present), when]);
		const slow = { sid: `PA_s${stage.world.slug}`, identity, joined_at: at(3) };
		await list(at(0), slow, { sid: `PA_t${stage.world.slug}`, identity: other.identity, joined_at: at(0, 5) });
		await list(at(1));
		expect(await recorded(stage.world.people.delegate)).toEqual([[at(3), at(3)]]);
		expect(await recorded(stage.world.people.virtual)).toEqual([[at(0, 5), at(0, 5)]]);
		await list(at(4), { ...slow, sid: `PA_u${stage.world.slug}`, joined_at: at(6) });
		await stage.app.query(`select private.end_lost_connections('{}', $1)`, [at(5)]);
		expect(await recorded(stage.world.people.delegate)).toEqual([
			[at(3), at(3)],
			[at(6), at(6)]
		]);
	});

	test('combines two merged records, including later LiveKit events', async () => {
		const { delegate, newcomer } = stage.world.people;
		const [first, second] = [await stage.pass(delegate), await stage.pass(newcomer)];
		await event(first.room, `PA_1${stage.world.slug}`, first.identity, at(0), at(10));
		await event(second.room, `PA_2${stage.world.slug}`, second.identity, at(20), at(30));
		await event(first.room, `PA_3${stage.world.slug}`, first.identity, at(40), null);
		await event(second.room, `PA_4${stage.world.slug}`, second.identity, at(45), null);
		await stage.owner.query(`select private.merge_people($1, $2, 'one')`, [delegate.person, newcomer.person]);
		const both = [
			[at(0), at(10)],
			[at(20), at(30)],
			[at(40), null]
		];
		expect(await recorded(delegate)).toEqual(both);
		await event(second.room, `PA_4${stage.world.slug}`, second.identity, at(45), at(50));
		await event(first.room, `PA_3${stage.world.slug}`, first.identity, at(40), at(55));
		expect((await recorded(delegate)).slice(0, 2)).toEqual(both.slice(0, 2));
	});

	/** Runs these, each once the one before waits for the lock of `hold`, which is then released. */
	async function crossed<A, B>(hold: string, value: unknown, first: () => Promise<A>, second: () => Promise<B>) {
		const between = await stage.db.connect();
		await between.query('begin');
		await between.query(hold, [value]);
		const one = first();
		await waitForLocks(between);
		const other = second();
		await waitForLocks(between, 2);
		await between.query('commit');
		return Promise.all([one, other]);
	}

	test('is recorded when a run ends while its room is being listed', async () => {
		const { people, run, slug } = stage.world;
		const { room, identity } = await stage.pass(people.delegate);
		// Reported in another order than that of their names.
		const sids = ['c', 'b', 'a'].map((letter) => `PA_${letter}${slug}`);
		const joined = new Date().toISOString();
		for (const sid of sids) await event(room, sid, identity, joined, null);
		const list = JSON.stringify(sids.map((sid) => ({ sid, identity, joined_at: joined })));
		const [, ended] = await crossed(
			`select from private.run_connections where sid = $1 for update`,
			sids[1],
			() => stage.app.query(`select private.reconcile_connections($1, $2, now())`, [room, list]),
			() => stage.setState(people.stage, run, 'ended')
		);
		expect(ended).toBe('ok');
		expect((await recorded(people.delegate)).map(([, left]) => left === null)).toEqual([false]);
	});

	test('is recorded when a person leaves, or keeps reading, at the moment of the end', async () => {
		const { people, run, slug } = stage.world;
		const { room, identity } = await stage.pass(people.delegate);
		const [joined, left] = [new Date(Date.now() - 60_000).toISOString(), new Date(Date.now() - 1000).toISOString()];
		const own = `select from private.run_participants where identity = $1 for update`;
		const end = (one: string | undefined) => () => stage.setState(people.stage, one, 'ended');
		await event(room, `PA_l${slug}`, identity, joined, null);
		const [, ended] = await crossed(own, identity, () => event(room, `PA_l${slug}`, identity, joined, left), end(run));
		expect([ended, await recorded(people.delegate)]).toEqual(['ok', [[joined, left]]]);

		const { run: next } = await stage.openRun(people.stage, 'public');
		await stage.setState(people.stage, next, 'live');
		const reader = (await stage.pass(people.virtual)).identity;
		const reads = () =>
			stage.one(stage.app, `select private.save_listener($1, $2, 'visit-of-somebody', null, true)`, [
				people.virtual.person,
				next
			]);
		await reads();
		await event((await stage.pass(people.virtual)).room, `PA_m${slug}`, reader, joined, null);
		expect(await crossed(own, reader, reads, end(next))).toEqual(['ok', 'ok']);
	});

	test('records no visitor, no other room, and nobody at a level without names', async () => {
		const { people, sessions } = stage.world;
		const { room, identity } = await stage.pass(people.delegate);
		expect(await event(room, 'PA_x', 'somebody', at(0), null)).toBe(0);
		expect(await event('no such room', 'PA_x', identity, at(0), null)).toBe(0);
		await stage.owner.query(
			`update public.sessions set level = 'chatham_house', audience = 'registered' where id = $1`,
			[sessions.public.id]
		);
		const confidential = await stage.pass(people.delegate);
		await event(confidential.room, `PA_y${stage.world.slug}`, confidential.identity, at(0), null);
		expect(await recorded(people.delegate)).toEqual([]);
		await stage.setState(people.stage, stage.world.run, 'ended');
		expect(
			await stage.one(
				stage.owner,
				`select count(*)::int from private.run_participants where run_id = $1 and role = 'viewer'`,
				[stage.world.run]
			)
		).toBe(0);
		expect(
			await stage.one(stage.owner, `select count(*)::int from private.run_connections where run_id = $1`, [
				stage.world.run
			])
		).toBe(0);
	});

	test.each(['chatham_house', 'closed'] as const)(
		'is sealed by raising the level to %s, for past runs too, and stays sealed',
		async (level) => {
			const { people, sessions, summit, run } = stage.world;
			const readers = [
				people.delegate,
				people.virtual,
				people.stage,
				people.programme,
				people.safeguarding,
				people.owner
			];
			const visible = async () =>
				readers.reduce(
					async (sum, who) => (await sum) + (await actAs(stage.owner, who, `select id from public.presence`)).length,
					Promise.resolve(0)
				);
			const inPublic = () =>
				stage.one<number>(stage.owner, `select count(*)::int from public.presence where summit_id = $1`, [summit]);
			const setLevel = (to: string) =>
				stage.owner.query(
					`update public.sessions set level = $2::public.confidentiality, audience = $3::public.session_audience where id = $1`,
					[sessions.public.id, to, to === 'closed' ? 'listed' : to === 'public' ? 'everyone' : 'registered']
				);
			const first = await stage.pass(people.delegate);
			await event(first.room, `PA_1${stage.world.slug}`, first.identity, at(0), at(10));
			await stage.setState(people.stage, run, 'ended');
			const again = (await stage.openRun(people.stage, 'public')).run;
			await stage.setState(people.stage, again, 'live');
			const second = await stage.pass(people.virtual);
			await event(second.room, `PA_2${stage.world.slug}`, second.identity, at(20), null);
			// A person who came through the door of the building attended no session.
			await stage.owner.query(
				`insert into public.presence (summit_id, person_id, kind, source) values ($1, $2, 'door', 'badge')`,
				[summit, people.virtual.person]
			);
			expect([await visible(), await inPublic()]).toEqual([3, 3]);
			await setLevel(level);
			expect([await visible(), await inPublic()]).toEqual([1, 1]);
			expect(
				await stage.one(stage.owner, `select count(*)::int from private.sealed_presence where session_id = $1`, [
					sessions.public.id
				])
			).toBe(2);
			// Late events of former runs, the end of the current run, and a lower level restore nothing.
			await event(first.room, `PA_1${stage.world.slug}`, first.identity, at(0), at(15));
			await event(second.room, `PA_2${stage.world.slug}`, second.identity, at(20), at(25));
			await setLevel('public');
			await event(second.room, `PA_2${stage.world.slug}`, second.identity, at(20), at(30));
			await stage.setState(people.stage, again, 'ended');
			expect([await visible(), await inPublic()]).toEqual([1, 1]);
			expect(
				await stage.one(
					stage.owner,
					`select count(*)::int from private.run_participants where run_id in ($1, $2) and role = 'viewer'`,
					[run, again]
				)
			).toBe(0);
			for (const who of readers)
				await expect(actAs(stage.owner, who, `select * from private.sealed_presence`)).rejects.toThrow(
					'permission denied'
				);
		}
	);

	test('that was being recorded while the level was raised is readable by nobody, and sealed with the run', async () => {
		const { people, sessions, summit, run } = stage.world;
		await stage.owner.query(
			`update public.sessions set level = 'chatham_house', audience = 'registered' where id = $1`,
			[sessions.public.id]
		);
		await stage.owner.query(
			`insert into public.presence (summit_id, person_id, session_id, run_id, kind) values ($1, $2, $3, $4, 'stream')`,
			[summit, people.delegate.person, sessions.public.id, run]
		);
		expect(await actAs(stage.owner, people.delegate, `select id from public.presence`)).toEqual([]);
		await stage.setState(people.stage, run, 'ended');
		expect(await recorded(people.delegate)).toEqual([]);
	});
});
