/* What a rehearsal made is deleted whole, and nothing else is. */
import { expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { makeRetainedWorld } from '../../fixtures/retained-rows.ts';
import { makeWorld, type World } from '../../fixtures/world.ts';
import { deleteRows, findRehearsals } from '../../rehearsal/cleaning.ts';

const db = useDatabase();
const slug = 'rehearsal-0a1b2c3d';

/** How many rows with one of these words each of our tables has; without words, how many rows. Pages of groups are no part of a rehearsal. */
async function countRows(words: string[] = []): Promise<Record<string, number>> {
	const { rows } = await db.owner.query<{ name: string; count: string }>(
		`select name, (xpath('/row/count/text()', query_to_xml(
			format('select count(*) from %s as t where t::text ~ %L and t::text !~ ''private[.]group_page''', name, $1::text), false, true, '')))[1]::text as count
		from (
			select format('%I.%I', n.nspname, c.relname) as name
			from pg_class as c
			join pg_namespace as n on n.oid = c.relnamespace
			where c.relkind = 'r' and n.nspname in ('public', 'private', 'audit')
		) as ours`,
		[words.join('|')]
	);
	return Object.fromEntries(
		rows.map(({ name, count }) => [name, Number(count)] as const).filter(([, count]) => words.length === 0 || count > 0)
	);
}

/** Makes a world that of a rehearsal. */
async function markRehearsed({ summit, people, member, otherMember }: World): Promise<void> {
	await db.owner.query('update public.summits set slug = $1, is_rehearsal = true where id = $2', [slug, summit]);
	await db.owner.query(
		`update auth.users as u
		set email = $1 || '-delegate-' || n || '@example.org'
		from (select *, row_number() over () as n from public.account_people) as a
		where a.account_id = u.id and a.person_id = any ($2)`,
		[slug, Object.values(people).map(({ person }) => person)]
	);
	await db.owner.query(
		`update public.members set name = 'Rehearsal Member ' || left(id::text, 8) || ' of ' || $1 where id = any ($2)`,
		[slug, [member, otherMember]]
	);
}

test('no row of another Summit is deleted', async () => {
	await makeWorld(db.owner);
	const before = await countRows();
	const rehearsed = await makeWorld(db.owner);
	await markRehearsed(rehearsed);
	const { deleted, accounts } = await deleteRows(db.owner, slug);
	expect(deleted).toBeGreaterThan(100);
	expect(accounts.length).toBe(Object.keys(rehearsed.people).length);
	expect(await countRows()).toEqual(before);
	// Auth deletes the accounts after it; until then another try finds them.
	expect(await findRehearsals(db.owner)).toEqual([slug]);
});

test('an owner cannot give another Summit a slug like it, and visitors are not sent to it', async () => {
	const { summit, slug: own } = await makeWorld(db.owner);
	await expect(
		db.owner.query(`update public.summits set slug = 'rehearsal-20270609' where id = $1`, [summit])
	).rejects.toThrow('rehearsal_slug');
	const current = () => db.owner.query('select public.current_summit() as slug');
	await db.owner.query(
		`update public.summits set state = 'live', starts_on = '2199-01-01', ends_on = '2199-01-02' where id = $1`,
		[summit]
	);
	expect((await current()).rows).toEqual([{ slug: own }]);
	await db.owner.query(`update public.summits set slug = 'rehearsal-20270609', is_rehearsal = true where id = $1`, [
		summit
	]);
	expect((await current()).rows).not.toEqual([{ slug: 'rehearsal-20270609' }]);
});

test('nothing is left of its Summit, its people and its members, in any table', async () => {
	const rehearsed = await makeRetainedWorld(db.owner);
	await markRehearsed(rehearsed);
	const { summit, member, otherMember, people } = rehearsed;
	const words = [summit, member, otherMember, ...Object.values(people).map(({ person }) => person)];
	expect(Object.keys(await countRows(words)).length).toBeGreaterThan(100);
	await deleteRows(db.owner, slug);
	// In a meeting of a group, of which a rehearsal has none.
	const { 'private.meeting_sign_ins': _ofGroup, ...left } = await countRows(words);
	expect(left).toEqual({});
});

test('a Summit with another kind of slug is not touched', async () => {
	const { slug: other } = await makeWorld(db.owner);
	const before = await countRows();
	for (const each of [other, '', 'rehearsal-', "rehearsal-0a1b2c3d' or true"])
		await expect(deleteRows(db.owner, each)).rejects.toThrow('is no rehearsal');
	expect(await countRows()).toEqual(before);
});
