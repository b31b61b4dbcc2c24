/* Named audiences: programme organisers list members and people for a session, with immediate effect. */
import { beforeEach, expect, test } from 'vitest';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makeWorld, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeEach(async () => {
	world = await makeWorld(db.owner);
});

const list = (by: keyof World['people'], who: { person?: string; member?: string }) =>
	callAs<string>(db.owner, world.people[by], 'public.add_to_audience($1, $2, $3)', [
		world.sessions.closed.id,
		who.person ?? null,
		who.member ?? null
	]);
const sees = (kind: keyof World['people']) =>
	callAs<object | null>(db.owner, world.people[kind], 'public.read_session($1, $2)', [
		world.summit,
		world.sessions.closed.code
	]).then((answer) => answer !== null);

test('a listed member lets its registered people see a closed session, and nobody else', async () => {
	expect([await sees('delegate'), await sees('virtual'), await sees('waiting')]).toEqual([false, false, false]);
	expect(await list('programme', { member: world.member })).toBe('ok');
	expect(await list('programme', { member: world.member })).toBe('already');
	// The delegate is confirmed for the member. The second person waits for a seat, and the third belongs to another
	// member.
	expect([await sees('delegate'), await sees('virtual'), await sees('waiting')]).toEqual([true, false, false]);
	const entry = await readValue<string>(db.owner, 'select id from public.session_audiences where member_id = $1', [
		world.member
	]);
	expect(await callAs(db.owner, world.people.delegate, 'public.remove_from_audience($1)', [entry])).toBe('not_allowed');
	expect(await callAs(db.owner, world.people.programme, 'public.remove_from_audience($1)', [entry])).toBe('ok');
	expect(await sees('delegate')).toBe(false);
});

test('a person is listed by name, and stays listed when sectors are saved', async () => {
	expect(await list('programme', { person: world.people.virtual.person })).toBe('ok');
	expect(await sees('virtual')).toBe(true);
	const session = await callAs<{ version: number; audiences: { kind: string | null; name: string | null }[] }>(
		db.owner,
		world.people.programme,
		'public.read_draft_session($1)',
		[world.sessions.closed.id]
	);
	expect(session.audiences).toContainEqual(
		expect.objectContaining({ kind: 'person', name: world.people.virtual.name, sector: null })
	);
	await callAs(db.owner, world.people.programme, 'public.save_session($1, $2, $3)', [
		world.summit,
		world.sessions.closed.id,
		{ version: session.version, sectors: ['government'], categories: [] }
	]);
	expect(await sees('virtual')).toBe(true);
});

test('only programme organisers who see the session can list people, and only existing ones', async () => {
	for (const kind of ['owner', 'registration', 'stage', 'delegate', 'newcomer', 'safeguarding'] as const)
		expect([kind, await list(kind, { member: world.member })]).toEqual([kind, 'not_allowed']);
	const other = await makeWorld(db.owner);
	expect([
		await list('programme', { member: other.member }),
		await list('programme', { person: world.summit }),
		await list('programme', {}),
		await list('programme', { member: world.member, person: world.people.virtual.person })
	]).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
});
