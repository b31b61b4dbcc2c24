/* Undoing decisions, assignments and the deletion of files: by their reverse, or by their rows and objects. */
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { makeCall, propose, type OpenCall } from '../../fixtures/proposing.ts';
import { callAs, connectMany, readValue } from '../../fixtures/registering.ts';
import { reviewActs } from '../../fixtures/reviewing.ts';
import { undoing, type UndoableAct } from '../../fixtures/undoing.ts';
import { makePerson, makeWorld, setCaller, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();

describe('decisions on proposals', () => {
	let call: OpenCall;
	let ids: string[];
	const { choices, decide } = reviewActs(db, () => call);

	beforeEach(async () => {
		call = await makeCall(db.owner);
		ids = [];
		for (const name of ['Ana Lima', 'Bo Rask'])
			ids.push(await propose(db.owner, call, await makePerson(db.owner, name)));
	});

	const list = (who: TestPerson = call.programme) =>
		callAs<UndoableAct[]>(db.owner, who, 'public.my_undoable_acts($1)', [call.summit]);
	const undo = async (act?: UndoableAct, who: TestPerson = call.programme) =>
		callAs<string>(db.owner, who, 'public.undo_act($1, $2)', [call.summit, (act ?? (await list())[0])?.id]);
	const state = () =>
		readValue<string>(
			db.owner,
			`select concat_ws(' ',
				(select string_agg(coalesce(d.decision, 'none'), ',' order by d.decision) from private.proposal_decisions as d),
				(select count(*) from public.sessions where summit_id = $1) || ' sessions',
				(select string_agg(distinct o.template, ',') from private.outbox as o where o.idempotency_key like 'proposal_decision:%'))`,
			[call.summit]
		);

	test('takes back all of a bulk decision with its sessions and held mails, once', async () => {
		expect(await decide(ids, 'accept')).toEqual(['ok', 'ok']);
		expect(await state()).toBe('accept,accept 2 sessions proposal_accepted');
		const [act] = await list();
		expect(act).toMatchObject({ act: 'proposals_decided', subject: null });
		expect(await undo(act)).toBe('ok');
		expect(await state()).toBe('none,none 0 sessions');
		expect(await undo(act)).toBe('gone');
		expect((await choices())?.rows.map(({ version }) => version)).toEqual([2, 2]);
		// To the decision before, whose mail is held again.
		await decide(ids, 'waitlist', 2);
		await decide(ids, 'decline', 3);
		expect(await undo()).toBe('ok');
		expect(await state()).toBe('waitlist,waitlist 0 sessions proposal_waitlisted');
	});

	test('not once one of them was released, decided again, or its session placed: then nothing changes', async () => {
		await decide(ids, 'decline');
		await callAs(db.owner, call.programme, 'public.release_decisions($1, $2)', [call.summit, [ids[0]]]);
		let before = await state();
		expect(await undo()).toBe('changed');
		expect(await state()).toBe(before);
		await decide(ids, 'accept', 1);
		const [accepted] = await list();
		await decide([ids[1] ?? ''], 'waitlist', 2);
		// It took a session away.
		expect(await list()).toHaveLength(1);
		before = await state();
		expect(await undo(accepted)).toBe('changed');
		expect(await state()).toBe(before);
		await decide([ids[1] ?? ''], 'accept', 3);
		await db.owner.query(
			`insert into public.slots (session_id, summit_id, during)
			select session_id, summit_id, tstzrange(now(), now() + interval '1 hour') from private.proposal_decisions where proposal_id = $1`,
			[ids[1]]
		);
		before = await state();
		expect(await undo()).toBe('changed');
		expect(await state()).toBe(before);
	});

	test('not once the audience of its session lists a member, or the session has a file', async () => {
		for (const work of [
			(session: string) =>
				callAs(db.owner, call.programme, 'public.add_to_audience($1, null, $2)', [session, call.members[0]]),
			(session: string) =>
				db.owner.query(
					`insert into private.session_files (session_id, summit_id, kind, level) values ($1, $2, 'slides', 'public')`,
					[session, call.summit]
				)
		]) {
			const id = await propose(db.owner, call, await makePerson(db.owner, 'Cy Ode'));
			await decide([id], 'accept');
			await work(
				await readValue<string>(db.owner, 'select session_id from private.proposal_decisions where proposal_id = $1', [
					id
				])
			);
			const before = await state();
			expect(await undo()).toBe('changed');
			expect(await state()).toBe(before);
		}
	});

	test('not by somebody else, and not after ten minutes', async () => {
		const colleague = await makePerson(db.owner, 'Second Programme');
		await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'programme', $2)`, [
			colleague.person,
			call.summit
		]);
		await decide(ids, 'decline');
		const [act] = await list();
		expect([await list(colleague), await undo(act, colleague)]).toEqual([[], 'gone']);
		await db.owner.query(`update private.undoable_acts set made_at = now() - interval '10 minutes 1 second'`);
		expect(await undo(act)).toBe('gone');
		expect(await state()).toContain('decline,decline');
	});

	test('takes proposals back from reviewers until one of them has begun a review', async () => {
		const reviewer = await makePerson(db.owner, 'Rita Review');
		await db.owner.query('insert into private.reviewers (summit_id, person_id) values ($1, $2)', [
			call.summit,
			reviewer.person
		]);
		const assign = () =>
			callAs(db.owner, call.programme, 'public.assign_reviewer($1, $2, $3)', [call.summit, ids, reviewer.person]);
		const count = () => readValue(db.owner, 'select count(*)::integer from private.review_assignments');
		expect(await assign()).toEqual({ assigned: 2, conflicts: 0 });
		expect(await assign()).toEqual({ assigned: 0, conflicts: 0 });
		expect((await list()).map(({ act }) => act)).toEqual(['reviewers_assigned']);
		expect([await undo(), await count()]).toEqual(['ok', 0]);
		expect(await callAs(db.owner, call.programme, 'public.assign_reviews_evenly($1, 1)', [call.summit])).toMatchObject({
			assigned: 2
		});
		await db.owner.query('insert into private.reviews (proposal_id, reviewer_id) values ($1, $2)', [
			ids[0],
			reviewer.person
		]);
		expect([await undo(), await count()]).toEqual(['changed', 2]);
	});

	test.each(['undo_act', 'unassign_reviewer'])(
		'%s waits for a review that is being saved, and keeps it',
		async (way) => {
			const reviewer = await makePerson(db.owner, 'Rita Review');
			await db.owner.query('insert into private.reviewers (summit_id, person_id) values ($1, $2)', [
				call.summit,
				reviewer.person
			]);
			await callAs(db.owner, call.programme, 'public.assign_reviewer($1, $2, $3)', [call.summit, ids, reviewer.person]);
			const [act] = await list();
			const [one, two] = (await connectMany(db, 2)) as [pg.Client, pg.Client];
			await one.query('begin');
			await setCaller(one, reviewer);
			const { rows } = await one.query<{ answer: unknown }>(
				`select public.save_review($1, '{}', 'Read on the train', true) as answer`,
				[ids[0]]
			);
			expect(rows).toEqual([{ answer: { status: 'ok', version: 1 } }]);
			const pid = await readValue<number>(two, 'select pg_backend_pid()');
			const taken =
				way === 'undo_act'
					? callAs<string>(two, call.programme, 'public.undo_act($1, $2)', [call.summit, act?.id])
					: callAs<string>(two, call.programme, 'public.unassign_reviewer($1, $2)', [ids[0], reviewer.person]);
			await expect
				.poll(() => readValue(db.owner, 'select wait_event_type from pg_stat_activity where pid = $1', [pid]))
				.toBe('Lock');
			await one.query('commit');
			expect(await taken).toBe(way === 'undo_act' ? 'changed' : 'not_found');
			expect(
				await readValue(
					db.owner,
					`select string_agg(a.proposal_id || coalesce(' ' || r.comment, ''), ',' order by r.comment)
				from private.review_assignments as a left join private.reviews as r using (proposal_id, reviewer_id)
				where a.reviewer_id = $1`,
					[reviewer.person]
				)
			).toBe(`${ids[0] ?? ''} Read on the train,${ids[1] ?? ''}`);
		}
	);
});

test('the object of a deleted file is kept for as long as the deletion can be undone, and used again then', async () => {
	const world = await makeWorld(db.owner);
	const acts = undoing(db.owner, world);
	const objects = (minutes: number) =>
		readValue<string[]>(
			db.owner,
			`select coalesce(array_agg(name), '{}') from private.objects_to_erase(now() + make_interval(mins => $1)) as name`,
			[minutes]
		);
	const { found, who } = await acts.done('page_file_deleted');
	expect([await objects(10), await objects(12)]).toEqual([[], [expect.stringMatching(/^[0-9a-f]{32}$/)]]);
	expect(await acts.undo(who, found?.id)).toBe('ok');
	expect(await objects(12)).toEqual([]);
	expect(await readValue(db.owner, `select state from private.stored_objects where sha256 = sha256('undo')`)).toBe(
		'kept'
	);
});
