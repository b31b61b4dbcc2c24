/* A step of the form in one transaction: begun, saved and sent together or not at all, and only by its person. */
import type pg from 'pg';
import { expect, test } from 'vitest';
import {
	callAs,
	connectMany,
	countSeats,
	faultsOf,
	makeDrafts,
	makePeople,
	makeSummit,
	inParallel,
	stateOf,
	readValue,
	type RegisteringSummit
} from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();

interface Filled {
	status: string;
	id?: string;
	version?: number;
	faults?: string[];
	sent?: { status: string; missing?: string[] };
}
type Write = { step: unknown; fields: unknown };

const fill = (who: TestPerson | null, summit: string, writes: Write[] | unknown, send = false, client = db.owner) =>
	callAs<Filled>(client, who, `public.save_registration_steps($1, $2, $3)`, [summit, JSON.stringify(writes), send]);
const conduct = (version?: number) => [{ step: 5, fields: { code_of_conduct: true, ...(version && { version }) } }];
const drafts = (summit: string, who: TestPerson) =>
	readValue<number>(
		db.owner,
		`select count(*)::int from public.registrations where summit_id = $1 and person_id = $2`,
		[summit, who.person]
	);

async function drafted(plan: Parameters<typeof makeSummit>[1] = {}) {
	const made: RegisteringSummit = await makeSummit(db.owner, plan);
	const who = await makePerson(db.owner, 'Ama Mensah');
	const [id = ''] = await makeDrafts(db.owner, made.summit, [who], () => made.members[0] ?? '');
	return { ...made, who, id };
}

test('the first step begins the form, the last one sends it, and a second click repeats neither', async () => {
	const { summit, members } = await makeSummit(db.owner);
	const who = await makePerson(db.owner, '');
	const name = { display_name: 'Ama Mensah', office: '', country: 'GH' };
	const begun = await fill(who, summit, [{ step: 1, fields: name }]);
	expect(begun).toMatchObject({ status: 'ok', version: 2 });
	expect(await fill(who, summit, [{ step: 2, fields: { member_id: members[0], version: 2 } }])).toMatchObject({
		status: 'ok',
		id: begun.id,
		version: 3
	});
	expect(await fill(who, summit, conduct(3), true)).toMatchObject({
		status: 'ok',
		id: begun.id,
		version: 4,
		sent: { status: 'held' }
	});
	expect(await fill(who, summit, conduct(3), true)).toEqual({ status: 'already', id: begun.id, state: 'submitted' });
	expect(await faultsOf(db.owner, summit)).toEqual([]);
});

test('a save from another window is a conflict, with its version, and nothing is sent', async () => {
	const { summit, who, id } = await drafted();
	expect((await fill(who, summit, conduct(1))).version).toBe(2);
	expect(await fill(who, summit, conduct(1), true)).toEqual({ status: 'conflict', version: 2 });
	expect(await stateOf(db.owner, id)).toBe('draft');
});

test('several writes are saved together or not at all, and only valid answers begin a form', async () => {
	const { summit } = await makeSummit(db.owner);
	const who = await makePerson(db.owner, '');
	const good = { step: 4, fields: { protection: 'talk_first' } };
	const bad = { step: 1, fields: { display_name: ' ', office: '', country: 'GH' } };
	expect(await fill(who, summit, [good, bad])).toMatchObject({ status: 'invalid', faults: ['display_name'] });
	expect(await drafts(summit, who)).toBe(0);
	expect(
		await readValue(db.owner, `select count(*)::int from private.protections where person_id = $1`, [who.person])
	).toBe(0);
	for (const writes of [
		[],
		null,
		'x',
		Array(6).fill(good),
		[{ step: 9, fields: {} }],
		[{ step: '1; drop', fields: {} }],
		[{ step: 1, fields: null }],
		[{ step: 1, fields: [] }]
	])
		expect((await fill(who, summit, writes)).status).toBe('invalid');
	expect(await drafts(summit, who)).toBe(0);
});

test('missing answers are reported, and saved ones stay', async () => {
	const { summit } = await makeSummit(db.owner);
	const who = await makePerson(db.owner, 'Ama Mensah');
	await fill(who, summit, [{ step: 3, fields: { mode: 'virtual' } }]);
	expect(await fill(who, summit, conduct(), true)).toMatchObject({
		status: 'ok',
		version: 3,
		sent: { status: 'missing', missing: ['member'] }
	});
});

test('a closed registration begins nothing, saves drafts and sends none', async () => {
	const { summit, who, id } = await drafted();
	const newcomer = await makePerson(db.owner, 'Late');
	await db.owner.query(`update public.summits set registration_closes_at = now() where id = $1`, [summit]);
	expect(await fill(newcomer, summit, conduct())).toEqual({ status: 'not_open' });
	expect(await drafts(summit, newcomer)).toBe(0);
	expect((await fill(who, summit, conduct(), true)).sent).toEqual({ status: 'not_open' });
	expect(await stateOf(db.owner, id)).toBe('draft');
});

test('nobody fills in the form of another person: no outsider, colleague, organiser or assistant', async () => {
	const { summit, who, id, organiser } = await drafted();
	const assistant = await makePerson(db.owner, 'Assistant');
	await db.owner.query(
		`insert into public.account_people (account_id, person_id, relation, scope) values ($1, $2, 'assistant', 'all')`,
		[assistant.account, who.person]
	);
	await expect(fill(null, summit, conduct(), true)).rejects.toThrow(/permission denied/);
	for (const other of [organiser, assistant, await makePerson(db.owner, 'Colleague')]) {
		const answer = await fill(other, summit, conduct(), true);
		expect(answer).toMatchObject({ status: 'ok', sent: { status: 'missing' } });
		expect(answer.id).not.toBe(id);
	}
	expect(await readValue(db.owner, `select (state, version)::text from public.registrations where id = $1`, [id])).toBe(
		'(draft,1)'
	);
	expect((await fill(who, '00000000-0000-4000-8000-000000000000', conduct())).status).toBe('not_found');
});

test('a rush, each form sent three times at once: every seat once, the rest in order, one audit trail each by its person', async () => {
	const { summit, members } = await makeSummit(db.owner, { hall: 7 });
	const people = await makePeople(db.owner, 30);
	const ids = await makeDrafts(db.owner, summit, people, (n) => members[n % 3] ?? '');
	const clients = await connectMany(db, 12);
	const sends = [...people, ...people, ...people];
	const answers = await inParallel(clients, sends, (client, who) => fill(who, summit, conduct(1), true, client));
	const words = answers.map((answer) => answer.sent?.status ?? answer.status);
	const count = (word: string) => words.filter((one) => one === word).length;
	expect([count('held'), count('queued'), count('already')]).toEqual([7, 23, 60]);
	expect(await countSeats(db.owner, summit)).toEqual({ held: 7, taken: 0, waiting: 23, offered: 0 });
	expect(await faultsOf(db.owner, summit)).toEqual([]);
	const { rows } = await db.owner.query<{ ok: boolean }>(
		`select bool_and(e.actor_person = r.person_id and e.actor_account is not null) as ok
		from audit.entries as e join public.registrations as r on r.id::text = e.row_id
		where r.id = any ($1) and e.table_name = 'public.registrations' and e.action = 'update'`,
		[ids]
	);
	expect(rows).toEqual([{ ok: true }]);
});

test('sending and withdrawing at the same moment ends in one of the two, never in a deadlock', async () => {
	const { summit, members } = await makeSummit(db.owner, { hall: 5 });
	const people = await makePeople(db.owner, 12);
	const ids = await makeDrafts(db.owner, summit, people, () => members[0] ?? '');
	const clients = await connectMany(db, 24);
	await Promise.all(
		people.flatMap((who, n) => [
			fill(who, summit, conduct(), true, clients[2 * n]),
			callAs(clients[2 * n + 1] as pg.Client, who, `public.withdraw_registration($1)`, [ids[n]])
		])
	);
	expect(await faultsOf(db.owner, summit)).toEqual([]);
});

test('after sending, needs and consents are saved together or not at all, by the person or their assistant', async () => {
	const { summit, who, id } = await drafted();
	const save = (by: TestPerson | null, writes: unknown) =>
		callAs<Filled>(db.owner, by, `public.save_sent_steps($1, $2)`, [id, JSON.stringify(writes)]);
	const needs = (version?: number) => ({
		step: 4,
		fields: { access_needs: 'Sign language', ...(version && { version }) }
	});
	const needed = () =>
		readValue(db.owner, `select access_needs from public.registration_needs where registration_id = $1`, [id]);
	const { version } = await fill(who, summit, conduct());
	expect(await save(who, [needs()])).toEqual({ status: 'locked', version });
	await fill(who, summit, conduct(), true);
	const mine = await callAs<{ version: number }>(db.owner, who, `public.my_registration($1)`, [summit]);
	// The second step is refused, so the first is not kept.
	const unknown = { step: 5, fields: { consents: { [summit]: true } } };
	expect(await save(who, [needs(mine.version), unknown])).toMatchObject({ status: 'invalid', faults: ['consents'] });
	expect(await needed()).not.toBe('Sign language');
	expect(await save(who, [needs(mine.version), ...conduct()])).toEqual({ status: 'ok', version: mine.version + 2 });
	expect(await needed()).toBe('Sign language');
	expect(await save(who, [needs(mine.version)])).toMatchObject({ status: 'conflict', version: mine.version + 2 });
	expect(await save(who, [{ step: 1, fields: { display_name: 'Another' } }])).toMatchObject({ status: 'locked' });
	for (const wrong of [null, {}, [], [1], [{ step: 4 }], [{ step: '4', fields: {} }], Array(6).fill(needs())])
		expect(await save(who, wrong)).toMatchObject({ status: 'invalid' });
	const [outsider, assistant] = [await makePerson(db.owner, 'Outsider'), await makePerson(db.owner, 'Assistant')];
	await db.owner.query(
		`insert into public.account_people (account_id, person_id, relation, scope) values ($1, $2, 'assistant', 'registration')`,
		[assistant.account, who.person]
	);
	expect(await save(outsider, [needs()])).toMatchObject({ status: 'not_found' });
	await expect(save(null, [needs()])).rejects.toThrow('permission denied');
	expect(await save(assistant, [needs()])).toMatchObject({ status: 'ok' });
});
