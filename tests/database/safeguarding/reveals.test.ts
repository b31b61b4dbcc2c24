/* Opening a sealed name: asked with a reason, confirmed by a second lead, shown once, recorded first, and told to the person. */
import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { readValue } from '../../fixtures/registering.ts';
import { actAs, makePerson, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let lead: TestPerson;
let second: TestPerson;
let person: TestPerson;
let reference: string;

const sealedName = 'ab'.repeat(40);
const reason = 'cd'.repeat(60);

beforeEach(async () => {
	world = await makeWorld(db.owner);
	lead = world.people.safeguarding;
	second = await makePerson(db.owner, `Second lead ${randomUUID().slice(0, 4)}`);
	await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'safeguarding', $2)`, [
		second.person,
		world.summit
	]);
	person = world.people.delegate;
	await db.owner.query(
		`insert into private.protections (person_id, kind, real_name_sealed, key_id) values ($1, 'alias', decode($2, 'hex'), 'k1')`,
		[person.person, sealedName]
	);
	await db.owner.query(
		`update public.registrations set state = 'confirmed', mode = 'in_person' where id = $1 and state <> 'confirmed'`,
		[world.registrations.delegate]
	);
	reference = await readValue(db.owner, `select reference from public.registrations where id = $1`, [
		world.registrations.delegate
	]);
});

async function call<Answer>(who: TestPerson | null, sql: string, values: unknown[] = []): Promise<Answer> {
	const client = await db.connect();
	try {
		const [row] = await actAs<{ answer: Answer }>(client, who, `select ${sql} as answer`, values);
		return (row as { answer: Answer }).answer;
	} finally {
		await client.end();
	}
}

const ask = (who: TestPerson) =>
	call<string>(who, `public.ask_reveal($1, $2, $3, 'k1')`, [world.summit, reference, reason]);
const newest = () =>
	readValue<string>(
		db.owner,
		`select id from private.name_reveals where summit_id = $1 order by asked_at desc limit 1`,
		[world.summit]
	);
const decide = (who: TestPerson, reveal: string, confirmed = true) =>
	call<string>(who, `public.decide_reveal($1, $2)`, [reveal, confirmed]);
const show = (who: TestPerson | null, reveal: string) =>
	call<{ status: string; real_name?: { sealed: string } }>(who, `public.show_revealed_name($1)`, [reveal]);
const listed = (who: TestPerson) =>
	call<{ id: string; may_show: boolean; may_decide: boolean; untold: unknown[] }[]>(who, `public.list_reveals($1)`, [
		world.summit
	]);
const recorded = () =>
	readValue<number>(
		db.owner,
		`select count(*)::integer from audit.entries where table_name = 'name.revealed' and person_id = $1`,
		[person.person]
	);

/** A request of the lead that the second lead confirmed. */
async function confirmed(): Promise<string> {
	expect(await ask(lead)).toBe('ok');
	const reveal = await newest();
	expect(await decide(second, reveal)).toBe('ok');
	return reveal;
}

test('opens a name once, after a second lead confirmed, recorded and told', async () => {
	const reveal = await confirmed();
	expect(await recorded()).toBe(0);
	expect(await show(lead, reveal)).toMatchObject({ status: 'ok', reference, real_name: { sealed: sealedName } });
	expect(await show(lead, reveal)).toEqual({ status: 'wrong_state' });
	expect(await recorded()).toBe(1);
	const mails = await readValue<string[]>(
		db.owner,
		`select array_agg(template) from private.outbox where person_id = $1 and template = 'name_revealed'`,
		[person.person]
	);
	expect(mails).toEqual(['name_revealed']);
	const readings = await call<{ kind: string; roles: string[] }[]>(person, 'public.my_readings()');
	expect(readings).toMatchObject([{ kind: 'name', roles: ['safeguarding'] }]);
});

test('who asked cannot confirm, and nobody opens what is not confirmed', async () => {
	await ask(lead);
	const reveal = await newest();
	expect(await decide(lead, reveal)).toBe('own');
	expect(await show(lead, reveal)).toEqual({ status: 'wrong_state' });
	expect(await decide(second, reveal, false)).toBe('ok');
	expect(await decide(second, reveal)).toBe('wrong_state');
	expect(await show(lead, reveal)).toEqual({ status: 'wrong_state' });
	expect(await recorded()).toBe(0);
});

test('only who asked opens it: not the second lead, an owner, another role, or the person', async () => {
	const reveal = await confirmed();
	for (const other of [second, world.people.owner, world.people.registration, world.people.programme, person])
		expect(await show(other, reveal)).toEqual({ status: 'not_found' });
	await expect(show(null, reveal)).rejects.toThrow('permission denied');
	expect(await recorded()).toBe(0);
});

test('who lost the role meanwhile opens nothing', async () => {
	const reveal = await confirmed();
	await db.owner.query(`update public.role_grants set ended_at = now() where person_id = $1`, [lead.person]);
	expect(await show(lead, reveal)).toEqual({ status: 'not_found' });
});

test('a confirmation and a request expire after an hour', async () => {
	const reveal = await confirmed();
	await db.owner.query(`update private.name_reveals set expires_at = now() where id = $1`, [reveal]);
	expect(await show(lead, reveal)).toEqual({ status: 'wrong_state' });
	expect(await ask(lead)).toBe('ok');
	const next = await newest();
	expect(next).not.toBe(reveal);
	await db.owner.query(`update private.name_reveals set expires_at = now() where id = $1`, [next]);
	expect(await decide(second, next)).toBe('wrong_state');
});

test('of two leads who confirm at once one does, and of ten openings at once one gets the name', async () => {
	const third = await makePerson(db.owner, 'Third lead');
	await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'safeguarding', $2)`, [
		third.person,
		world.summit
	]);
	await ask(lead);
	const reveal = await newest();
	const answers = await Promise.all([decide(second, reveal), decide(third, reveal)]);
	expect(answers.sort()).toEqual(['ok', 'wrong_state']);
	const shown = await Promise.all(Array.from({ length: 10 }, () => show(lead, reveal)));
	expect(shown.filter(({ status }) => status === 'ok')).toHaveLength(1);
	expect(await recorded()).toBe(1);
});

test('a process that is killed while it opens leaves neither a record nor a name', async () => {
	const reveal = await confirmed();
	const client = await db.connect();
	await client.query('begin');
	await client.query(`select set_config('request.jwt.claims', $1, true)`, [
		JSON.stringify({ sub: lead.account, role: 'authenticated' })
	]);
	await client.query(`select public.show_revealed_name($1)`, [reveal]);
	const pid = await readValue<number>(client, 'select pg_backend_pid()');
	const admin = await db.connect(db.superuserUrl);
	await admin.query('select pg_terminate_backend($1)', [pid]);
	await expect(client.query('commit')).rejects.toThrow();
	expect(await recorded()).toBe(0);
	expect((await show(lead, reveal)).status).toBe('ok');
});

test('when the record cannot be written, the name is not answered', async () => {
	const reveal = await confirmed();
	await db.owner.query(
		`alter table audit.entries add constraint full_disk check (table_name <> 'name.revealed') not valid`
	);
	try {
		await expect(show(lead, reveal)).rejects.toThrow('full_disk');
	} finally {
		await db.owner.query(`alter table audit.entries drop constraint full_disk`);
	}
});

test('the help desk asks for somebody at the door of a live Summit, and a lead confirms', async () => {
	const desk = world.people.registration;
	await db.owner.query(`update public.summits set state = 'open' where id = $1`, [world.summit]);
	expect(await ask(desk)).toBe('not_allowed');
	await db.owner.query(`update public.summits set state = 'live' where id = $1`, [world.summit]);
	expect(await ask(desk)).toBe('ok');
	expect(await ask(desk)).toBe('already');
	const reveal = await newest();
	expect((await listed(desk)).map(({ id, may_decide }) => ({ id, may_decide }))).toEqual([
		{ id: reveal, may_decide: false }
	]);
	expect(await decide(second, reveal)).toBe('ok');
	expect((await show(desk, reveal)).status).toBe('ok');
	// Leads see all of them; the help desk sees its own alone.
	expect(await listed(lead)).toHaveLength(1);
	await ask(lead);
	expect(await listed(lead)).toHaveLength(2);
	expect(await listed(desk)).toHaveLength(1);
	for (const other of ['programme', 'stage', 'door', 'finance', 'delegate'] as const) {
		expect(await listed(world.people[other])).toEqual([]);
		expect(await ask(world.people[other])).toBe('not_allowed');
	}
});

test('nobody asks for, confirms or reads a reveal about themselves', async () => {
	await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'safeguarding', $2)`, [
		person.person,
		world.summit
	]);
	expect(await ask(person)).toBe('not_allowed');
	await ask(lead);
	const reveal = await newest();
	expect(await decide(person, reveal)).toBe('not_found');
	expect(await listed(person)).toEqual([]);
});

test('a person who wants to be told by a lead gets no mail, and leads see whom to tell', async () => {
	expect(await call(person, `public.save_reveal_contact('lead')`)).toBe('ok');
	expect(await call(lead, `public.save_reveal_contact('lead')`)).toBe('not_allowed');
	const reveal = await confirmed();
	await show(lead, reveal);
	const mails = await readValue<number>(
		db.owner,
		`select count(*)::integer from private.outbox where person_id = $1 and template = 'name_revealed'`,
		[person.person]
	);
	expect(mails).toBe(0);
	expect((await listed(second))[0]?.untold).toMatchObject([{ person_id: person.person }]);
	expect(await call(world.people.registration, `public.mark_reveal_told($1, $2)`, [reveal, person.person])).toBe(
		'none'
	);
	expect(await call(second, `public.mark_reveal_told($1, $2)`, [reveal, person.person])).toBe('ok');
	expect(await call(second, `public.mark_reveal_told($1, $2)`, [reveal, person.person])).toBe('none');
	expect((await listed(second))[0]?.untold).toEqual([]);
});

test('a passkey of that moment is needed to ask, to confirm and to open', async () => {
	const passkeyOf = async (who: TestPerson) => {
		const session = randomUUID();
		await db.owner.query(
			`insert into auth.sessions (id, user_id, created_at, updated_at) values ($1, $2, now(), now())`,
			[session, who.account]
		);
		await db.owner.query(
			`with made as (
				insert into private.passkeys (person_id, credential_id, user_handle, public_key, name)
				values ($2, $3, $4, '\\x01', 'Key') returning id
			)
			insert into private.session_assurances (session_id, passkey_id) select $1, id from made`,
			[session, who.person, Buffer.from(session), Buffer.alloc(32, 1)]
		);
		return session;
	};
	const [mine, theirs] = [await passkeyOf(lead), await passkeyOf(second)];
	const used = (session: string, minutes: number) =>
		db.owner.query(
			`update private.session_assurances set confirmed_at = now() - make_interval(mins => $2) where session_id = $1`,
			[session, minutes]
		);
	const inSession = (who: TestPerson, session: string, sql: string, values: unknown[]) =>
		db.connect().then(async (client) => {
			await client.query('begin');
			await client.query(`select set_config('request.jwt.claims', $1, true)`, [
				JSON.stringify({ sub: who.account, role: 'authenticated', session_id: session })
			]);
			await client.query('set local role authenticated');
			try {
				return await readValue<unknown>(client, `select ${sql}`, values);
			} finally {
				await client.query('commit');
				await client.end();
			}
		});
	const asking = () => inSession(lead, mine, `public.ask_reveal($1, $2, $3, 'k1')`, [world.summit, reference, reason]);
	await used(mine, 6);
	await expect(asking()).rejects.toMatchObject({ code: 'PT428' });
	await used(mine, 0);
	expect(await asking()).toBe('ok');
	const reveal = await newest();
	const deciding = () => inSession(second, theirs, `public.decide_reveal($1, true)`, [reveal]);
	await used(theirs, 6);
	await expect(deciding()).rejects.toMatchObject({ code: 'PT428' });
	await used(theirs, 0);
	expect(await deciding()).toBe('ok');
	const opening = () => inSession(lead, mine, `public.show_revealed_name($1)`, [reveal]);
	await used(mine, 6);
	await expect(opening()).rejects.toMatchObject({ code: 'PT428' });
	expect(await recorded()).toBe(0);
	await used(mine, 0);
	expect(await opening()).toMatchObject({ status: 'ok' });
});

test('tables give the name to no role', async () => {
	await confirmed();
	for (const who of [lead, second, world.people.owner])
		for (const table of ['protections', 'name_reveals', 'revealed_people'])
			await expect(call(who, `(select count(*) from private.${table})`)).rejects.toThrow('permission denied');
});

test('without an alias there is nothing to ask for', async () => {
	await db.owner.query(`delete from private.protections where person_id = $1`, [person.person]);
	expect(await ask(lead)).toBe('no_alias');
	expect(await call<string>(lead, `public.ask_reveal($1, 'NOBODY', $2, 'k1')`, [world.summit, reason])).toBe(
		'not_found'
	);
	expect(await call<string>(lead, `public.ask_reveal($1, $2, 'x', 'k1')`, [world.summit, reference])).toBe('invalid');
});

interface TakenList {
	status: string;
	withheld: number;
	rows: { reference: string; real_name: { sealed: string } | null }[];
}

test('a list for the host state has the withheld names only where a reveal was confirmed for it', async () => {
	const desk = world.people.registration;
	const makeList = async () => {
		const made = await call<{ id: string }>(desk, `public.request_host_list($1, 'Entry', 'Ministry', '{}')`, [
			world.summit
		]);
		await call(second, `public.decide_host_list($1, $2, true)`, [world.summit, made.id]);
		return made.id;
	};
	const take = (list: string) => call<TakenList>(desk, `public.take_host_list($1, $2)`, [world.summit, list]);
	const askList = (who: TestPerson, list: string) =>
		call<string>(who, `public.ask_host_list_reveal($1, $2, $3, 'k1')`, [world.summit, list, reason]);
	const without = await makeList();
	expect(await askList(lead, without)).toBe('not_allowed');
	expect(await askList(desk, without)).toBe('ok');
	expect(await askList(desk, without)).toBe('already');
	// Not confirmed: withheld.
	const plain = await take(without);
	expect(plain.withheld).toBe(1);
	expect(plain.rows.map((row) => row.reference)).not.toContain(reference);
	const full = await makeList();
	expect(await askList(desk, full)).toBe('ok');
	expect(await decide(second, await newest())).toBe('ok');
	const taken = await take(full);
	expect(taken.withheld).toBe(0);
	expect(taken.rows.filter((row) => row.real_name)).toMatchObject([{ reference, real_name: { sealed: sealedName } }]);
	expect(await recorded()).toBe(1);
	expect(await take(full)).toEqual({ status: 'wrong_state' });
});
