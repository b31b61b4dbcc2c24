/* Groups: who sees them, how people come in and leave, and what chairs decide. */
import { randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import { callAs, inParallel, connectMany, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { createGroup, groupFields, makeCommunityOrganiser, putInGroup, readGroup } from '../../fixtures/grouping.ts';
import { makePerson, makeWorld, setCaller, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let chief: TestPerson;

beforeAll(async () => {
	world = await makeWorld(db.owner);
	chief = await makeCommunityOrganiser(db.owner);
});

const create = (level: string, by = chief) => createGroup(db.owner, by, level);
const read = (who: TestPerson | null, code: string) => readGroup(db.owner, who, code);
const put = (who: TestPerson, code: string, part: string, days: number | null = null) =>
	putInGroup(db.owner, who, code, part, { days });
const list = (who: TestPerson | null) => callAs<{ code: string }[]>(db.owner, who, 'public.list_groups()');
const end = (who: TestPerson, entry: string) => callAs<string>(db.owner, who, 'public.end_group_person($1)', [entry]);
const ask = (who: TestPerson, code: string) =>
	callAs<string>(db.owner, who, 'public.request_to_join($1, $2)', [code, 'I know hotlines.']);
async function change(code: string, level: string, is_ended = false): Promise<string> {
	const version = await readValue<number>(db.owner, 'select version from private.groups where code = $1', [code]);
	const fields = groupFields(level, { is_ended });
	return callAs(db.owner, chief, 'public.change_group($1, $2, $3)', [code, version, fields]);
}
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

	test('the same form sent twice makes one group, and tells nobody else of it', async () => {
		const fields = groupFields('closed', { id: randomUUID() });
		const make = (who: TestPerson) => callAs<{ code?: string }>(db.owner, who, 'public.create_group($1)', [fields]);
		const first = await make(chief);
		expect([first.code, await make(chief)]).toEqual([expect.any(String), first]);
		expect(await make(await makeCommunityOrganiser(db.owner))).toEqual({ status: 'invalid' });
	});

	test('an unseen group answers every call like an unknown one', async () => {
		const closed = await create('closed');
		const hidden = await put(world.people.focal, closed, 'member');
		const { delegate } = world.people;
		for (const code of [closed, 'UNKNOWN9']) {
			expect(await read(delegate, code)).toBeNull();
			expect(await read(null, code)).toBeNull();
			expect(await ask(delegate, code)).toBe('not_found');
			expect(await callAs(db.owner, delegate, 'public.change_group($1, 1, $2)', [code, groupFields('public')])).toBe(
				'not_found'
			);
		}
		expect(await end(delegate, hidden)).toBe('not_found');
		expect(await end(delegate, world.run)).toBe('not_found');
	});

	test('ends for focal points of an earlier Summit once others are named, and for participants of an archived one', async () => {
		const before = await makeWorld(db.owner);
		const { focal, delegate } = before.people;
		const code = await create('members');
		const sees = async (who: TestPerson) => (await read(who, code)) !== null;
		expect([await sees(focal), await sees(delegate)]).toEqual([true, true]);
		const next = await readValue<string>(
			db.owner,
			`insert into public.summits (slug, name, zone, starts_on, ends_on, state)
			select slug || '-next', name, zone, starts_on + 700, ends_on + 700, 'open' from public.summits where id = $1
			returning id`,
			[before.summit]
		);
		await db.owner.query(
			`insert into public.summit_members (summit_id, member_id, sector) values ($1, $2, 'civil_society')`,
			[next, before.member]
		);
		await db.owner.query(`update public.summits set state = 'archived' where id = $1`, [before.summit]);
		expect([await sees(focal), await sees(delegate)]).toEqual([true, false]);
		const successor = await makePerson(db.owner, 'Successor');
		await db.owner.query(`insert into public.focal_points (summit_id, member_id, person_id) values ($1, $2, $3)`, [
			next,
			before.member,
			successor.person
		]);
		expect([await sees(focal), await sees(successor)]).toEqual([false, true]);
	});

	test('visitors read only the names of chairs and secretaries', async () => {
		const code = await create('public');
		const { delegate, speaker, virtual } = world.people;
		await put(speaker, code, 'member');
		await put(virtual, code, 'chair');
		const names = async (who: TestPerson | null) => (await read(who, code))?.people.map(({ part }) => part);
		expect(await names(null)).toEqual(['chair', 'secretary']);
		expect((await read(null, code))?.hidden).toBe(1);
		expect(await names(delegate)).toEqual(['chair', 'secretary', 'member']);
	});

	test('an entry stops counting when its term is over', async () => {
		const code = await create('closed');
		const former = await makePerson(db.owner, 'Former Chair');
		await put(former, code, 'chair', -1);
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

/** Does an act that waits until another one is committed; answers what it does. */
async function afterWaiting<T>(who: TestPerson, first: string, act: (client: pg.Client) => Promise<T>): Promise<T> {
	const [before, after] = (await connectMany(db, 2)) as [pg.Client, pg.Client];
	const pid = await readValue<number>(after, 'select pg_backend_pid()');
	await before.query('begin');
	await setCaller(before, who);
	await before.query(first);
	const answer = act(after);
	const isWaiting = () =>
		readValue<boolean>(db.owner, 'select exists (select from pg_locks where pid = $1 and not granted)', [pid]);
	await expect.poll(isWaiting).toBe(true);
	await before.query('commit');
	return answer;
}

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

	test.each([
		['ends', 'members', true],
		['becomes closed', 'closed', false]
	])('requests are declined when their group %s', async (_, level, isEnded) => {
		const code = await create('members');
		expect(await ask(world.people.delegate, code)).toBe('ok');
		const request = (await read(chief, code))?.requests?.[0]?.id ?? '';
		expect(await change(code, level, isEnded)).toBe('ok');
		expect(await decide(chief, request, true)).toBe('already');
		expect(await readValue(db.owner, 'select state from private.group_requests where id = $1', [request])).toBe(
			'declined'
		);
	});

	test('a group without requests takes none', async () => {
		const code = await create('members');
		const values = [code, groupFields('members', { takes_requests: false })];
		expect(await callAs(db.owner, chief, 'public.change_group($1, 1, $2)', values)).toBe('ok');
		expect(await callAs(db.owner, chief, 'public.change_group($1, 1, $2)', values)).toBe('conflict');
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

	test('an act that waited for another one sees what it did', async () => {
		const code = await create('closed');
		const own = (await read(chief, code))?.own ?? '';
		const member = await makePerson(db.owner, 'Group Member');
		const entry = await put(member, code, 'member');
		const as = (part: string) => JSON.stringify({ part, member: null, until: null, alternate_of: null });
		expect(
			await afterWaiting(
				chief,
				`select public.change_group_person('${entry}', '${as('chair')}'), public.end_group_person('${own}')`,
				(client) => callAs<string>(client, member, 'public.end_group_person($1)', [entry])
			)
		).toBe('last_leader');
		const second = await put(chief, code, 'member');
		expect(
			await afterWaiting(member, `select public.end_group_person('${second}')`, (client) =>
				callAs<string>(client, member, 'public.change_group_person($1, $2)', [second, as('alternate')])
			)
		).toBe('not_found');
	});

	test('only those who run the community make a group', async () => {
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

	test('says whom an alternate stands in for: somebody of the group who is no alternate', async () => {
		const code = await create('members');
		const guest = await makePerson(db.owner, 'Invited Alternate');
		const to = address();
		await db.owner.query(
			`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id, verified_at)
			values ($1, $2, '\\x00', 'k1', now())`,
			[guest.person, Buffer.from(to.hash, 'hex')]
		);
		const [member, other, outside] = [
			await put(world.people.focal, code, 'member'),
			await put(world.people.delegate, code, 'alternate'),
			await put(world.people.focal, await create('members'), 'member')
		];
		const offer = (part: string, of: string) =>
			callAs<string>(db.owner, chief, `public.invite_to_group($1, $2, $3, 'As Written', alternate_of => $4)`, [
				code,
				part,
				JSON.stringify(to),
				of
			]);
		expect(await offer('alternate', other)).toBe('invalid');
		expect(await offer('alternate', outside)).toBe('invalid');
		expect(await offer('member', member)).toBe('invalid');
		expect(await offer('alternate', member)).toBe('ok');
		expect(await answer(guest, (await mine(guest))[0]?.id ?? '')).toBe('ok');
		const alternate = async () =>
			(await read(chief, code))?.people.find(({ display_name }) => display_name === 'Invited Alternate');
		expect(await alternate()).toMatchObject({ part: 'alternate', alternate_of: { id: member } });
		// Who left meanwhile is stood in for no more.
		await end(guest, (await alternate())?.id ?? '');
		expect(await offer('alternate', member)).toBe('ok');
		await end(chief, member);
		expect(await answer(guest, (await mine(guest))[0]?.id ?? '')).toBe('ok');
		expect(await alternate()).toMatchObject({ part: 'alternate', alternate_of: null });
	});

	test('does not let those who run the community admit themselves where somebody leads the group', async () => {
		const code = await create('members');
		const other = await makeCommunityOrganiser(db.owner);
		expect(await ask(other, code)).toBe('ok');
		const request = (await read(chief, code))?.requests?.[0]?.id ?? '';
		expect(await decide(other, request, true)).toBe('not_found');
		const to = address();
		expect(await invite(other, code, to)).toBe('ok');
		await db.owner.query(
			`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id, verified_at)
			values ($1, $2, '\\x00', 'k1', now())`,
			[other.person, Buffer.from(to.hash, 'hex')]
		);
		expect(await mine(other)).toEqual([]);
		expect(await invite(other, code, to)).toBe('not_allowed');
		expect(await decide(chief, request, true)).toBe('ok');
	});

	test('is gone once it is withdrawn, or once its author no longer leads the group', async () => {
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

	test('is refused for a group that has ended, and leaves the list of the leaders when it can no longer be accepted', async () => {
		const code = await create('members');
		expect(await invite(chief, code, address())).toBe('ok');
		expect(await invite(chief, code, address())).toBe('ok');
		const listed = async () => (await read(chief, code))?.invitations?.length;
		expect(await listed()).toBe(2);
		await db.owner.query(
			`update private.group_invitations set invited_at = now() - interval '91 days'
			where id = (select id from private.group_invitations order by invited_at desc limit 1)`
		);
		expect(await listed()).toBe(1);
		const ended = [code, groupFields('members', { is_ended: true })];
		expect(await callAs(db.owner, chief, 'public.change_group($1, 1, $2)', ended)).toBe('ok');
		expect(await listed()).toBe(0);
		const to = address();
		expect(await invite(chief, code, to)).toBe('invalid');
		expect(
			await readValue(db.owner, `select count(*)::integer from private.outbox where address_sealed = $1`, [
				Buffer.from(to.sealed, 'hex')
			])
		).toBe(0);
	});
});

describe('a notice', () => {
	const send = (who: TestPerson, code: string, once: string = randomUUID(), client: pg.Client = db.owner) =>
		callAs<string>(client, who, 'public.send_group_notice($1, $2, $3, $4)', [
			code,
			once,
			JSON.stringify({ original: 'en', en: 'Papers' }),
			JSON.stringify({ original: 'en', en: 'The papers are there.' })
		]);
	const notices = (who: TestPerson, code: string) =>
		callAs<object[] | null>(db.owner, who, 'public.list_group_notices($1)', [code]);
	const mails = async (code: string) => {
		const { rows } = await db.owner.query<{ person_id: string; template: string; params: object }>(
			`select person_id, template, params from private.outbox where params ->> 'code' = $1 order by template`,
			[code]
		);
		return rows;
	};
	const addressed = async (name: string) => {
		const who = await makePerson(db.owner, name);
		await db.owner.query(
			`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id, verified_at, is_primary)
			values ($1, sha256(convert_to($1::uuid::text, 'utf8')), '\\x00', 'k1', now(), true)`,
			[who.person]
		);
		return who;
	};

	test('goes to today’s people of the group once, also after a second click, and only they read it', async () => {
		const code = await create('members');
		const [inside, left, outside] = [await addressed('Inside'), await addressed('Left'), await addressed('Outside')];
		await put(inside, code, 'member');
		await put(left, code, 'member', -1);
		const once = randomUUID();
		const clients = await connectMany(db, 2);
		expect(await inParallel(clients, [once, once], (client, id) => send(chief, code, id, client))).toEqual([
			'ok',
			'ok'
		]);
		await Promise.all(clients.map((client) => client.end()));
		expect((await mails(code)).map(({ person_id }) => person_id)).toEqual([inside.person]);
		expect(await notices(inside, code)).toMatchObject([{ id: once, subject: { en: 'Papers' } }]);
		for (const who of [left, outside, world.people.focal]) expect(await notices(who, code)).toBeNull();
		for (const who of [inside, left, outside]) expect(await send(who, code)).toBe('not_found');
		// The id of a notice of another group neither sends nor shows anything.
		expect(await send(chief, await create('members'), once)).toBe('invalid');
	});

	test('of a closed group, and of its time as one, is not read by those who are not of it', async () => {
		const code = await create('closed');
		const other = await makePerson(db.owner, 'Community Organiser');
		await db.owner.query(`insert into public.role_grants (person_id, role) values ($1, 'community')`, [other.person]);
		expect(await send(chief, code)).toBe('ok');
		expect(await notices(other, code)).toBeNull();
		expect(await change(code, 'members')).toBe('ok');
		expect(await notices(other, code)).toEqual([]);
		expect(await send(chief, code)).toBe('ok');
		expect(await notices(other, code)).toHaveLength(1);
		expect(await notices(chief, code)).toHaveLength(2);
		expect(await change(code, 'closed')).toBe('ok');
		await db.owner.query(
			`update private.group_people set until = current_date - 1, since = current_date - 9
			where group_id = (select id from private.groups where code = $1)`,
			[code]
		);
		expect(await read(other, code)).toMatchObject({ leads: true });
		expect(await notices(other, code)).toEqual([]);
	});

	test('of a closed group names nothing in the mail', async () => {
		const code = await create('closed');
		const inside = await addressed('Inside');
		await put(inside, code, 'member');
		expect(await send(chief, code)).toBe('ok');
		expect(await mails(code)).toEqual([{ person_id: inside.person, template: 'group_notice', params: { code } }]);
	});

	test('is refused after twenty in a day, and once the group has ended', async () => {
		const code = await create('members');
		for (let count = 0; count < 20; count += 1) expect(await send(chief, code)).toBe('ok');
		expect(await send(chief, code)).toBe('limited');
		const ended = await create('members');
		await callAs(db.owner, chief, 'public.change_group($1, 1, $2)', [
			ended,
			groupFields('members', { is_ended: true })
		]);
		expect(await send(chief, ended)).toBe('invalid');
	});

	test('a request to join is announced to those who lead the group, and its decision to who asked', async () => {
		const code = await create('public');
		const [chair, asker] = [await addressed('Chair'), await addressed('Asker')];
		await put(chair, code, 'chair');
		await put(await addressed('Member'), code, 'member');
		expect(await ask(asker, code)).toBe('ok');
		expect(await ask(asker, code)).toBe('already');
		expect(await decide(chair, (await read(chair, code))?.requests?.[0]?.id ?? '', false)).toBe('ok');
		expect((await mails(code)).map(({ template, person_id }) => [template, person_id])).toEqual([
			['group_join_declined', asker.person],
			['group_join_requested', chair.person]
		]);
	});
});
