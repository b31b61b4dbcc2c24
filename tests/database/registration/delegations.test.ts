import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeLetter, proveAddress } from '../../fixtures/inviting.ts';
import {
	callAs,
	faultsOf,
	inTurn,
	makeDrafts,
	makePeople,
	makeSummit,
	register,
	readValue,
	type RegisteringSummit
} from '../../fixtures/registering.ts';
import { startLite, type TestLite } from '../../fixtures/lite.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, makePerson, type TestPerson } from '../../fixtures/world.ts';

interface Seats {
	mode: string;
	ceiling: number;
	held: number;
	invited: number;
	left: number;
	reserved_until: string | null;
}
interface Shown {
	acting_for: string | null;
	nominating: boolean;
	seats: Seats[];
	people: Record<string, unknown>[];
	invitations: { id: string; address: string; state: string; may_send: boolean }[];
}

const db = useDatabase();
let s: RegisteringSummit;
let ministry: string;
let focal: TestPerson;

beforeEach(async () => {
	s = await makeSummit(db.owner, { hall: 10, ceilings: { government: 3 } });
	ministry = s.members[2] ?? '';
	focal = await makeFocal(ministry);
});

async function makeFocal(member: string): Promise<TestPerson> {
	const who = await makePerson(db.owner, 'Focal Point');
	await db.owner.query(`insert into public.focal_points (summit_id, member_id, person_id) values ($1, $2, $3)`, [
		s.summit,
		member,
		who.person
	]);
	return who;
}

async function makeAssistant(principal: TestPerson, scope = 'registration'): Promise<TestPerson> {
	const who = await makePerson(db.owner, 'Assistant');
	await db.owner.query(
		`insert into public.account_people (account_id, person_id, relation, scope) values ($1, $2, 'assistant', $3)`,
		[who.account, principal.person, scope]
	);
	return who;
}

const invite = (who: TestPerson, address: string, mode = 'in_person', queue = false, member = ministry) =>
	callAs<{ status: string; id?: string }>(db.owner, who, 'public.invite_delegate($1, $2, $3, $4, $5)', [
		s.summit,
		member,
		mode,
		makeLetter(address).letter,
		queue
	]);

async function shown(who: TestPerson): Promise<Shown> {
	const [first] = await callAs<Shown[]>(db.owner, who, 'public.read_delegation($1)', [s.summit]);
	if (!first) throw new Error('no delegation');
	return first;
}

async function hall(who: TestPerson): Promise<Seats> {
	const seats = (await shown(who)).seats.find(({ mode }) => mode === 'in_person');
	if (!seats) throw new Error('no hall');
	return seats;
}

async function protect(person: string) {
	await db.owner.query(
		`insert into private.protections (person_id, kind, real_name_sealed, key_id) values ($1, 'alias', '\\x00', 'test')`,
		[person]
	);
}

describe('inviting', () => {
	it('counts invited seats, and goes on into the queue only when asked to', async () => {
		const [colleague] = (await makePeople(db.owner, 1)) as [TestPerson];
		await register(db.owner, colleague, s.summit, ministry);
		expect((await invite(focal, 'a@example.org')).status).toBe('ok');
		expect((await invite(focal, 'b@example.org')).status).toBe('ok');
		expect(await hall(focal)).toMatchObject({ ceiling: 3, held: 1, invited: 2, left: 0 });
		expect((await invite(focal, 'c@example.org')).status).toBe('no_seats');
		expect((await invite(focal, 'c@example.org', 'in_person', true)).status).toBe('ok');
		expect((await invite(focal, 'd@example.org', 'virtual')).status).toBe('ok');
		const [first] = (await shown(focal)).invitations.filter(({ address }) => address === '…@example.org');
		expect(await callAs(db.owner, focal, 'public.revoke_invitation($1)', [first?.id])).toBe('ok');
		expect(await callAs(db.owner, focal, 'public.revoke_invitation($1)', [first?.id])).toBe('wrong_state');
	});

	it('is for focal points and their assistants of the own member, and for organisers', async () => {
		const stranger = await makePerson(db.owner, 'Stranger');
		const other = await makeFocal(s.members[0] ?? '');
		const speaking = await makeAssistant(focal, 'speaking');
		for (const who of [stranger, other, speaking, s.finance]) {
			expect(await invite(who, 'a@example.org')).toEqual({ status: 'not_allowed' });
		}
		const { id } = await invite(focal, 'a@example.org');
		for (const who of [stranger, other, speaking]) {
			expect(await callAs(db.owner, who, 'public.revoke_invitation($1)', [id])).toBe('not_found');
			expect(
				await callAs(db.owner, who, 'public.resend_invitation($1, $2)', [id, makeLetter('a@example.org').letter])
			).toBe('not_found');
		}
		await db.owner.query(`update public.focal_points set until = now() where person_id = $1`, [focal.person]);
		expect(await invite(focal, 'b@example.org')).toEqual({ status: 'not_allowed' });
		expect((await invite(s.organiser, 'b@example.org')).status).toBe('ok');
	});

	it('is visible to organisers who invite on the member’s behalf, and to nobody else outside the member', async () => {
		const { finance } = s;
		const other = await makeSummit(db.owner, {});
		expect((await invite(s.organiser, 'aid@example.org')).status).toBe('ok');
		const read = (who: TestPerson | null, summit = s.summit) =>
			callAs<Shown | null>(db.owner, who, 'public.member_invitations($1, $2)', [summit, ministry]);
		expect(await read(s.organiser)).toMatchObject({
			open: true,
			seats: [{ mode: 'in_person', ceiling: 3, invited: 1, left: 2 }, { mode: 'virtual' }],
			invitations: [{ address: 'a…@example.org', state: 'sent', may_send: true }]
		});
		expect(await inTurn([finance, focal, other.organiser], (who) => read(who))).toEqual([null, null, null]);
		expect(await read(other.organiser, other.summit)).toBeNull();
		// Its focal points see it in their list, and the history names the inviter.
		const [own] = await callAs<Shown[]>(db.owner, focal, 'public.read_delegation($1)', [s.summit]);
		expect(own).toMatchObject({ invitations: [{ address: 'a…@example.org' }], seats: [{ left: 2 }, {}] });
		expect(
			await readValue(
				db.owner,
				`select actor_person from audit.entries where table_name = 'private.invitations' and action = 'insert' and member_id = $1`,
				[ministry]
			)
		).toBe(s.organiser.person);
	});

	it('ends with the deadline for members, but not for organisers', async () => {
		const [colleague] = (await makePeople(db.owner, 1)) as [TestPerson];
		const { id } = await register(db.owner, colleague, s.summit, ministry);
		const invitation = await invite(focal, 'a@example.org');
		await db.owner.query(`update public.summits set nominations_close_at = now() - interval '1 second' where id = $1`, [
			s.summit
		]);
		expect(await invite(focal, 'b@example.org')).toEqual({ status: 'closed' });
		expect(
			await callAs(db.owner, focal, 'public.resend_invitation($1, $2)', [
				invitation.id,
				makeLetter('a@example.org').letter
			])
		).toBe('closed');
		expect(await callAs(db.owner, focal, 'public.nominate_registrations($1)', [[id]])).toEqual([
			{ id, status: 'closed' }
		]);
		expect((await shown(focal)).nominating).toBe(false);
		expect((await invite(s.organiser, 'b@example.org')).status).toBe('ok');
		expect(await callAs(db.owner, s.organiser, 'public.nominate_registrations($1)', [[id]])).toEqual([
			{ id, status: 'nominated' }
		]);
		expect(await callAs(db.owner, focal, 'public.revoke_invitation($1)', [invitation.id])).toBe('ok');
	});

	it('never lasts beyond the deadline', async () => {
		await db.owner.query(`update public.summits set nominations_close_at = now() + interval '2 days' where id = $1`, [
			s.summit
		]);
		const { id } = await invite(focal, 'a@example.org');
		expect(
			await readValue(
				db.owner,
				`select expires_at = (select nominations_close_at from public.summits where id = $2) from private.invitations where id = $1`,
				[id, s.summit]
			)
		).toBe(true);
	});

	it('refuses oneself, a second one to the same address, and an invalid address', async () => {
		await proveAddress(db.owner, focal, 'me@example.org');
		expect(await invite(focal, 'me@example.org')).toEqual({ status: 'self' });
		expect((await invite(focal, 'a@example.org')).status).toBe('ok');
		expect(await invite(focal, 'a@example.org')).toEqual({ status: 'already' });
		expect(await invite(focal, 'a@example.org', 'virtual')).toEqual({ status: 'already' });
		for (const letter of [
			'null',
			'"x"',
			'{}',
			makeLetter('z@example.org', { address_hash: 'zz' }).letter,
			makeLetter('z@example.org', { address_mask: 'z@example.org' }).letter
		]) {
			expect(
				await callAs(db.owner, focal, `public.invite_delegate($1, $2, 'virtual', $3)`, [s.summit, ministry, letter])
			).toEqual({ status: 'invalid' });
		}
	});

	it('shows the focal point the same, for any holder of the address', async () => {
		const people = (await makePeople(db.owner, 3)) as [TestPerson, TestPerson, TestPerson];
		const [elsewhere, hidden, hiddenElsewhere] = people;
		await register(db.owner, elsewhere, s.summit, s.members[0] ?? '', 'virtual');
		await register(db.owner, hiddenElsewhere, s.summit, s.members[0] ?? '', 'virtual');
		await protect(hidden.person);
		await protect(hiddenElsewhere.person);
		await proveAddress(db.owner, elsewhere, 'b@example.org');
		await proveAddress(db.owner, hidden, 'c@example.org');
		await proveAddress(db.owner, hiddenElsewhere, 'd@example.org');
		const seen = [];
		for (const address of ['a@example.org', 'b@example.org', 'c@example.org', 'd@example.org']) {
			const before = await shown(focal);
			const answer = await invite(focal, address, 'virtual');
			const after = await shown(focal);
			const made = after.invitations.filter(({ id }) => !before.invitations.some((one) => one.id === id));
			seen.push({
				answer: { ...answer, id: typeof answer.id },
				made: made.map((one) => ({ ...one, id: '', sent_at: '', until: '' })),
				people: after.people
			});
		}
		expect(seen[0]?.made).toHaveLength(1);
		for (const one of seen) expect(one).toEqual(seen[0]);
	});
});

describe('people who registered themselves', () => {
	it('are nominated together, or reported as unknown, which only organisers see', async () => {
		const people = await makePeople(db.owner, 3);
		const made = await inTurn(people, (who) => register(db.owner, who, s.summit, ministry));
		const ids = made.map(({ id }) => id);
		const [first = '', second = '', third = ''] = ids;
		const refuse = (id: string, reason: string) =>
			callAs(db.owner, focal, 'public.refuse_nomination($1, $2)', [id, reason]);
		expect(await refuse(first, '  ')).toBe('reason_needed');
		expect(await refuse(first, 'Left us in spring')).toBe('ok');
		expect(
			(await shown(focal)).people.filter(({ not_ours }) => not_ours).map(({ registration_id }) => registration_id)
		).toEqual([first]);
		const read = (who: TestPerson) => actAs(db.owner, who, 'select reason from public.nomination_refusals');
		expect(await read(s.organiser)).toEqual([{ reason: 'Left us in spring' }]);
		for (const who of [focal, people[0] as TestPerson, s.finance]) expect(await read(who)).toEqual([]);
		expect(
			JSON.stringify(await callAs(db.owner, people[0] as TestPerson, 'public.my_registration($1)', [s.summit]))
		).not.toContain('Left us');
		expect(await callAs(db.owner, focal, 'public.nominate_registrations($1)', [[second, third]])).toEqual(
			[second, third].sort().map((id) => ({ id, status: 'nominated' }))
		);
		expect(await refuse(second, 'Too late')).toBe('wrong_state');
		// A changed decision.
		expect(await callAs(db.owner, focal, 'public.nominate_registrations($1)', [[first]])).toEqual([
			{ id: first, status: 'nominated' }
		]);
		expect(await read(s.organiser)).toEqual([]);
		const other = await makeFocal(s.members[0] ?? '');
		expect(await callAs(db.owner, other, 'public.refuse_nomination($1, $2)', [third, 'x'])).toBe('not_found');
	});
});

describe('an assistant', () => {
	it('acts for the focal point: the audit names both', async () => {
		const assistant = await makeAssistant(focal);
		const [colleague] = (await makePeople(db.owner, 1)) as [TestPerson];
		const { id } = await register(db.owner, colleague, s.summit, ministry);
		expect((await shown(assistant)).acting_for).toBe(focal.name);
		expect((await shown(focal)).acting_for).toBeNull();
		const { id: invitation } = await invite(assistant, 'a@example.org');
		await callAs(db.owner, assistant, 'public.nominate_registrations($1)', [[id]]);
		const { rows } = await db.owner.query(
			`select distinct table_name, actor_person, principal_person from audit.entries
			where row_id in ($1, $2) and actor_person = $3 order by 1`,
			[invitation, id, assistant.person]
		);
		expect(rows).toEqual(
			['private.invitations', 'public.registrations'].map((table_name) => ({
				table_name,
				actor_person: assistant.person,
				principal_person: focal.person
			}))
		);
		const step = await db.owner.query(
			`select actor_id, principal_id from public.registration_steps where registration_id = $1 and to_state = 'nominated'`,
			[id]
		);
		expect(step.rows).toEqual([{ actor_id: assistant.person, principal_id: focal.person }]);
		await db.owner.query(
			`update public.account_people set until = now() where account_id = $1 and relation = 'assistant'`,
			[assistant.account]
		);
		expect(await callAs(db.owner, assistant, 'public.read_delegation($1)', [s.summit])).toEqual([]);
	});

	it('keeps both names on the nomination of an invited person', async () => {
		const assistant = await makeAssistant(focal);
		const { token, letter } = makeLetter('a@example.org');
		await callAs(db.owner, assistant, `public.invite_delegate($1, $2, 'in_person', $3)`, [s.summit, ministry, letter]);
		const who = await makePerson(db.owner, 'Invited');
		await proveAddress(db.owner, who, 'a@example.org');
		const { registration } = await callAs<{ registration: string }>(db.owner, who, 'public.accept_invitation($1)', [
			token
		]);
		await db.owner.query('update public.registrations set code_of_conduct_at = now() where id = $1', [registration]);
		expect(await callAs(db.owner, who, 'public.my_nomination($1)', [s.summit])).toMatchObject({
			member_id: ministry,
			stands: true
		});
		await callAs(db.owner, who, 'private.submit_registration($1)', [registration]);
		const { rows } = await db.owner.query(
			`select to_state, actor_id, principal_id from public.registration_steps where registration_id = $1 and to_state <> 'draft' order by id`,
			[registration]
		);
		expect(rows).toEqual([
			{ to_state: 'submitted', actor_id: who.person, principal_id: null },
			{ to_state: 'nominated', actor_id: assistant.person, principal_id: focal.person }
		]);
		expect(await readValue(db.owner, 'select state from public.registrations where id = $1', [registration])).toBe(
			'nominated'
		);
	});
});

describe('the order of a delegation', () => {
	it('has one head in first place, and moves the others one place at a time', async () => {
		const people = await makePeople(db.owner, 3);
		const ids = await inTurn(people, async (who) => (await register(db.owner, who, s.summit, ministry)).id);
		const order = async () =>
			(await shown(focal)).people.map(({ display_name, is_head }) => `${String(display_name)}${is_head ? ' *' : ''}`);
		const place = (n: number, to: string) => callAs(db.owner, focal, 'public.move_delegate($1, $2)', [ids[n], to]);
		expect(await order()).toEqual(['Delegate 1', 'Delegate 2', 'Delegate 3']);
		expect(await place(0, 'up')).toBe('already');
		expect(await place(2, 'up')).toBe('ok');
		expect(await order()).toEqual(['Delegate 1', 'Delegate 3', 'Delegate 2']);
		expect(await place(1, 'head')).toBe('ok');
		expect(await order()).toEqual(['Delegate 2 *', 'Delegate 1', 'Delegate 3']);
		expect(await place(0, 'up')).toBe('already');
		expect(await place(1, 'down')).toBe('already');
		expect(await place(2, 'head')).toBe('ok');
		expect(await order()).toEqual(['Delegate 3 *', 'Delegate 2', 'Delegate 1']);
		expect(await place(2, 'no_head')).toBe('ok');
		expect(await place(0, 'up')).toBe('ok');
		expect(await order()).toEqual(['Delegate 3', 'Delegate 1', 'Delegate 2']);
		await callAs(db.owner, people[0] as TestPerson, 'public.withdraw_registration($1)', [ids[0]]);
		expect(await place(0, 'head')).toBe('not_found');
		expect(await order()).toEqual(['Delegate 3', 'Delegate 2', 'Delegate 1']);
		const other = await makeFocal(s.members[0] ?? '');
		expect(await callAs(db.owner, other, 'public.move_delegate($1, $2)', [ids[1], 'head'])).toBe('not_found');
	});
});

describe('data hidden from a focal point', () => {
	let lite: TestLite;
	beforeAll(async () => {
		lite = await startLite(db);
	});
	afterAll(() => lite.stop());

	it('is unreachable by any table or function', async () => {
		// First the test creates all of it.
		const people = (await makePeople(db.owner, 3)) as [TestPerson, TestPerson, TestPerson];
		const [open, hidden, declined] = people;
		const ids = await inTurn(people, async (who) => (await register(db.owner, who, s.summit, ministry)).id);
		await db.owner.query(
			`insert into public.registration_needs (registration_id, person_id, access_needs, note)
			select id, person_id, 'CANARY needs', 'CANARY note' from public.registrations where id = any ($1)`,
			[ids]
		);
		await db.owner.query(`update public.registrations set is_minor = false, languages = '{fr}' where id = any ($1)`, [
			ids
		]);
		await db.owner.query(
			`update public.people set biography = '{"original":"en","en":"CANARY life"}', affiliation = 'CANARY affiliation', country = 'KI' where id = any ($1)`,
			[people.map(({ person }) => person)]
		);
		await db.owner.query(`update public.people set display_name = 'CANARY alias' where id = $1`, [hidden.person]);
		await protect(hidden.person);
		await proveAddress(db.owner, open, 'canary@example.org');
		await callAs(db.owner, s.organiser, `public.decide_registrations($1, 'decline', 'CANARY safeguarding reason')`, [
			[ids[2]]
		]);
		const { client: reader, userId: account } = await lite.signIn('focal@example.org');
		await db.owner.query(`delete from public.account_people where account_id = $1`, [account]);
		await db.owner.query(`update public.account_people set account_id = $1 where person_id = $2`, [
			account,
			(await makeFocal(ministry)).person
		]);
		const seen = await reader.rpc('read_delegation', { summit: s.summit });
		expect(seen.error).toBeNull();
		const names = (seen.data as Shown[])
			.flatMap((one) => one.people)
			.map(({ display_name, state }) => [display_name, state]);
		expect(names).toEqual([
			[open.name, 'submitted'],
			[declined.name, 'declined']
		]);
		const tables = await db.owner.query<{ name: string; columns: string }>(
			`select c.relname as name, string_agg(a.attname, ',') as columns from pg_catalog.pg_class as c
			join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and has_column_privilege('authenticated', c.oid, a.attnum, 'select')
			where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v') group by c.oid`
		);
		expect(tables.rows.length).toBeGreaterThan(20);
		const answers = await Promise.all(
			tables.rows.map(async ({ name, columns }) => ({ name, ...(await reader.from(name).select(columns)) }))
		);
		expect(answers.filter(({ error }) => error).map(({ name, error }) => `${name}: ${error?.code}`)).toEqual([]);
		const whole = JSON.stringify([seen.data, answers.map(({ data }) => data)]);
		expect(whole).not.toContain('CANARY');
		expect(whole).not.toContain(hidden.person);
		for (const table of [
			'registrations',
			'registration_needs',
			'registration_steps',
			'seats',
			'queue_entries',
			'consents',
			'badges'
		]) {
			expect(answers.find(({ name }) => name === table)?.data).toEqual([]);
		}
		for (const id of ids) {
			for (const [name, argument] of [
				['read_registration', 'registration'],
				['my_registration', 'summit']
			] as const) {
				expect((await reader.rpc(name, { [argument]: argument === 'summit' ? s.summit : id })).data).toBeNull();
			}
		}
		expect(await callAs(db.owner, focal, 'public.nominate_registrations($1)', [[ids[1]]])).toEqual([
			{ id: ids[1], status: 'not_allowed' }
		]);
		expect(await callAs(db.owner, focal, 'public.refuse_nomination($1, $2)', [ids[1], 'x'])).toBe('not_found');
		expect(await callAs(db.owner, focal, 'public.move_delegate($1, $2)', [ids[1], 'head'])).toBe('not_found');
		expect(await faultsOf(db.owner, s.summit)).toEqual([]);
	});
});

it('drafts are hidden from the focal point', async () => {
	const people = await makePeople(db.owner, 1);
	await makeDrafts(db.owner, s.summit, people, () => ministry);
	expect((await shown(focal)).people).toEqual([]);
});
