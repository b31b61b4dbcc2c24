/* Rule 5 when something changes: levels, audiences, and people who decline. */
import { beforeAll, describe, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, makeWorld, type PersonKind, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeAll(async () => {
	world = await makeWorld(db.owner);
});

describe('the stricter level of release and draft applies', () => {
	test('a level raised after the release hides the session from people who may no longer see it', async () => {
		const { id } = world.sessions.members;
		await db.owner.query(`update public.sessions set level = 'closed', audience = 'listed' where id = $1`, [id]);
		const seen = await actAs<{ value: boolean }>(
			db.owner,
			world.people.delegate,
			'select public.can_see($1) as value',
			[id]
		);
		expect(seen).toEqual([{ value: false }]);
		await db.owner.query(`update public.sessions set level = 'members', audience = 'registered' where id = $1`, [id]);
	});

	test('a level lowered after the release opens nothing until the next release', async () => {
		const { id } = world.sessions.chatham_house;
		await db.owner.query(`update public.sessions set level = 'public', audience = 'everyone' where id = $1`, [id]);
		const seen = await actAs<{ value: boolean }>(db.owner, null, 'select public.can_see($1) as value', [id]);
		expect(seen).toEqual([{ value: false }]);
		const entry = await actAs<{ value: string }>(
			db.owner,
			world.people.newcomer,
			`select public.can_enter($1, 'stream') as value`,
			[id]
		);
		expect(entry).toEqual([{ value: 'not_seen' }]);
		await db.owner.query(`update public.sessions set level = 'chatham_house', audience = 'registered' where id = $1`, [
			id
		]);
	});

	test('everyone is an audience of public sessions only, closed ones need a list, and neither is recorded above members', async () => {
		const set = (columns: string) =>
			db.owner.query(`update public.sessions set ${columns} where id = $1`, [world.sessions.members.id]);
		await expect(set(`audience = 'everyone'`)).rejects.toThrow('everyone_only_at_public');
		await expect(set(`level = 'closed'`)).rejects.toThrow('closed_is_listed');
		await expect(set(`level = 'chatham_house', is_recorded = true`)).rejects.toThrow('no_recording_when_confidential');
	});

	test('a barred person is refused at stream and door', async () => {
		const { person } = world.people.delegate;
		await db.owner.query('begin');
		await db.owner.query('insert into private.entry_bars (summit_id, person_id) values ($1, $2)', [
			world.summit,
			person
		]);
		const bars = await db.owner.query(
			`select private.entry_decision($1, $2, 'stream') as stream, private.entry_decision($1, $2, 'door') as door`,
			[person, world.sessions.public.id]
		);
		await db.owner.query('rollback');
		expect(bars.rows).toEqual([{ stream: 'barred', door: 'barred' }]);
	});

	test('an audience widened after the release opens nothing until the next release', async () => {
		const { id } = world.sessions.members;
		const entries = async () => {
			const sql = `select private.entry_decision($1, $2, 'stream') as delegate, private.entry_decision(null, $2, 'stream') as visitor`;
			return (await db.owner.query(sql, [world.people.delegate.person, id])).rows[0];
		};
		await db.owner.query('begin');
		await db.owner.query(`update public.sessions set audience = 'listed' where id = $1`, [id]);
		await db.owner.query(`select set_config('request.jwt.claims', $1, true)`, [
			JSON.stringify({ sub: world.people.programme.account })
		]);
		await db.owner.query('select public.publish_release($1)', [world.summit]);
		await db.owner.query(`update public.sessions set audience = 'registered' where id = $1`, [id]);
		const widened = await entries();
		await db.owner.query('rollback');
		expect(widened).toEqual({ delegate: 'not_listed', visitor: 'not_seen' });
	});

	test('a Summit that returns to draft shows none of its sessions to visitors and delegates', async () => {
		const { id } = world.sessions.public;
		const seen = `select private.can_see(null, $1) as visitor, private.can_see($2, $1) as delegate, private.can_see($3, $1) as programme`;
		await db.owner.query('begin');
		await db.owner.query(`update public.summits set state = 'draft' where id = $1`, [world.summit]);
		const { rows } = await db.owner.query(seen, [id, world.people.delegate.person, world.people.programme.person]);
		await db.owner.query('rollback');
		expect(rows).toEqual([{ visitor: false, delegate: false, programme: true }]);
	});
});

describe('participation', () => {
	const names = async (who: PersonKind | null) =>
		(
			await actAs<{ display_name: string }>(
				db.owner,
				who && world.people[who],
				'select display_name from public.people order by 1'
			)
		).map((row) => row.display_name);

	test('hides a person from the moment they decline, in every table', async () => {
		const { person, name } = world.people.speaker;
		const change = (state: string) =>
			db.owner.query('update public.session_people set state = $1 where person_id = $2', [state, person]);
		expect(await names(null)).toContain(name);
		await change('declined');
		const after = await names(null);
		const listed = await actAs(db.owner, null, 'select from public.release_people where person_id = $1', [person]);
		await change('confirmed');
		expect(after).not.toContain(name);
		expect(listed).toEqual([]);
	});

	test('is hidden from a person who has declined, and from organisers who cannot see the session', async () => {
		const { id } = world.sessions.closed;
		const hidden = world.people.newcomer;
		const add = `insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'chair', $4)`;
		await db.owner.query(add, [id, world.summit, hidden.person, 'confirmed']);
		await db.owner.query(add, [id, world.summit, world.people.virtual.person, 'declined']);
		for (const who of ['virtual', 'owner', 'registration'] as const)
			expect([who, (await names(who)).includes(hidden.name)]).toEqual([who, false]);
		for (const who of ['speaker', 'programme', 'safeguarding'] as const)
			expect([who, (await names(who)).includes(hidden.name)]).toEqual([who, true]);
		await db.owner.query(`delete from public.session_people where role = 'chair'`);
	});

	test('lets only the people themselves set each consent', async () => {
		const { person } = world.people.speaker;
		for (const column of ['consent_live', 'consent_record', 'consent_publish', 'consent_photo', 'person_id']) {
			const value = column === 'person_id' ? `'${world.people.delegate.person}'` : 'true';
			const write = actAs(
				db.owner,
				world.people.programme,
				`update public.session_people set ${column} = ${value} where person_id = $1`,
				[person]
			);
			await expect(write).rejects.toThrow('permission denied');
		}
	});

	test('ends every consent when an organiser records that the person declines', async () => {
		const of = `from public.session_people where session_id = $1`;
		const { id } = world.sessions.public;
		await db.owner.query(
			'update public.session_people set consent_live = true, consent_record = true where session_id = $1',
			[id]
		);
		const [entry] = (await db.owner.query<{ id: string }>(`select id ${of}`, [id])).rows;
		for (const state of ['declined', 'confirmed'])
			await actAs(db.owner, world.people.programme, 'select public.change_session_person($1, $2)', [entry?.id, state]);
		const { rows } = await db.owner.query(`select state, consent_live, consent_record ${of}`, [id]);
		expect(rows).toEqual([{ state: 'confirmed', consent_live: false, consent_record: false }]);
	});
});

describe('events for all organisers', () => {
	test('name no session, because not every organiser may see it', async () => {
		const received: string[] = [];
		const listener = await db.connect();
		listener.on('notification', ({ payload }) => received.push(payload ?? ''));
		await listener.query('listen live_events');
		const { id } = world.sessions.closed;
		await actAs(db.owner, world.people.programme, `select public.save_session($1, $2, '{"version": 1}')`, [
			world.summit,
			id
		]);
		const [entry] = (
			await db.owner.query<{ id: string }>('select id from public.session_people where session_id = $1', [id])
		).rows;
		await actAs(db.owner, world.people.speaker, 'select public.answer_participation($1, false)', [entry?.id]);
		await listener.query('select 1');
		const forOrganisers = received.filter((payload) => payload.includes(`organise:${world.summit}`));
		expect(forOrganisers.length).toBeGreaterThanOrEqual(2);
		expect(forOrganisers.filter((payload) => payload.includes(id))).toEqual([]);
	});
});
