/* What a key reads: as much as a visitor where it is published, whole groups where it is counted, shown names where it is rows. */
import { beforeEach, expect, test } from 'vitest';
import { chooseAlias } from '../../fixtures/choosing-alias.ts';
import {
	agreeCommitment,
	checkCommitment,
	makeAnnounced,
	makeCommitmentWorld,
	type CommitmentWorld
} from '../../fixtures/committing.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { createGroup } from '../../fixtures/grouping.ts';
import { makeKey, readAll, readBy, type MadeKey } from '../../fixtures/integrating.ts';
import { draftDocument, makeReviewers, publish } from '../../fixtures/library.ts';
import { readValue } from '../../fixtures/registering.ts';
import { makePerson, makeWorld, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let world: CommitmentWorld;
let key: MadeKey;

beforeEach(async () => {
	world = await makeCommitmentWorld(db.owner);
	key = await makeKey(db.owner, world);
});

const codesOf = async (name: 'api_agenda' | 'api_sessions' | 'api_speakers', column = 'code') =>
	((await readBy(db.app, key, name))?.items ?? []).map((each) => each[column]);
const codeOf = (person: TestPerson) =>
	readValue<string>(db.owner, 'select code from public.people where id = $1', [person.person]);
const words = async (name: Parameters<typeof readBy>[2]) => JSON.stringify(await readBy(db.app, key, name));

test('reads the sessions, times and people that every visitor sees, and no other', async () => {
	const { sessions, people } = world;
	expect(await codesOf('api_sessions')).toEqual([sessions.public.code]);
	expect(await codesOf('api_agenda', 'session')).toEqual([sessions.public.code]);
	expect(await codesOf('api_speakers')).toEqual([await codeOf(people.speaker)]);
	expect(await readBy(db.app, key, 'api_agenda')).toMatchObject({ release: { number: 1 } });
	// The speaker is named for the public session, and not for the closed one.
	expect((await readBy(db.app, key, 'api_speakers'))?.items[0]?.['sessions']).toEqual([
		{ session: sessions.public.code, role: 'speaker' }
	]);
	for (const name of ['api_agenda', 'api_sessions', 'api_speakers'] as const)
		for (const hidden of ['members', 'chatham_house', 'closed', 'draft'] as const) {
			expect(await words(name)).not.toContain(sessions[hidden].title);
			expect(await words(name)).not.toContain(sessions[hidden].code);
		}
});

test('hides a session as soon as it is no longer public, and all of a draft Summit', async () => {
	const { sessions } = world;
	await db.owner.query(`update public.sessions set level = 'closed', audience = 'listed' where id = $1`, [
		sessions.public.id
	]);
	for (const name of ['api_agenda', 'api_sessions', 'api_speakers'] as const)
		expect([name, (await readBy(db.app, key, name))?.items]).toEqual([name, []]);
	await db.owner.query(`update public.sessions set level = 'public', audience = 'everyone' where id = $1`, [
		sessions.public.id
	]);
	expect(await codesOf('api_sessions')).toEqual([sessions.public.code]);
	await db.owner.query(`update public.summits set state = 'draft' where id = $1`, [world.summit]);
	expect(await readBy(db.app, key, 'api_agenda')).toEqual({ release: null, items: [], next: null });
	expect(await codesOf('api_sessions')).toEqual([]);
});

test('names nobody who declined, and an alias as everybody is shown it', async () => {
	const { speaker } = world.people;
	await db.owner.query(`insert into private.protections (person_id, kind) values ($1, 'alias')`, [speaker.person]);
	await db.owner.query(`update public.people set display_name = 'Wren' where id = $1`, [speaker.person]);
	for (const name of ['api_speakers', 'api_registrations'] as const) {
		expect(await words(name)).toContain('Wren');
		expect(await words(name)).not.toContain(speaker.name);
	}
	await db.owner.query(`update public.session_people set state = 'declined' where person_id = $1`, [speaker.person]);
	expect(await codesOf('api_speakers')).toEqual([]);
	expect((await readBy(db.app, key, 'api_sessions'))?.items[0]?.['people']).toEqual([]);
});

test('each key reads its own Summit', async () => {
	const other = await makeWorld(db.owner);
	const theirs = await makeKey(db.owner, other);
	for (const name of ['api_sessions', 'api_members', 'api_registrations', 'api_presence_counts'] as const) {
		const mine = new Set((await readAll(db.app, key, name, 50)).map((each) => JSON.stringify(each)));
		const found = await readAll(db.app, theirs, name, 50);
		expect(found.length).toBeGreaterThan(0);
		expect([name, found.filter((each) => mine.has(JSON.stringify(each)))]).toEqual([name, []]);
	}
});

test('pages hold every row once, in their order, whatever their size', async () => {
	for (const name of ['api_members', 'api_registrations'] as const) {
		const whole = (await readBy(db.app, key, name))?.items;
		for (const most of [1, 2, 3])
			expect([name, most, await readAll(db.app, key, name, most)]).toEqual([name, most, whole]);
	}
	const first = await readBy(db.app, key, 'api_members', null, 1);
	const rest = await readBy(db.app, key, 'api_members', first?.next ?? null);
	// A row that comes before the next page moves none of it.
	const added = await readValue<string>(
		db.owner,
		`insert into public.members (code, name, sector) values ('0000' || substr(md5(random()::text), 1, 6), $1, 'civil_society') returning id`,
		[`Early Bird ${world.slug}`]
	);
	await db.owner.query(
		`insert into public.summit_members (summit_id, member_id, sector) values ($1, $2, 'civil_society')`,
		[world.summit, added]
	);
	expect(await readBy(db.app, key, 'api_members', first?.next ?? null)).toEqual(rest);
	expect((await readBy(db.app, key, 'api_members', null, 100_000))?.items.length).toBe(3);
	expect((await readBy(db.app, key, 'api_members', null, -5))?.items.length).toBe(1);
	expect(await readBy(db.app, key, 'api_members', `zz' or true --`)).toEqual({ items: [], next: null });
});

test('registrations name people as they are shown, without drafts, under-18s and anything sealed', async () => {
	const { delegate, virtual, waiting } = world.people;
	const rows = await readAll(db.app, key, 'api_registrations', 50);
	expect(rows.length).toBe(5);
	expect(
		rows.find((each) => (each['person'] as { display_name: string }).display_name === delegate.name)
	).toMatchObject({
		category: 'delegate',
		mode: 'in_person',
		state: 'confirmed'
	});
	expect(JSON.stringify(rows)).not.toMatch(/step-free|@example|account|is_minor|guardian/);
	await db.owner.query(
		`update public.registrations set is_minor = true, guardian_id = $2, guardian_consent_at = now() where id = $1`,
		[world.registrations.virtual, world.registrations.delegate]
	);
	await db.owner.query('begin');
	await db.owner.query(`delete from public.queue_entries where registration_id = $1`, [world.registrations.waiting]);
	await db.owner.query(`update public.registrations set state = 'draft' where id = $1`, [world.registrations.waiting]);
	await db.owner.query('commit');
	const left = JSON.stringify(await readAll(db.app, key, 'api_registrations', 50));
	expect(left).not.toContain(virtual.name);
	expect(left).not.toContain(waiting.name);
});

test('the member of a person under an alias is in no row, and finds none', async () => {
	const member = await readValue<string>(db.owner, 'select code from public.members where id = $1', [world.member]);
	const found = async () => {
		const rows = (await readBy(db.app, key, 'api_registrations', null, 200, { member }))?.items ?? [];
		return rows.map((each) => (each['person'] as { display_name: string }).display_name);
	};
	expect(await found()).toContain(world.people.delegate.name);
	await chooseAlias(db.owner, world.people.delegate, 'Marta Ilves');
	expect(await found()).not.toContain('Marta Ilves');
	const rows = await readAll(db.app, key, 'api_registrations', 50);
	expect(
		rows.find((each) => (each['person'] as { display_name: string }).display_name === 'Marta Ilves')
	).toMatchObject({ member: null });
});

test('rows are limited to those that fit all filters, in pages like any others', async () => {
	const people = async (filters: Record<string, string>) =>
		((await readBy(db.app, key, 'api_registrations', null, 200, filters))?.items ?? []).map(
			(each) => (each['person'] as { display_name: string }).display_name
		);
	const { delegate, virtual, waiting, listed, speaker } = world.people;
	const names = (...those: TestPerson[]) => those.map(({ name }) => name).sort();
	expect((await people({ state: 'submitted' })).sort()).toEqual(names(waiting));
	const inHall = await people({ state: 'confirmed', mode: 'in_person' });
	expect(inHall.length).toBe(2);
	expect(inHall).toContain(delegate.name);
	expect(await people({ state: 'confirmed', mode: 'virtual', category: 'speaker' })).toEqual([]);
	const everybody = names(delegate, virtual, waiting, listed, speaker);
	expect((await people({})).sort()).toEqual(everybody);
	const member = await readValue<string>(db.owner, 'select code from public.members where id = $1', [world.member]);
	expect((await people({ member })).length).toBeGreaterThan(0);
	expect(await people({ member: 'nobody' })).toEqual([]);
	await db.owner.query(`update public.registrations set state_since = now() - interval '2 days' where summit_id = $1`, [
		world.summit
	]);
	await db.owner.query(`update public.registrations set state_since = now() where id = $1`, [
		world.registrations.virtual
	]);
	const yesterday = new Date(Date.now() - 86_400_000).toISOString();
	expect(await people({ state_since: yesterday })).toEqual(names(virtual));
	// The pages of a filtered list follow each other too.
	const first = await readBy(db.app, key, 'api_registrations', null, 1, { mode: 'in_person' });
	const rest = await readBy(db.app, key, 'api_registrations', first?.next ?? null, 200, { mode: 'in_person' });
	const whole = await readBy(db.app, key, 'api_registrations', null, 200, { mode: 'in_person' });
	expect([...(first?.items ?? []), ...(rest?.items ?? [])]).toEqual(whole?.items);
});

test('counts registrations in whole groups, and exactly for a key that reads the rows', async () => {
	const counting = await makeKey(db.owner, world, ['registrations']);
	expect(await readBy(db.app, counting, 'api_registration_counts')).toEqual({ unit: 5, counts: [] });
	expect(await readBy(db.app, key, 'api_registration_counts')).toEqual({
		unit: 1,
		counts: [
			{ mode: 'in_person', state: 'submitted', count: 1 },
			{ mode: 'in_person', state: 'confirmed', count: 2 },
			{ mode: 'virtual', state: 'confirmed', count: 2 }
		]
	});
	for (let more = 0; more < 7; more += 1) {
		const { person } = await makePerson(db.owner, `Guest ${more}`);
		await db.owner.query(
			`insert into public.registrations (summit_id, person_id, member_id, mode, state, submitted_at) values ($1, $2, $3, 'virtual', 'declined', now())`,
			[world.summit, person, world.member]
		);
	}
	expect(await readBy(db.app, counting, 'api_registration_counts')).toEqual({
		unit: 5,
		counts: [{ mode: 'virtual', state: 'declined', count: 5 }]
	});
});

test('attendance has names only at levels that name people, and counts no small group', async () => {
	const { people, sessions, run } = world;
	await db.owner.query(`update public.runs set started_at = now() - interval '60 minutes' where id = $1`, [run]);
	const attend = (person: string, until = 10) =>
		db.owner.query(
			`insert into public.presence (summit_id, person_id, session_id, run_id, kind, entered_at, left_at)
			values ($1, $2, $3, $4, 'stream', now() - interval '30 minutes', now() - $5 * interval '1 minute')`,
			[world.summit, person, sessions.public.id, run, until]
		);
	await attend(people.delegate.person);
	expect((await readBy(db.app, key, 'api_attendance'))?.items).toEqual([
		{
			session: sessions.public.code,
			person: { code: await codeOf(people.delegate), display_name: people.delegate.name, affiliation: '' },
			minutes: 20
		}
	]);
	const counts = async () => (await readBy(db.app, key, 'api_presence_counts'))?.items;
	expect(await counts()).toEqual([{ session: sessions.public.code, people: null, minutes: null }]);
	for (let more = 0; more < 4; more += 1) await attend((await makePerson(db.owner, `Guest ${more}`)).person);
	expect(await counts()).toEqual([{ session: sessions.public.code, people: 5, minutes: 20 }]);
	expect((await readAll(db.app, key, 'api_attendance', 2)).length).toBe(5);
	// One more, who stayed for a short time: nothing changes.
	await attend((await makePerson(db.owner, 'Late guest')).person, 18);
	expect(await counts()).toEqual([{ session: sessions.public.code, people: 5, minutes: 20 }]);
	const of = async (session: string) =>
		(await readBy(db.app, key, 'api_attendance', null, 200, { session }))?.items.length;
	expect([await of(sessions.public.code), await of(sessions.closed.code)]).toEqual([6, 0]);
	await db.owner.query(`update public.sessions set level = 'chatham_house', audience = 'registered' where id = $1`, [
		sessions.public.id
	]);
	expect((await readBy(db.app, key, 'api_attendance'))?.items).toEqual([]);
	expect(await counts()).toEqual([]);
});

test('commitments are those of the Summit that everybody finds in the register', async () => {
	const announced = await makeAnnounced(world);
	const forMembers = await makeAnnounced(world, { audience: 'members' });
	const checked = await agreeCommitment(world);
	await checkCommitment(world, checked);
	const other = await makeCommitmentWorld(db.owner);
	const elsewhere = await makeAnnounced(other);
	const items = await readAll(db.app, key, 'api_commitments', 1);
	expect(items.map((each) => each['code'])).toEqual([announced.code]);
	expect(items[0]).toMatchObject({ status: 'not_reported', target: 90, currency: 'EUR', session: null });
	for (const hidden of [forMembers, checked, elsewhere])
		expect(await words('api_commitments')).not.toContain(hidden.code);
});

test('documents are those that everybody may read today, with the ties that everybody sees', async () => {
	const publishing = await makeReviewers(db.owner);
	const author = publishing.reviewer;
	const by = { ...publishing, reviewer: publishing.second, second: author };
	const group = await createGroup(db.owner, author, 'public');
	const open = await publish(by, author);
	const hidden = [
		await publish(by, author, { level: 'members' }),
		await publish(by, author, { level: 'group', group }),
		await publish(by, author, { embargo_until: new Date(Date.now() + 86_400_000).toISOString() }),
		await draftDocument(by, author)
	];
	const announced = await makeAnnounced(world);
	const agreed = await agreeCommitment(world);
	for (const [column, id] of [
		['session_id', world.sessions.public.id],
		['session_id', world.sessions.closed.id],
		['session_id', world.sessions.draft.id],
		['commitment_id', announced.id],
		['commitment_id', agreed.id],
		['member_id', world.member]
	])
		await db.owner.query(`insert into private.library_ties (item_id, number, ${column}) values ($1, 1, $2)`, [
			open.id,
			id
		]);
	await db.owner.query(
		'insert into private.library_ties (item_id, number, group_id) select $1, 1, id from private.groups where code = $2',
		[open.id, group]
	);
	const found = await readAll(db.app, key, 'api_documents', 1);
	// The database of this file has documents of this test alone.
	expect(found).toMatchObject([
		{
			code: open.code,
			kind: 'briefing',
			licence: 'cc_by',
			files: [{ language: 'en' }],
			members: [{ is_author: false }],
			sessions: [{ code: world.sessions.public.code, summit: world.slug }],
			commitments: [announced.code]
		}
	]);
	const codes = async (filters: Record<string, string>) =>
		(await readBy(db.app, key, 'api_documents', null, 200, filters))?.items.map(({ code }) => code);
	const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
	expect(await codes({ kind: 'briefing', published_since: at(-5) })).toEqual([open.code]);
	expect(await codes({ kind: 'toolkit' })).toEqual([]);
	expect(await codes({ published_since: at(5) })).toEqual([]);
	// One whose embargo ended a minute ago is new for everybody.
	await db.owner.query(`update private.library_versions set published_at = published_at - interval '3 days'`);
	expect(await codes({ published_since: at(-5) })).toEqual([open.code]);
	for (const { code } of hidden) expect(JSON.stringify(found)).not.toContain(code);
	expect(JSON.stringify(found)).not.toContain(group);
});
