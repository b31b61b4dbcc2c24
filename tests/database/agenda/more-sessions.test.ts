/* How many sessions more there are for those registered: told to signed-out readers, and never with closed sessions in it. */
import { beforeEach, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, makeWorld, type PersonKind, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeEach(async () => {
	world = await makeWorld(db.owner);
});

async function more(who: PersonKind | null = null): Promise<number> {
	const [row] = await actAs<{ answer: { more: number } }>(
		db.owner,
		who && world.people[who],
		`select public.read_agenda($1) as answer`,
		[world.summit]
	);
	return row?.answer.more ?? -1;
}

test('counts what every registered person sees beyond a signed-out reader', async () => {
	const { rows } = await db.owner.query<{ level: string }>(
		`select rs.level::text as level from public.release_sessions as rs where rs.release_id = private.newest_release($1) and rs.level in ('members', 'chatham_house')`,
		[world.summit]
	);
	expect(rows.length).toBeGreaterThan(0);
	expect(await more()).toBe(rows.length);
	expect(await more('delegate')).toBe(0);
});

test('is the same with and without closed sessions, and one fewer when a session becomes closed', async () => {
	const before = await more();
	await db.owner.query(`delete from public.session_audiences where session_id = $1`, [world.sessions.closed.id]);
	expect(await more()).toBe(before);
	// In the draft alone, without a new release: the stricter level is in force at once.
	await db.owner.query(
		`update public.sessions set level = 'closed', audience = 'listed', is_recorded = false where id = $1`,
		[world.sessions.members.id]
	);
	expect(await more()).toBe(before - 1);
	// Opening a closed one in the draft opens nothing before the next release.
	await db.owner.query(`update public.sessions set level = 'members', audience = 'registered' where id = $1`, [
		world.sessions.closed.id
	]);
	expect(await more()).toBe(before - 1);
});
