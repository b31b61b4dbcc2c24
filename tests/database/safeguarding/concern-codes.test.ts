/* The reporter's code: raising once, coming back without an account, and what a wrong code, a flood and a race get. */
import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { useStageWorld } from '../../fixtures/staging.ts';
import { concernActs } from '../../fixtures/raising-concerns.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const stage = useStageWorld();
const { hex, list, ids, close, mails, newLead } = concernActs(stage);

// Of this test's own world: codes are unique in the whole database.
const hash = (text: string) => createHash('sha256').update(`${stage.world.slug} ${text}`).digest();

interface Submitted {
	code?: string;
	source?: string;
	reporter?: TestPerson | null;
	takenBy?: TestPerson | null;
	lead?: boolean;
}
async function submit({ code = 'a code', source, reporter = null, takenBy = null, lead = false }: Submitted = {}) {
	return stage.one<string>(
		stage.app,
		`select private.submit_concern($1, 'fr', $2, $3, null, null, $4, '', 'canary words', 'key', $5, '{}', $6)`,
		[
			hash(code),
			takenBy?.person ?? null,
			stage.world.summit,
			reporter?.person ?? null,
			hash(source ?? randomBytes(8).toString('hex')),
			lead
		]
	);
}
interface Opened {
	status: string;
	text_sealed?: string;
	was_read?: boolean;
	is_closed?: boolean;
	messages?: { is_from_desk: boolean; text_sealed: string }[];
}
const open = (code: string, source = 'reader') =>
	stage.one<Opened>(stage.app, `select private.open_concern_by_code($1, $2)`, [hash(code), hash(source)]);
const add = (code: string, form: string, source = 'reader', client = stage.app) =>
	stage.one<string>(client, `select private.add_reporter_message($1, $2, $3, $4, 'key')`, [
		hash(code),
		hash(source),
		hash(form),
		form
	]);
const answer = (who: TestPerson | null, id: string | undefined, form: string) =>
	stage.callAs<string>(who, `select public.answer_concern($1, $2, 'key', $3)`, [
		id,
		hex(`answer ${form}`),
		hash(form).toString('hex')
	]);

test('the same form raises one concern, and its code is shown again for a quarter of an hour only', async () => {
	const { safeguarding } = stage.world.people;
	expect([await submit(), await submit()]).toEqual(['ok', 'again']);
	expect(await submit({ code: 'another text' })).toBe('ok');
	expect(await ids(safeguarding)).toHaveLength(2);
	await stage.owner.query(`update private.concerns set created_at = now() - interval '16 minutes'`);
	expect(await submit()).toBe('sent');
	expect(await ids(safeguarding)).toHaveLength(2);
});

test('a double click at the same moment raises one concern and notifies once', async () => {
	const { safeguarding, summit } = { ...stage.world.people, summit: stage.world.summit };
	const clients = await Promise.all(Array.from({ length: 6 }, () => stage.db.connect(stage.db.appUrl)));
	const sent = await Promise.all(
		clients.map((client) =>
			client
				.query<{ status: string }>(
					`select private.submit_concern($1, 'en', null, $2, null, null, null, '', 'x', 'key', '\\x01', '{}', false) as status`,
					[hash('twice'), summit]
				)
				.then(({ rows }) => rows[0]?.status)
		)
	);
	expect(sent.sort()).toEqual(['again', 'again', 'again', 'again', 'again', 'ok']);
	expect(await ids(safeguarding)).toHaveLength(1);
	expect(await mails('concern_raised')).toHaveLength(1);
});

test('with the code the reporter reads answers and adds, and learns no name of the desk', async () => {
	const { safeguarding, registration } = stage.world.people;
	await submit({ takenBy: registration });
	expect(await open('a code')).toMatchObject({
		status: 'ok',
		text_sealed: hex('canary words'),
		was_read: false,
		is_closed: false,
		messages: []
	});
	const [id] = (await ids(safeguarding)) ?? [];
	expect([await answer(safeguarding, id, 'one'), await answer(safeguarding, id, 'one')]).toEqual(['ok', 'already']);
	expect([await add('a code', 'more'), await add('a code', 'more')]).toEqual(['ok', 'already']);
	const seen = await open('a code');
	expect(seen.was_read).toBe(true);
	expect(seen.messages?.map(({ is_from_desk, text_sealed }) => [is_from_desk, text_sealed])).toEqual([
		[true, hex('answer one')],
		[false, hex('more')]
	]);
	expect(JSON.stringify(seen)).not.toMatch(new RegExp(`${safeguarding.name}|${safeguarding.person}`));
	const desk = (await list(safeguarding))?.concerns[0];
	expect(desk).toMatchObject({
		taken_by: registration.name,
		reporter: null,
		locale: 'fr',
		may_answer: true,
		messages: [{ author: safeguarding.name }, { author: null }]
	});
	expect((await mails('concern_message')).map(({ params }) => params)).toEqual([{}]);
});

test('what the reporter adds opens a closed concern again', async () => {
	const { safeguarding } = stage.world.people;
	await submit();
	const [id = ''] = (await ids(safeguarding)) ?? [];
	await close(safeguarding, id);
	expect(await open('a code')).toMatchObject({ is_closed: true });
	expect(await add('a code', 'it happened again')).toBe('ok');
	expect(await open('a code')).toMatchObject({ is_closed: false });
	expect((await list(safeguarding))?.concerns[0]?.closed_at).toBeNull();
});

test('only who may read a concern answers it, and one without a code has no answer', async () => {
	const { people } = stage.world;
	await submit({ lead: true });
	const id = await stage.one<string>(stage.owner, `select id from private.concerns where summit_id = $1`, [
		stage.world.summit
	]);
	for (const who of Object.values(people))
		expect([who.name, await answer(who, id, who.name)]).toEqual([who.name, 'not_found']);
	await expect(answer(null, id, 'signed out')).rejects.toThrow('permission denied');
	expect(await answer(await newLead(), id, 'other')).toBe('ok');
	const plain = await concernActs(stage).raise();
	expect(await answer(people.safeguarding, plain, 'plain')).toBe('no_code');
	expect(
		await stage.one(stage.owner, `select count(*)::int from private.concern_messages where concern_id in ($1, $2)`, [
			id,
			plain
		])
	).toBe(1);
});

test('nobody reads messages or codes by the API', async () => {
	const { people } = stage.world;
	await submit();
	await add('a code', 'canary');
	for (const who of [null, people.delegate, people.safeguarding, people.owner])
		for (const table of ['concerns', 'concern_messages', 'concern_code_tries'])
			await expect(stage.callAs(who, `select * from private.${table}`)).rejects.toThrow('permission denied');
	for (const who of [null, people.safeguarding, people.owner])
		await expect(
			stage.callAs(who, `select private.open_concern_by_code($1, $2)`, [hash('a code'), hash('x')])
		).rejects.toThrow('permission denied');
});

describe('a wrong code', () => {
	test('gets one answer, whether it never was or its concern is gone', async () => {
		await submit();
		await stage.owner.query(`delete from private.concerns`);
		expect([await open('a code'), await open('never'), await open('')]).toEqual(
			Array<object>(3).fill({ status: 'unknown' })
		);
		expect([await add('a code', 'x'), await add('never', 'y')]).toEqual(['unknown', 'unknown']);
	});

	test('counts for its source, and after a hundred no code of that source is looked up for ten minutes', async () => {
		await submit();
		for (let count = 0; count < 100; count += 1)
			expect(await open(`guess ${count}`, 'guesser')).toEqual({ status: 'unknown' });
		expect([await open('guess', 'guesser'), await open('a code', 'guesser')]).toEqual(
			Array<object>(2).fill({ status: 'too_often' })
		);
		expect(await add('a code', 'x', 'guesser')).toBe('too_often');
		expect(await open('a code', 'somebody else')).toMatchObject({ status: 'ok' });
		await stage.owner.query(`update private.concern_code_tries set began_at = now() - interval '11 minutes'`);
		expect(await open('a code', 'guesser')).toMatchObject({ status: 'ok' });
	});

	test('right ones are not counted', async () => {
		await submit();
		for (let count = 0; count < 120; count += 1) await open('a code');
		expect(await open('a code')).toMatchObject({ status: 'ok' });
	});
});

test('a holder of a code adds fifty messages a day at most', async () => {
	await submit();
	for (let count = 0; count < 50; count += 1) expect(await add('a code', `form ${count}`)).toBe('ok');
	expect(await add('a code', 'one more')).toBe('full');
	await stage.owner.query(`update private.concern_messages set sent_at = sent_at - interval '1 day'`);
	expect(await add('a code', 'one more')).toBe('ok');
});

test('the same message sent by two processes at once is added once', async () => {
	await submit();
	const clients = await Promise.all([1, 2, 3].map(() => stage.db.connect(stage.db.appUrl)));
	const sent = await Promise.all(clients.map((client) => add('a code', 'once', 'reader', client)));
	expect(sent.sort()).toEqual(['already', 'already', 'ok']);
});

test('what is raised outside of a Summit goes to the newest one that is no draft', async () => {
	const home = () => stage.one<string>(stage.app, `select private.summit_for_concerns()`);
	await stage.owner.query(`update public.summits set state = 'draft'`);
	await stage.owner.query(`update public.summits set state = 'closed' where id = $1`, [stage.world.summit]);
	expect(await home()).toBe(stage.world.summit);
	await stage.owner.query(`update public.summits set state = 'draft'`);
	expect(await home()).not.toBeNull();
});
