/* Two records of one person are merged: requested by one member of staff, confirmed by another, or not at all. */
import { describe, expect, test } from 'vitest';
import {
	callAs,
	makePeople,
	makeSummit,
	register,
	readValue,
	type RegisteringSummit
} from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, makePerson, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();

async function staff(role: string, summit: string | null = null): Promise<TestPerson> {
	const somebody = await makePerson(db.owner, `Staff ${role}`);
	await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, $2, $3)`, [
		somebody.person,
		role,
		summit
	]);
	return somebody;
}

interface Pair extends RegisteringSummit {
	keep: TestPerson;
	drop: TestPerson;
	boss: TestPerson;
	registrar: TestPerson;
}
async function pair(): Promise<Pair> {
	const made = await makeSummit(db.owner);
	const [keep, drop] = await makePeople(db.owner, 2);
	if (!keep || !drop) throw new Error('nobody');
	return { ...made, keep, drop, boss: await staff('owner'), registrar: await staff('registration') };
}

const askFor = (by: TestPerson, keep: TestPerson, drop: TestPerson, reason = 'Same person') =>
	callAs<{ status: string; id: string }>(db.owner, by, `public.request_merge($1, $2, $3)`, [
		keep.person,
		drop.person,
		reason
	]);
const confirm = (by: TestPerson, id: string) => callAs<string>(db.owner, by, `public.confirm_merge($1)`, [id]);
const merge = async (first: TestPerson, second: TestPerson, keep: TestPerson, drop: TestPerson) => {
	const asked = await askFor(first, keep, drop);
	return asked.status === 'ok' ? confirm(second, asked.id) : asked.status;
};
const isThere = async (who: TestPerson) =>
	(await readValue<number>(db.owner, `select count(*)::integer from public.people where id = $1`, [who.person])) === 1;

test('they are merged in every table that references a person', async () => {
	const { summit, members, keep, drop, boss, registrar } = await pair();
	const { id } = await register(db.owner, drop, summit, members[1] ?? '');
	await db.owner.query(
		`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id) values ($1, $3, 'x', 'k'), ($2, $4, 'x', 'k')`,
		[keep.person, drop.person, `h${keep.person}`, `h${drop.person}`]
	);
	await db.owner.query(`insert into public.person_preferences (person_id) values ($1), ($2)`, [
		keep.person,
		drop.person
	]);
	await db.owner.query(
		`insert into public.orders (summit_id, payer_person_id, currency, due_at, closed_at) values ($1, $2, 'EUR', now(), now())`,
		[summit, drop.person]
	);
	await db.owner.query(
		`insert into public.order_adjustments (order_id, kind, amount, actor_id) select id, 'waiver', 0, $1 from public.orders where payer_person_id = $1`,
		[drop.person]
	);
	expect((await askFor(registrar, keep, drop, ' ')).status).toBe('reason_needed');
	expect(await merge(registrar, boss, keep, drop)).toBe('ok');
	const columns = (
		await db.owner.query<{ table_name: string; column_name: string }>(
			`select table_name::text, column_name from private.person_references()`
		)
	).rows;
	expect(columns.length).toBeGreaterThan(20);
	for (const { table_name, column_name } of columns) {
		expect([
			table_name,
			await readValue(db.owner, `select count(*)::integer from ${table_name} where ${column_name} = $1`, [drop.person])
		]).toEqual([table_name, 0]);
	}
	expect(await readValue(db.owner, `select person_id from public.registrations where id = $1`, [id])).toBe(keep.person);
	expect(
		await readValue(db.owner, `select count(*)::integer from private.person_addresses where person_id = $1`, [
			keep.person
		])
	).toBe(2);
	expect(
		await readValue(db.owner, `select person_id from private.former_ids where former_id = $1`, [drop.person])
	).toBe(keep.person);
	expect(
		await readValue(
			db.owner,
			`select reason || ', ' || (actor_person = $2) from audit.entries where table_name = 'people.merged' and person_id = $1`,
			[keep.person, boss.person]
		)
	).toBe('Same person, true');
	expect((await askFor(registrar, keep, drop)).status).toBe('unknown_person');
});

describe('two-person rule', () => {
	test('nobody confirms their own request, and nothing happens until another person does', async () => {
		const { keep, drop, boss, registrar } = await pair();
		const { id } = await askFor(boss, keep, drop);
		expect((await askFor(boss, keep, drop)).status).toBe('already');
		expect(await confirm(boss, id)).toBe('second_person_needed');
		expect(await isThere(drop)).toBe(true);
		expect(await confirm(registrar, id)).toBe('ok');
		expect(await isThere(drop)).toBe(false);
		expect(await confirm(registrar, id)).toBe('unknown');
	});

	test('two who confirm at once merge once', async () => {
		const { keep, drop, boss, registrar } = await pair();
		const { id } = await askFor(registrar, keep, drop);
		const [one, other] = [await db.connect(), await db.connect()];
		const another = await staff('registration');
		const answers = await Promise.all([
			callAs<string>(one, boss, `public.confirm_merge($1)`, [id]),
			callAs<string>(other, another, `public.confirm_merge($1)`, [id])
		]);
		expect(answers.toSorted()).toEqual(['ok', 'unknown']);
	});

	test('a refusal ends the request, and a role that has ended confirms nothing', async () => {
		const { keep, drop, boss, registrar } = await pair();
		const first = await askFor(registrar, keep, drop);
		expect(await callAs(db.owner, boss, `public.refuse_merge($1)`, [first.id])).toBe('ok');
		expect(await confirm(boss, first.id)).toBe('unknown');
		const second = await askFor(registrar, keep, drop);
		await db.owner.query(`update public.role_grants set ended_at = now() where person_id = $1`, [registrar.person]);
		expect(await confirm(boss, second.id)).toBe('not_allowed');
		expect(await isThere(drop)).toBe(true);
	});

	test('refuses two registered records, people who would benefit, and takeover of roles', async () => {
		const { summit, members, keep, drop, boss, registrar, organiser } = await pair();
		await register(db.owner, keep, summit, members[0] ?? '');
		await register(db.owner, drop, summit, members[0] ?? '');
		expect(await merge(registrar, boss, keep, drop)).toBe('both_registered');
		expect(await merge(organiser, boss, keep, drop)).toBe('not_allowed');
		expect(await merge(boss, registrar, boss, drop)).toBe('not_allowed');
		const [plain, other, fresh] = await makePeople(db.owner, 3);
		const second = await staff('registration');
		if (!plain || !other || !fresh) throw new Error('nobody');
		expect(await merge(registrar, second, plain, organiser)).toBe('owner_needed');
		expect(await merge(registrar, registrar, plain, other)).toBe('second_person_needed');
		// The person whom the request concerns cannot confirm it.
		const asked = await askFor(second, plain, registrar);
		expect(await confirm(registrar, asked.id)).toBe('not_allowed');
		const lead = await staff('safeguarding');
		const colleague = await staff('safeguarding');
		expect(await merge(lead, colleague, fresh, other)).toBe('not_allowed');
		expect(await merge(registrar, lead, plain, fresh)).toBe('ok');
	});

	test('a request is readable by people who may decide it, and its reason in the audit by nobody', async () => {
		const { keep, drop, boss, registrar, organiser, finance } = await pair();
		const { id } = await askFor(registrar, keep, drop, 'Canary of a merge');
		const seen = async (who: TestPerson) =>
			(await actAs(db.owner, who, `select id from public.merge_requests where id = $1`, [id])).length;
		const readers = [boss, registrar, await staff('safeguarding'), organiser, finance, keep, drop];
		const counts = [];
		for (const reader of readers) counts.push(await seen(reader));
		expect(counts).toEqual([1, 1, 1, 0, 0, 0, 0]);
		await expect(actAs(db.owner, boss, `update public.merge_requests set state = 'confirmed'`)).rejects.toThrow(
			'permission denied'
		);
		expect(
			await readValue(
				db.owner,
				`select count(*)::integer from audit.entries as e where to_jsonb(e)::text like '%Canary of a%'`
			)
		).toBe(0);
	});
});

describe('a protected person', () => {
	const protect = (who: TestPerson, name: string) =>
		db.owner.query(
			`with named as (update public.people set display_name = $2 where id = $1 returning id)
			insert into private.protections (person_id, kind, real_name_sealed, key_id) select id, 'alias', 'sealed', 'k1' from named`,
			[who.person, name]
		);

	test.each(['keep', 'drop'] as const)('is merged only with the safeguarding lead (%s)', async (which) => {
		const made = await pair();
		const { keep, drop, boss, registrar } = made;
		await protect(made[which], 'Noor Haddad');
		const { id } = await askFor(registrar, keep, drop);
		expect(await confirm(boss, id)).toBe('protected');
		expect(await isThere(drop)).toBe(true);
		expect(await confirm(await staff('safeguarding'), id)).toBe('ok');
		// The kept record has the alias, and an id that nobody knew with either name.
		const left = (
			await db.owner.query<{ id: string; display_name: string; kind: string }>(
				`select p.id, p.display_name, x.kind from public.account_people as a join public.people as p on p.id = a.person_id
				join private.protections as x on x.person_id = p.id where a.account_id = $1`,
				[keep.account]
			)
		).rows;
		expect(left).toMatchObject([{ display_name: 'Noor Haddad', kind: 'alias' }]);
		expect([keep.person, drop.person]).not.toContain(left[0]?.id);
		expect(
			(
				await db.owner.query<{ former_id: string }>(
					`select former_id from private.former_ids where person_id = $1 order by 1`,
					[left[0]?.id]
				)
			).rows.map((row) => row.former_id)
		).toEqual([keep.person, drop.person].toSorted());
	});
});
