/* The draft as any reader would see it: the same sessions, and the same answers at their doors and streams, as a real
person of that kind gets after the release. */
import { beforeEach, describe, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, makePerson, makeWorld, organiserRoles, type TestPerson, type World } from '../../fixtures/world.ts';

interface Reader {
	registered?: boolean;
	person?: string;
	member?: string;
	sector?: string;
	category?: string;
	mode?: string;
}
interface Preview {
	status: string;
	name: string | null;
	sessions: { id: string; is_cancelled: boolean; entry: { door: string; stream: string }; people: unknown[] }[];
}

const db = useDatabase();
let world: World;
let ministry: string;
let room: string;
let pool: string;
let hour: number;

beforeEach(async () => {
	world = await makeWorld(db.owner);
	hour = 0;
	ministry = await one(
		`insert into public.members (name, sector, country, region) values ($1, 'government', 'UY', 'Americas') returning id`,
		[`Ministry ${world.slug}`]
	);
	await db.owner.query(
		`insert into public.summit_members (summit_id, member_id, sector, country, region) values ($1, $2, 'government', 'UY', 'Americas')`,
		[world.summit, ministry]
	);
	await db.owner.query(
		`insert into public.allocation_policies (summit_id, sector, mode, ceiling)
		values ($1, 'government', 'in_person', 5), ($1, 'government', 'virtual', 5)`,
		[world.summit]
	);
	pool = await one(
		`insert into public.pools (summit_id, category, name, in_person_ceiling, virtual_ceiling, outside_capacity)
		values ($1, 'press', 'Press', 5, 5, true) returning id`,
		[world.summit]
	);
	room = await one(
		`insert into public.rooms (summit_id, slug, name, capacity) values ($1, 'annex', '{"en": "Annex", "original": "en"}', 50) returning id`,
		[world.summit]
	);
});

const one = async (sql: string, values: unknown[]) => {
	const [row] = (await db.owner.query<{ id: string }>(sql, values)).rows;
	return row?.id ?? '';
};

async function addSession(level: string, audience: string, attendance = 'hall_and_online'): Promise<string> {
	const id = await one(
		`insert into public.sessions (summit_id, title, level, audience, attendance, state)
		values ($1, '{"en": "Drafted", "original": "en"}', $2, $3, $4, 'confirmed') returning id`,
		[world.summit, level, audience, attendance]
	);
	const slot = await one(
		`insert into public.slots (session_id, summit_id, during)
		select $1, $2, tstzrange(began, began + interval '20 minutes')
		from (select date_trunc('hour', now()) + $3 * interval '20 minutes' as began) as first returning id`,
		[id, world.summit, hour++]
	);
	await db.owner.query(
		`insert into public.slot_rooms (slot_id, room_id, summit_id, during) select id, $2, summit_id, during from public.slots where id = $1`,
		[slot, room]
	);
	return id;
}
const list = (session: string, column: string, value: string) =>
	db.owner.query(`insert into public.session_audiences (session_id, summit_id, ${column}) values ($1, $2, $3)`, [
		session,
		world.summit,
		value
	]);
const takePart = (session: string, person: string, role = 'speaker', state = 'confirmed') =>
	db.owner.query(
		`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, $4, $5)`,
		[session, world.summit, person, role, state]
	);

/** A delegate who is confirmed. */
async function addDelegate(member: string | null, category: string, mode: string): Promise<TestPerson> {
	const who = await makePerson(db.owner, `Delegate ${category}`);
	await db.owner.query(
		`with made as (
			insert into public.registrations (summit_id, person_id, member_id, category, mode, state, submitted_at, pool_id)
			values ($1, $2, $3, $4, $5, 'confirmed', now(), $6) returning *
		)
		insert into public.seats (summit_id, registration_id, mode, member_id, pool_id, state)
		select summit_id, id, mode, member_id, pool_id, 'taken' from made`,
		[world.summit, who.person, member, category, mode, member === null ? pool : null]
	);
	return who;
}

/** Sessions of each level with each kind of list, and each change of a level, an audience or a state since the release. */
async function addEverySession(): Promise<void> {
	const { sessions, people, member, otherMember } = world;
	for (const attendance of ['hall_and_online', 'hall', 'online']) {
		await addSession('public', 'everyone', attendance);
		await addSession('public', 'registered', attendance);
		await addSession('members', 'registered', attendance);
	}
	await addSession('chatham_house', 'registered');
	for (const level of ['public', 'members', 'chatham_house', 'closed']) {
		await list(await addSession(level, 'listed'), 'category', 'press');
		await list(await addSession(level, 'listed'), 'sector', 'government');
		await list(await addSession(level, 'listed'), 'member_id', member);
		await list(await addSession(level, 'listed'), 'person_id', people.listed.person);
		await list(await addSession(level, 'listed'), 'member_id', otherMember);
		await takePart(await addSession(level, 'listed'), people.speaker.person);
		await takePart(await addSession(level, 'listed'), people.newcomer.person, 'interpreter');
		await takePart(await addSession(level, 'listed'), people.virtual.person, 'speaker', 'declined');
		await addSession(level, 'listed');
	}
	await db.owner.query(`update public.sessions set level = 'public', audience = 'everyone' where id = $1`, [
		sessions.closed.id
	]);
	await db.owner.query(
		`update public.sessions set level = 'closed', audience = 'listed', is_recorded = false where id = $1`,
		[sessions.members.id]
	);
	await db.owner.query(`update public.sessions set state = 'cancelled' where id = $1`, [sessions.chatham_house.id]);
	await db.owner.query(`update public.sessions set state = 'draft' where id = $1`, [
		await addSession('public', 'everyone')
	]);
}

async function preview(reader: Reader, who: TestPerson | null = world.people.programme): Promise<Preview> {
	const { registered = false, person, member, sector, category, mode } = reader;
	const [row] = await actAs<{ answer: Preview }>(
		db.owner,
		who,
		`select public.preview_draft($1, $2, $3, $4, $5, $6, $7) as answer`,
		[world.summit, registered, person, member, sector, category, mode]
	);
	return row?.answer ?? { status: '', name: null, sessions: [] };
}

/** What a person sees of the release, and whether they may enter. */
async function seen(person: string | null): Promise<string[]> {
	const { rows } = await db.owner.query<{ line: string }>(
		`select concat_ws(' ', rs.session_id, rs.is_cancelled, private.entry_decision($2, rs.session_id, 'door'),
			private.entry_decision($2, rs.session_id, 'stream')) as line
		from public.release_sessions as rs
		where rs.release_id = private.newest_release($1)
			and rs.session_id in (select private.visible_sessions($2, $1))
		order by line`,
		[world.summit, person]
	);
	return rows.map(({ line }) => line);
}
const lines = ({ sessions }: Preview) =>
	sessions
		.map(({ id, is_cancelled, entry }) => `${id} ${is_cancelled ? 't' : 'f'} ${entry.door} ${entry.stream}`)
		.sort();

async function release(): Promise<void> {
	const [row] = await actAs<{ answer: { status: string } }>(
		db.owner,
		world.people.programme,
		`select public.publish_release($1) as answer`,
		[world.summit]
	);
	expect(row?.answer.status).toBe('ok');
}

test('shows each reader what a real person of that kind sees and enters after the release', async () => {
	await addEverySession();
	const { people, member } = world;
	const readers: [string, Reader, string | null][] = [['visitor', {}, null]];
	for (const mode of ['in_person', 'virtual'])
		for (const [name, chosen] of [
			['no member', null],
			['member', member],
			['ministry', ministry]
		] as const)
			// Seats of delegates are those of members.
			for (const category of chosen === null ? ['press'] : ['delegate', 'press']) {
				const real = await addDelegate(chosen, category, mode);
				readers.push([
					`${category}, ${name}, ${mode}`,
					{ registered: true, category, mode, ...(chosen && { member: chosen }) },
					real.person
				]);
			}
	for (const kind of ['speaker', 'listed', 'newcomer'] as const)
		readers.push([kind, { person: people[kind].person }, people[kind].person]);

	const previews = new Map<string, string[]>();
	for (const [name, reader] of readers) previews.set(name, lines(await preview(reader)));
	await release();
	for (const [name, , person] of readers) {
		const real = await seen(person);
		expect(real.length, name).toBeGreaterThan(5);
		expect(previews.get(name), name).toEqual(real);
	}
	// The readers differ, so that the comparison says something.
	expect(new Set([...previews.values()].map(String)).size).toBe(readers.length);
});

test('shows somebody registered without a list no closed session, and a sector alone what its list opens', async () => {
	const plain = await addSession('closed', 'listed');
	const forGovernments = await addSession('closed', 'listed');
	await list(forGovernments, 'sector', 'government');
	const ids = async (reader: Reader) => (await preview(reader)).sessions.map(({ id }) => id);
	expect(await ids({ registered: true })).not.toContain(forGovernments);
	expect(await ids({ registered: true, sector: 'government' })).toContain(forGovernments);
	expect(await ids({ registered: true, sector: 'government' })).not.toContain(plain);
	expect(await ids({ sector: 'government' })).not.toContain(forGovernments);
});

test('tells nothing of a protected person but what their part and their own name open', async () => {
	const { speaker } = world.people;
	const byMember = await addSession('closed', 'listed');
	await list(byMember, 'member_id', world.otherMember);
	const own = await addSession('closed', 'listed');
	await list(own, 'person_id', speaker.person);
	const shown = async () => (await preview({ person: speaker.person })).sessions.map(({ id }) => id);
	expect(await shown()).toEqual(expect.arrayContaining([byMember, own, world.sessions.closed.id]));

	await db.owner.query(`insert into private.protections (person_id, kind) values ($1, 'alias')`, [speaker.person]);
	await db.owner.query(`update public.people set display_name = 'Wren' where id = $1`, [speaker.person]);
	expect(await shown()).toEqual(expect.arrayContaining([own, world.sessions.closed.id, world.sessions.members.id]));
	expect(await shown()).not.toContain(byMember);
	const answer = await preview({ person: speaker.person });
	expect(answer.name).toBe('Wren');
	expect(JSON.stringify(answer)).not.toContain(speaker.name);
});

test('keeps bars and reviews of a person to those who decide about them', async () => {
	const { speaker } = world.people;
	const before = lines(await preview({ person: speaker.person }));
	await db.owner.query(`insert into private.entry_bars (summit_id, person_id) values ($1, $2)`, [
		world.summit,
		speaker.person
	]);
	expect(lines(await preview({ person: speaker.person }))).toEqual(before);
});

describe('refuses', () => {
	test('everybody but programme organisers, and shows an owner no closed session', async () => {
		const { people, sessions } = world;
		for (const role of organiserRoles)
			expect((await preview({ registered: true }, people[role])).status, role).toBe(
				role === 'programme' || role === 'owner' ? 'ok' : 'not_allowed'
			);
		expect((await preview({}, people.delegate)).status).toBe('not_allowed');
		await expect(preview({}, null)).rejects.toThrow('permission denied');
		const shown = async (person: string, who: TestPerson) => {
			const { status, sessions: seen = [] } = await preview({ person }, who);
			return [status, seen.some(({ id }) => id === sessions.closed.id)];
		};
		// Nor whom one lists or names.
		const named = await makePerson(db.owner, 'Named in the closed one');
		await takePart(sessions.closed.id, named.person);
		for (const { person } of [people.listed, named]) {
			expect(await shown(person, people.programme)).toEqual(['ok', true]);
			expect(await shown(person, people.owner)).toEqual(['unknown', false]);
		}
		await list(sessions.members.id, 'person_id', people.listed.person);
		expect(await shown(people.listed.person, people.owner)).toEqual(['ok', false]);
	});

	test('a person whom no session names or lists, and a member that is not at the Summit', async () => {
		const elsewhere = await makeWorld(db.owner);
		for (const reader of [
			{ person: world.people.delegate.person },
			{ person: elsewhere.people.speaker.person },
			{ registered: true, member: elsewhere.member }
		])
			expect(await preview(reader)).toEqual({ status: 'unknown' });
	});
});
