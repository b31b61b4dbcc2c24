/* The page of merges: what two records show, who sees it, and which records are suggested. */
import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import {
	callAs,
	makePeople,
	makeSummit,
	readValue,
	register,
	type RegisteringSummit
} from '../../fixtures/registering.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let made: RegisteringSummit;
let keep: TestPerson;
let duplicate: TestPerson;
let registrar: TestPerson;
let lead: TestPerson;
let references: string[];

async function staff(role: string, summit: string | null): Promise<TestPerson> {
	const somebody = await makePerson(db.owner, `Staff ${role} ${summit ?? 'all'}`);
	await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, $2, $3)`, [
		somebody.person,
		role,
		summit
	]);
	return somebody;
}

beforeAll(async () => {
	made = await makeSummit(db.owner);
	const other = await makeSummit(db.owner);
	[keep, duplicate] = (await makePeople(db.owner, 2)) as [TestPerson, TestPerson];
	await db.owner.query(`update public.people set display_name = 'Renée van Dålen' where id = $1`, [keep.person]);
	await db.owner.query(`update public.people set display_name = 'Dalen, RENEE' where id = $1`, [duplicate.person]);
	const first = await register(db.owner, keep, made.summit, made.members[0] ?? '');
	const second = await register(db.owner, duplicate, other.summit, other.members[0] ?? '');
	references = await readValue(
		db.owner,
		`select array_agg(reference order by id = $1 desc) from public.registrations where id in ($1, $2)`,
		[first.id, second.id]
	);
	[registrar, lead] = [await staff('registration', null), await staff('safeguarding', null)];
});

interface Compared {
	keep: { id: string; registrations: { reference: string }[] } | null;
	duplicate: { id: string } | null;
	is_same: boolean;
	both_registered: boolean;
}

const compare = (by: TestPerson, one: string | undefined, two: string | undefined) =>
	callAs<Compared | null>(db.owner, by, `public.compare_merge($1, $2)`, [one, two]);

test('shows two records side by side, by the references of their registrations', async () => {
	const [one, two] = references;
	const found = await compare(registrar, one?.toLowerCase(), ` ${two} `);
	expect(found).toMatchObject({
		keep: { id: keep.person, registrations: [{ reference: one }] },
		duplicate: { id: duplicate.person },
		is_same: false,
		both_registered: false
	});
	expect(await compare(registrar, one, one)).toMatchObject({ is_same: true });
	expect(await compare(registrar, one, 'NOBODY')).toMatchObject({ duplicate: null, is_same: false });
});

test('says beforehand that both take part in one Summit', async () => {
	const [third] = (await makePeople(db.owner, 1)) as [TestPerson];
	const { id } = await register(db.owner, third, made.summit, made.members[1] ?? '');
	const reference = await readValue<string>(db.owner, `select reference from public.registrations where id = $1`, [id]);
	expect(await compare(lead, references[0], reference)).toMatchObject({ both_registered: true });
});

test('suggests records with one name, until a merge was asked for', async () => {
	const suggested = () =>
		callAs<{ keep: string; duplicate: string }[]>(db.owner, registrar, `public.suggest_merges($1)`, [made.summit]);
	expect(await suggested()).toEqual([{ keep: references[0], duplicate: references[1], display_name: 'Dalen, RENEE' }]);
	await callAs(db.owner, registrar, `public.request_merge($1, $2, 'Same passport')`, [keep.person, duplicate.person]);
	expect(await suggested()).toEqual([]);
});

test('lists requests with both records, and what became of them', async () => {
	const list = (by: TestPerson) =>
		callAs<{ id: string; state: string; is_mine: boolean; reason: string }[]>(
			db.owner,
			by,
			`public.list_merge_requests()`
		);
	const [asked] = await list(lead);
	expect(asked).toMatchObject({ state: 'open', is_mine: false, reason: 'Same passport' });
	expect(await list(registrar)).toMatchObject([{ is_mine: true }]);
	expect(await callAs(db.owner, lead, `public.confirm_merge($1)`, [asked?.id])).toBe('ok');
	expect(await list(lead)).toMatchObject([
		{ state: 'confirmed', keep: { id: keep.person }, duplicate: { id: keep.person } }
	]);
	expect(await compare(lead, references[0], references[1])).toMatchObject({ is_same: true });
});

test('shows nothing to organisers of one Summit, other roles, delegates and visitors', async () => {
	const [one, two] = references;
	for (const other of [await staff('registration', made.summit), await staff('programme', null), keep]) {
		expect(await compare(other, one, two)).toBeNull();
		expect(await callAs(db.owner, other, `public.suggest_merges($1)`, [made.summit])).toEqual([]);
		expect(await callAs(db.owner, other, `public.list_merge_requests()`)).toEqual([]);
	}
});
