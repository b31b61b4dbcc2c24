/* The rota and its alarms: who is called, when it goes on, what ends it, and that several processes call once. */
import { beforeEach, describe, expect, test } from 'vitest';
import { concernActs } from '../../fixtures/raising-concerns.ts';
import { useStageWorld } from '../../fixtures/staging.ts';
import { setCaller, type TestPerson } from '../../fixtures/world.ts';

const stage = useStageWorld();
const { hex, raise, close, mark, mails, newLead } = concernActs(stage);

let [first, second, third]: TestPerson[] = [];
beforeEach(async () => {
	await stage.owner.query(`delete from private.concern_alarms`);
	first = stage.world.people.safeguarding;
	second = await newLead('Second Lead');
	third = await newLead('Third Lead');
	for (const lead of [first, second, third])
		await stage.callAs(lead, `select public.save_on_call_phone($1, $2, 'key')`, [stage.world.summit, hex('number')]);
});

const shift = (
	by: TestPerson | undefined,
	who: TestPerson | undefined,
	position = 1,
	from = '-1 hour',
	to = '1 hour'
) =>
	stage.callAs<string>(by ?? null, `select public.add_shift($1, $2, now() + $3::interval, now() + $4::interval, $5)`, [
		stage.world.summit,
		who?.person,
		from,
		to,
		position
	]);
const acknowledge = (who: TestPerson | undefined, id: string) =>
	stage.callAs<string>(who ?? null, `select public.acknowledge_concern($1)`, [id]);
const escalate = (later: string, client = stage.app) =>
	client.query(`select private.escalate_alarms(now() + $1::interval)`, [later]);
/** Who was called, step by step. */
async function called(): Promise<string[][]> {
	const { rows } = await stage.owner.query<{ names: string[] }>(
		`select array_agg(distinct p.display_name order by p.display_name) as names
		from private.alarm_calls as x join public.people as p on p.id = x.person_id
		where x.alarm_id in (select a.id from private.concern_alarms as a join private.concerns as c on c.id = a.concern_id where c.summit_id = $1)
		group by x.alarm_id, x.step order by x.step`,
		[stage.world.summit]
	);
	return rows.map(({ names }) => names);
}
const names = (...people: (TestPerson | undefined)[]) => people.map((one) => one?.name ?? '').sort();

test('calls the first on call at once, then the others on call, then all, until somebody has it', async () => {
	expect([await shift(first, second, 1), await shift(first, third, 2)]).toEqual(['ok', 'ok']);
	const id = await raise();
	expect(await called()).toEqual([names(second)]);
	await escalate('9 minutes');
	expect(await called()).toHaveLength(1);
	await escalate('10 minutes');
	await escalate('11 minutes');
	expect(await called()).toEqual([names(second), names(third)]);
	await escalate('20 minutes');
	expect(await called()).toEqual([names(second), names(third), names(first, second, third)]);
	const waiting = await mails('concern_waiting');
	expect(waiting).toHaveLength(4);
	expect(waiting.every(({ params }) => JSON.stringify(params) === '{}')).toBe(true);
	expect([await acknowledge(third, id), await acknowledge(second, id)]).toEqual(['ok', 'already']);
	await escalate('10 hours');
	expect(await called()).toHaveLength(3);
});

test('calls all who may read it when nobody is on call, and never whom it is about', async () => {
	await raise();
	expect(await called()).toEqual([names(first, second, third)]);
	await stage.owner.query(`delete from private.concern_alarms`);
	await shift(first, second, 1);
	await raise({ lead: true });
	expect(await called()).toEqual([]);
});

test('a lead on call whom it is about is passed over, and learns nothing when it goes on', async () => {
	await shift(first, second, 1);
	await shift(first, third, 2);
	await stage.owner.query(
		`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'chair', 'confirmed')`,
		[stage.world.sessions.members.id, stage.world.summit, second?.person]
	);
	const id = await raise({ session: stage.world.sessions.members.id });
	for (const minutes of [10, 20, 30, 40]) await escalate(`${minutes} minutes`);
	expect(await called()).toEqual([names(third), ...Array<string[]>(4).fill(names(first, third))]);
	expect(await acknowledge(second, id)).toBe('not_found');
	expect((await mails('concern_waiting')).map(({ person_id }) => person_id)).not.toContain(second?.person);
	// Marked in the meantime.
	expect(await mark(first as TestPerson, id, third as TestPerson)).toBe('ok');
	await escalate('50 minutes');
	expect((await called()).at(-1)).toEqual(names(first));
});

describe('ends with', () => {
	const ways: [string, (id: string) => Promise<unknown>][] = [
		['an acknowledgement', (id) => acknowledge(first, id)],
		['closing', (id) => close(first as TestPerson, id)],
		['a case', (id) => stage.callAs(first ?? null, `select public.open_case($1, 'low', 'other', '00', 'key')`, [[id]])]
	];
	test.each(ways)('%s', async (_, act) => {
		const id = await raise();
		await act(id);
		await escalate('1 hour');
		expect(await called()).toHaveLength(1);
		expect((await stage.app.query(`select * from private.claim_alarm_calls(50)`)).rows).toEqual([]);
	});
});

test('is acknowledged once by two leads at once', async () => {
	const id = await raise();
	const answers = await Promise.all(
		[first, second, third].map(async (who) => {
			const client = await stage.db.connect();
			await client.query('begin');
			await setCaller(client, who ?? null);
			const { rows } = await client.query<{ answer: string }>(`select public.acknowledge_concern($1) as answer`, [id]);
			await client.query('commit');
			return rows[0]?.answer;
		})
	);
	expect(answers.sort()).toEqual(['already', 'already', 'ok']);
});

test('several processes take one step, and send each call once', async () => {
	await raise();
	const clients = await Promise.all([1, 2, 3, 4].map(() => stage.db.connect(stage.db.appUrl)));
	await Promise.all(clients.map((client) => escalate('10 minutes', client)));
	expect(await called()).toHaveLength(2);
	await stage.owner.query(`update private.alarm_calls set send_after = now()`);
	const taken = await Promise.all(
		clients.map((client) => client.query<{ id: string }>(`select id from private.claim_alarm_calls(50)`))
	);
	const claimed = taken.flatMap(({ rows }) => rows.map(({ id }) => id));
	expect(claimed).toHaveLength(6);
	expect(new Set(claimed).size).toBe(6);
});

test('a failed call is tried again, and one of a process that stopped goes on', async () => {
	await raise();
	const claim = async () =>
		(await stage.app.query<{ id: string }>(`select id from private.claim_alarm_calls(1)`)).rows[0]?.id;
	const id = await claim();
	expect(await stage.one(stage.app, `select private.record_alarm_call($1, 'failed')`, [id])).not.toBeNull();
	expect(await stage.one(stage.app, `select private.record_alarm_call($1, 'sent')`, [id])).toBeNull();
	const lost = await claim();
	await escalate('4 minutes');
	expect(await stage.one(stage.owner, `select state from private.alarm_calls where id = $1`, [lost])).toBe('queued');
});

test('a flood from many sources calls nobody without end, and each of its concerns keeps its alarm', async () => {
	for (let count = 0; count < 30; count += 1) await raise();
	const counts = async () => {
		const calls = await stage.one<number>(
			stage.owner,
			`select count(*)::int from private.alarm_calls where person_id = $1`,
			[first?.person]
		);
		const sent = (await mails('concern_waiting')).filter(({ person_id }) => person_id === first?.person).length;
		return [calls, sent];
	};
	expect(await counts()).toEqual([20, 0]);
	await escalate('10 minutes 1 second');
	expect(await counts()).toEqual([40, 20]);
	expect(
		await stage.one(stage.owner, `select count(*)::int from private.concern_alarms where next_at is not null`)
	).toBe(30);
});

test('what a reporter adds calls again', async () => {
	const id = await raise();
	await acknowledge(first, id);
	await stage.owner.query(`update private.concerns set code_hash = sha256($1::bytea) where id = $2`, [
		stage.world.slug,
		id
	]);
	await stage.one(
		stage.app,
		`select private.add_reporter_message(sha256($1::bytea), '\\x01', sha256($1::bytea), 'again', 'key')`,
		[stage.world.slug]
	);
	await escalate('10 minutes');
	expect(await called()).toHaveLength(3);
});

test('goes on to its end when nobody answers, and begins again with what the reporter adds', async () => {
	const id = await raise();
	await stage.owner.query(`update private.concerns set code_hash = sha256($1::bytea) where id = $2`, [
		stage.world.slug,
		id
	]);
	for (let step = 1; step <= 14; step += 1) await escalate(`${step * 11} minutes`);
	expect(await called()).toHaveLength(12);
	await stage.one(
		stage.app,
		`select private.add_reporter_message(sha256($1::bytea), '\\x01', sha256($1::bytea), 'again', 'key')`,
		[stage.world.slug]
	);
	expect(await called()).toHaveLength(13);
});

describe('the rota', () => {
	const read = (who: TestPerson | null) =>
		stage.callAs<{ minutes: number; shifts: { display_name: string; is_now: boolean }[] } | null>(
			who,
			`select public.read_on_call($1)`,
			[stage.world.summit]
		);
	test('is kept by leads, and seen by nobody else', async () => {
		const { people, summit } = stage.world;
		expect(await shift(first, second, 1)).toBe('ok');
		expect(await read(first ?? null)).toMatchObject({
			minutes: 10,
			shifts: [{ display_name: second?.name, is_now: true }]
		});
		for (const who of Object.values(people).filter((one) => one !== first)) {
			expect([who.name, await read(who), await shift(who, first, 2)]).toEqual([who.name, null, 'not_allowed']);
			expect(await stage.callAs(who, `select public.save_on_call($1, 5)`, [summit])).toBe('not_allowed');
			expect(await stage.callAs(who, `select public.save_on_call_phone($1, '00', 'key')`, [summit])).toBe(
				'not_allowed'
			);
			const id = await stage.one(stage.owner, `select id from private.on_call_shifts where summit_id = $1`, [summit]);
			expect(await stage.callAs(who, `select public.remove_shift($1)`, [id])).toBe('not_found');
		}
		await expect(read(null)).rejects.toThrow('permission denied');
		for (const table of ['on_call_shifts', 'on_call_phones', 'concern_alarms', 'alarm_calls'])
			await expect(stage.callAs(first ?? null, `select * from private.${table}`)).rejects.toThrow('permission denied');
	});

	test('has one person in a position at a time, leads alone, and no shift that is over or too long', async () => {
		expect([
			await shift(first, second, 1),
			await shift(first, third, 1, '30 minutes', '2 hours'),
			await shift(first, third, 1, '1 hour', '2 hours'),
			await shift(first, stage.world.people.delegate, 2),
			await shift(first, third, 4),
			await shift(first, third, 2, '-2 hours', '-1 hour'),
			await shift(first, third, 2, '1 hour', '0 hours'),
			await shift(first, third, 2, '0 hours', '80 hours')
		]).toEqual(['ok', 'taken', 'ok', 'invalid', 'invalid', 'invalid', 'invalid', 'invalid']);
	});

	test('has a time after which an alarm goes on', async () => {
		const save = (minutes: number) =>
			stage.callAs<string>(first ?? null, `select public.save_on_call($1, $2)`, [stage.world.summit, minutes]);
		expect([await save(1), await save(3)]).toEqual(['invalid', 'ok']);
		await raise();
		await escalate('2 minutes');
		expect(await called()).toHaveLength(1);
		await escalate('3 minutes');
		expect(await called()).toHaveLength(2);
	});
});
