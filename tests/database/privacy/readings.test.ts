/* Who read sensitive values of a person: recorded before they are shown, and shown to the person with the role of that moment. */
import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import {
	callAs,
	makePeople,
	makeSummit,
	register,
	readValue,
	type RegisteringSummit
} from '../../fixtures/registering.ts';
import { actAs, makePerson, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let made: RegisteringSummit;
let person: TestPerson;
let id: string;

beforeAll(async () => {
	made = await makeSummit(db.owner);
	person = (await makePeople(db.owner, 1))[0] as TestPerson;
	id = (await register(db.owner, person, made.summit, made.members[0] ?? '')).id;
});

interface Reading {
	at: string;
	kind: string;
	roles: string[];
}

const mine = (who: TestPerson) => callAs<Reading[]>(db.owner, who, 'public.my_readings()', []);
const open = (who: TestPerson) =>
	callAs<{ access_needs: string } | null>(db.owner, who, 'public.read_registration($1)', [id]);
const setNeeds = (text: string) =>
	db.owner.query(
		`insert into public.registration_needs (registration_id, person_id, access_needs) values ($1, $2, $3)
		on conflict (registration_id) do update set access_needs = excluded.access_needs`,
		[id, person.person, text]
	);

test('an organiser who opens a registration with needs is recorded, and named to the person by role alone', async () => {
	await setNeeds('');
	await open(made.organiser);
	expect(await mine(person)).toEqual([]);
	await setNeeds('A seat near the door');
	expect((await open(made.organiser))?.access_needs).toBe('A seat near the door');
	const readings = await mine(person);
	expect(readings).toMatchObject([{ kind: 'needs', roles: ['registration'] }]);
	expect(JSON.stringify(readings)).not.toContain(made.organiser.person);
	expect(JSON.stringify(readings)).not.toContain(made.organiser.name);
});

test('a role that ended later is still named, and one that began later is not', async () => {
	await db.owner.query(
		`update public.role_grants set ended_at = now() where person_id = $1 and role = 'registration'`,
		[made.organiser.person]
	);
	await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'safeguarding', $2)`, [
		made.organiser.person,
		made.summit
	]);
	expect((await mine(person))[0]?.roles).toEqual(['registration']);
	expect(await open(made.organiser)).toBeNull();
});

test('the list of protected people shows each of them who read it', async () => {
	await db.owner.query(`insert into private.protections (person_id, kind) values ($1, 'talk_first')`, [person.person]);
	await callAs(db.owner, made.organiser, 'public.list_protected_people($1)', [made.summit]);
	expect((await mine(person)).map(({ kind, roles }) => [kind, roles])).toEqual([
		['protection', ['safeguarding']],
		['needs', ['registration']]
	]);
});

test('nobody else reads these, one’s own readings are left out, and no organiser reads needs around them', async () => {
	const other = await makePerson(db.owner, 'Other Reader');
	expect(await mine(other)).toEqual([]);
	await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'registration', $2)`, [
		person.person,
		made.summit
	]);
	const before = (await mine(person)).length;
	await open(person);
	expect(await mine(person)).toHaveLength(before);
	await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'registration', $2)`, [
		other.person,
		made.summit
	]);
	const seen = await actAs<{ count: number }>(
		db.owner,
		other,
		`select count(*)::integer as count from public.registration_needs where registration_id = '${id}'`
	);
	expect(seen).toEqual([{ count: 0 }]);
	expect(
		await readValue(db.owner, `select count(*)::integer from public.registration_needs where registration_id = $1`, [
			id
		])
	).toBe(1);
});
