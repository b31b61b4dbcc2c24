/*
 * A person whom organisers entered by name takes over their part by mail, or an assistant does; and accepting leads to
 * a seat.
 */
import { createHash, randomBytes } from 'node:crypto';
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { hashAddress, proveAddress } from '../../fixtures/inviting.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makePerson, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeEach(async () => {
	world = await makeWorld(db.owner);
});

const sealed = (address: string) => {
	const token = createHash('sha256').update(randomBytes(24)).digest('hex');
	return {
		token,
		letter: JSON.stringify({
			hash: hashAddress(address),
			sealed: randomBytes(60).toString('hex'),
			key_id: 'test',
			token_hash: token,
			secret: randomBytes(80).toString('hex')
		})
	};
};

/** Adds a name to a session, as an organiser does on a phone. */
async function putDown(name: string, session = world.sessions.members.id): Promise<string> {
	const change = [{ session, kinds: ['people'], edit: { with: [{ name, role: 'speaker' }] } }];
	expect(
		await callAs(db.owner, world.people.programme, `public.publish_live_changes($1, $2) ->> 'status'`, [
			world.summit,
			JSON.stringify(change)
		])
	).toBe('ok');
	return readValue(
		db.owner,
		`select sp.id from public.session_people as sp join public.people as p on p.id = sp.person_id where sp.session_id = $1 and p.display_name = $2`,
		[session, name]
	);
}
async function offer(entry: string, address: string, asAssistant = false, who = world.people.programme) {
	const { token, letter } = sealed(address);
	const status = await callAs<string>(db.owner, who, 'public.invite_to_claim_part($1, $2, $3)', [
		entry,
		letter,
		asAssistant
	]);
	return { token, status };
}
const read = (who: TestPerson | null, token: string, on = db.owner) =>
	callAs<{ id?: string; mine: boolean | null; state: string; title?: object; for?: string } | null>(
		on,
		who,
		'public.read_session_invitation($1)',
		[token]
	);
const answer = (who: TestPerson, id: string | undefined, accept = true, on = db.owner) =>
	callAs<string>(on, who, 'public.answer_role_invitation($1, $2)', [id, accept]);
const speakers = (session: string) =>
	db.owner
		.query<{ name: string; state: string }>(
			`select p.display_name as name, sp.state from public.session_people as sp join public.people as p on p.id = sp.person_id where session_id = $1 order by 1`,
			[session]
		)
		.then(({ rows }) => rows);
let count = 0;
const address = () => `someone${(count += 1)}.${randomBytes(4).toString('hex')}@example.org`;

describe('a part that was entered by name', () => {
	test('is taken over by the holder of the address: all of its sessions, and the name if they had none; once', async () => {
		const entry = await putDown('Noor Newly');
		const person = await readValue<string>(db.owner, 'select person_id from public.session_people where id = $1', [
			entry
		]);
		await db.owner.query(
			`insert into public.session_people (session_id, summit_id, person_id, role) values ($1, $2, $3, 'chair')`,
			[world.sessions.public.id, world.summit, person]
		);
		const to = address();
		const { token, status } = await offer(entry, to);
		expect(status).toBe('ok');
		const noor = await makePerson(db.owner, '');
		// The link signs nobody in, and shows its content only to a person who has proven the address.
		for (const who of [null, noor, world.people.delegate]) {
			const found = await read(who, token);
			expect(found).toMatchObject({ state: 'open', mine: who === null ? null : false });
			expect(JSON.stringify(found)).not.toMatch(/Noor|Session members|"id"/);
			if (who)
				expect(
					await answer(
						who,
						(
							await callAs<{ id: string }[]>(db.owner, world.people.programme, `public.list_role_invitations($1, $2)`, [
								world.summit,
								world.sessions.members.id
							])
						)[0]?.id
					)
				).toBe('not_found');
		}
		expect(await read(null, '0'.repeat(64))).toBeNull();
		await proveAddress(db.owner, noor, to);
		const { id } = (await read(noor, token)) ?? {};
		expect(await answer(noor, id)).toBe('ok');
		expect(await answer(noor, id)).toBe('not_found');
		expect(await read(noor, token)).toMatchObject({ state: 'accepted' });
		expect(await speakers(world.sessions.members.id)).toEqual([{ name: 'Noor Newly', state: 'confirmed' }]);
		expect(
			await readValue(db.owner, `select count(*)::integer from public.session_people where person_id = $1`, [
				noor.person
			])
		).toBe(2);
		expect(await readValue(db.owner, 'select count(*)::integer from public.people where id = $1', [person])).toBe(0);
		// They have an account now: nobody else takes it over, and they appoint assistants themselves.
		expect((await offer(entry, address())).status).toBe('claimed');
		expect((await offer(entry, address(), true)).status).toBe('claimed');
	});

	test('goes to one person when four hold invitations to it and answer at once', async () => {
		const entry = await putDown('Two Letters');
		const holders: { who: TestPerson; id: string | undefined; on: pg.Client }[] = [];
		for (const n of [1, 2, 3, 4]) {
			const to = address();
			const { token } = await offer(entry, to);
			const who = await makePerson(db.owner, `Holder ${n}`);
			await proveAddress(db.owner, who, to);
			holders.push({ who, id: (await read(who, token))?.id, on: await db.connect() });
		}
		const answers = await Promise.all(holders.map(({ who, id, on }) => answer(who, id, true, on)));
		expect(answers.toSorted()).toEqual(['ok', 'taken', 'taken', 'taken']);
		const winner = holders[answers.indexOf('ok')]?.who.name;
		expect(await speakers(world.sessions.members.id)).toEqual([{ name: winner, state: 'confirmed' }]);
	});

	test('is managed by an assistant, who sees nothing else, and later taken over by the person', async () => {
		const entry = await putDown('Busy Minister');
		const [to, later] = [address(), address()];
		const { token } = await offer(entry, to, true);
		const aide = await makePerson(db.owner, 'Aide');
		await proveAddress(db.owner, aide, to);
		const found = await read(aide, token);
		expect(found).toMatchObject({ mine: true, for: 'Busy Minister' });
		expect(await answer(aide, found?.id)).toBe('ok');
		expect(
			await db.owner
				.query(
					`select l.scope, l.until > now() as runs from public.account_people as l where l.account_id = $1 and l.relation = 'assistant'`,
					[aide.account]
				)
				.then(({ rows }) => rows)
		).toEqual([{ scope: 'speaking', runs: true }]);
		expect(
			await callAs<{ title: object; state: string }[]>(db.owner, aide, 'public.my_participations($1)', [world.summit])
		).toMatchObject([{ state: 'confirmed' }]);
		const minister = await makePerson(db.owner, 'Her Excellency');
		const own = await offer(entry, later);
		expect(own.status).toBe('ok');
		await proveAddress(db.owner, minister, later);
		expect(await answer(minister, (await read(minister, own.token))?.id)).toBe('ok');
		expect(await speakers(world.sessions.members.id)).toEqual([{ name: 'Her Excellency', state: 'confirmed' }]);
		// The assistant continues to assist the person, until either ends it.
		expect(await callAs(db.owner, aide, 'public.my_participations($1)', [world.summit])).toHaveLength(1);
	});

	test('keeps an alias: a protected person takes it over under the alias only', async () => {
		const entry = await putDown('Real Name');
		const to = address();
		const { token } = await offer(entry, to);
		const hidden = await makePerson(db.owner, 'Marta Ilves');
		await db.owner.query(
			`insert into private.protections (person_id, kind, real_name_sealed, key_id) values ($1, 'alias', '\\x00', 'k1')`,
			[hidden.person]
		);
		await proveAddress(db.owner, hidden, to);
		expect(await answer(hidden, (await read(hidden, token))?.id)).toBe('ok');
		expect(await speakers(world.sessions.members.id)).toEqual([{ name: 'Marta Ilves', state: 'confirmed' }]);
		expect(
			await callAs<{ display_name: string }[]>(
				db.owner,
				world.people.delegate,
				`public.read_session($1, $2) -> 'people'`,
				[world.summit, world.sessions.members.code]
			)
		).toMatchObject([{ display_name: 'Marta Ilves' }]);
	});

	test('is offered by people who edit the session, for a person without an account, for 30 days or until it is withdrawn', async () => {
		const { people, sessions } = world;
		const entry = await putDown('Open Name');
		for (const who of [people.stage, people.registration, people.delegate, people.speaker])
			expect((await offer(entry, address(), false, who)).status).toBe('not_allowed');
		const claimed = await readValue<string>(db.owner, 'select id from public.session_people where session_id = $1', [
			sessions.public.id
		]);
		expect((await offer(claimed, address(), true)).status).toBe('claimed');
		expect((await offer(await putDown('Closed Name', sessions.closed.id), address(), false, people.owner)).status).toBe(
			'not_allowed'
		);
		const to = address();
		const { token } = await offer(entry, to);
		const holder = await makePerson(db.owner, 'Holder');
		await proveAddress(db.owner, holder, to);
		const { id } = (await read(holder, token)) ?? {};
		await db.owner.query(`update private.role_invitations set invited_at = now() - interval '31 days' where id = $1`, [
			id
		]);
		expect(await read(holder, token)).toMatchObject({ state: 'expired' });
		expect(await answer(holder, id)).toBe('not_found');
		await db.owner.query(`update private.role_invitations set invited_at = now() where id = $1`, [id]);
		await callAs(db.owner, people.programme, 'public.change_session_person($1, $2)', [entry, 'declined']);
		expect(await answer(holder, id)).toBe('cancelled');
		await callAs(db.owner, people.programme, 'public.withdraw_role_invitation($1)', [id]);
		expect(await read(holder, token)).toMatchObject({ state: 'withdrawn' });
		// No list, log or audit entry contains anything of the invitation.
		expect(
			await readValue(
				db.owner,
				`select count(*)::integer from audit.entries as e where e::text like '%' || $1 || '%'`,
				[token]
			)
		).toBe(0);
	});
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
		expect((await Promise.all(people.map(async (who) => (await registration(who))[0]?.pool))).toSorted()).toEqual([
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
