/*
 * The texts of a session, edited by its speakers: in the draft or as a suggestion, without lost edits; and whom they
 * suggest as co-speakers.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { text as english } from '../../fixtures/logistics.ts';
import { hashAddress } from '../../fixtures/inviting.ts';
import { callAs, connectMany, readValue } from '../../fixtures/registering.ts';
import { givePart, textsOf } from '../../fixtures/speaking.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makePerson, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

interface Texts {
	texts: { title: Record<string, string> };
	version: number;
	is_direct: boolean;
	may_write: boolean;
	suggestion: { state: string; reason: string } | null;
}
interface Saved {
	status: string;
	faults?: string[];
	version?: number;
	texts?: Texts['texts'];
}

const db = useDatabase();
let world: World;
let speaker: TestPerson;

beforeEach(async () => {
	world = await makeWorld(db.owner);
	speaker = world.people.speaker;
});

const textsFor = (who: TestPerson, part: string) =>
	callAs<Texts | null>(db.owner, who, 'public.read_session_texts($1)', [part]);
const saveTexts = (who: TestPerson, part: string, texts: object, version: number | undefined, on = db.owner) =>
	callAs<Saved>(on, who, 'public.save_session_texts($1, $2, $3)', [part, JSON.stringify(texts), version]);
const titleOf = (session: string) =>
	readValue<Record<string, string>>(db.owner, 'select title from public.sessions where id = $1', [session]);
const setDeadline = (due: string) =>
	db.owner.query(
		`insert into private.speaker_settings (summit_id, texts_due_at) values ($1, ${due}) on conflict (summit_id) do update set texts_due_at = excluded.texts_due_at`,
		[world.summit]
	);

describe('the texts of a session', () => {
	const partIn = (level: 'public' | 'closed') =>
		readValue<string>(db.owner, `select id from public.session_people where session_id = $1 and person_id = $2`, [
			world.sessions[level].id,
			speaker.person
		]);

	test('are saved in the draft before the deadline, and no edit from two browsers is lost', async () => {
		const part = await partIn('public');
		const { version, is_direct } = (await textsFor(speaker, part)) as Texts;
		expect(is_direct).toBe(true);
		const clients = await connectMany(db, 5);
		const answers = await Promise.all(
			clients.map((one, n) => saveTexts(speaker, part, textsOf(`Title ${n}`), version, one))
		);
		expect(answers.map(({ status }) => status).sort()).toEqual([...Array<string>(4).fill('conflict'), 'ok']);
		const winner = answers.findIndex(({ status }) => status === 'ok');
		expect(answers.find(({ status }) => status === 'conflict')?.texts?.title).toEqual(english(`Title ${winner}`));
		expect(await titleOf(world.sessions.public.id)).toEqual(english(`Title ${winner}`));
		// An organiser with the session open is notified too.
		expect(
			await callAs<Saved>(db.owner, world.people.programme, 'public.save_session($1, $2, $3)', [
				world.summit,
				world.sessions.public.id,
				JSON.stringify({ title: english('Old'), version })
			])
		).toMatchObject({ status: 'conflict' });
	});

	test('are edited by confirmed speakers, chairs and moderators only', async () => {
		const { programme, delegate } = world.people;
		const part = await partIn('public');
		const version = (await textsFor(speaker, part))?.version;
		for (const who of [programme, delegate]) {
			expect(await textsFor(who, part)).toBeNull();
			expect(await saveTexts(who, part, textsOf('Theirs'), version)).toEqual({ status: 'not_found' });
		}
		const other = await makePerson(db.owner, 'Invited');
		for (const [role, state] of [
			['speaker', 'invited'],
			['speaker', 'declined'],
			['interpreter', 'confirmed']
		] as const) {
			await db.owner.query('delete from public.session_people where person_id = $1', [other.person]);
			const mine = await givePart(db.owner, world.sessions.public.id, other, role, state);
			expect(await saveTexts(other, mine, textsOf('Mine'), version)).toEqual({ status: 'not_found' });
		}
		expect(await titleOf(world.sessions.public.id)).toEqual(english(world.sessions.public.title));
	});

	test.each([
		[{ title: {}, abstract: {}, content_note: {} }, ['title']],
		[{ title: english('  '), abstract: {}, content_note: {} }, ['title']],
		[{ title: english('x'.repeat(2001)), abstract: [], content_note: null }, ['title', 'abstract', 'content_note']],
		['text', ['title', 'abstract', 'content_note']]
	])('%o is refused', async (texts, faults) => {
		const part = await partIn('public');
		const version = (await textsFor(speaker, part))?.version;
		expect(await saveTexts(speaker, part, texts as object, version)).toEqual({ status: 'invalid', faults });
	});

	test('are suggestions after the deadline, applied without the fields that changed meanwhile', async () => {
		const { programme, owner, stage } = world.people;
		const [part, session] = [await partIn('public'), world.sessions.public.id];
		await setDeadline(`now() - interval '1 minute'`);
		const { version, is_direct } = (await textsFor(speaker, part)) as Texts;
		expect(is_direct).toBe(false);
		const change = { ...textsOf(world.sessions.public.title, 'Late words'), content_note: english('Hard to hear') };
		expect(await saveTexts(speaker, part, change, version)).toEqual({ status: 'suggested' });
		expect(await saveTexts(speaker, part, { ...change, abstract: english('Later words') }, version)).toEqual({
			status: 'suggested'
		});
		expect(await titleOf(session)).toEqual(english(world.sessions.public.title));
		// Meanwhile an organiser writes a French title, which the suggestion does not contain.
		await db.owner.query(
			`update public.sessions set title = title || '{"fr":"Titre"}', version = version + 1 where id = $1`,
			[session]
		);
		const list = (who: TestPerson) =>
			callAs<{ id: string; version: number }[]>(db.owner, who, 'public.list_text_suggestions($1)', [world.summit]);
		expect(await list(stage)).toEqual([]);
		expect(await list(owner)).toHaveLength(1);
		const [open] = await list(programme);
		const decide = (who: TestPerson, accept: boolean, at: number | undefined) =>
			callAs(db.owner, who, 'public.decide_text_suggestion($1, $2, $3, $4)', [open?.id, accept, at, '']);
		expect(await decide(speaker, true, open?.version)).toBe('not_found');
		expect(await decide(programme, true, version)).toBe('conflict');
		expect(await decide(programme, true, open?.version)).toBe('ok');
		expect(await decide(programme, false, open?.version)).toBe('not_found');
		expect(
			await readValue(
				db.owner,
				`select jsonb_build_array(title, abstract, content_note) from public.sessions where id = $1`,
				[session]
			)
		).toEqual([
			{ original: 'en', en: world.sessions.public.title, fr: 'Titre' },
			english('Later words'),
			english('Hard to hear')
		]);
		expect((await textsFor(speaker, part))?.suggestion).toMatchObject({ state: 'accepted' });
	});

	test('a suggestion for a closed session is visible to people who see the session', async () => {
		await setDeadline(`now() - interval '1 minute'`);
		const part = await partIn('closed');
		await saveTexts(speaker, part, textsOf('Sealed words'), (await textsFor(speaker, part))?.version);
		const list = (who: TestPerson) =>
			callAs<unknown[]>(db.owner, who, 'public.list_text_suggestions($1)', [world.summit]);
		expect(await list(world.people.programme)).toHaveLength(1);
		expect(await list(world.people.owner)).toEqual([]);
		const rows = await callAs<{ all: number; rows: { person_id: string; sessions: object[] }[] }>(
			db.owner,
			world.people.owner,
			'public.list_speakers($1)',
			[world.summit]
		);
		expect(rows.rows.map(({ sessions }) => sessions)).toEqual([[expect.objectContaining({ level: 'public' })]]);
		// A person who speaks in the closed session only is invisible, too.
		await db.owner.query(`delete from public.session_people where session_id = $1`, [world.sessions.public.id]);
		expect(
			(await callAs<{ all: number }>(db.owner, world.people.owner, 'public.list_speakers($1)', [world.summit])).all
		).toBe(0);
		expect(
			await callAs(db.owner, world.people.owner, 'public.remind_speakers($1, $2)', [world.summit, [speaker.person]])
		).toEqual({ status: 'ok', mails: 0, people: 0 });
	});

	test('cancelled sessions and closed Summits accept no texts', async () => {
		const part = await partIn('public');
		const version = (await textsFor(speaker, part))?.version;
		await db.owner.query(`update public.summits set state = 'closed' where id = $1`, [world.summit]);
		expect(await saveTexts(speaker, part, textsOf('Too late'), version)).toEqual({ status: 'closed' });
	});
});

test('organisers are notified that a suggestion was withdrawn', async () => {
	const part = await readValue<string>(
		db.owner,
		`select id from public.session_people where session_id = $1 and person_id = $2`,
		[world.sessions.closed.id, speaker.person]
	);
	const address = { hash: hashAddress('gone@people.example'), sealed: 'ab'.repeat(40), key_id: 'test' };
	await callAs(db.owner, speaker, `public.suggest_co_speaker($1, 'respondent', $2, 'Cleo Maru')`, [part, address]);
	const [suggested] = await callAs<{ id: string }[]>(db.owner, speaker, 'public.list_co_speakers($1)', [part]);
	const listener = await db.connect();
	const received: { topic: string; kind: string }[] = [];
	listener.on('notification', ({ payload }) => received.push(JSON.parse(payload ?? '{}') as (typeof received)[number]));
	await listener.query('listen live_events');
	const withdraw = () => callAs(db.owner, speaker, 'public.withdraw_co_speaker($1)', [suggested?.id]);
	expect([await withdraw(), await withdraw()]).toEqual(['ok', 'not_found']);
	await listener.query('select 1');
	expect(received).toMatchObject([{ topic: `organise:${world.summit}`, kind: 'suggestion' }]);
});

test('a co-speaker is suggested by speakers, and invited by programme organisers', async () => {
	const { programme, delegate } = world.people;
	const part = await readValue<string>(
		db.owner,
		`select id from public.session_people where session_id = $1 and person_id = $2`,
		[world.sessions.closed.id, speaker.person]
	);
	const address = { hash: hashAddress('co@people.example'), sealed: 'ab'.repeat(40), key_id: 'test' };
	const suggest = (who: TestPerson, as = 'respondent') =>
		callAs(db.owner, who, 'public.suggest_co_speaker($1, $2, $3, $4, $5)', [
			part,
			as,
			address,
			'Cleo Maru',
			'Knows the field'
		]);
	expect(await suggest(delegate)).toBe('not_found');
	expect(await suggest(speaker, 'interpreter')).toBe('invalid');
	expect(await suggest(speaker)).toBe('ok');
	expect(await suggest(speaker)).toBe('ok');
	const list = (who: TestPerson) =>
		callAs<{ id: string; display_name: string }[]>(db.owner, who, 'public.list_co_speaker_suggestions($1)', [
			world.summit
		]);
	expect([await list(world.people.owner), await list(speaker)]).toEqual([[], []]);
	const open = await list(programme);
	expect(open).toMatchObject([{ display_name: 'Cleo Maru' }]);
	const decide = (who: TestPerson) => callAs(db.owner, who, 'public.decide_co_speaker($1, true)', [open[0]?.id]);
	expect([await decide(speaker), await decide(programme), await decide(programme)]).toEqual([
		'not_found',
		'ok',
		'not_found'
	]);
	expect(
		await callAs(db.owner, programme, 'public.list_role_invitations($1, $2)', [world.summit, world.sessions.closed.id])
	).toMatchObject([{ display_name: 'Cleo Maru', role: 'respondent' }]);
	expect(await callAs(db.owner, speaker, 'public.list_co_speakers($1)', [part])).toMatchObject([
		{ state: 'invited', is_mine: true }
	]);
	expect(
		await readValue(
			db.owner,
			`select count(*)::integer from private.outbox where template = 'session_invited' and summit_id = $1`,
			[world.summit]
		)
	).toBe(1);
});
