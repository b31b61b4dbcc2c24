/* The green room: people of the session and people who run it are listed there and may speak; nobody else. */
import { beforeAll, expect, test } from 'vitest';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makePerson, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let chair: TestPerson;
let interpreter: TestPerson;

beforeAll(async () => {
	world = await makeWorld(db.owner);
	chair = await makePerson(db.owner, 'Person chair');
	interpreter = await makePerson(db.owner, 'Person interpreter');
	for (const [who, role] of [
		[chair, 'chair'],
		[interpreter, 'interpreter']
	] as const)
		await db.owner.query(
			`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, $4, 'confirmed')`,
			[world.sessions.public.id, world.summit, who.person, role]
		);
});

interface Pass {
	status: string;
	room: string;
	identity: string;
	publish: string[];
}
interface Backstage {
	people: { display_name: string; identity: string | null }[];
	guests: { display_name: string; identity: string; role: string }[];
}
const pass = (who: TestPerson) =>
	readValue<Pass>(db.owner, `select private.stage_pass($1, $2, 'plenary', 'green_room', $3)`, [
		who.person,
		world.summit,
		world.sessions.public.code
	]);
const read = (who: TestPerson) =>
	callAs<Backstage | null>(db.owner, who, 'public.read_backstage($1, $2)', [world.summit, world.sessions.public.code]);

test('the stage manager is listed for everybody in it, may be seen and heard, and is not listed as a participant of the session', async () => {
	const passes = {
		chair: await pass(chair),
		interpreter: await pass(interpreter),
		manager: await pass(world.people.stage)
	};
	for (const given of Object.values(passes))
		expect(given).toMatchObject({ status: 'ok', publish: ['camera', 'microphone'] });
	for (const reader of [chair, interpreter, world.people.speaker, world.people.stage]) {
		const { people = [], guests = [] } = (await read(reader)) ?? {};
		expect(guests.map(({ display_name, identity, role }) => ({ display_name, identity, role }))).toEqual([
			{ display_name: world.people.stage.name, identity: passes.manager.identity, role: 'manager' }
		]);
		expect(people.map(({ display_name }) => display_name)).not.toContain(world.people.stage.name);
		expect(
			people
				.filter(({ identity }) => identity !== null)
				.map(({ identity }) => identity)
				.sort()
		).toEqual(expect.arrayContaining([passes.chair.identity, passes.interpreter.identity].sort()));
	}
	const rights = await readValue<{ rights: Record<string, string[] | null> }>(
		db.owner,
		`select private.room_rights($1, $2)`,
		[passes.chair.room, Object.values(passes).map(({ identity }) => identity)]
	);
	expect(rights.rights).toEqual(
		Object.fromEntries(Object.values(passes).map(({ identity }) => [identity, ['camera', 'microphone']]))
	);
});

test('a viewer is neither admitted nor listed, though the run knows them', async () => {
	await readValue(db.owner, `select private.stage_pass($1, $2, 'plenary', 'stage', null)`, [
		world.people.virtual.person,
		world.summit
	]);
	expect(await pass(world.people.virtual)).toEqual({ status: 'not_backstage' });
	expect(await read(world.people.virtual)).toBeNull();
	const { guests = [] } = (await read(chair)) ?? {};
	expect(guests.map(({ display_name }) => display_name)).toEqual([world.people.stage.name]);
});

test('a person who no longer runs stages is no longer listed', async () => {
	await db.owner.query(`update public.role_grants set ended_at = now() where person_id = $1 and role = 'stage'`, [
		world.people.stage.person
	]);
	expect((await read(chair))?.guests).toEqual([]);
});
