/* A person is erased: what could name them is gone from every table, and what others need is still counted. */
import { randomBytes } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { seedSample } from '../../../src/local/sample/seed.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { readValue } from '../../fixtures/registering.ts';

const db = useDatabase();

beforeAll(async () => {
	await seedSample(db.owner, { now: new Date(), sealingKey: `test:${randomBytes(32).toString('base64')}` });
	// In the sample they get an account when they first sign in.
	await db.owner.query(
		`with made as (
			insert into auth.users (id, email)
			select gen_random_uuid(), s.person_id || '@example.org' from private.sample_people as s
			returning id, email
		)
		insert into public.account_people (account_id, person_id, relation)
		select id, split_part(email, '@', 1)::uuid, 'self' from made`
	);
});

interface SamplePerson {
	id: string;
	description: string;
	/** What may be found in no table afterwards. */
	traces: string[];
	account: string;
}

/** The people of the sample's sign-in page who hold no role. */
async function samplePeople(): Promise<SamplePerson[]> {
	const { rows } = await db.owner.query<SamplePerson>(
		`select p.id, s.description, a.account_id as account,
			array_remove(array[p.display_name, p.code, p.portrait_path], null)
				|| array(select x.address_hash::text from private.person_addresses as x where x.person_id = p.id) as traces
		from private.sample_people as s
		join public.people as p on p.id = s.person_id
		join public.account_people as a on a.person_id = p.id and a.relation = 'self'
		where not private.holds_any_role(p.id)
		order by s.position`
	);
	return rows;
}

/** The tables with a row that contains this text. */
async function tablesWith(text: string): Promise<string[]> {
	const { rows } = await db.owner.query<{ name: string }>(
		`select c.oid::regclass::text as name from pg_class as c
		where c.relkind = 'r' and c.relnamespace::regnamespace::text in ('public', 'private', 'audit', 'auth') order by 1`
	);
	const found: string[] = [];
	for (const { name } of rows) {
		const count = await readValue<number>(
			db.owner,
			`select count(*)::integer from ${name} as t where strpos(lower(t::text), lower($1)) > 0`,
			[text]
		);
		if (count > 0) found.push(name);
	}
	return found;
}

async function counts(): Promise<Record<string, number>> {
	const names = ['presence', 'orders', 'invoices', 'registrations', 'session_people'];
	const counted: Record<string, number> = {};
	for (const name of names)
		counted[name] = await readValue<number>(db.owner, `select count(*)::integer from public.${name}`);
	return counted;
}

test('leaves no name, code, address or account of anybody in the sample', { timeout: 300_000 }, async () => {
	const people = await samplePeople();
	expect(people.length).toBeGreaterThan(3);
	const before = await counts();
	const seats = await readValue<number>(db.owner, 'select count(*)::integer from public.seats');
	for (const { id, description, traces, account } of people) {
		await db.owner.query('select private.erase_person($1)', [id]);
		for (const trace of traces) expect([description, trace, await tablesWith(trace)]).toEqual([description, trace, []]);
		// The audit names accounts by ids, which lead nowhere.
		expect((await tablesWith(account)).filter((name) => name !== 'audit.entries')).toEqual([]);
	}
	expect(await counts()).toEqual(before);
	// Seats that became free went to the queue: more were given, none is lost.
	expect(await readValue<number>(db.owner, 'select count(*)::integer from public.seats')).toBeGreaterThanOrEqual(seats);
	const faults = await db.owner.query(
		`select fault from public.registrations as r, private.seat_fault(r.id) as fault where fault is not null
		union all select fault from public.summits as s, private.find_over_allocation(s.id) as fault where fault is not null
		union all select code from public.summits as s, private.reconcile_money(s.id)`
	);
	expect(faults.rows).toEqual([]);
});

test('every table that refers to people is erased, stays for a reason, or only names who acted', async () => {
	const { rows } = await db.owner.query<{ name: string; action: string }>(
		`select distinct c.conrelid::regclass::text as name, c.confdeltype::text as action from pg_constraint as c
		where c.contype = 'f' and c.confrelid in ('public.people'::regclass, 'public.registrations'::regclass)
			and not exists (select from private.retained_tables as t where t.name::regclass = c.conrelid)
		order by 1`
	);
	// Without an entry in the list, a row that may not be deleted would stop the erasure.
	expect(rows.filter(({ action }) => action !== 'c' && action !== 'n')).toEqual([]);
	const unknown = await db.owner.query(
		`select name from private.retained_tables as t where not exists (select from pg_constraint as c
			where c.conrelid = t.name::regclass and c.contype = 'f'
				and c.confrelid in ('public.people'::regclass, 'public.registrations'::regclass))`
	);
	expect(unknown.rows).toEqual([]);
});

test('the others of a proposal keep it: the first author is its owner then', async () => {
	const { rows } = await db.owner.query<{ id: string; summit: string }>(
		`select id, (select id from public.summits order by id limit 1) as summit from public.people
		where display_name <> '' order by id limit 3`
	);
	const [owner, speaker, author] = rows.map(({ id }) => id);
	const propose = async (title: string) =>
		readValue<string>(
			db.owner,
			`with made as (insert into private.proposals (summit_id, owner_id, title, state, submitted_at)
				values ($1, $2, jsonb_build_object('original', 'en', 'en', $3::text), 'submitted', now()) returning id, summit_id, owner_id)
			insert into private.proposal_people (proposal_id, summit_id, person_id, state, is_author)
				select id, summit_id, owner_id, 'confirmed', true from made returning proposal_id`,
			[rows[0]?.summit, owner, title]
		);
	const [shared, alone] = [await propose('Shared'), await propose('Alone')];
	await db.owner.query(
		`insert into private.proposal_people (proposal_id, summit_id, person_id, state, is_author, position)
		select $1, $2, person, 'confirmed', place = 2, place from unnest($3::uuid[]) with ordinality as x (person, place)`,
		[shared, rows[0]?.summit, [speaker, author]]
	);
	await db.owner.query(
		`insert into private.proposal_people (proposal_id, summit_id, person_id, state, is_author) values ($1, $2, $3, 'declined', true)`,
		[alone, rows[0]?.summit, speaker]
	);
	await db.owner.query(`select private.erase_person($1)`, [owner]);
	expect(
		await db.owner.query(
			`select p.id, p.owner_id, count(e.id)::integer as people from private.proposals as p
			join private.proposal_people as e on e.proposal_id = p.id where p.id in ($1, $2) group by p.id`,
			[shared, alone]
		)
	).toMatchObject({ rows: [{ id: shared, owner_id: author, people: 2 }] });
});
