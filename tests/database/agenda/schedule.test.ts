/*
 * Proposals of a schedule: who reads the facts, what they hide, and that a schedule without violations has no finding in the checks once it
 * is applied as any other change of the draft, at once, which one undo takes back.
 */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { makeModel } from '../../../src/lib/agenda/solver/model.ts';
import type { ScheduleFacts } from '../../../src/lib/agenda/solver/problem.ts';
import { proposalOf } from '../../../src/lib/agenda/solver/proposal.ts';
import { changesOf } from '../../../src/lib/agenda/solver/apply.ts';
import { Search } from '../../../src/lib/agenda/solver/search.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { changeDraft, draftTime as at, makeDraft, scheduleSession, undoChange } from '../../fixtures/drafting.ts';
import { drawDraft, writeDraft } from '../../fixtures/random-draft.ts';
import { callAs, makePeople } from '../../fixtures/registering.ts';
import { optionsFor } from '../../fixtures/scheduling.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let people: TestPerson[];
beforeAll(async () => {
	people = await makePeople(db.owner, 7);
});

const readFacts = (who: TestPerson | null, summit: string) =>
	callAs<ScheduleFacts | null>(db.owner, who, 'public.read_schedule_facts($1)', [summit]);

async function grant(person: string, role: string, summit: string) {
	await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, $2, $3)`, [
		person,
		role,
		summit
	]);
}

function solve(facts: ScheduleFacts, options: Parameters<typeof makeModel>[1]) {
	const model = makeModel(facts, options);
	const search = new Search(model, { seed: 1, iterations: 3000 });
	for (const _ of search.run());
	return { model, proposed: proposalOf(model, search.best().solution) };
}

test('a proposal has no finding in the checks once it is applied, on random drafts', { timeout: 200_000 }, async () => {
	const organiser = await makePerson(db.owner, 'Planning Organiser');
	let placed = 0;
	await fc.assert(
		fc.asyncProperty(fc.gen(), async (value) => {
			const draft = drawDraft(
				(arbitrary) => value(arbitrary),
				people.map(({ person }) => person)
			);
			const summit = await writeDraft(db.owner, draft);
			await grant(organiser.person, 'programme', summit);
			const facts = (await readFacts(organiser, summit)) as ScheduleFacts;
			const { zone, startsOn, endsOn } = draft;
			const { model, proposed } = solve(facts, {
				...optionsFor(2),
				zone,
				startsOn,
				endsOn,
				days: [startsOn, endsOn],
				pause: 0
			});
			const changes = changesOf(facts, proposed);
			if (changes.length === 0) return;
			const applied = await changeDraft(db.owner, organiser, summit, changes);
			expect(applied.status).toBe('ok');
			const held = new Set(proposed.filter(({ to, change }) => to && change !== 'stuck').map(({ session }) => session));
			placed += held.size;
			const { rows } = await db.owner.query<{ code: string; severity: string; sessions: string[] }>(
				'select code, severity, sessions from private.findings($1)',
				[summit]
			);
			// These are the same wherever a session is.
			const elsewhere = ['no_slot', 'no_people', 'unconfirmed_speaker', 'interpreter_pairs'];
			const wrong = rows.filter(
				({ code, severity, sessions }) =>
					severity !== 'note' && !elsewhere.includes(code) && sessions.some((session) => held.has(session))
			);
			expect(wrong).toEqual([]);
			expect(model.movable.length).toBe(proposed.filter(({ change }) => change !== 'stuck').length);
		}),
		{ numRuns: 12, seed: 11, endOnFailure: true }
	);
	expect(placed).toBeGreaterThan(20);
});

test('more sessions than a hand moves are placed at once, and one undo takes all back', async () => {
	const draft = await makeDraft(db.owner, { sessions: 60, rooms: 4 });
	const [organiser, other] = draft.organisers;
	const facts = (await readFacts(organiser, draft.summit)) as ScheduleFacts;
	const { proposed } = solve(facts, optionsFor(3));
	const changes = changesOf(facts, proposed);
	expect(changes).toHaveLength(60);
	const before = (await db.owner.query('select count(*)::int from public.slots where summit_id = $1', [draft.summit]))
		.rows;
	expect(await changeDraft(db.owner, organiser, draft.summit, changes)).toMatchObject({ status: 'ok' });
	// A second proposal from the same facts was made for a draft that has changed.
	expect(await changeDraft(db.owner, other, draft.summit, changes)).toMatchObject({
		status: 'changed_meanwhile',
		at: 0
	});
	expect(await undoChange(db.owner, organiser, draft.summit)).toMatchObject({ status: 'ok' });
	expect(
		(await db.owner.query('select count(*)::int from public.slots where summit_id = $1', [draft.summit])).rows
	).toEqual(before);
});

test('only programme organisers read the facts, and sessions that they do not see are times without a name', async () => {
	const draft = await makeDraft(db.owner, { sessions: 3, rooms: 2 });
	const [organiser] = draft.organisers;
	const owner = await makePerson(db.owner, 'Owning Organiser');
	await grant(owner.person, 'owner', draft.summit);
	const [secret, open] = draft.sessions;
	const speaker = people[0]?.person ?? '';
	for (const session of [secret, open])
		await db.owner.query(
			`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'speaker', 'confirmed')`,
			[session, draft.summit, speaker]
		);
	await scheduleSession(db.owner, draft, 0, 1, at('09:00'), at('10:00'));
	await db.owner.query(`update public.sessions set level = 'closed', audience = 'listed' where id = $1`, [secret]);
	const span = ['2027-06-09T12:00:00Z', '2027-06-09T13:00:00Z'];
	await expect(readFacts(null, draft.summit)).rejects.toThrow(/permission denied/);
	expect(await readFacts(people[1] ?? null, draft.summit)).toBeNull();
	const all = await readFacts(organiser, draft.summit);
	expect(all?.sessions.map(({ id }) => id)).toContain(secret);
	expect(all?.blocks).toEqual([]);
	const some = await readFacts(owner, draft.summit);
	expect(JSON.stringify(some)).not.toContain(secret);
	expect(some?.sessions).toHaveLength(2);
	expect(some?.blocks).toEqual([{ start: span[0], end: span[1], rooms: ['room-2'] }]);
	expect(some?.people).toEqual([expect.objectContaining({ id: speaker, busy: [span] })]);
});

test('marks are counted by pairs, and the member of somebody with an alias is not told', async () => {
	const draft = await makeDraft(db.owner, { sessions: 3, rooms: 1 });
	const [organiser] = draft.organisers;
	for (const { person } of people.slice(0, 3))
		for (const session of draft.sessions.slice(0, 2))
			await db.owner.query('insert into public.agenda_marks (person_id, session_id) values ($1, $2)', [
				person,
				session
			]);
	const { rows } = await db.owner.query<{ id: string }>(
		`insert into public.members (name, sector, country, region) values ('Hidden Member', 'government', 'PT', 'Europe') returning id`
	);
	await db.owner.query(
		`insert into public.summit_members (summit_id, member_id, sector, country, region) values ($1, $2, 'government', 'PT', 'Europe')`,
		[draft.summit, rows[0]?.id]
	);
	for (const { person } of people.slice(5, 7)) {
		await db.owner.query(
			`insert into public.registrations (summit_id, person_id, member_id, mode, category, state) values ($1, $2, $3, 'virtual', 'delegate', 'draft')`,
			[draft.summit, person, rows[0]?.id]
		);
		await db.owner.query(
			`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'speaker', 'confirmed')`,
			[draft.sessions[0], draft.summit, person]
		);
	}
	await db.owner.query(`insert into private.protections (person_id, kind) values ($1, 'alias')`, [people[6]?.person]);
	const facts = await readFacts(organiser, draft.summit);
	expect(facts?.shared.map(([, , count]) => count)).toEqual([3]);
	const told = Object.fromEntries(
		facts?.people.map(({ id, member, sector, region }) => [id, { member, sector, region }]) ?? []
	);
	expect(told).toEqual({
		[people[5]?.person ?? '']: { member: rows[0]?.id, sector: 'government', region: 'Europe' },
		[people[6]?.person ?? '']: { member: null, sector: null, region: null }
	});
	expect(facts?.people.every(({ is_remote }) => is_remote)).toBe(true);
});
