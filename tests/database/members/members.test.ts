/* A member outlives Summits: who may change its record, and who may change only its entry at their own Summit. */
import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, makePerson, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let old: World;
let current: World;
let chief: TestPerson;
let member: string;

// One member at three Summits: an old one, the coming one, and an archived one with a later date.
beforeAll(async () => {
	[old, current] = [await makeWorld(db.owner), await makeWorld(db.owner)];
	const archived = await makeWorld(db.owner);
	chief = await makePerson(db.owner, 'Chief');
	await db.owner.query(`insert into public.role_grants (person_id, role) values ($1, 'owner')`, [chief.person]);
	member = current.member;
	await db.owner.query(
		`insert into public.summit_members (summit_id, member_id, sector) values ($1, $3, 'civil_society'), ($2, $3, 'civil_society')`,
		[old.summit, archived.summit, member]
	);
	await db.owner.query(`update public.summits set starts_on = '2020-01-01', ends_on = '2020-01-02' where id = $1`, [
		old.summit
	]);
	await db.owner.query(
		`update public.summits set starts_on = '2099-01-01', ends_on = '2099-01-02', state = 'archived' where id = $1`,
		[archived.summit]
	);
});

const rename = async (who: TestPerson, id: string, name: string) =>
	(
		await actAs(
			db.owner,
			who,
			`update public.members set name = $2, sector = 'government', country = 'FR' where id = $1 returning id`,
			[id, name]
		)
	).length;

test('the lasting record is changed by registration organisers of the member’s newest Summit, and by owners of all Summits', async () => {
	const refused = [
		old.people.registration,
		old.people.owner,
		current.people.programme,
		current.people.delegate,
		current.people.focal
	];
	const counts = [];
	for (const who of refused) counts.push(await rename(who, member, 'Taken Over'));
	expect(counts).toEqual(refused.map(() => 0));
	expect(
		await readValue(db.owner, `select name like 'Quiet Harbour%' from public.members where id = $1`, [member])
	).toBe(true);
	expect(await rename(current.people.registration, member, 'Quiet Harbour International')).toBe(1);
	expect(await rename(current.people.owner, member, 'Quiet Harbour Network')).toBe(1);
	expect(await rename(chief, member, 'Quiet Harbour')).toBe(1);
	// A member that is only at the older Summit belongs to that Summit.
	expect(await rename(old.people.registration, old.otherMember, 'Renamed There')).toBe(1);
	expect(await rename(current.people.registration, old.otherMember, 'Renamed Here')).toBe(0);
});

test('nobody inserts a member into the table, or changes its code or its place', async () => {
	for (const who of [current.people.registration, chief]) {
		for (const sql of [
			`insert into public.members (name, sector) values ('From nowhere', 'government')`,
			`update public.members set code = 'AAAAAA'`,
			`update public.members set id = gen_random_uuid()`,
			`update public.summit_members set member_id = gen_random_uuid()`,
			`update public.summit_members set summit_id = gen_random_uuid()`
		]) {
			await expect(actAs(db.owner, who, sql), sql).rejects.toThrow('permission denied');
		}
	}
	const { status } = await callAs<{ status: string }>(
		db.owner,
		old.people.registration,
		`public.add_member($1, 'Quiet Harbour', 'private_sector', 'DE')`,
		[old.summit]
	);
	expect(status).toBe('exists');
	expect(await readValue(db.owner, `select sector || ' ' || country from public.members where id = $1`, [member])).toBe(
		'government FR'
	);
});

test('a name with an invisible text-direction character is refused everywhere', async () => {
	const { registration } = current.people;
	for (const name of ['Quiet\u202eHarbour', 'Quiet\u2066Harbour', 'Quiet\u0007Harbour']) {
		expect(
			await callAs(db.owner, registration, `public.add_member($1, $2, 'government', 'PT')`, [current.summit, name])
		).toEqual({ status: 'invalid' });
		for (const field of ['name', 'region', 'website']) {
			const fields = { [field]: field === 'website' ? `https://x.example/${name.slice(5, 6)}` : name };
			expect(
				await callAs(db.owner, registration, `public.save_member($1, $2, $4, $3)`, [
					current.summit,
					member,
					JSON.stringify(fields),
					await readValue(db.owner, `select private.member_version($1, $2)`, [current.summit, member])
				])
			).toEqual({ status: 'invalid', fault: field });
		}
	}
});

test('of two members with nearly the same name, the chosen one joins the Summit', async () => {
	const tag = randomUUID().slice(0, 8);
	const { rows } = await db.owner.query<{ id: string; country: string }>(
		`insert into public.members (name, sector, country)
		values ('Ålund Forum ' || $1, 'government', 'SE'), ('Alund Forum ' || $1, 'government', 'FI') returning id, country`,
		[tag]
	);
	const of = (country: string) => rows.find((row) => row.country === country)?.id;
	const join = async (name: string, country: string, summit: string, who: TestPerson) =>
		(
			await callAs<{ status: string; id: string }>(db.owner, who, `public.add_member($1, $2, 'government', $3)`, [
				summit,
				`${name} ${tag}`,
				country
			])
		).id;
	const { registration } = current.people;
	for (const country of ['SE', 'FI']) {
		expect(await join('Ålund Forum', country, current.summit, registration)).toBe(of('SE'));
		expect(await join('Alund Forum', country, current.summit, registration)).toBe(of('FI'));
		// No name is spelled like that; the country decides.
		expect(await join('ALUND FORUM', country, old.summit, old.people.registration)).toBe(of(country));
	}
});

test('its entry at one Summit is changed there, and no other Summit is affected', async () => {
	const { rows } = await db.owner.query(
		`select sector from public.summit_members where member_id = $1 and summit_id = $2`,
		[member, current.summit]
	);
	expect(
		await actAs(
			db.owner,
			old.people.registration,
			`update public.summit_members set standing = 'observer', country = 'PT' where member_id = $1 returning summit_id`,
			[member]
		)
	).toEqual([{ summit_id: old.summit }]);
	expect(
		(
			await db.owner.query(`select sector from public.summit_members where member_id = $1 and summit_id = $2`, [
				member,
				current.summit
			])
		).rows
	).toEqual(rows);
});
