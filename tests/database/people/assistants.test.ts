/* Who may act for whom: visible to the two people concerned, ended by either, and by nobody else. */
import { createHash } from 'node:crypto';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { makeWorld, type PersonKind, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let acting: string;

beforeAll(async () => {
	world = await makeWorld(db.owner);
});
beforeEach(async () => {
	const { delegate, virtual } = world.people;
	await db.owner.query(`delete from public.account_people where relation = 'assistant'`);
	await db.owner.query('delete from private.assistant_invitations');
	await db.owner.query(`delete from private.outbox where template = 'assistant_asked'`);
	const { rows } = await db.owner.query<{ id: string }>(
		`insert into public.account_people (account_id, person_id, relation, scope) values ($1, $2, 'assistant', 'registration') returning id`,
		[virtual.account, delegate.person]
	);
	acting = rows[0]?.id ?? '';
});

interface Lists {
	for_me: { id: string; display_name: string }[];
	i_for: { id: string; display_name: string }[];
}

async function callAs<Answer>(kind: PersonKind, sql: string, values: unknown[] = []): Promise<Answer> {
	await db.owner.query('begin');
	try {
		await db.owner.query('set local role authenticated');
		await db.owner.query(`select set_config('request.jwt.claims', $1, true)`, [
			JSON.stringify({ sub: world.people[kind].account, role: 'authenticated' })
		]);
		const { rows } = await db.owner.query<{ answer: Answer }>(`select ${sql} as answer`, values);
		await db.owner.query('reset role');
		await db.owner.query('commit');
		return rows[0]?.answer as Answer;
	} catch (error) {
		await db.owner.query('rollback');
		throw error;
	}
}

test('both people see it from their side, and nobody else does', async () => {
	const { delegate, virtual } = world.people;
	expect((await callAs<Lists>('delegate', 'public.list_assistants()')).for_me.map((one) => one.display_name)).toEqual([
		virtual.name
	]);
	expect((await callAs<Lists>('virtual', 'public.list_assistants()')).i_for.map((one) => one.display_name)).toEqual([
		delegate.name
	]);
	expect(await callAs<Lists>('owner', 'public.list_assistants()')).toEqual({ for_me: [], i_for: [], asked: [] });
});

test.each(['delegate', 'virtual'] as const)('the %s ends it', async (kind) => {
	expect(await callAs('owner', 'public.remove_assistant($1)', [acting])).toBe('unknown');
	expect(await callAs(kind, 'public.remove_assistant($1)', [acting])).toBe('ok');
	expect(await callAs(kind, 'public.remove_assistant($1)', [acting])).toBe('unknown');
	expect((await db.owner.query(`select id from public.account_people where relation = 'assistant'`)).rows).toEqual([]);
});

test('nobody can end an assistance of other people', async () => {
	const { rows } = await db.owner.query<{ id: string }>(
		`select id from public.account_people where account_id = $1 and relation = 'self'`,
		[world.people.delegate.account]
	);
	expect(await callAs('delegate', 'public.remove_assistant($1)', [rows[0]?.id])).toBe('unknown');
});

test('an expired one is no longer listed', async () => {
	await db.owner.query(`update public.account_people set until = now() - interval '1 minute' where id = $1`, [acting]);
	expect(await callAs<Lists>('delegate', 'public.list_assistants()')).toEqual({ for_me: [], i_for: [], asked: [] });
});

const hash = (address: string) => createHash('sha256').update(address).digest();

/** The site's call when a person types an address: as app_server, which knows no other person. */
async function offer(kind: PersonKind, address: string, until = '30 days', scope = 'registration'): Promise<string> {
	const { rows } = await db.owner.query<{ status: string }>(
		`select private.invite_assistant($1, $2, '\\x01', 'k', $3, now() + $4::interval, 'en') as status`,
		[world.people[kind].account, hash(address), scope, until]
	);
	return rows[0]?.status ?? '';
}

async function holds(kind: PersonKind, address: string): Promise<void> {
	await db.owner.query(
		`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id, verified_at, is_primary) values ($1, $2, '\\x01', 'k', now(), false)
		on conflict (address_hash) do nothing`,
		[world.people[kind].person, hash(address)]
	);
}

const mails = async () =>
	(await db.owner.query(`select person_id, params from private.outbox where template = 'assistant_asked'`)).rows;

test('an offer names nobody until the holder of the address accepts, and a known address gets the answer of an unknown one', async () => {
	await holds('speaker', 'known@example.org');
	expect([await offer('delegate', 'known@example.org'), await offer('delegate', 'nobody@example.org')]).toEqual([
		'ok',
		'ok'
	]);
	// Both get a mail at the sealed address, which contains no personal data.
	expect(await mails()).toEqual(Array(2).fill({ person_id: null, params: {} }));
	const before = await callAs<Lists>('delegate', 'public.list_assistants()');
	expect(before.for_me.map((one) => one.display_name)).not.toContain(world.people.speaker.name);
	const asked = (
		await callAs<Lists & { asked: { id: string; display_name: string }[] }>('speaker', 'public.list_assistants()')
	).asked;
	expect(asked.map((one) => one.display_name)).toEqual([world.people.delegate.name]);
	for (const other of ['owner', 'registration', 'delegate', 'virtual'] as const)
		expect(await callAs(other, 'public.answer_assistant_invitation($1, true)', [asked[0]?.id])).toBe('unknown');
	expect(await callAs('speaker', 'public.answer_assistant_invitation($1, true)', [asked[0]?.id])).toBe('ok');
	expect(await callAs('speaker', 'public.answer_assistant_invitation($1, true)', [asked[0]?.id])).toBe('unknown');
	const { rows } = await db.owner.query(
		`select scope, until is not null as ends from public.account_people where account_id = $1 and person_id = $2`,
		[world.people.speaker.account, world.people.delegate.person]
	);
	expect(rows).toEqual([{ scope: 'registration', ends: true }]);
	// The sender sees the address that they typed, never its holder.
	expect((await callAs<Lists>('delegate', 'public.list_assistants()')).for_me).toContainEqual(
		expect.objectContaining({ display_name: null, address_sealed: '01', key_id: 'k' })
	);
});

test('a declined offer leaves nothing, and a withdrawn one cannot be accepted', async () => {
	await holds('speaker', 'known@example.org');
	const lists = async () => callAs<Lists & { asked: { id: string }[] }>('speaker', 'public.list_assistants()');
	await offer('delegate', 'known@example.org');
	expect(await callAs('speaker', 'public.answer_assistant_invitation($1, false)', [(await lists()).asked[0]?.id])).toBe(
		'ok'
	);
	expect(await lists()).toMatchObject({ asked: [], i_for: [] });
	await offer('delegate', 'known@example.org');
	const id = (await lists()).asked[0]?.id;
	expect([
		await callAs('owner', 'public.remove_assistant($1)', [id]),
		await callAs('speaker', 'public.remove_assistant($1)', [id])
	]).toEqual(['unknown', 'unknown']);
	expect(await callAs('delegate', 'public.remove_assistant($1)', [id])).toBe('ok');
	expect(await callAs('speaker', 'public.answer_assistant_invitation($1, true)', [id])).toBe('unknown');
});

test('refuses acceptance by an unproven address or by oneself; days and numbers are limited', async () => {
	await holds('delegate', 'mine@example.org');
	expect([
		await offer('delegate', 'mine@example.org'),
		await offer('delegate', 'x@example.org', '-1 day'),
		await offer('delegate', 'x@example.org', '3 years'),
		await offer('delegate', 'x@example.org', '1 day', 'money')
	]).toEqual(['own', 'invalid', 'invalid', 'invalid']);
	await holds('listed', 'unproven@example.org');
	await db.owner.query('update private.person_addresses set verified_at = null where address_hash = $1', [
		hash('unproven@example.org')
	]);
	await offer('delegate', 'unproven@example.org');
	expect((await callAs<Lists & { asked: unknown[] }>('listed', 'public.list_assistants()')).asked).toEqual([]);
	const answers = [];
	for (let n = 0; n < 10; n++) answers.push(await offer('delegate', `many-${n}@example.org`));
	expect(answers.filter((answer) => answer === 'limited').length).toBeGreaterThan(0);
	expect((await db.owner.query('select count(*)::integer as n from private.assistant_invitations')).rows[0]).toEqual({
		n: 10
	});
});
