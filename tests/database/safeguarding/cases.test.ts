/* Cases: who sees one, that whom a joined concern is about finds no trace, and what two leads do at once. */
import { createHash, randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { useStageWorld } from '../../fixtures/staging.ts';
import { concernActs } from '../../fixtures/raising-concerns.ts';
import { setCaller, type TestPerson } from '../../fixtures/world.ts';

const stage = useStageWorld();
const { hex, raise, list, ids, close, mark, mails, newLead, speakAt } = concernActs(stage);

interface Opened {
	status: string;
	case?: string;
}
interface Read {
	version: number;
	severity: string;
	state: string;
	outcome: string | null;
	lead: string | null;
	leads: { id: string }[];
	key_sealed: string | null;
	entries: { kind: string; text_sealed: string; author: string }[];
	concerns: { id: string; text_sealed: string; closed_at: string | null }[];
	read_by: { display_name: string }[];
}
const open = (who: TestPerson | null, ...concerns: (string | null)[]) =>
	stage.callAs<Opened>(who, `select public.open_case($1, 'high', 'harassment', $2, 'key')`, [
		concerns,
		hex('case key')
	]);
const read = (who: TestPerson | null, id: string | undefined) =>
	stage.callAs<Read | null>(who, `select public.read_case($1, $2)`, [stage.world.summit, id]);
const cases = (who: TestPerson | null) =>
	stage.callAs<{ id: string; is_new: boolean; is_handed_over: boolean; lead: string | null }[] | null>(
		who,
		`select public.list_cases($1)`,
		[stage.world.summit]
	);
const formHash = (form = randomBytes(8).toString('hex')) =>
	createHash('sha256').update(`${stage.world.slug} ${form}`).digest('hex');
const note = (who: TestPerson | null, id: string | undefined, kind = 'note', form?: string) =>
	stage.callAs<string>(who, `select public.add_case_entry($1, $2, $3, $4)`, [
		id,
		kind,
		hex('canary note'),
		formHash(form)
	]);
const join = (who: TestPerson | null, id: string | undefined, concern: string) =>
	stage.callAs<string>(who, `select public.join_case($1, $2)`, [id, concern]);
const save = (
	who: TestPerson | null,
	id: string | undefined,
	version: number | undefined,
	{ state = 'open', lead = null as TestPerson | null, severity = 'critical' } = {}
) =>
	stage.callAs<string>(who, `select public.save_case($1, $2, $3, 'threat', $4, $5)`, [
		id,
		version,
		severity,
		state,
		lead?.person ?? null
	]);
const end = (who: TestPerson | null, id: string | undefined, version: number | undefined, outcome = 'resolved') =>
	stage.callAs<string>(who, `select public.close_case($1, $2, $3, $4, $5)`, [
		id,
		version,
		outcome,
		hex('canary end'),
		formHash()
	]);

let lead: TestPerson;
let other: TestPerson;
beforeEach(async () => {
	lead = stage.world.people.safeguarding;
	other = await newLead();
});

async function opened(...concerns: string[]): Promise<string> {
	const answer = await open(lead, ...concerns);
	expect(answer.status).toBe('ok');
	return answer.case ?? '';
}

/** Everything that a person could learn of a case, as they get it. */
async function tracesFor(who: TestPerson, id: string, concern: string, version: number) {
	return {
		read: await read(who, id),
		cases: await cases(who),
		note: await note(who, id),
		join: await join(who, id, concern),
		save: await save(who, id, version),
		end: await end(who, id, version),
		open: (await open(who, concern)).status,
		close: await close(who, concern)
	};
}

test('is opened from several concerns, read with its key by leads, and by nobody else', async () => {
	const { people } = stage.world;
	const [first, second] = [await raise(), await raise()];
	const id = await opened(first, second);
	expect(await read(lead, id)).toMatchObject({
		severity: 'high',
		state: 'open',
		lead: lead.person,
		key_sealed: hex('case key'),
		concerns: [
			{ id: first, text_sealed: hex('canary words') },
			{ id: second, text_sealed: hex('canary words') }
		]
	});
	expect((await cases(other))?.map((one) => one.id)).toEqual([id]);
	for (const who of Object.values(people).filter((one) => one !== lead))
		expect([who.name, await tracesFor(who, id, first, 1)]).toEqual([
			who.name,
			{
				read: null,
				cases: null,
				note: 'not_found',
				join: 'not_found',
				save: 'not_found',
				end: 'not_found',
				open: 'not_found',
				close: 'not_found'
			}
		]);
	for (const call of [() => read(null, id), () => cases(null), () => open(null, first), () => note(null, id)])
		await expect(call()).rejects.toThrow('permission denied');
	for (const who of [null, people.delegate, people.owner, lead])
		for (const table of ['cases', 'case_concerns', 'case_entries'])
			await expect(stage.callAs(who, `select * from private.${table}`)).rejects.toThrow('permission denied');
});

test('is opened once from a concern, also by two leads at once', async () => {
	const concern = await raise();
	const clients = await Promise.all(
		[lead, other, lead, other].map(async (who) => ({ who, client: await stage.db.connect() }))
	);
	const answers = await Promise.all(
		clients.map(async ({ who, client }) => {
			await client.query('begin');
			await setCaller(client, who);
			const { rows } = await client.query<{ answer: Opened }>(
				`select public.open_case(array[$1]::uuid[], 'low', 'other', $2, 'key') as answer`,
				[concern, hex('key')]
			);
			await client.query('commit');
			return rows[0]?.answer.status;
		})
	);
	expect(answers.sort()).toEqual(['already', 'already', 'already', 'ok']);
	expect(await cases(lead)).toHaveLength(1);
});

test('cannot be opened from nothing, from what the caller does not read, or from two Summits', async () => {
	const hidden = await raise({ lead: true });
	const mine = await raise();
	expect([await open(lead), await open(lead, null), await open(lead, mine, hidden)]).toEqual(
		Array<object>(3).fill({ status: 'not_found' })
	);
	expect(await stage.callAs(lead, `select public.open_case($1, 'grave', 'threat', '00', 'key')`, [[mine]])).toEqual({
		status: 'invalid'
	});
	expect(await cases(lead)).toEqual([]);
});

describe('whom a joined concern is about', () => {
	const ways: [string, (id: string, plain: string) => Promise<string>][] = [
		[
			'joined later',
			async (id) => {
				const about = await raise();
				expect(await mark(other, about, lead)).toBe('ok');
				expect(await join(other, id, about)).toBe('ok');
				return about;
			}
		],
		[
			'marked later',
			async (_, plain) => {
				expect(await mark(other, plain, lead)).toBe('ok');
				return plain;
			}
		],
		[
			'of a session that became theirs',
			async (id) => {
				const about = await raise({ session: stage.world.sessions.members.id });
				expect(await join(other, id, about)).toBe('ok');
				await speakAt(lead, stage.world.sessions.members.id);
				return about;
			}
		]
	];

	test.each(ways)('%s: sees nothing of the case or of any of its concerns, and is not its lead', async (_, about) => {
		const plain = await raise();
		const id = await opened(plain);
		const concern = await about(id, plain);
		await note(other, id);
		const { version } = (await read(other, id)) as Read;
		for (const one of new Set([plain, concern]))
			expect(await tracesFor(lead, id, one, version)).toEqual({
				read: null,
				cases: [],
				note: 'not_found',
				join: 'not_found',
				save: 'not_found',
				end: 'not_found',
				open: 'not_found',
				close: 'not_found'
			});
		expect(await list(lead, id)).toEqual({ concerns: [], batches: [] });
		expect(
			JSON.stringify(await stage.callAs(lead, `select public.list_audit($1, '{}')`, [stage.world.summit]))
		).not.toContain(id);
		const after = (await read(other, id)) as Read;
		expect(after.leads.map((one) => one.id)).toEqual([other.person]);
		expect(await save(other, id, after.version, { lead })).toBe('invalid');
		expect((await ids(other))?.sort()).toEqual([...new Set([plain, concern])].sort());
	});

	test('gets no event and no mail of it', async () => {
		const plain = await raise();
		const id = await opened(plain);
		await mark(other, plain, lead);
		const listener = await stage.db.connect();
		const received: string[] = [];
		listener.on('notification', ({ payload = '' }) => {
			const { topic, kind } = JSON.parse(payload) as { topic: string; kind: string };
			if (kind === 'concern') received.push(topic);
		});
		await listener.query('listen live_events');
		const before = (await mails('concern_raised')).length;
		await note(other, id);
		const { version } = (await read(other, id)) as Read;
		await end(other, id, version);
		await stage.owner.query(`notify live_events, '{"topic":"end","kind":"concern"}'`);
		await expect.poll(() => received.at(-1)).toBe('end');
		expect(new Set(received)).toEqual(new Set([`person:${other.person}`, 'end']));
		expect(await mails('concern_raised')).toHaveLength(before);
	});

	test('where no lead is left, a deputy reads the case, and the owners learn that one is needed', async () => {
		const { owner, newcomer } = stage.world.people;
		const plain = await raise();
		const id = await opened(plain);
		await mark(lead, plain, other);
		expect(await mark(lead, plain, lead)).toBe('ok');
		expect(await mails('concern_unread')).toContainEqual({ person_id: owner.person, params: {} });
		expect([await read(lead, id), await read(other, id), await read(newcomer, id)]).toEqual([null, null, null]);
		await stage.callAs(owner, `select public.name_concern_deputy($1, $2)`, [newcomer.person, stage.world.summit]);
		expect(await read(newcomer, id)).toMatchObject({ lead: null, leads: [{ id: newcomer.person }] });
		expect((await cases(newcomer))?.map((one) => one.id)).toEqual([id]);
		expect(await note(newcomer, id)).toBe('ok');
	});
});

test('of two leads who change a case at once, the second is told', async () => {
	const id = await opened(await raise());
	expect([await save(lead, id, 1), await save(other, id, 1), await end(other, id, 1)]).toEqual([
		'ok',
		'changed',
		'changed'
	]);
	expect([await end(other, id, 2), await end(lead, id, 2)]).toEqual(['ok', 'changed']);
	const [a, b] = [await stage.db.connect(), await stage.db.connect()];
	const at = async (client: typeof a, who: TestPerson) => {
		await client.query('begin');
		await setCaller(client, who);
		const { rows } = await client.query<{ answer: string }>(
			`select public.save_case($1, 3, 'low', 'other', 'open', null) as answer`,
			[id]
		);
		await client.query('commit');
		return rows[0]?.answer;
	};
	expect((await Promise.all([at(a, lead), at(b, other)])).sort()).toEqual(['changed', 'ok']);
});

test('closing closes its concerns, and what a reporter adds opens both again', async () => {
	const code = createHash('sha256').update(stage.world.slug).digest();
	await stage.one(
		stage.app,
		`select private.submit_concern($1, 'en', null, $2, null, null, null, '', 'x', 'key', '\\x01', '{}', false)`,
		[code, stage.world.summit]
	);
	const [concern = ''] = (await ids(lead)) ?? [];
	const id = await opened(concern);
	expect(await end(lead, id, 1, 'referred')).toBe('ok');
	expect(await read(lead, id)).toMatchObject({
		state: 'closed',
		outcome: 'referred',
		entries: [{ kind: 'outcome' }],
		concerns: [{ closed_at: expect.any(String) as string }]
	});
	await stage.one(stage.app, `select private.add_reporter_message($1, '\\x01', $2, 'again', 'key')`, [
		code,
		Buffer.from(formHash(), 'hex')
	]);
	expect(await read(lead, id)).toMatchObject({ state: 'open', outcome: null, concerns: [{ closed_at: null }] });
});

test('the timeline takes each form once, keeps its order, and shows a hand-over until something follows', async () => {
	const id = await opened(await raise());
	expect([await note(lead, id, 'note', 'one'), await note(lead, id, 'note', 'one')]).toEqual(['ok', 'already']);
	expect(await note(lead, id, 'outcome')).toBe('invalid');
	await read(other, id);
	expect(await cases(other)).toMatchObject([{ is_new: false, is_handed_over: false }]);
	expect(await note(lead, id, 'handover')).toBe('ok');
	expect(await cases(other)).toMatchObject([{ is_new: true, is_handed_over: true }]);
	await note(other, id, 'act');
	expect(await cases(other)).toMatchObject([{ is_handed_over: false }]);
	expect((await read(lead, id))?.entries.map(({ kind, author }) => [kind, author])).toEqual([
		['note', lead.name],
		['handover', lead.name],
		['act', other.name]
	]);
	const { rows } = await stage.owner.query(
		`select e::text as entry from audit.entries as e where table_name like 'private.case%' or table_name = 'private.concerns'`
	);
	expect(JSON.stringify(rows)).not.toMatch(new RegExp(`canary|${hex('canary')}|${hex('case key')}`));
});

test('each reading is logged first, of the case and of its concerns, and impossible when nothing can be logged', async () => {
	const concern = await raise();
	const id = await opened(concern);
	await read(lead, id);
	expect((await read(other, id))?.read_by.map(({ display_name }) => display_name).sort()).toEqual(
		[lead.name, other.name].sort()
	);
	const { rows } = await stage.owner.query(
		`select table_name, actor_person from audit.entries where row_id in ($1, $2) and table_name like '%.read' order by id`,
		[id, concern]
	);
	expect(rows).toEqual([
		{ table_name: 'case.read', actor_person: lead.person },
		{ table_name: 'concern.read', actor_person: lead.person },
		{ table_name: 'case.read', actor_person: other.person },
		{ table_name: 'concern.read', actor_person: other.person }
	]);
	for (const call of ['public.read_case($2, $3)', 'public.list_cases($2)']) {
		await stage.owner.query('begin read only');
		await expect(
			stage.owner.query(
				`select set_config('request.jwt.claims', $1, true), set_config('role', 'authenticated', true), ${call}, $3::uuid`,
				[JSON.stringify({ role: 'authenticated', sub: lead.account }), stage.world.summit, id]
			)
		).rejects.toThrow('read-only');
		await stage.owner.query('rollback');
	}
});
