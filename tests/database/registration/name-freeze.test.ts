/*
 * After the lists were sent accredited people keep their name, in every function; an exception by an organiser is
 * recorded.
 */
import { beforeEach, expect, it } from 'vitest';
import { callAs, register, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let other: World;

beforeEach(async () => {
	world = await makeWorld(db.owner);
	other = await makeWorld(db.owner);
	await db.owner.query(`update public.summits set names_freeze_at = now() - interval '1 minute' where id = $1`, [
		world.summit
	]);
});

const nameOf = (person: string) =>
	readValue<string>(db.owner, `select display_name from public.people where id = $1`, [person]);
const correct = (by: TestPerson, override: boolean | null) =>
	callAs<string>(db.owner, by, `public.correct_name($1, '{"display_name":"Put Right"}', 'misspelt', $2)`, [
		world.registrations.delegate,
		override
	]);
const save = (registration: string, by: TestPerson, step: number, fields: unknown) =>
	callAs<{ status: string; faults?: string[] }>(db.owner, by, `private.save_registration($1, $2, $3)`, [
		registration,
		step,
		JSON.stringify(fields)
	]);

it('an organiser changes a name only explicitly and with a reason, and it is recorded', async () => {
	const { registration, delegate, finance } = world.people;
	expect(await correct(registration, false)).toBe('frozen');
	expect(await correct(registration, null)).toBe('frozen');
	expect(await correct(finance, true)).toBe('not_allowed');
	expect(await nameOf(delegate.person)).toBe(delegate.name);
	expect(await correct(registration, true)).toBe('ok');
	expect(await nameOf(delegate.person)).toBe('Put Right');
	const { rows } = await db.owner.query(
		`select reason, actor_person from audit.entries where table_name = 'names.overridden' and summit_id = $1`,
		[world.summit]
	);
	expect(rows).toEqual([{ reason: 'misspelt', actor_person: registration.person }]);
	// Another correction is another exception.
	expect(
		await callAs(db.owner, registration, `public.correct_name($1, '{"display_name":"Again"}', 'x')`, [
			world.registrations.delegate
		])
	).toBe('frozen');
});

it('a registration at another Summit changes nothing either', async () => {
	const { delegate } = world.people;
	const id = (await callAs<{ id: string }>(db.owner, delegate, `private.start_registration($1)`, [other.summit])).id;
	expect(await save(id, delegate, 1, { display_name: 'Somebody Else' })).toMatchObject({
		status: 'invalid',
		faults: ['frozen']
	});
	expect(await save(id, delegate, 1, { display_name: delegate.name, office: 'Director' })).toMatchObject({
		status: 'ok'
	});
	expect(await nameOf(delegate.person)).toBe(delegate.name);
});

it('a direct write cannot change it either', async () => {
	await expect(
		db.owner.query(`update public.people set display_name = 'X' where id = $1`, [world.people.delegate.person])
	).rejects.toMatchObject({ code: 'PT409' });
});

it('people under review, and people of a Summit without the rule, can change their name as before', async () => {
	const { waiting } = world.people;
	const id = (await callAs<{ id: string }>(db.owner, waiting, `private.start_registration($1)`, [other.summit])).id;
	expect(await save(id, waiting, 1, { display_name: 'Another Spelling' })).toMatchObject({ status: 'ok' });
	const { id: sent } = await register(db.owner, other.people.newcomer, other.summit, other.member, 'virtual');
	expect(
		await callAs(
			db.owner,
			other.people.registration,
			`public.correct_name($1, '{"display_name":"Put Right"}', 'misspelt')`,
			[sent]
		)
	).toBe('ok');
});

it('protection is possible until the lists are sent, and then stays as it is', async () => {
	const { delegate } = world.people;
	const alias = (display_name: string) => ({
		protection: 'alias',
		alias: { display_name },
		real_name_sealed: 'ab'.repeat(40),
		key_id: 'k1'
	});
	expect(await save(world.registrations.delegate, delegate, 4, alias('Marta Ilves'))).toMatchObject({ status: 'ok' });
	expect(await save(world.registrations.delegate, delegate, 4, alias('Marta Ilves'))).toMatchObject({ status: 'ok' });
	expect(await save(world.registrations.delegate, delegate, 4, alias('Other Name'))).toMatchObject({
		status: 'invalid',
		faults: ['frozen']
	});
});
