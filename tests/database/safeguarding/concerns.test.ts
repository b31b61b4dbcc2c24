/* Concerns: who reads them, who never learns of them, that each reading is logged, and that a flood hides none. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { useStageWorld } from '../../fixtures/staging.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

const stage = useStageWorld();

interface Listed {
	concerns: {
		id: string;
		text_sealed: string | null;
		reporter: object | null;
		closed_at: string | null;
		people: { id: string; source: string }[];
		readers: { display_name: string }[];
	}[];
	batches: { id: string; count: number; open: number }[];
}
interface Raised {
	reporter?: TestPerson | null;
	session?: string;
	source?: string;
	/** Codes. */
	about?: string[];
	lead?: boolean;
}

const hex = (text: string) => Buffer.from(text).toString('hex');
const raise = ({
	reporter = null,
	session,
	source = Math.random().toString(),
	about = [],
	lead = false
}: Raised = {}) =>
	stage.one<string>(stage.app, `select private.raise_concern($1, $2, $3, $4, '', 'canary words', 'key', $5, $6, $7)`, [
		stage.world.summit,
		session ?? stage.world.sessions.public.id,
		stage.world.run,
		reporter?.person ?? null,
		createHash('sha256').update(source).digest(),
		about,
		lead
	]);
const list = (who: TestPerson, opened: string | null = null) =>
	stage.callAs<Listed | null>(who, `select public.list_concerns($1, $2)`, [stage.world.summit, opened]);
const ids = async (who: TestPerson) => (await list(who))?.concerns.map(({ id }) => id);
const close = (who: TestPerson, id: string, closed = true) =>
	stage.callAs<string>(who, `select public.close_concern($1, $2, $3, 'key')`, [id, closed, hex('spoke with both')]);
const mark = (who: TestPerson, id: string, person: TestPerson, isAbout = true) =>
	stage.callAs<string>(who, `select public.mark_concern_subject($1, $2, $3)`, [id, person.person, isAbout]);
const waiting = (who: TestPerson) =>
	stage.callAs<number>(who, `select public.count_concerns_without_reader($1)`, [stage.world.summit]);
const mails = async (template: string) =>
	(
		await stage.owner.query<{ person_id: string; params: object }>(
			`select person_id, params from private.outbox where template = $1 and summit_id = $2 order by person_id`,
			[template, stage.world.summit]
		)
	).rows;
async function newLead(name = 'Other Lead'): Promise<TestPerson> {
	const lead = await makePerson(stage.owner, name);
	await stage.owner.query(
		`insert into public.role_grants (person_id, role, summit_id) values ($1, 'safeguarding', $2)`,
		[lead.person, stage.world.summit]
	);
	return lead;
}
async function speakAt(who: TestPerson, session: string): Promise<void> {
	await stage.owner.query(
		`insert into public.session_people (session_id, summit_id, person_id, role, state) values ($1, $2, $3, 'chair', 'confirmed')
		on conflict do nothing`,
		[session, stage.world.summit, who.person]
	);
}

test('is read and closed by safeguarding leads, and invisible to everybody else', async () => {
	const { people } = stage.world;
	const [named, nameless] = [await raise({ reporter: people.delegate }), await raise()];
	expect((await list(people.safeguarding))?.concerns).toEqual([
		expect.objectContaining({ id: nameless, text_sealed: hex('canary words'), reporter: null }),
		expect.objectContaining({ id: named, reporter: { display_name: people.delegate.name, affiliation: '' } })
	]);
	for (const who of Object.values(people).filter((one) => one !== people.safeguarding)) {
		expect(await list(who)).toBeNull();
		expect([await close(who, named), await mark(who, named, people.virtual)]).toEqual(['not_found', 'not_found']);
	}
	expect([await close(people.safeguarding, named), await close(people.safeguarding, named)]).toEqual(['ok', 'already']);
	expect(await ids(people.safeguarding)).toEqual([nameless, named]);
	expect(await close(people.safeguarding, named, false)).toBe('ok');
});

test('leaves no trace in the history, and notifies the leads only', async () => {
	const listener = await stage.db.connect();
	const heard: string[] = [];
	listener.on('notification', ({ payload = '' }) => {
		const { topic, kind } = JSON.parse(payload) as { topic: string; kind: string };
		if (kind === 'concern') heard.push(topic);
	});
	await listener.query('listen live_events');
	const { people } = stage.world;
	const id = await raise({ reporter: people.delegate });
	const entries = () =>
		stage.owner.query(`select * from audit.entries where table_name = 'private.concerns' and row_id = $1`, [id]);
	expect((await entries()).rows).toEqual([]);
	await close(people.safeguarding, id);
	const [entry] = (await entries()).rows as { actor_person: string; new_values: object; personal: null }[];
	expect(entry?.actor_person).toBe(people.safeguarding.person);
	expect(JSON.stringify(entry)).not.toMatch(/canary|spoke/);
	expect(JSON.stringify(entry)).not.toContain(people.delegate.person);
	await stage.owner.query(`notify live_events, '{"topic":"end","kind":"concern"}'`);
	await expect.poll(() => heard).toEqual([`person:${people.safeguarding.person}`, 'end']);
});

describe('a concern about a lead', () => {
	const ways: [string, (lead: TestPerson) => Promise<string>][] = [
		[
			'marked by another lead',
			async (lead) => {
				const id = await raise();
				expect(await mark(await newLead('Who Marks'), id, lead)).toBe('ok');
				return id;
			}
		],
		['named by the reporter as one of safeguarding', () => raise({ lead: true })],
		[
			'of a session of theirs',
			async (lead) => {
				await speakAt(lead, stage.world.sessions.members.id);
				return raise({ session: stage.world.sessions.members.id });
			}
		],
		[
			'of a session that became theirs later',
			async (lead) => {
				const id = await raise({ session: stage.world.sessions.members.id });
				await speakAt(lead, stage.world.sessions.members.id);
				return id;
			}
		],
		[
			'of a session that was theirs then',
			async (lead) => {
				await speakAt(lead, stage.world.sessions.members.id);
				const id = await raise({ session: stage.world.sessions.members.id });
				await stage.owner.query(`delete from public.session_people where person_id = $1`, [lead.person]);
				return id;
			}
		],
		[
			'about somebody whom they act for',
			async (lead) => {
				await stage.owner.query(
					`insert into public.account_people (account_id, person_id, relation) values ($1, $2, 'assistant')`,
					[lead.account, stage.world.people.virtual.person]
				);
				const id = await raise();
				expect(await mark(await newLead('Who Marks'), id, stage.world.people.virtual)).toBe('ok');
				return id;
			}
		]
	];

	test.each(ways)('%s is neither read nor counted nor closed by them', async (_, about) => {
		const { safeguarding } = stage.world.people;
		const id = await about(safeguarding);
		// A lead whom it does not concern reads it, also when appointed after it was raised.
		const other = await newLead();
		expect(await list(safeguarding, id)).toEqual({ concerns: [], batches: [] });
		expect([
			await close(safeguarding, id),
			await mark(safeguarding, id, other),
			await mark(safeguarding, id, safeguarding, false)
		]).toEqual(['not_found', 'not_found', 'not_found']);
		expect(await ids(other)).toEqual([id]);
		expect(await close(other, id)).toBe('ok');
		const audit = await stage.callAs<object>(safeguarding, `select public.list_audit($1, '{}')`, [stage.world.summit]);
		expect(JSON.stringify(audit)).not.toContain(id);
	});

	test('about a message is not read by the message’s author, named or not', async () => {
		const { safeguarding, delegate } = stage.world.people;
		const other = await newLead();
		for (const author of ['person', 'hash'] as const) {
			const message = await stage.one<string>(
				stage.owner,
				`insert into private.chat_messages (run_id, session_id, person_id, author_hash, body) values ($1, $2, $3, $4, 'canary') returning id`,
				[
					stage.world.run,
					stage.world.sessions.public.id,
					author === 'person' ? safeguarding.person : null,
					author === 'hash'
						? await stage.one(stage.owner, `select private.hash_participant($1, $2)`, [
								stage.world.sessions.public.id,
								safeguarding.person
							])
						: null
				]
			);
			expect(
				await stage.one(stage.app, `select private.report_message($1, $2, 'canary words', 'key', $3)`, [
					delegate.person,
					message,
					Buffer.from(author)
				])
			).toBe('ok');
		}
		await stage.owner.query(`delete from private.session_salts`);
		expect(await ids(safeguarding)).toEqual([]);
		expect(await ids(other)).toHaveLength(2);
	});
});

test('can name a person of the session or of its stage only', async () => {
	const { safeguarding, speaker, virtual, registration } = stage.world.people;
	await stage.owner.query(
		`insert into private.run_participants (run_id, person_id, role) values ($1, $2, 'viewer') on conflict do nothing`,
		[stage.world.run, virtual.person]
	);
	const codes = await stage.owner.query<{ code: string }>(`select code from public.people where id = any ($1)`, [
		[speaker.person, virtual.person, registration.person]
	]);
	await raise({ about: codes.rows.map(({ code }) => code) });
	expect((await list(safeguarding))?.concerns[0]?.people.map(({ id }) => id).sort()).toEqual(
		[speaker.person, virtual.person].sort()
	);
});

describe('a concern that no lead may read', () => {
	test('notifies the owners that it needs another reader, without its content', async () => {
		const { safeguarding, owner, registration } = stage.world.people;
		const id = await raise({ lead: true });
		expect((await mails('concern_raised')).map(({ person_id }) => person_id)).not.toContain(safeguarding.person);
		expect(await mails('concern_unread')).toContainEqual({ person_id: owner.person, params: {} });
		expect([await waiting(owner), await waiting(registration), await waiting(safeguarding)]).toEqual([1, 0, 0]);
		expect([await list(owner), await close(owner, id)]).toEqual([null, 'not_found']);
	});

	test('is read by a deputy whom owners appoint, who reads no other concern', async () => {
		const { safeguarding, owner, newcomer } = stage.world.people;
		const [plain, hidden] = [await raise(), await raise({ lead: true })];
		const named = await stage.callAs<string>(owner, `select public.name_concern_deputy($1, $2)`, [
			newcomer.person,
			stage.world.summit
		]);
		// The only owner of this Summit decides alone.
		expect(named).toBe('ok');
		expect(await ids(newcomer)).toEqual([hidden]);
		expect(await close(newcomer, plain)).toBe('not_found');
		expect(await ids(safeguarding)).toEqual([plain]);
		expect(await waiting(owner)).toBe(0);
		expect(await close(newcomer, hidden)).toBe('ok');
	});

	test('whose deputy has lost the role is known to the other owners, and to no lead', async () => {
		const { safeguarding, owner, newcomer } = stage.world.people;
		const second = await makePerson(stage.owner, 'Second Owner');
		const name = () =>
			stage.callAs<string>(owner, `select public.name_concern_deputy($1, $2)`, [newcomer.person, stage.world.summit]);
		expect(await name()).toBe('ok');
		await stage.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'owner', $2)`, [
			second.person,
			stage.world.summit
		]);
		const { rows } = await stage.owner.query<{ id: string }>(
			`select id from private.concern_deputies where summit_id = $1 and ended_at is null`,
			[stage.world.summit]
		);
		const end = (by: TestPerson) => stage.callAs<string>(by, `select public.end_role($1)`, [rows[0]?.id]);
		expect(await end(safeguarding)).toBe('not_allowed');
		expect([await end(owner), await end(owner)]).toEqual(['ok', 'already']);
		const told = (await mails('role_changed')).filter(({ params }) => 'role' in params && params.role === 'deputy');
		expect(told).toEqual([{ person_id: second.person, params: { role: 'deputy', change: 'ended' } }]);
	});

	test('notifies owners whom it does not concern, and all owners when it concerns each of them', async () => {
		const { owner, safeguarding } = stage.world.people;
		const second = await makePerson(stage.owner, 'Second Owner');
		await stage.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'owner', $2)`, [
			second.person,
			stage.world.summit
		]);
		await speakAt(owner, stage.world.sessions.members.id);
		await speakAt(safeguarding, stage.world.sessions.members.id);
		await raise({ session: stage.world.sessions.members.id });
		expect([await waiting(owner), await waiting(second)]).toEqual([0, 1]);
		await speakAt(second, stage.world.sessions.members.id);
		expect([await waiting(owner), await waiting(second)]).toEqual([1, 1]);
	});
});

describe('reading', () => {
	const logged = (id: string) =>
		stage.owner
			.query<{ actor_person: string }>(
				`select actor_person from audit.entries where table_name = 'concern.read' and row_id = $1`,
				[id]
			)
			.then(({ rows }) => rows.map(({ actor_person }) => actor_person));

	test('is logged each time, with the concerns whose text was returned, and the leads see who read', async () => {
		const { safeguarding } = stage.world.people;
		const [open, closed] = [await raise(), await raise()];
		await close(safeguarding, closed);
		await list(safeguarding);
		const again = await list(safeguarding);
		expect(await logged(open)).toEqual([safeguarding.person, safeguarding.person]);
		expect(again?.concerns.find(({ id }) => id === open)?.readers).toEqual([
			expect.objectContaining({ display_name: safeguarding.name })
		]);
		expect(await logged(closed)).toEqual([]);
		expect(again?.concerns.find(({ id }) => id === closed)?.text_sealed).toBeNull();
		const opened = await list(safeguarding, closed);
		expect(opened?.concerns.find(({ id }) => id === closed)?.text_sealed).toBe(hex('canary words'));
		expect(await logged(closed)).toEqual([safeguarding.person]);
	});

	test('is impossible when nothing can be logged', async () => {
		const { safeguarding } = stage.world.people;
		await raise();
		await stage.owner.query('begin read only');
		await expect(
			stage.owner.query(
				`select set_config('request.jwt.claims', $1, true), set_config('role', 'authenticated', true), public.list_concerns($2)`,
				[JSON.stringify({ role: 'authenticated', sub: safeguarding.account }), stage.world.summit]
			)
		).rejects.toThrow('read-only');
		await stage.owner.query('rollback');
	});

	test('about protected people is logged with the people shown', async () => {
		const { safeguarding, delegate, registration } = stage.world.people;
		await stage.owner.query(`insert into private.protections (person_id, kind) values ($1, 'talk_first')`, [
			delegate.person
		]);
		const read = (who: TestPerson) =>
			stage.callAs<{ display_name: string }[] | null>(who, `select public.list_protected_people($1)`, [
				stage.world.summit
			]);
		expect(await read(registration)).toBeNull();
		expect((await read(safeguarding))?.map(({ display_name }) => display_name)).toEqual([delegate.name]);
		const { rows } = await stage.owner.query(
			`select actor_person, person_id, row_id from audit.entries where table_name = 'protected.read' and summit_id = $1`,
			[stage.world.summit]
		);
		expect(rows).toEqual([
			{
				actor_person: safeguarding.person,
				person_id: delegate.person,
				row_id: stage.world.registrations.delegate
			}
		]);
	});
});

describe('a flood from one source', () => {
	test('becomes one entry, loses nothing, and neither hides nor stops the concerns of others', async () => {
		const { safeguarding } = stage.world.people;
		const other = await newLead();
		const first = await raise({ source: 'another address' });
		for (let count = 0; count < 300; count += 1) await raise({ source: 'flood' });
		const last = await raise({ source: 'a third address' });
		const seen = await list(safeguarding);
		expect(seen?.concerns).toHaveLength(7);
		expect([seen?.concerns.at(0)?.id, seen?.concerns.at(-1)?.id]).toEqual([last, first]);
		expect(seen?.batches).toEqual([expect.objectContaining({ count: 295, open: 295 })]);
		const batch = seen?.batches[0]?.id ?? '';
		expect((await list(safeguarding, batch))?.concerns).toHaveLength(302);
		// Five, the batch, and the two of others, to each of the two leads.
		const sent = await mails('concern_raised');
		expect(sent.map(({ person_id }) => person_id)).toEqual(
			[...Array<string>(8).fill(safeguarding.person), ...Array<string>(8).fill(other.person)].sort()
		);
		expect(await stage.callAs(stage.world.people.owner, `select public.close_concern_batch($1)`, [batch])).toBe(0);
		expect(await stage.callAs(safeguarding, `select public.close_concern_batch($1)`, [batch])).toBe(295);
	});

	test('leaves no trace of the source beside a concern, and none after an hour', async () => {
		await raise({ source: 'canary source' });
		const source = createHash('sha256').update('canary source').digest('hex');
		const { rows } = await stage.owner.query(`select c::text as row from private.concerns as c`);
		expect(JSON.stringify(rows)).not.toContain(source);
		await stage.owner.query(`update private.concern_sources set began_at = now() - interval '61 minutes'`);
		await raise({ source: 'another' });
		expect(await stage.one(stage.owner, `select count(*)::int from private.concern_sources`)).toBe(1);
	});
});

test('the mail about a raised concern contains nothing of it, and is shown to nobody', async () => {
	const { people, summit } = stage.world;
	await raise({ reporter: people.delegate });
	await raise({ lead: true });
	expect(await mails('concern_raised')).toEqual([{ person_id: people.safeguarding.person, params: {} }]);
	const mail = await stage.callAs(people.registration, `select public.list_mail($1, 'queued')`, [summit]);
	expect(mail).toMatchObject({ status: 'ok', oldest_due_at: null });
	expect(JSON.stringify(mail)).not.toContain('concern');
});
