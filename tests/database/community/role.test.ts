/* The role `community` runs what outlives a Summit, so it is given for all Summits alone, by an owner of all. */
import { beforeAll, expect, test } from 'vitest';
import { callAs } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makePerson, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let chief: TestPerson;

beforeAll(async () => {
	world = await makeWorld(db.owner);
	chief = await makePerson(db.owner, 'Chief Owner');
	await db.owner.query(`insert into public.role_grants (person_id, role) values ($1, 'owner')`, [chief.person]);
});

const runs = (who: TestPerson) => callAs<boolean>(db.owner, who, 'private.runs_community()');
const grant = (by: TestPerson, to: TestPerson, summit: string | null) =>
	callAs<string>(db.owner, by, `public.grant_role($1, 'community', $2, $3)`, [to.person, summit, world.summit]);

test('an owner of all Summits gives it for all of them, and nobody for one', async () => {
	const organiser = await makePerson(db.owner, 'Community Organiser');
	expect(await grant(world.people.owner, organiser, null)).toBe('not_allowed');
	expect(await grant(chief, organiser, world.summit)).toBe('invalid');
	expect(await runs(organiser)).toBe(false);
	expect(await grant(chief, organiser, null)).toBe('ok');
	expect(await runs(organiser)).toBe(true);
	await expect(
		db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'community', $2)`, [
			world.people.newcomer.person,
			world.summit
		])
	).rejects.toThrow('community_for_all');
});

test('owners of all Summits run the community, organisers of one Summit do not', async () => {
	expect(await runs(chief)).toBe(true);
	for (const who of Object.values(world.people)) expect(await runs(who), who.name).toBe(false);
});

test('no Summit has the address of the community', async () => {
	await expect(
		db.owner.query(`update public.summits set slug = 'community' where id = $1`, [world.summit])
	).rejects.toThrow('summits_slug_check');
});
