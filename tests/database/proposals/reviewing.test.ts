/* Reviews and selection: what a committee may not read, and decisions that are made once and announced once. */
import type pg from 'pg';
import { beforeEach, expect, it } from 'vitest';
import { inviteTo, joinProposal, makeCall, propose, englishText, type OpenCall } from '../../fixtures/proposing.ts';
import { callAs, connectMany, inTurn, register, inParallel, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { setCaller, makePerson, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let call: OpenCall;
let ana: TestPerson;
let criteria: string[];

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
interface Row {
	id: string;
	score: number | null;
	spread: number | null;
	normalised: number | null;
	withheld: string | null;
	version: number;
}
const choices = (who = call.programme) =>
	callAs<{ rows: Row[]; held: { mails: number; proposals: number }; balance: Record<string, unknown> } | null>(
		db.owner,
		who,
		`public.read_selection($1)`,
		[call.summit]
	);
const decide = async (ids: string[], decision: string | null, version = 0, who = call.programme, on = db.owner) =>
	(
		await callAs<{ status: string }[]>(on, who, `public.decide_proposals($1, $2, $3)`, [
			call.summit,
			JSON.stringify(ids.map((id) => ({ id, version }))),
			decision
		])
	).map(({ status }) => status);
const release = (who = call.programme, on = db.owner) =>
	callAs<{ released: number; mails: number }>(on, who, `public.release_decisions($1)`, [call.summit]);
const mails = async (proposal: string) =>
	(
		await db.owner.query<{ template: string; state: string }>(
			`select template, state::text from private.outbox where idempotency_key like $1 order by 1, 2`,
			[`proposal_decision:${proposal}:%`]
		)
	).rows.map(({ template, state }) => `${template} ${state}`);

it('a reviewer reads assigned proposals without names, and no others', async () => {
	await db.owner.query(
		`insert into private.call_questions (summit_id, label, kind, readers) values ($1, $2, 'text', 'organisers'), ($1, $2, 'text', 'reviewers')`,
		[call.summit, englishText('Question')]
	);
	const id = await propose(db.owner, call, ana);
	await db.owner.query(
		`insert into private.proposal_answers (proposal_id, question_id, answer)
		select $1, id, to_jsonb('Seen by ' || readers) from private.call_questions where summit_id = $2`,
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

it('authors and strangers read no review, and reviewers see no other review before sending their own', async () => {
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

it('two organisers decide at once: one is first, the other learns it; accepted twice, it is one session', async () => {
	const id = await propose(db.owner, call, ana);
	const second = await makePerson(db.owner, 'Second organiser');
	await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'programme', $2)`, [
		second.person,
		call.summit
	]);
	const clients = await connectMany(db, 16);
	const answers = await inParallel(clients, [...clients.keys()], (on, n) =>
		decide([id], n % 2 ? 'accept' : 'decline', 0, n % 4 < 2 ? call.programme : second, on)
	);
	expect(answers.flat().toSorted()).toEqual([...Array<string>(15).fill('changed_meanwhile'), 'ok']);
	const row = (await choices())?.rows[0];
	await decide([id], null, row?.version);
	await inParallel(clients, [...clients.keys()], (on) => decide([id], 'accept', (row?.version ?? 0) + 1, second, on));
	await inParallel(clients, [...clients.keys()], (on) => release(second, on));
	expect(
		await readValue(db.owner, `select count(*)::integer from public.sessions where summit_id = $1`, [call.summit])
	).toBe(1);
	expect(
		await readValue(db.owner, `select count(*)::integer from public.session_people where summit_id = $1`, [call.summit])
	).toBe(1);
	expect(await mails(id)).toEqual(['proposal_accepted queued']);
});

it('a decision is hidden before its release; a change replaces the held mail', async () => {
	const id = await propose(db.owner, call, ana);
	const bo = await makePerson(db.owner, 'Bo Rask');
	await joinProposal(db.owner, ana, id, bo);
	expect(await decide([id], 'accept')).toEqual(['ok']);
	expect(await mails(id)).toEqual(['proposal_accepted held', 'proposal_accepted held']);
	const mine = () => callAs<Record<string, unknown>[]>(db.owner, ana, `public.list_my_proposals($1)`, [call.summit]);
	const parts = () => callAs<object[]>(db.owner, ana, `public.my_participations($1)`, [call.summit]);
	expect((await mine())[0]).toMatchObject({ state: 'submitted', decision: null });
	expect(await parts()).toEqual([]);
	// A held mail never becomes due, however often the worker looks.
	const due = `select count(*)::integer from private.due_mail((select array_agg(id) from private.outbox where idempotency_key like $1))`;
	expect(await readValue(db.owner, due, [`proposal_decision:${id}:%`])).toBe(0);
	const held = await readValue<string>(
		db.owner,
		`select id from private.outbox where idempotency_key like $1 limit 1`,
		[`proposal_decision:${id}:%`]
	);
	expect(await readValue(db.owner, `select count(*)::integer from private.claim_mail(1, $1)`, [held])).toBe(0);
	expect(await decide([id], 'decline', 0)).toEqual(['changed_meanwhile']);
	expect(await decide([id], 'decline', 1)).toEqual(['ok']);
	expect(await mails(id)).toEqual(['proposal_declined held', 'proposal_declined held']);
	expect(
		await readValue(db.owner, `select count(*)::integer from public.sessions where summit_id = $1`, [call.summit])
	).toBe(0);
	expect(await decide([id], 'waitlist', 2)).toEqual(['ok']);
	expect(await release()).toEqual({ released: 1, mails: 2 });
	expect(await mails(id)).toEqual(['proposal_waitlisted queued', 'proposal_waitlisted queued']);
	expect((await mine())[0]).toMatchObject({ decision: 'waitlist' });
	// A proposal on the waitlist is accepted after all; speakers confirm in their own session.
	expect(await decide([id], 'accept', 3)).toEqual(['ok']);
	expect((await mine())[0]).toMatchObject({ decision: 'waitlist' });
	expect(await release()).toEqual({ released: 1, mails: 2 });
	expect(await release()).toEqual({ released: 0, mails: 0 });
	expect(await decide([id], 'decline', 4)).toEqual(['told']);
	const [part] = (await parts()) as { id: string; state: string; title: object }[];
	expect(part).toMatchObject({ state: 'invited', title: englishText('Hotlines across borders') });
	expect(await callAs(db.owner, ana, `public.answer_participation($1, true)`, [part?.id])).toBe('ok');
	expect(await callAs(db.owner, ana, `public.withdraw_proposal($1)`, [id])).toBe('decided');
	// People who join an accepted proposal are in its session.
	const cy = await makePerson(db.owner, 'Cy');
	await joinProposal(db.owner, ana, id, cy);
	expect(await callAs<object[]>(db.owner, cy, `public.my_participations($1)`, [call.summit])).toHaveLength(1);
});

it('a person who withdraws before the announcement gets no mail, and the session is deleted', async () => {
	const id = await propose(db.owner, call, ana);
	await decide([id], 'accept');
	expect(await callAs(db.owner, ana, `public.withdraw_proposal($1)`, [id])).toBe('ok');
	expect(await mails(id)).toEqual([]);
	expect(
		await readValue(db.owner, `select count(*)::integer from public.sessions where summit_id = $1`, [call.summit])
	).toBe(0);
	expect(await release()).toEqual({ released: 0, mails: 0 });
	expect(await decide([id], 'accept', 2)).toEqual(['withdrawn']);
});

it('small groups among the accepted are not shown, and the Summit sets their size', async () => {
	const authors = await inTurn([1, 2, 3, 4, 5, 6], (n) => makePerson(db.owner, `Author ${n}`));
	for (const [n, who] of authors.entries())
		await register(db.owner, who, call.summit, call.members[n < 5 ? 0 : 1] ?? '');
	const ids = await inTurn(authors, (who) => propose(db.owner, call, who));
	await callAs(db.owner, call.programme, `public.mark_proposal($1, true)`, [ids[0]]);
	await decide(ids, 'accept');
	expect((await choices())?.balance).toMatchObject({
		accepted: 6,
		survivors: null,
		sector: [
			{ label: 'civil_society', count: 5 },
			{ label: 'private_sector', count: null }
		]
	});
	await db.owner.query(`insert into public.figure_settings (summit_id, smallest_group) values ($1, 6)`, [call.summit]);
	expect((await choices())?.balance).toMatchObject({
		sector: [
			{ label: 'civil_society', count: null },
			{ label: 'private_sector', count: null }
		]
	});
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
