/* A person whom organisers entered by name takes over their part by mail, or an assistant does. */
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
			expect(JSON.stringify(found)).not.toMatch(/Noor|Session members|"id"|starts_at|"by"/);
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
		// After that it says which session, when, and who invites.
		const shown = await read(noor, token);
		expect(shown).toMatchObject({ by: world.people.programme.name, title: expect.anything() as object });
		expect(Object.keys(shown ?? {})).toEqual(expect.arrayContaining(['starts_at', 'ends_at']));
		const { id } = shown ?? {};
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
