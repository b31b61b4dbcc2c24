/*
 * The documents of a session, a commitment and a member on their pages, and the commitments of a session: what the reader
 * may not see leaves no trace.
 */
import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { makeAnnounced, makeCommitmentWorld, type CommitmentWorld } from '../../fixtures/committing.ts';
import { makeCommunityOrganiser } from '../../fixtures/grouping.ts';
import { draftDocument, publish, revisionOf, saveDocument, type LibraryWorld } from '../../fixtures/library.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let world: LibraryWorld & CommitmentWorld;
let memberName: string;
let memberCode: string;

beforeAll(async () => {
	const made = await makeCommitmentWorld(db.owner);
	world = { ...made, client: db.owner, reviewer: made.secretariat, second: await makeCommunityOrganiser(db.owner) };
	({ name: memberName, code: memberCode } = await readValue<{ name: string; code: string }>(
		db.owner,
		`select jsonb_build_object('name', name, 'code', code) from public.members where id = $1`,
		[world.member]
	));
});

const list = (who: TestPerson | null, kind: string, code: string, summit: string | null = null) =>
	callAs<{ documents: { code: string }[]; has_more: boolean; adds: boolean } | null>(
		db.owner,
		who,
		'public.list_tied_documents($1, $2, $3)',
		[kind, code, summit]
	);
const codes = async (...args: Parameters<typeof list>) =>
	(await list(...args))?.documents.map(({ code }) => code).sort() ?? null;
const related = (kind: string, code: string) => ({
	related: [{ kind, code, ...(kind === 'session' && { summit: world.slug }) }]
});

test('the documents of a session are listed to those who see it, each to those who may read it', async () => {
	const { focal, delegate, programme } = world.people;
	const { public: open, members, closed } = world.sessions;
	const everyone = await publish(world, focal, related('session', open.code));
	const inside = await publish(world, focal, { level: 'members', ...related('session', open.code) });
	await publish(world, focal, { embargo_until: '2090-01-01T00:00:00Z', ...related('session', open.code) });
	await draftDocument(world, focal, related('session', open.code));
	await publish(world, focal);
	const of = (who: TestPerson | null, code: string) => codes(who, 'session', code, world.slug);
	for (const who of [null, world.people.newcomer]) expect(await of(who, open.code)).toEqual([everyone.code]);
	for (const who of [delegate, focal]) expect(await of(who, open.code)).toEqual([everyone.code, inside.code].sort());
	expect(await list(delegate, 'session', open.code, world.slug)).toMatchObject({ has_more: false, adds: false });
	const ofMembers = await publish(world, delegate, related('session', members.code));
	expect(await of(delegate, members.code)).toEqual([ofMembers.code]);
	for (const who of [null, world.people.newcomer]) expect(await of(who, members.code)).toBeNull();
	// Of a session that nobody but its people sees, and of none, every reader gets the same.
	await publish(world, focal).then(({ id }) =>
		db.owner.query('insert into private.library_ties (item_id, number, session_id) values ($1, 1, $2)', [id, closed.id])
	);
	for (const who of [null, delegate, focal])
		expect([await of(who, closed.code), await of(who, 'UNKNOWN'), await of(who, world.sessions.draft.code)]).toEqual([
			null,
			null,
			null
		]);
	expect(await of(programme, closed.code)).toHaveLength(1);
	// The Summit belongs to the address.
	expect(await codes(null, 'session', open.code, 'elsewhere')).toBeNull();
});

test('a document leaves the list with a version that is no longer tied, and when it is withdrawn', async () => {
	const { focal } = world.people;
	const { code } = world.sessions.public;
	const before = await codes(null, 'session', code, world.slug);
	const document = await publish(world, focal, related('session', code));
	expect(await codes(null, 'session', code, world.slug)).toHaveLength((before?.length ?? 0) + 1);
	const revision = await revisionOf(world, document);
	await saveDocument(world, focal, { related: [] }, { id: document.id, revision });
	expect(await codes(null, 'session', code, world.slug)).toContain(document.code);
	await db.owner.query('delete from private.library_ties where item_id = $1 and number = 1', [document.id]);
	expect(await codes(null, 'session', code, world.slug)).toEqual(before);
});

test('the documents of a commitment, for those who find it in the register', async () => {
	const { focal, delegate, newcomer } = world.people;
	const open = await makeAnnounced(world);
	const inside = await makeAnnounced(world, { audience: 'members' });
	const document = await publish(world, focal, related('commitment', open.code));
	const hidden = await publish(world, focal, related('commitment', inside.code));
	expect(await codes(null, 'commitment', open.code)).toEqual([document.code]);
	expect(await codes(delegate, 'commitment', inside.code)).toEqual([hidden.code]);
	for (const who of [null, newcomer])
		expect([await list(who, 'commitment', inside.code), await list(who, 'commitment', 'UNKNOWN')]).toEqual([
			null,
			null
		]);
});

test('a member has a page where the reader sees a commitment or a document of it', async () => {
	const { focal, newcomer, delegate } = world.people;
	const name = await readValue<string>(
		db.owner,
		`insert into public.members (name, sector, code) values ('Quiet Society', 'civil_society', 'QUIET1') returning name`
	);
	const page = (who: TestPerson | null, code = 'QUIET1') =>
		callAs<{ name: string } | null>(db.owner, who, 'public.read_member_page($1)', [code]);
	await draftDocument(world, focal, { members: [name] });
	const inside = await publish(world, focal, { members: [name], level: 'members' });
	for (const who of [null, newcomer])
		expect([await page(who), await codes(who, 'member', 'QUIET1')]).toEqual([null, null]);
	expect((await page(delegate))?.name).toBe(name);
	expect(await codes(delegate, 'member', 'QUIET1')).toEqual([inside.code]);
	const authored = await publish(world, focal, { authors: [name] });
	for (const who of [null, newcomer]) expect(await codes(who, 'member', 'QUIET1')).toEqual([authored.code]);
	const ties = async (who: TestPerson | null) =>
		(await callAs<{ ties: { members: object[] } }>(db.owner, who, 'public.read_library_item($1)', [authored.code])).ties
			.members;
	expect(await ties(null)).toEqual([{ code: 'QUIET1', name, is_author: true, has_page: true }]);
	// A commitment makes a page too, as in the register.
	await db.owner.query(`delete from private.library_ties where member_id = $1`, [world.member]);
	await makeAnnounced(world);
	expect(await page(null, memberCode)).toMatchObject({ name: memberName });
	expect(await codes(null, 'member', memberCode)).toEqual([]);
	expect([await page(null, 'NOBODY'), await codes(null, 'member', 'NOBODY')]).toEqual([null, null]);
});

test('the commitments of a session are those that the reader finds in the register', async () => {
	const { delegate, newcomer } = world.people;
	const session = world.sessions.public;
	const of = async (who: TestPerson | null, id: string) =>
		(await callAs<{ code: string }[]>(db.owner, who, 'public.list_session_commitments($1)', [id]))
			.map(({ code }) => code)
			.sort();
	const open = await makeAnnounced(world);
	const inside = await makeAnnounced(world, { audience: 'members' });
	const closed = await makeAnnounced(world);
	await db.owner.query(`set session_replication_role = replica`);
	const tie = (code: string, id: string) =>
		db.owner.query(
			`update private.commitment_versions as v set session_id = $2 from private.commitments as c
			where c.id = v.commitment_id and c.code = $1`,
			[code, id]
		);
	await tie(open.code, session.id);
	await tie(inside.code, session.id);
	await tie(closed.code, world.sessions.closed.id);
	await db.owner.query(`set session_replication_role = origin`);
	for (const who of [null, newcomer]) expect(await of(who, session.id)).toEqual([open.code]);
	expect(await of(delegate, session.id)).toEqual([open.code, inside.code].sort());
	for (const who of [null, newcomer, delegate]) expect(await of(who, world.sessions.closed.id)).toEqual([]);
	expect(await of(world.people.programme, world.sessions.closed.id)).toEqual([closed.code]);
});
