/* Groups: who sees them, how people come in and leave, and what chairs decide. */
import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { callAs, inParallel, connectMany } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makePerson, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let chief: TestPerson;

interface Read {
	leads: boolean;
	own: string | null;
	hidden: number;
	version: number;
	people: { id: string; display_name: string; part: string; member: { name: string } | null }[];
	requests: { id: string; display_name: string }[] | null;
	invitations: { id: string; display_name: string }[] | null;
}

beforeAll(async () => {
	world = await makeWorld(db.owner);
	chief = await makePerson(db.owner, 'Community Organiser');
	await db.owner.query(`insert into public.role_grants (person_id, role) values ($1, 'community')`, [chief.person]);
});

const fields = (level: string, more: object = {}) =>
	JSON.stringify({
		name: { original: 'en', en: `A ${level} group` },
		purpose: {},
		level,
		takes_requests: true,
		...more
	});
const create = async (level: string, by = chief) => {
	const made = await callAs<{ status: string; code?: string }>(db.owner, by, 'public.create_group($1)', [
		fields(level)
	]);
	return made.code ?? made.status;
};
const read = (who: TestPerson | null, code: string) =>
	callAs<Read | null>(db.owner, who, 'public.read_group($1)', [code]);
const list = (who: TestPerson | null) => callAs<{ code: string }[]>(db.owner, who, 'public.list_groups()');
const put = async (who: TestPerson, code: string, part: string, until: string | null = null) => {
	const { rows } = await db.owner.query<{ id: string }>(
		`insert into private.group_people (group_id, person_id, part, since, until)
		select id, $2, $3, current_date - 400, current_date + $4::integer from private.groups where code = $1 returning id`,
		[code, who.person, part, until]
	);
	return rows[0]?.id ?? '';
};
const end = (who: TestPerson, entry: string) => callAs<string>(db.owner, who, 'public.end_group_person($1)', [entry]);
const ask = (who: TestPerson, code: string) =>
	callAs<string>(db.owner, who, 'public.request_to_join($1, $2)', [code, 'I know hotlines.']);
const decide = (who: TestPerson, request: string, accept: boolean) =>
	callAs<string>(db.owner, who, 'public.decide_join_request($1, $2)', [request, accept]);

describe('who sees a group', () => {
	test('everybody a public one, representatives of members a members’ one, and its own people a closed one', async () => {
		const codes = { public: await create('public'), members: await create('members'), closed: await create('closed') };
		const member = await makePerson(db.owner, 'Group Member');
		await put(member, codes.closed, 'member');
		const { newcomer, delegate, focal, owner } = world.people;
		const seen = async (who: TestPerson | null) => {
			const all = new Set((await list(who)).map(({ code }) => code));
			return Object.entries(codes)
				.filter(([, code]) => all.has(code))
				.map(([level]) => level);
		};
		expect(await seen(null)).toEqual(['public']);
		expect(await seen(newcomer)).toEqual(['public']);
		expect(await seen(owner)).toEqual(['public']);
		expect(await seen(delegate)).toEqual(['public', 'members']);
		expect(await seen(focal)).toEqual(['public', 'members']);
		expect(await seen(member)).toEqual(['public', 'closed']);
		expect(await seen(chief)).toEqual(['public', 'members', 'closed']);
	});

	test('an unseen group answers every call like an unknown one', async () => {
		const closed = await create('closed');
		const hidden = await put(world.people.focal, closed, 'member');
		const { delegate } = world.people;
		for (const code of [closed, 'UNKNOWN9']) {
			expect(await read(delegate, code)).toBeNull();
			expect(await read(null, code)).toBeNull();
			expect(await ask(delegate, code)).toBe('not_found');
			expect(await callAs(db.owner, delegate, 'public.change_group($1, 1, $2)', [code, fields('public')])).toBe(
				'not_found'
			);
		}
		expect(await end(delegate, hidden)).toBe('not_found');
		expect(await end(delegate, world.run)).toBe('not_found');
	});

	test('names only chairs and secretaries to visitors, and no member organisation of a person under an alias', async () => {
		const code = await create('public');
		const { delegate, speaker, virtual } = world.people;
		const entry = await put(speaker, code, 'member');
		await put(virtual, code, 'chair');
		await db.owner.query('update private.group_people set member_id = $2 where id = $1', [entry, world.member]);
		const names = async (who: TestPerson | null) => (await read(who, code))?.people.map(({ part }) => part);
		expect(await names(null)).toEqual(['chair', 'secretary']);
		expect((await read(null, code))?.hidden).toBe(1);
		expect(await names(delegate)).toEqual(['chair', 'secretary', 'member']);
		const shown = async () => (await read(delegate, code))?.people.find(({ id }) => id === entry)?.member?.name ?? null;
		expect(await shown()).not.toBeNull();
		await db.owner.query(`insert into private.protections (person_id, kind) values ($1, 'alias')`, [speaker.person]);
		expect(await shown()).toBeNull();
		await db.owner.query(`delete from private.protections where person_id = $1`, [speaker.person]);
	});

	test('a term that is over counts no more', async () => {
		const code = await create('closed');
		const former = await makePerson(db.owner, 'Former Chair');
		await put(former, code, 'chair', '-1');
		expect(await read(former, code)).toBeNull();
		expect((await read(chief, code))?.people.map(({ part }) => part)).toEqual(['secretary']);
	});

	test('those who run the community find a closed group again once nobody leads it', async () => {
		const code = await create('closed');
		const other = await makePerson(db.owner, 'Other Organiser');
		await db.owner.query(`insert into public.role_grants (person_id, role) values ($1, 'community')`, [other.person]);
		expect(await read(other, code)).toBeNull();
		await db.owner.query(
			`update private.group_people set until = current_date - 1, since = current_date - 9
			where group_id = (select id from private.groups where code = $1)`,
			[code]
		);
		expect(await read(other, code)).toMatchObject({ leads: true });
	});
});

describe('joining and leaving', () => {
	test('a request is decided once, by those who lead the group', async () => {
		const code = await create('members');
		const { delegate, focal } = world.people;
		expect(await ask(delegate, code)).toBe('ok');
		expect(await ask(delegate, code)).toBe('already');
		expect((await read(focal, code))?.requests).toBeNull();
		const request = (await read(chief, code))?.requests?.[0]?.id ?? '';
		expect(await decide(delegate, request, true)).toBe('not_found');
		const second = await makePerson(db.owner, 'Second Chair');
		await put(second, code, 'chair');
		const clients = await connectMany(db, 2);
		const answers = await inParallel(clients, [chief, second], (client, who) =>
			callAs<string>(client, who, 'public.decide_join_request($1, true)', [request])
		);
		expect(answers.sort()).toEqual(['already', 'ok']);
		expect((await read(delegate, code))?.own).not.toBeNull();
		expect(await ask(delegate, code)).toBe('already');
	});

	test('a group without requests takes none', async () => {
		const code = await create('members');
		const change = [code, fields('members', { takes_requests: false })];
		expect(await callAs(db.owner, chief, 'public.change_group($1, 1, $2)', change)).toBe('ok');
		expect(await callAs(db.owner, chief, 'public.change_group($1, 1, $2)', change)).toBe('conflict');
		expect(await ask(world.people.delegate, code)).toBe('not_open');
	});

	test('the last chair or secretary stays until there is another', async () => {
		const code = await create('closed');
		const own = (await read(chief, code))?.own ?? '';
		expect(await end(chief, own)).toBe('last_leader');
		const part = JSON.stringify({ part: 'member', member: null, until: null, alternate_of: null });
		expect(await callAs(db.owner, chief, 'public.change_group_person($1, $2)', [own, part])).toBe('last_leader');
		await put(world.people.focal, code, 'chair');
		expect(await end(chief, own)).toBe('ok');
		expect(await end(chief, own)).toBe('not_found');
		expect(await read(chief, code)).toBeNull();
	});

	test('who runs no community makes no group', async () => {
		expect(await create('public', world.people.owner)).toBe('not_allowed');
	});
});

describe('an invitation by mail', () => {
	const address = () => ({
		hash: randomBytes(32).toString('hex'),
		sealed: randomBytes(60).toString('hex'),
		key_id: 'k1'
	});
	const invite = (by: TestPerson, code: string, to: object) =>
		callAs<string>(db.owner, by, `public.invite_to_group($1, 'chair', $2, 'As Written')`, [code, JSON.stringify(to)]);
	const mine = (who: TestPerson) => callAs<{ id: string }[]>(db.owner, who, 'public.my_group_invitations()');
	const answer = (who: TestPerson, id: string) =>
		callAs<string>(db.owner, who, 'public.answer_group_invitation($1, true)', [id]);

	test('is found by who has proved the address, and names no group in the mail', async () => {
		const code = await create('closed');
		const guest = await makePerson(db.owner, 'Guest');
		const to = address();
		expect(await invite(world.people.owner, code, to)).toBe('not_allowed');
		expect(await invite(chief, code, to)).toBe('ok');
		expect(await invite(chief, code, to)).toBe('ok');
		expect(await mine(guest)).toEqual([]);
		await db.owner.query(
			`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id, verified_at)
			values ($1, $2, '\\x00', 'k1', now())`,
			[guest.person, Buffer.from(to.hash, 'hex')]
		);
		const { rows } = await db.owner.query(
			`select params, summit_id from private.outbox where template = 'group_invited' and address_sealed = $1`,
			[Buffer.from(to.sealed, 'hex')]
		);
		expect(rows).toEqual([{ params: {}, summit_id: null }]);
		const id = (await mine(guest))[0]?.id ?? '';
		expect(await answer(world.people.delegate, id)).toBe('not_found');
		expect(await answer(guest, id)).toBe('ok');
		expect(await answer(guest, id)).toBe('not_found');
		expect(await read(guest, code)).toMatchObject({ leads: true, people: [{ part: 'chair' }, { part: 'secretary' }] });
	});

	test('is gone once it is withdrawn, or once its author leads the group no more', async () => {
		const code = await create('closed');
		const guest = await makePerson(db.owner, 'Guest');
		const to = address();
		await db.owner.query(
			`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id, verified_at)
			values ($1, $2, '\\x00', 'k1', now())`,
			[guest.person, Buffer.from(to.hash, 'hex')]
		);
		await invite(chief, code, to);
		const withdrawn = (await mine(guest))[0]?.id ?? '';
		expect(await callAs(db.owner, guest, 'public.withdraw_group_invitation($1)', [withdrawn])).toBe('not_found');
		expect(await callAs(db.owner, chief, 'public.withdraw_group_invitation($1)', [withdrawn])).toBe('ok');
		expect(await answer(guest, withdrawn)).toBe('not_found');
		await invite(chief, code, to);
		expect(await mine(guest)).toHaveLength(1);
		await put(world.people.focal, code, 'chair');
		await end(chief, (await read(chief, code))?.own ?? '');
		expect(await mine(guest)).toEqual([]);
	});
});
