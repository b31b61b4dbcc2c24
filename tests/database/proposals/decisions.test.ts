/* Selection of proposals: decisions that are made once, and announced once. */
import { beforeEach, expect, it } from 'vitest';
import { joinProposal, makeCall, propose, englishText, type OpenCall } from '../../fixtures/proposing.ts';
import { callAs, connectMany, inTurn, register, inParallel, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';
import { reviewActs } from '../../fixtures/reviewing.ts';

const db = useDatabase();
let call: OpenCall;
let ana: TestPerson;

const { choices, decide } = reviewActs(db, () => call);

beforeEach(async () => {
	call = await makeCall(db.owner);
	ana = await makePerson(db.owner, 'Ana Lima');
});

const release = (who = call.programme, on = db.owner) =>
	callAs<{ released: number; mails: number }>(on, who, `public.release_decisions($1)`, [call.summit]);
const mails = async (proposal: string) =>
	(
		await db.owner.query<{ template: string; state: string }>(
			`select template, state::text from private.outbox where idempotency_key like $1 order by 1, 2`,
			[`proposal_decision:${proposal}:%`]
		)
	).rows.map(({ template, state }) => `${template} ${state}`);

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
	expect(await decide([id], 'decline', 4)).toEqual(['released']);
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
