/* Reviews: what a committee may not read, and how scores are compared. */
import type pg from 'pg';
import { beforeEach, expect, it } from 'vitest';
import { inviteTo, joinProposal, makeCall, propose, englishText, type OpenCall } from '../../fixtures/proposing.ts';
import { callAs, connectMany, inTurn, register, inParallel, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { setCaller, makePerson, type TestPerson } from '../../fixtures/world.ts';
import { reviewActs } from '../../fixtures/reviewing.ts';

const db = useDatabase();
let call: OpenCall;
let ana: TestPerson;
let criteria: string[];

const { choices, decide } = reviewActs(db, () => call);

beforeEach(async () => {
	call = await makeCall(db.owner);
	ana = await makePerson(db.owner, 'Ana Lima');
	criteria = await inTurn([3, 1], (weight) =>
		readValue<string>(
			db.owner,
			`insert into private.review_criteria (summit_id, name, weight, position) values ($1, $2, $3, -$3::integer) returning id`,
			[call.summit, englishText(`By ${weight}`), weight]
		)
	);
});

async function addReviewer(name: string, tracks: string[] = []): Promise<TestPerson> {
	const who = await makePerson(db.owner, name);
	await db.owner.query(`insert into private.reviewers (summit_id, person_id, track_ids) values ($1, $2, $3)`, [
		call.summit,
		who.person,
		tracks
	]);
	return who;
}
const assign = (proposal: string, who: TestPerson) =>
	callAs<{ assigned: number; conflicts: number }>(db.owner, call.programme, `public.assign_reviewer($1, $2, $3)`, [
		call.summit,
		[proposal],
		who.person
	]);
const review = (who: TestPerson, proposal: string, scores: number[], send = true, version = 0, on = db.owner) =>
	callAs<{ status: string; version?: number }>(on, who, `public.save_review($1, $2, 'Good work', $3, $4)`, [
		proposal,
		JSON.stringify(Object.fromEntries(scores.map((score, n) => [criteria[n], score]))),
		send,
		version
	]);
interface Review {
	status: string;
	proposal: object;
	others: { score: number }[] | null;
	discussion: object[] | null;
}
const readReview = (who: TestPerson, proposal: string) =>
	callAs<Review | null>(db.owner, who, `public.read_review($1)`, [proposal]);

it('a reviewer reads assigned proposals without names, and no others', async () => {
	await db.owner.query(
		`insert into private.call_questions (summit_id, label, kind, visible_to) values ($1, $2, 'text', 'organisers'), ($1, $2, 'text', 'reviewers')`,
		[call.summit, englishText('Question')]
	);
	const id = await propose(db.owner, call, ana);
	await db.owner.query(
		`insert into private.proposal_answers (proposal_id, question_id, answer)
		select $1, id, to_jsonb('Seen by ' || visible_to) from private.call_questions where summit_id = $2`,
		[id, call.summit]
	);
	await db.owner.query(`update private.proposals set notes = 'Ana says this to organisers' where id = $1`, [id]);
	await joinProposal(db.owner, ana, id, await makePerson(db.owner, 'Bo Rask'));
	const reviewer = await addReviewer('Rui Reader');
	expect(await readReview(reviewer, id)).toBeNull();
	expect(await assign(id, reviewer)).toEqual({ assigned: 1, conflicts: 0 });
	const read = await readReview(reviewer, id);
	expect(read).toMatchObject({ status: 'ok', others: null, discussion: null });
	expect(JSON.stringify(read)).toContain('Seen by reviewers');
	expect(JSON.stringify(read)).not.toMatch(/Ana|Bo Rask|Seen by organisers/);
	// No further right: neither selection nor records of others nor the tables themselves.
	expect(await choices(reviewer)).toBeNull();
	for (const call of [`public.read_selection_proposal($1)`, `public.read_proposal($1)`])
		expect(await callAs(db.owner, reviewer, call, [id])).toBeNull();
	expect(await callAs(db.owner, reviewer, `public.read_committee($1)`, [call.summit])).toBeNull();
	expect(await decide([id], 'accept', 0, reviewer)).toEqual([]);
	for (const table of ['reviews', 'proposals', 'proposal_people', 'review_messages', 'proposal_decisions'])
		await expect(callAs(db.owner, reviewer, `(select count(*) from private.${table})`)).rejects.toThrow(
			/permission denied/
		);
	await callAs(db.owner, call.programme, `public.end_reviewer($1, $2)`, [call.summit, reviewer.person]);
	expect(await readReview(reviewer, id)).toBeNull();
});

it('authors, people of the same member, invited people and people who declare a conflict read neither proposal, score nor discussion', async () => {
	const id = await propose(db.owner, call, ana);
	const other = await propose(db.owner, call, await makePerson(db.owner, 'Cy'), 'Another');
	const [member = ''] = call.members;
	await register(db.owner, ana, call.summit, member);
	const colleague = await addReviewer('Same Member');
	await register(db.owner, colleague, call.summit, member);
	const inIt = await addReviewer('In It');
	await joinProposal(db.owner, ana, id, inIt);
	const invited = await addReviewer('Invited');
	await db.owner.query(
		`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id, verified_at)
		select $1, decode(encode(sha256(convert_to('address inv-' || $2 || '@example.org', 'utf8')), 'hex'), 'hex'), '\\x00', 'test', now()`,
		[invited.person, id]
	);
	await inviteTo(db.owner, ana, id, `inv-${id}@example.org`);
	const free = await addReviewer('Free');
	await assign(id, free);
	await review(free, id, [5, 5]);
	for (const who of [ana, colleague, inIt, invited]) {
		await db.owner.query(
			`insert into private.reviewers (summit_id, person_id) values ($1, $2) on conflict do nothing`,
			[call.summit, who.person]
		);
		expect(await assign(id, who)).toEqual({ assigned: 0, conflicts: 1 });
		// Also when an assignment existed before the conflict.
		await db.owner.query(`insert into private.review_assignments (proposal_id, reviewer_id) values ($1, $2)`, [
			id,
			who.person
		]);
		expect(await readReview(who, id)).toEqual({ status: 'conflict' });
		expect(await review(who, id, [5, 5])).toEqual({ status: 'conflict' });
		expect(await callAs(db.owner, who, `public.discuss_proposal($1, 'hello')`, [id])).toBe('not_found');
		expect(JSON.stringify(await callAs(db.owner, who, `public.read_reviews($1)`, [call.summit]))).not.toContain(
			'Hotlines'
		);
	}
	expect(await callAs(db.owner, free, `public.declare_conflict($1, 'We worked together')`, [id])).toBe('ok');
	expect(await readValue(db.owner, `select count(*)::integer from private.reviews where proposal_id = $1`, [id])).toBe(
		0
	);
	expect(await assign(id, free)).toEqual({ assigned: 0, conflicts: 1 });
	// An organiser in conflict selects among the rest, and sees no score of this one.
	await joinProposal(db.owner, ana, id, call.programme);
	const rows = (await choices())?.rows ?? [];
	expect(rows.find((row) => row.id === id)).toMatchObject({ withheld: 'conflict', score: null, reviews: null });
	expect(await decide([id, other], 'accept')).toEqual(expect.arrayContaining(['conflict', 'ok']));
	expect(await callAs(db.owner, call.programme, `public.read_selection_proposal($1)`, [id])).toMatchObject({
		reviews: null
	});
});

it('authors and visitors read no review, and reviewers see no other review before sending their own', async () => {
	const id = await propose(db.owner, call, ana);
	const [first, second] = [await addReviewer('First'), await addReviewer('Second')];
	await assign(id, first);
	await assign(id, second);
	expect(await review(first, id, [4, 2], false)).toEqual({ status: 'ok', version: 1 });
	expect(await review(second, id, [5])).toEqual({ status: 'incomplete', version: 0 });
	for (const bad of [
		[6, 1],
		[-1, 1],
		[2.5, 1]
	])
		expect((await review(second, id, bad)).status).toBe('invalid');
	expect(await readReview(second, id)).toMatchObject({ others: null, discussion: null });
	expect(await review(first, id, [4, 2], true, 1)).toEqual({ status: 'ok', version: 2 });
	expect(await review(first, id, [0, 0], true, 1)).toEqual({ status: 'changed_meanwhile', version: 2 });
	expect(await callAs(db.owner, second, `public.discuss_proposal($1, 'early')`, [id])).toBe('not_found');
	expect(await review(second, id, [2, 2])).toEqual({ status: 'ok', version: 1 });
	expect(await callAs(db.owner, second, `public.discuss_proposal($1, 'late enough')`, [id])).toBe('ok');
	const read = await readReview(first, id);
	expect(read?.others).toMatchObject([{ name: 'Second', score: 2 }]);
	expect(read?.discussion).toMatchObject([{ body: 'late enough' }]);
	for (const who of [ana, await makePerson(db.owner, 'Eve')]) {
		expect(await callAs(db.owner, who, `public.read_reviews($1)`, [call.summit])).toBeNull();
		expect(JSON.stringify(await callAs(db.owner, who, `public.read_proposal($1)`, [id])) ?? '').not.toContain(
			'late enough'
		);
		expect([null, 'conflict']).toContain((await readReview(who, id))?.status ?? null);
	}
	// (3 × 4 + 2) / 4 = 3.5 and 2: mean 2.75, spread 0.75.
	expect((await choices())?.rows).toMatchObject([{ id, score: 2.75, spread: 0.75, withheld: null }]);
});

it('scores of strict and lenient reviewers are normalised; an even assignment gives equal numbers and nobody their own', async () => {
	const authors = await inTurn([1, 2, 3, 4, 5, 6], (n) => makePerson(db.owner, `Author ${n}`));
	const ids = await inTurn(authors, (who) => propose(db.owner, call, who, `Of ${who.name}`));
	const [hard, mild] = [await addReviewer('Hard'), await addReviewer('Mild')];
	const third = authors[0] as TestPerson;
	await db.owner.query(`insert into private.reviewers (summit_id, person_id) values ($1, $2)`, [
		call.summit,
		third.person
	]);
	const clients = await connectMany(db, 4);
	const dealt = await inParallel(clients, [1, 2, 3, 4], (on) =>
		callAs<{ assigned: number; short: number }>(on, call.programme, `public.assign_reviews_evenly($1, 2)`, [
			call.summit
		])
	);
	expect(dealt.map(({ assigned }) => assigned).toSorted()).toEqual([0, 0, 0, 12]);
	const { rows: loads } = await db.owner.query<{ count: number }>(
		`select count(*)::integer from private.review_assignments as a join private.proposals as p on p.id = a.proposal_id where p.summit_id = $1 group by reviewer_id`,
		[call.summit]
	);
	const counts = loads.map(({ count }) => count);
	expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2);
	expect(
		await readValue(
			db.owner,
			`select count(*)::integer from private.review_assignments where proposal_id = $1 and reviewer_id = $2`,
			[ids[0], third.person]
		)
	).toBe(0);
	await db.owner.query(`delete from private.review_assignments`);
	for (const [n, id] of ids.slice(0, 2).entries()) {
		await assign(id, hard);
		await assign(id, mild);
		await review(hard, id, [n, n]);
		await review(mild, id, [4 + n, 4 + n]);
	}
	const rows = (await choices())?.rows ?? [];
	expect(rows.find(({ id }) => id === ids[0])).toMatchObject({ score: 2, normalised: -1 });
	expect(rows.find(({ id }) => id === ids[1])).toMatchObject({ score: 3, normalised: 1 });
});

it('the limit is a hundred messages of one reviewer, also when two arrive at once', async () => {
	const proposal = await propose(db.owner, call, ana);
	const rui = await addReviewer('Rui Reader');
	await assign(proposal, rui);
	expect((await review(rui, proposal, [4, 4])).status).toBe('ok');
	await db.owner.query(
		`insert into private.review_messages (proposal_id, person_id, body) select $1, $2, 'Word ' || n from generate_series(1, 99) as n`,
		[proposal, rui.person]
	);
	const [first, second] = await connectMany(db, 2);
	const say = (on: pg.Client) =>
		on.query<{ answer: string }>(`select public.discuss_proposal($1, 'One more') as answer`, [proposal]);
	for (const on of [first, second]) {
		await on?.query('begin');
		await setCaller(on as pg.Client, rui);
	}
	expect((await say(first as pg.Client)).rows).toEqual([{ answer: 'ok' }]);
	const waiting = say(second as pg.Client);
	setTimeout(() => void first?.query('commit'), 500);
	expect((await waiting).rows).toEqual([{ answer: 'limited' }]);
	await second?.query('commit');
});
