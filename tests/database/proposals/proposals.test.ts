/* Proposals for the agenda: who writes and reads them, and until when. */
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { beforeEach, expect, it } from 'vitest';
import {
	completeProposal,
	joinProposal,
	makeCall,
	saveProposal,
	startProposal,
	englishText,
	type OpenCall
} from '../../fixtures/proposing.ts';
import { callAs, connectMany, makePeople, inParallel, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { setCaller, makePerson, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let call: OpenCall;
let ana: TestPerson;
let bo: TestPerson;

beforeEach(async () => {
	call = await makeCall(db.owner);
	[ana, bo] = [await makePerson(db.owner, 'Ana Lima'), await makePerson(db.owner, 'Bo Rask')];
});

const read = (who: TestPerson | null, id: string) =>
	callAs<Record<string, never> | null>(db.owner, who, `public.read_proposal($1)`, [id]);
const submit = (who: TestPerson, id: string) =>
	callAs<{ status: string; faults?: string[] }>(db.owner, who, `public.submit_proposal($1)`, [id]);
const close = () =>
	db.owner.query(`update private.calls set closes_at = now() - interval '1 second' where summit_id = $1`, [
		call.summit
	]);

it('a draft may be incomplete, is sent once complete, and stays complete', async () => {
	const id = await startProposal(db.owner, call, ana);
	expect(await submit(ana, id)).toEqual({ status: 'incomplete', faults: ['title', 'abstract', 'format', 'track'] });
	expect(await saveProposal(db.owner, ana, id, completeProposal(call), 1)).toEqual({ status: 'ok', version: 2 });
	expect(await submit(ana, id)).toEqual({ status: 'ok' });
	expect(await submit(ana, id)).toEqual({ status: 'already' });
	expect(await saveProposal(db.owner, ana, id, { abstract: {} }, 3)).toMatchObject({
		status: 'invalid',
		faults: ['abstract']
	});
	expect(await read(ana, id)).toMatchObject({
		state: 'submitted',
		version: 3,
		abstract: completeProposal(call).abstract
	});
	expect(
		await readValue(db.owner, `select count(*)::integer from private.outbox where idempotency_key = $1`, [
			`proposal_received:${id}`
		])
	).toBe(1);
});

it('two tabs never overwrite each other: one of ten saves, nine learn of the conflict', async () => {
	const id = await startProposal(db.owner, call, ana);
	const clients = await connectMany(db, 10);
	const saved = await inParallel(clients, [...clients.keys()], (on, n) =>
		saveProposal(on, ana, id, { title: englishText(`Tab ${n}`) }, 1)
	);
	expect(saved.map(({ status }) => status).sort()).toEqual([...Array<string>(9).fill('conflict'), 'ok']);
	const title = `Tab ${saved.findIndex(({ status }) => status === 'ok')}`;
	expect(await read(ana, id)).toMatchObject({ title: englishText(title), version: 2 });
});

it.each(['a', 'ы', 'ع', '漢'])(
	'an overlong title of %s is refused with its field, and nothing is lost',
	async (letter) => {
		const id = await startProposal(db.owner, call, ana);
		await saveProposal(db.owner, ana, id, { title: englishText('Kept') }, 1);
		const long = { title: englishText(letter.repeat(201)), abstract: englishText('new') };
		expect(await saveProposal(db.owner, ana, id, long, 2)).toEqual({
			status: 'invalid',
			faults: ['title'],
			version: 2
		});
		expect(await saveProposal(db.owner, ana, id, { title: englishText(letter.repeat(200)) }, 2)).toMatchObject({
			status: 'ok'
		});
		for (const bad of [
			{ title: 'x' },
			{ title: null },
			{ spoken: [] },
			{ level: 'secret' },
			{ format_id: call.tracks[0] }
		])
			expect((await saveProposal(db.owner, ana, id, bad, 3)).status).toBe('invalid');
		expect(await read(ana, id)).toMatchObject({ title: englishText(letter.repeat(200)), version: 3, abstract: {} });
	}
);

it('after the deadline, by the database’s clock, nobody begins, saves or sends; a late link allows one', async () => {
	const id = await startProposal(db.owner, call, ana);
	await saveProposal(db.owner, ana, id, completeProposal(call), 1);
	await close();
	expect(await saveProposal(db.owner, ana, id, { notes: 'late' }, 2)).toEqual({ status: 'closed' });
	expect(await submit(ana, id)).toEqual({ status: 'closed' });
	expect(await callAs(db.owner, bo, `public.start_proposal($1)`, [call.summit])).toEqual({ status: 'closed' });
	const token = 'ab'.repeat(32);
	const make = (who: TestPerson) =>
		callAs(db.owner, who, `public.make_late_link($1, $2, 'Ana, by mail', now() + interval '2 days')`, [
			call.summit,
			token
		]);
	expect(await make(ana)).toBe('not_allowed');
	expect(await make(call.programme)).toBe('ok');
	const use = (who: TestPerson | null) => callAs(db.owner, who, `public.use_late_link($1, $2)`, [call.summit, token]);
	await expect(use(null)).rejects.toThrow();
	const people = await makePeople(db.owner, 8);
	const clients = await connectMany(db, 8);
	const used = await inParallel(clients, people, (on, who) =>
		callAs<string>(on, who, `public.use_late_link($1, $2)`, [call.summit, token])
	);
	expect(used.toSorted()).toEqual(['ok', ...Array<string>(7).fill('used')]);
	const winner = people[used.indexOf('ok')] as TestPerson;
	expect(await use(winner)).toBe('ok');
	expect(await callAs(db.owner, winner, `public.start_proposal($1)`, [call.summit])).toMatchObject({ status: 'ok' });
	expect(await callAs(db.owner, ana, `public.start_proposal($1)`, [call.summit])).toEqual({ status: 'closed' });
	await db.owner.query(`update private.late_links set revoked_at = now() where person_id = $1`, [winner.person]);
	expect(await callAs(db.owner, winner, `public.start_proposal($1)`, [call.summit])).toEqual({ status: 'closed' });
});

it('nobody sends more proposals than the call allows, however many requests they make at once', async () => {
	const clients = await connectMany(db, 12);
	const begun = await inParallel(clients, [...clients.keys()], (on) =>
		callAs<{ status: string }>(on, ana, `public.start_proposal($1)`, [call.summit])
	);
	expect(begun.filter(({ status }) => status === 'ok')).toHaveLength(3);
	expect(begun.filter(({ status }) => status === 'too_many')).toHaveLength(9);
});

it('a draft is readable by its own people and by nobody else', async () => {
	const id = await startProposal(db.owner, call, ana);
	await saveProposal(db.owner, ana, id, { ...completeProposal(call), notes: 'for organisers' }, 1);
	expect(await read(ana, id)).toMatchObject({ notes: 'for organisers', may_edit: true });
	await joinProposal(db.owner, ana, id, bo);
	expect(await read(bo, id)).toMatchObject({ notes: null, may_edit: false, is_author: false });
	expect(await saveProposal(db.owner, bo, id, { notes: 'x' }, 2)).toEqual({ status: 'not_found' });
	const outsider = await makePerson(db.owner, 'Outsider');
	for (const who of [outsider, call.programme, call.organiser]) {
		expect(await read(who, id)).toBeNull();
		expect(await saveProposal(db.owner, who, id, { notes: 'x' }, 2)).toEqual({ status: 'not_found' });
		expect(await callAs(db.owner, who, `public.read_selection_proposal($1)`, [id])).toBeNull();
		await expect(callAs(db.owner, who, `(select count(*) from private.proposals)`)).rejects.toThrow(
			/permission denied/
		);
	}
	await expect(read(null, id)).rejects.toThrow(/permission denied/);
});

it('answers must match their question, and only the people concerned may give them', async () => {
	const ask1 = (fields: object) =>
		callAs<{ status: string; id: string }>(db.owner, call.programme, `public.save_call_question($1, null, $2)`, [
			call.summit,
			JSON.stringify(fields)
		]);
	const choices = [
		{ key: 'a', label: englishText('A') },
		{ key: 'b', label: englishText('B') }
	];
	const { id: several } = await ask1({ label: englishText('Which?'), kind: 'several', choices, is_required: true });
	const { id: own } = await ask1({ label: englishText('You?'), kind: 'choice', choices, subject: 'person' });
	expect(await ask1({ label: englishText('One'), kind: 'choice', choices: choices.slice(1) })).toEqual({
		status: 'invalid'
	});
	expect(await ask1({ label: englishText('You'), kind: 'text', subject: 'person', visible_to: 'reviewers' })).toEqual({
		status: 'invalid'
	});
	const id = await startProposal(db.owner, call, ana);
	const fields = completeProposal(call);
	expect(await saveProposal(db.owner, ana, id, { ...fields, answers: { [several]: ['c'] } }, 1)).toMatchObject({
		status: 'invalid',
		faults: [`answer:${several}`]
	});
	await saveProposal(db.owner, ana, id, fields, 1);
	expect(await submit(ana, id)).toEqual({ status: 'incomplete', faults: [`answer:${several}`] });
	expect(
		await saveProposal(db.owner, ana, id, { answers: { [several]: ['a', 'b'] }, own_answers: { [own]: 'a' } }, 2)
	).toMatchObject({ status: 'ok' });
	await joinProposal(db.owner, ana, id, bo);
	const give = (who: TestPerson, given: string) =>
		callAs(db.owner, who, `public.save_own_answers($1, $2)`, [id, JSON.stringify({ [own]: given, [several]: [] })]);
	expect(await give(bo, 'b')).toEqual({ status: 'ok' });
	expect(await give(await makePerson(db.owner, 'Eve'), 'b')).toEqual({ status: 'not_found' });
	expect(await read(bo, id)).toMatchObject({ own_answers: { [own]: 'b' }, answers: { [several]: ['a', 'b'] } });
	expect(await read(ana, id)).toMatchObject({ own_answers: { [own]: 'a' } });
	expect(await submit(ana, id)).toEqual({ status: 'ok' });
	// Fields promised to organisers only never become readable for reviewers.
	expect(
		await callAs(db.owner, call.programme, `public.save_call_question($1, $2, $3)`, [
			call.summit,
			several,
			JSON.stringify({ label: englishText('Which?'), kind: 'several', choices, visible_to: 'reviewers' })
		])
	).toEqual({ status: 'promised' });
});

it('saving a call without a version is refused when one exists', async () => {
	const save = (version: number | null) =>
		callAs(db.owner, call.programme, `public.save_call($1, '{"max_per_person": 2}', $2)`, [call.summit, version]);
	expect([await save(null), await save(0), await save(1)]).toEqual(['conflict', 'conflict', 'ok']);
});

it('the limit is two hundred late links, also when two are made at once', async () => {
	await db.owner.query(
		`insert into private.late_links (summit_id, token_hash, note, until, created_by)
		select $1, sha256(($1::uuid || n::text)::bytea), 'Late', now() + interval '1 day', $2 from generate_series(1, 199) as n`,
		[call.summit, call.programme.person]
	);
	const make = (on: pg.Client, letter: string) =>
		on.query<{ answer: string }>(`select public.make_late_link($1, $2, 'Ana', now() + interval '1 hour') as answer`, [
			call.summit,
			createHash('sha256')
				.update(call.summit + letter)
				.digest('hex')
		]);
	const [first, second] = await connectMany(db, 2);
	for (const on of [first, second]) {
		await on?.query('begin');
		await setCaller(on as pg.Client, call.programme);
	}
	expect((await make(first as pg.Client, 'a')).rows).toEqual([{ answer: 'ok' }]);
	const waiting = make(second as pg.Client, 'b');
	setTimeout(() => void first?.query('commit'), 500);
	expect((await waiting).rows).toEqual([{ answer: 'limited' }]);
	await second?.query('commit');
});
