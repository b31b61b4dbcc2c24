/* A person of a group who takes an alias: nobody can tell it from the group. */
import { randomBytes } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { createGroup, makeCommunityOrganiser, putInGroup, readGroup } from '../../fixtures/grouping.ts';
import { aliasName, on, useAliasWorld } from '../../fixtures/taking-aliases.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
const alias = useAliasWorld(db);
let chief: TestPerson;
let code: string;

beforeEach(async () => {
	chief = await makeCommunityOrganiser(db.owner);
	code = await createGroup(db.owner, chief, 'members');
});

const entryOf = async (name: string) =>
	(await readGroup(db.owner, chief, code))?.people.find(({ display_name }) => display_name === name);

test('the entry gets a new id and loses its organisation; actions and alternates follow', async () => {
	const { speaker, virtual } = alias.world.people;
	const old = await putInGroup(db.owner, speaker, code, 'member', { member: alias.world.member });
	const alternate = await putInGroup(db.owner, virtual, code, 'alternate');
	await db.owner.query('update private.group_people set alternate_of = $2 where id = $1', [alternate, old]);
	const words = JSON.stringify({ original: 'en', en: 'Write the minutes' });
	await callAs(db.owner, chief, 'public.add_group_action($1, $2, $3)', [code, words, old]);
	expect((await alias.save(on)).status).toBe('ok');
	const entry = await entryOf(aliasName);
	expect(entry).toMatchObject({ part: 'member', member: null });
	expect(entry?.id).not.toBe(old);
	expect((await readGroup(db.owner, chief, code))?.people.find(({ id }) => id === alternate)?.alternate_of?.id).toBe(
		entry?.id
	);
	expect(
		await callAs<{ actions: { owner: { name: string } }[] }>(db.owner, chief, 'public.read_group_register($1)', [code])
	).toMatchObject({ actions: [{ owner: { name: aliasName } }] });
});

test('the organisation that a leader sets is shown, as for anybody', async () => {
	const { speaker, delegate } = alias.world.people;
	await putInGroup(db.owner, speaker, code, 'member');
	expect((await alias.save(on)).status).toBe('ok');
	const plain = await putInGroup(db.owner, delegate, code, 'member');
	const masked = (await entryOf(aliasName))?.id ?? '';
	const fields = JSON.stringify({ part: 'member', member: alias.world.member, until: null, alternate_of: null });
	for (const entry of [plain, masked])
		expect(await callAs(db.owner, chief, 'public.change_group_person($1, $2)', [entry, fields])).toBe('ok');
	const people = (await readGroup(db.owner, chief, code))?.people.filter(({ id }) => [plain, masked].includes(id));
	expect(people?.map(({ member }) => member?.id)).toEqual([alias.world.member, alias.world.member]);
});

test('an invitation that somebody under an alias accepts gives them no organisation', async () => {
	const { speaker, delegate } = alias.world.people;
	expect((await alias.save(on)).status).toBe('ok');
	const accept = async (who: TestPerson) => {
		const hash = randomBytes(32);
		await db.owner.query(
			`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id, verified_at)
			values ($1, $2, '\\x00', 'k1', now())`,
			[await alias.personOf(who), hash]
		);
		const to = JSON.stringify({ hash: hash.toString('hex'), sealed: '00'.repeat(60), key_id: 'k1' });
		expect(
			await callAs(db.owner, chief, `public.invite_to_group($1, 'member', $2, 'As Written', $3)`, [
				code,
				to,
				alias.world.member
			])
		).toBe('ok');
		const [invitation] = await callAs<{ id: string }[]>(db.owner, who, 'public.my_group_invitations()');
		expect(await callAs(db.owner, who, 'public.answer_group_invitation($1, true)', [invitation?.id])).toBe('ok');
	};
	await accept(delegate);
	await accept(speaker);
	const organisations = await readValue<(string | null)[]>(
		db.owner,
		`select array_agg(x.member_id order by x.member_id) from private.group_people as x
		join private.groups as g on g.id = x.group_id and g.code = $1 where x.part = 'member'`,
		[code]
	);
	expect(organisations).toEqual([alias.world.member, null]);
});
