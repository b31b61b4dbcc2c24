/* Surveys: what is written, who is asked, and that nobody learns who answered what. */
import { beforeEach, describe, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs, inTurn, readValue } from '../../fixtures/registering.ts';
import {
	answerBlind,
	answerPlain,
	draftSurvey,
	endSurvey,
	makeSurveyWorld,
	moveSurvey,
	openForm,
	publishSurvey,
	saveQuestion,
	sendAnswers,
	surveyQuestions,
	type SurveyWorld
} from '../../fixtures/surveying.ts';
import { makeWorld, personKinds, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let world: SurveyWorld;

beforeEach(async () => {
	world = await makeSurveyWorld(db.owner);
});

const good = { useful: ['5'], again: ['yes'] };
const delegate = (n: number) => world.delegates[n] as TestPerson;
const collectionOf = async (survey: string | null, session: string | null = null, who = delegate(0)) =>
	(await openForm(world, who, survey, session))?.collection ?? '';
const mix = () => readValue<number>(db.owner, 'select private.mix_survey_answers()');

describe('writing', () => {
	test('is for owners and programme organisers alone', async () => {
		const survey = await draftSurvey(world);
		const may: string[] = [];
		for (const kind of personKinds)
			if ((await saveQuestion(world, survey, { ...surveyQuestions[0] }, world.people[kind])) === 'ok') may.push(kind);
		expect(may).toEqual(['programme', 'owner']);
	});

	test('does not overwrite what somebody else has written meanwhile, and gives new questions keys of their own', async () => {
		const survey = await draftSurvey(world);
		const save = (question: object, version: number) =>
			saveQuestion(world, survey, question, world.people.programme, version);
		const [useful] = surveyQuestions;
		expect(await save({ ...useful, is_required: false }, 1)).toBe('ok');
		expect(await save({ ...useful, is_required: true }, 1)).toBe('conflict');
		expect(await save({ ...useful, is_required: true }, 2)).toBe('ok');
		expect(await save({ ...useful, key: 'gone' }, 1)).toBe('not_found');
		const another = { ...useful, label: { original: 'en', en: 'It was very useful' } };
		const third = { ...useful, label: { original: 'en', en: 'It was no use' } };
		expect(await inTurn([another, third], (question) => save(question, 0))).toEqual(['ok', 'ok']);
		// The same form sent twice.
		expect(await save({ ...another, key: 'useful_2' }, 0)).toBe('ok');
		const { rows } = await db.owner.query(
			`select q.key, q.label ->> 'en' as label, q.version from private.survey_questions as q
			where q.survey_id = $1 and q.key like 'useful%' order by q.position`,
			[survey]
		);
		expect(rows).toEqual([
			{ key: 'useful', label: 'It was useful', version: 3 },
			{ key: 'useful_2', label: 'It was very useful', version: 1 },
			{ key: 'useful_3', label: 'It was no use', version: 1 }
		]);
	});

	test.each([
		{ key: 'first', depends_on: 'useful', depends_values: ['6'] },
		{ key: 'first', depends_on: 'useful', depends_values: [] },
		{ key: 'first', depends_on: 'first', depends_values: ['yes'] },
		{ key: 'first', depends_on: 'words', depends_values: ['x'] },
		{ key: 'useful', depends_on: 'again', depends_values: ['yes'] },
		{ key: 'first', kind: 'choice', choices: [{ key: 'a', label: { original: 'en', en: 'A' } }] },
		{ key: 'first', label: { original: 'en', en: 'Two\nlines' } },
		{ key: 'first', label: {} }
	])('refuses the question %j', async (wrong) => {
		const survey = await draftSurvey(world);
		const base = { kind: 'yes_no', label: { original: 'en', en: 'Question' } };
		expect(await saveQuestion(world, survey, { ...base, ...wrong })).toBe('invalid');
	});

	test('keeps a question behind the one on which it depends', async () => {
		const survey = await draftSurvey(world);
		const idOf = (key: string) =>
			readValue<string>(db.owner, 'select id from private.survey_questions where survey_id = $1 and key = $2', [
				survey,
				key
			]);
		const act = async (name: string, key: string, ...more: boolean[]) =>
			callAs<string>(
				db.owner,
				world.people.programme,
				`public.${name}($1, $2${more.map((is) => `, ${is}`).join('')})`,
				[survey, await idOf(key)]
			);
		expect(await act('move_survey_question', 'why', true)).toBe('needed');
		expect(await act('move_survey_question', 'again', false)).toBe('needed');
		expect(await act('delete_survey_question', 'again')).toBe('needed');
		expect(await act('move_survey_question', 'why', false)).toBe('ok');
		expect(await act('delete_survey_question', 'why')).toBe('ok');
		const { rows } = await db.owner.query(
			'select key from private.survey_questions where survey_id = $1 order by position',
			[survey]
		);
		expect(rows.map(({ key }) => key as string)).toEqual(['useful', 'again', 'words']);
	});

	test('ends with publishing; a survey that somebody answered is not taken back, its copy is a draft', async () => {
		const survey = await publishSurvey(world);
		expect(await saveQuestion(world, survey, { ...surveyQuestions[0] })).toBe('frozen');
		expect(await moveSurvey(world, survey, 'take_back')).toBe('ok');
		expect(await moveSurvey(world, survey, 'publish')).toBe('ok');
		expect(await answerPlain(world, delegate(0), await collectionOf(survey), good)).toBe('ok');
		expect(await moveSurvey(world, survey, 'take_back')).toBe('answered');
		// Retention erases marks before answers.
		await db.owner.query('delete from private.survey_marks');
		expect(await moveSurvey(world, survey, 'take_back')).toBe('answered');
		expect(await endSurvey(world, survey)).toBe('ok');
		expect(await moveSurvey(world, survey, 'take_back')).toBe('wrong_state');
		expect(
			await callAs(db.owner, world.people.owner, 'public.read_survey($1, $2)', [world.summit, survey])
		).toMatchObject({ collections: [{ answered: 1, is_closed: true }] });
		const copy = await callAs<{ id: string }>(db.owner, world.people.owner, 'public.copy_survey($1)', [survey]);
		expect(
			await callAs(db.owner, world.people.owner, 'public.read_survey($1, $2)', [world.summit, copy.id])
		).toMatchObject({ state: 'draft', questions: surveyQuestions.map(({ key }) => ({ key })) });
	});

	test('a copy lasts as many days, to the same time on the clock of the venue', async () => {
		const other = await makeWorld(db.owner);
		await db.owner.query(`update public.summits set zone = 'Europe/Lisbon' where id = $1`, [other.summit]);
		// Across the change to summer time.
		const survey = await readValue(
			db.owner,
			`insert into private.surveys (summit_id, kind, title, intro, opens_at, closes_at)
			values ($1, 'follow_up', '{"original":"en","en":"Survey"}', '{}', '2026-03-20 09:00 Europe/Lisbon', '2026-04-10 18:00 Europe/Lisbon') returning id`,
			[other.summit]
		);
		const copy = await callAs<{ id: string }>(db.owner, other.people.owner, 'public.copy_survey($1)', [survey]);
		expect(
			await readValue(
				db.owner,
				`select ((closes_at at time zone 'Europe/Lisbon') - (opens_at at time zone 'Europe/Lisbon'))::text from private.surveys where id = $1`,
				[copy.id]
			)
		).toBe('21 days 09:00:00');
	});

	test('publishes one form for sessions at a time, also of two at once', async () => {
		const drafts = [await draftSurvey(world, { kind: 'session' }), await draftSurvey(world, { kind: 'session' })];
		const other = { ...world, client: await db.connect() };
		const answers = await Promise.all([
			moveSurvey(world, drafts[0] ?? '', 'publish'),
			moveSurvey(other, drafts[1] ?? '', 'publish')
		]);
		expect(answers.sort()).toEqual(['ok', 'overlap']);
	});
});

describe('answering', () => {
	test('of the Summit is for the confirmed, once each, with script and without', async () => {
		const survey = await publishSurvey(world);
		const asked: string[] = [];
		for (const kind of personKinds) if (await openForm(world, world.people[kind], survey)) asked.push(kind);
		expect(asked).toEqual(['delegate', 'virtual', 'speaker', 'listed']);
		const collection = await collectionOf(survey);
		expect(await answerBlind(world, world.people.waiting, collection, good)).toBe('not_found');
		expect(await answerPlain(world, world.people.waiting, collection, good)).toBe('not_found');
		expect(await answerBlind(world, delegate(1), collection, good)).toBe('ok');
		expect(await answerBlind(world, delegate(1), collection, good)).toBe('already');
		expect(await answerPlain(world, delegate(1), collection, good)).toBe('already');
		expect(await answerPlain(world, delegate(2), collection, good)).toBe('ok');
		expect(await answerBlind(world, delegate(2), collection, good)).toBe('already');
		expect((await openForm(world, delegate(2), survey))?.state).toBe('answered');
	});

	test('some months later asks the same people again, in its own time, and nobody who was not there', async () => {
		const { focal, newcomer, waiting } = world.people;
		const now = await publishSurvey(world);
		const later = await publishSurvey(world, { kind: 'follow_up', opens: '-1 hour', closes: '30 days' });
		const notYet = await publishSurvey(world, { kind: 'follow_up', opens: '170 days', closes: '200 days' });
		const [who] = world.delegates as [TestPerson];
		const asked = async (person: TestPerson) =>
			(
				await callAs<{ surveys: { id: string; kind: string }[] } | null>(db.owner, person, 'public.my_surveys($1)', [
					world.summit
				])
			)?.surveys.filter(({ id }) => [now, later, notYet].includes(id));
		expect(await asked(who)).toMatchObject([
			{ id: now, kind: 'summit' },
			{ id: later, kind: 'follow_up' }
		]);
		// Its opening months later is the only difference: who is asked is the same.
		expect(await openForm(world, who, notYet)).toBeNull();
		for (const person of [focal, newcomer, waiting]) {
			expect(await asked(person)).toBeUndefined();
			for (const survey of [now, later]) expect(await openForm(world, person, survey)).toBeNull();
		}
		// An answer to one is none to the other.
		const form = await openForm(world, who, later);
		expect(form?.state).toBe('open');
		await answerBlind(world, who, form?.collection ?? '', good);
		expect((await openForm(world, who, later))?.state).toBe('answered');
		expect((await openForm(world, who, now))?.state).toBe('open');
	});

	test('takes one token once, also sent twice at once, and gives a lost signature again', async () => {
		const collection = await collectionOf(await publishSurvey(world));
		const other = { ...world, client: await db.connect() };
		const answers = await Promise.all([
			sendAnswers(world, collection, 'token', good),
			sendAnswers(other, collection, 'token', good)
		]);
		expect(answers.sort()).toEqual(['already', 'ok']);
		const take = (blinded: string) =>
			callAs<string>(db.owner, delegate(3), 'public.take_survey_token($1, $2)', [collection, blinded.repeat(64)]);
		expect([await take('a'), await take('a'), await take('b')]).toEqual(['ok', 'ok', 'already']);
	});

	test('leaves no mark where the answers are refused', async () => {
		const survey = await publishSurvey(world);
		const collection = await collectionOf(survey);
		for (const wrong of [
			{},
			{ useful: ['6'] },
			{ useful: ['1', '2'] },
			{ again: ['yes'] },
			{ useful: ['5'], again: ['no'] },
			{ useful: ['5'], again: ['no'], why: ['neither'] },
			[]
		])
			expect(await answerPlain(world, delegate(0), collection, wrong)).toBe('invalid');
		expect((await openForm(world, delegate(0), survey))?.state).toBe('open');
	});

	test('keeps no answer to a question that was not asked', async () => {
		const collection = await collectionOf(await publishSurvey(world));
		await answerPlain(world, delegate(0), collection, { ...good, why: ['time'], unknown: ['x'] });
		await answerPlain(world, delegate(1), collection, { useful: ['2'], again: ['no'], why: ['time'] });
		const { rows } = await db.owner.query(
			`select answers from private.survey_answers where collection_id = $1 order by answers ->> 'useful' desc`,
			[collection]
		);
		expect(rows.map(({ answers }) => answers as object)).toEqual([
			good,
			{ useful: ['2'], again: ['no'], why: ['time'] }
		]);
	});

	test('about a session is for those who could attend it, and nobody else learns that it exists', async () => {
		await publishSurvey(world, { kind: 'session' });
		const { closed, members, public: first } = world.sessions;
		const asked = async (session: string) => {
			const found: string[] = [];
			for (const kind of personKinds) if (await openForm(world, world.people[kind], null, session)) found.push(kind);
			return found;
		};
		expect(await asked(first.id)).toEqual(['delegate', 'virtual', 'speaker', 'listed']);
		expect(await asked(closed.id)).toEqual(['speaker', 'listed']);
		// It is not over.
		expect(await asked(members.id)).toEqual([]);
		const mine = (who: TestPerson) =>
			callAs<{ sessions: { code: string }[] } | null>(db.owner, who, 'public.my_surveys($1)', [world.summit]);
		expect((await mine(delegate(0)))?.sessions.map(({ code }) => code)).toEqual([first.code]);
		expect((await mine(world.people.listed))?.sessions.map(({ code }) => code).sort()).toEqual(
			[first.code, closed.code].sort()
		);
		expect(await mine(world.people.newcomer)).toBeNull();
		// An owner does not see a closed session, and reads nothing of its feedback.
		const collection = await collectionOf(null, closed.id, world.people.listed);
		await answerPlain(world, world.people.listed, collection, good);
		const read = async (who: TestPerson) =>
			JSON.stringify([
				await callAs(db.owner, who, 'public.list_surveys($1)', [world.summit]),
				await callAs(db.owner, who, 'public.open_survey_results($1)', [collection])
			]);
		expect(await read(world.people.owner)).toMatch(/"answered": ?0.*not_found/);
		expect(await read(world.people.programme)).toMatch(/"answered": ?1.*open/);
	});
});

describe('anonymity', () => {
	/** Six people answer: three with script, three without, each with an answer that only the test knows. */
	async function answered() {
		const survey = await publishSurvey(world);
		const collection = await collectionOf(survey);
		const audited = await readValue<string>(db.owner, 'select coalesce(max(id), 0) from audit.entries');
		await inTurn([...Array(6).keys()], (n) =>
			(n % 2 ? answerBlind : answerPlain)(world, delegate(n), collection, {
				useful: [String((n % 5) + 1)],
				words: [`Words number ${n}`]
			})
		);
		return { survey, collection, audited };
	}

	test('no row of an answer or text refers to a person, and none has a time', async () => {
		const { rows } = await db.owner.query<{ name: string }>(
			`select c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, null) as name
			from pg_attribute as a join pg_class as c on c.oid = a.attrelid
			where c.relname in ('survey_answers', 'survey_texts') and a.attnum > 0 and not a.attisdropped
			order by 1`
		);
		expect(rows.map(({ name }) => name)).toEqual([
			'survey_answers.answers jsonb',
			'survey_answers.collection_id uuid',
			'survey_answers.id uuid',
			'survey_answers.is_mixed boolean',
			'survey_answers.token_hash bytea',
			'survey_texts.body text',
			'survey_texts.collection_id uuid',
			'survey_texts.hidden_reason text',
			'survey_texts.id uuid',
			'survey_texts.is_mixed boolean',
			'survey_texts.question_id uuid'
		]);
		const { rows: keys } = await db.owner.query<{ to: string }>(
			`select distinct confrelid::regclass::text as to from pg_constraint
			where conrelid in ('private.survey_answers'::regclass, 'private.survey_texts'::regclass) and contype = 'f' order by 1`
		);
		expect(keys.map(({ to }) => to)).toEqual(['private.survey_collections', 'private.survey_questions']);
	});

	test('the audit says nothing of who answered, and nothing of what', async () => {
		const { audited } = await answered();
		const { rows } = await db.owner.query('select * from audit.entries where id > $1', [audited]);
		expect(rows).toEqual([]);
	});

	test('no value of any table joins an answer with its author', async () => {
		const { collection } = await answered();
		await mix();
		const { rows: kept } = await db.owner.query<{ id: string; token: string | null }>(
			`select id::text, encode(token_hash, 'hex') as token from private.survey_answers where collection_id = $1
			union all select id::text, null from private.survey_texts where collection_id = $1`,
			[collection]
		);
		const { rows: tables } = await db.owner.query<{ name: string }>(
			`select c.oid::regclass::text as name from pg_class as c
			where c.relkind = 'r' and c.relnamespace::regnamespace::text in ('public', 'private', 'audit')
				and c.relname not in ('survey_answers', 'survey_texts')`
		);
		const values = kept.flatMap(({ id, token }) => [id, ...(token ? [token] : [])]);
		expect(values).toHaveLength(18);
		const found = await inTurn(tables, async ({ name }) => ({
			name,
			count: await readValue<number>(
				db.owner,
				`select count(*)::integer from ${name} as t where t::text like any (select '%' || v || '%' from unnest($1::text[]) as v)`,
				[values]
			)
		}));
		expect(found.filter(({ count }) => count > 0)).toEqual([]);
	});

	test('neither transactions nor places join answers with marks, once they are mixed', async () => {
		const { collection } = await answered();
		const transactions = () =>
			readValue<string>(
				db.owner,
				`select (select count(distinct xmin::text) from private.survey_answers where collection_id = $1)
					|| ' ' || (select count(distinct xmin::text) from private.survey_texts where collection_id = $1)`,
				[collection]
			);
		// Before, each could be compared with the transaction of a mark.
		expect(await transactions()).toBe('6 6');
		await mix();
		expect(await transactions()).toBe('1 1');
		// The order is another one: with six answers it is the old one once in 720 times, three times in a row hardly ever.
		const orders = await inTurn([1, 2, 3], async () => {
			const { collection: other } = await answered();
			await mix();
			const { rows: order } = await db.owner.query<{ body: string }>(
				'select body from private.survey_texts where collection_id = $1 order by ctid',
				[other]
			);
			return order.map(({ body }) => body.at(-1)).join('');
		});
		expect(orders.some((order) => order !== '012345')).toBe(true);
	});

	test('fewer than the smallest group wait, and are mixed when the time is over', async () => {
		const survey = await publishSurvey(world);
		const collection = await collectionOf(survey);
		await answerPlain(world, delegate(0), collection, good);
		const isMixed = () =>
			readValue<boolean>(db.owner, 'select is_mixed from private.survey_answers where collection_id = $1', [
				collection
			]);
		await mix();
		expect(await isMixed()).toBe(false);
		await db.owner.query('update private.survey_collections set closes_at = now() where id = $1', [collection]);
		await mix();
		expect(await isMixed()).toBe(true);
	});

	test('at the end all are written again, so that the last are no batch of their own, nor those without script', async () => {
		const rows = (collection: string) =>
			readValue<{ kind: string; at: string; xmin: string; hash: string }[]>(
				db.owner,
				`select json_agg(r order by r.kind, r.at) from (
					select 'mark ' || k.person_id as kind, k.ctid as at, k.xmin::text, encode(k.blinded_hash, 'hex') as hash
					from private.survey_marks as k where collection_id = $1
					union all
					select 'answer', a.ctid, a.xmin::text, encode(a.token_hash, 'hex')
					from private.survey_answers as a where collection_id = $1
					union all
					select 'text', t.ctid, t.xmin::text, repeat('0', 64) from private.survey_texts as t where collection_id = $1) as r`,
				[collection]
			);
		const places = (all: { kind: string; at: string }[]) =>
			all
				.filter(({ kind }) => kind.startsWith('mark'))
				.toSorted((a, b) => Number(a.at.split(/\D+/)[2]) - Number(b.at.split(/\D+/)[2]))
				.map(({ kind }) => kind);
		const orders = await inTurn([1, 2, 3], async () => {
			const { survey, collection } = await answered();
			await mix();
			// As many as the smallest group were mixed; one comes later.
			await answerPlain(world, delegate(6), collection, { ...good, words: ['The last'] });
			await db.owner.query(`select private.set_survey_keys($1, 'a', 'b', 'c')`, [collection]);
			const before = await rows(collection);
			// Plain and blind rows look alike.
			expect(before.filter(({ hash }) => hash?.length !== 64)).toEqual([]);
			expect(await endSurvey(world, survey)).toBe('ok');
			const after = await rows(collection);
			expect(after).toHaveLength(21);
			expect(new Set(after.map(({ xmin }) => xmin)).size).toBe(1);
			const hashes = new Set(before.map(({ hash }) => hash));
			expect(after.filter(({ kind, hash }) => kind !== 'text' && hashes.has(hash))).toEqual([]);
			const sealed = 'select private_key_sealed from private.survey_collections where id = $1';
			expect(await readValue(db.owner, sealed, [collection])).toBeNull();
			return [places(before), places(after)];
		});
		expect(orders.some(([before, after]) => String(before) !== String(after))).toBe(true);
	});
});

test('mails invite the confirmed once, and remind once those who have not answered', async () => {
	const survey = await publishSurvey(world, { opens: '-20 days', closes: '2 days' });
	await publishSurvey(world, { kind: 'session' });
	const send = async () => {
		await db.owner.query('select private.send_survey_mails()');
		const { rows } = await db.owner.query<{ template: string; count: number }>(
			`select template, count(*)::integer as count from private.outbox where summit_id = $1 and template like 'survey%' group by 1 order by 1`,
			[world.summit]
		);
		return Object.fromEntries(rows.map(({ template, count }) => [template, count]));
	};
	expect(await send()).toEqual({ survey_invited: 16 });
	expect(await send()).toEqual({ survey_invited: 16 });
	// After it was a draft again it is another survey.
	for (const step of ['take_back', 'publish']) expect(await moveSurvey(world, survey, step)).toBe('ok');
	expect(await send()).toEqual({ survey_invited: 32 });
	await answerPlain(world, delegate(0), await collectionOf(survey), good);
	await db.owner.query(`update private.survey_mails set sent_at = now() - interval '2 days'`);
	expect(await send()).toEqual({ survey_invited: 32, survey_reminder: 15 });
	expect(await send()).toEqual({ survey_invited: 32, survey_reminder: 15 });
	// Who is not reminded has answered: organisers do not read who is.
	const { rows: listed } = await callAs<{ rows: { template: string; display_name: string | null }[] }>(
		db.owner,
		world.people.registration,
		`public.list_mail($1, 'queued', 200)`,
		[world.summit]
	);
	const named = (template: string) => listed.filter((row) => row.template === template && row.display_name !== null);
	expect([named('survey_invited').length, named('survey_reminder').length]).toEqual([32, 0]);
});

describe('results', () => {
	const counts = (collection: string) =>
		readValue<{ answered: number; questions: { counts: object }[]; texts: object[] } | null>(
			db.owner,
			'select private.count_survey_answers($1)',
			[collection]
		);
	const open = (collection: string, who = world.people.programme) =>
		callAs<string>(db.owner, who, 'public.open_survey_results($1)', [collection]);

	test('there are none before the end, and none of a small group: no two of them can be compared', async () => {
		const survey = await publishSurvey(world);
		const collection = await collectionOf(survey);
		const seen: unknown[] = [];
		for (let n = 0; n < 8; n += 1) {
			await answerPlain(world, delegate(n), collection, good);
			seen.push(await counts(collection), await open(collection));
		}
		expect(new Set(seen)).toEqual(new Set([null, 'open']));
		await endSurvey(world, survey);
		expect((await counts(collection))?.answered).toBe(8);
		// Nothing is added after the first result: not by its author, not by a longer time.
		expect(await sendAnswers(world, collection, 'late', good)).toBe('closed');
		expect(await answerPlain(world, delegate(9), collection, good)).toBe('closed');
		const longer = await callAs<{ status: string }>(
			db.owner,
			world.people.programme,
			`public.save_survey($1, $2, 3, jsonb_build_object('closes_at', now() + interval '1 day', 'opens_at', now(), 'title', '{"original":"en","en":"T"}'::jsonb))`,
			[world.summit, survey]
		);
		expect(longer.status).toBe('frozen');
		// A smaller threshold changes nothing of what is published.
		const few = await publishSurvey(world);
		const small = await collectionOf(few);
		for (let n = 0; n < 4; n += 1) await answerPlain(world, delegate(n), small, good);
		await callAs(db.owner, world.people.owner, 'public.save_smallest_group($1, 3)', [world.summit]);
		await endSurvey(world, few);
		expect([await counts(small), await open(small)]).toEqual([null, 'few']);
	});

	test('wait for the final mixing; other dates of a session form reach its sessions', async () => {
		const survey = await publishSurvey(world, { kind: 'session' });
		const session = world.sessions.public.id;
		const collection = await collectionOf(null, session);
		await inTurn(world.delegates, (who) => answerPlain(world, who, collection, good));
		const closesIn = (interval: string, version: number) =>
			callAs<{ status: string }>(
				db.owner,
				world.people.programme,
				`public.save_survey($1, $2, $4, jsonb_build_object('closes_at', now() + $3::interval, 'opens_at', now(), 'title', '{"original":"en","en":"T"}'::jsonb))`,
				[world.summit, survey, interval, version]
			);
		const left = () =>
			readValue<number>(
				db.owner,
				'select round(extract(epoch from closes_at - now()) / 3600)::integer from private.survey_collections where id = $1',
				[collection]
			);
		// Two hours ago, and 24 hours for each session.
		expect(await left()).toBe(22);
		expect((await closesIn('2 hours', 2)).status).toBe('ok');
		expect(await left()).toBe(2);
		await db.owner.query('update private.survey_collections set closes_at = now() where id = $1', [collection]);
		expect((await closesIn('3 hours', 3)).status).toBe('ok');
		expect([await left(), await open(collection), await counts(collection)]).toEqual([0, 'open', null]);
		await mix();
		expect([await open(collection), (await counts(collection))?.answered]).toEqual(['ok', 12]);
	});

	test('contain no text after an answer that few gave, and nobody is shown or counts it', async () => {
		const after = { key: 'told', kind: 'text', label: { original: 'en', en: 'Why?' }, depends_on: 'again' };
		const survey = await publishSurvey(world, {
			questions: [...surveyQuestions, { ...after, depends_values: ['yes', 'no'] }]
		});
		const collection = await collectionOf(survey);
		await inTurn(world.delegates, (who, n = world.delegates.indexOf(who)) =>
			answerPlain(
				world,
				who,
				collection,
				n ? { ...good, told: [`Yes ${n}`] } : { useful: ['1'], again: ['no'], why: ['time'], told: ['No'] }
			)
		);
		await db.owner.query(
			`insert into private.survey_texts (collection_id, question_id, body)
			select $1, id, 'Asked of all' from private.survey_questions where survey_id = $2 and key = 'words'`,
			[collection, survey]
		);
		await endSurvey(world, survey);
		const { programme } = world.people;
		const list = await callAs<{ body: string }[]>(db.owner, programme, 'public.list_survey_texts($1)', [collection]);
		expect(list.map(({ body }) => body)).toEqual(['Asked of all']);
		expect(await callAs(db.owner, programme, 'public.read_survey($1, $2)', [world.summit, survey])).toMatchObject({
			collections: [{ texts: 1 }]
		});
		const hidden = await readValue<string>(
			db.owner,
			`select id from private.survey_texts where collection_id = $1 and body = 'No'`,
			[collection]
		);
		expect(await callAs(db.owner, programme, 'public.decide_survey_text($1, true, null)', [hidden])).toBe('not_found');
	});

	test('are read by programme organisers and owners, and leave the database for the app alone', async () => {
		const survey = await publishSurvey(world);
		const collection = await collectionOf(survey);
		await inTurn(world.delegates, (who) => answerBlind(world, who, collection, good));
		await endSurvey(world, survey);
		const may: string[] = [];
		for (const kind of personKinds) if ((await open(collection, world.people[kind])) === 'ok') may.push(kind);
		expect(may).toEqual(['programme', 'owner']);
		const direct = db.owner.query('set role authenticated; select private.count_survey_answers(null); reset role');
		await expect(direct).rejects.toThrow('permission denied');
		await db.owner.query('reset role');
	});

	test('contain a text after two people have agreed, and not while one has hidden it', async () => {
		const survey = await publishSurvey(world);
		const collection = await collectionOf(survey);
		await inTurn(world.delegates.slice(0, 5), (who, n = world.delegates.indexOf(who)) =>
			answerPlain(world, who, collection, { ...good, words: [`Words ${n}`] })
		);
		const list = (who: TestPerson) =>
			callAs<{ id: string; body: string }[] | null>(db.owner, who, 'public.list_survey_texts($1)', [collection]);
		const { programme } = world.people;
		expect(await list(programme)).toBeNull();
		await endSurvey(world, survey);
		for (const kind of ['registration', 'stage', 'delegate'] as const)
			expect(await list(world.people[kind])).toBeNull();
		const [first, other] = (await list(programme)) ?? [];
		const decide = (who: TestPerson, id: string | undefined, releases: boolean, reason = '') =>
			callAs<string>(db.owner, who, 'public.decide_survey_text($1, $2, $3)', [id, releases, reason]);
		const texts = async () => (await counts(collection))?.texts.length;
		expect(await decide(programme, first?.id, true)).toBe('ok');
		expect(await decide(programme, first?.id, true)).toBe('already');
		expect(await texts()).toBe(0);
		expect(await decide(world.people.stage, first?.id, true)).toBe('not_found');
		expect(await decide(world.second, first?.id, true)).toBe('ok');
		expect(await texts()).toBe(1);
		expect(await decide(world.second, first?.id, false)).toBe('invalid');
		expect(await decide(world.second, first?.id, false, 'It names somebody')).toBe('ok');
		expect(await texts()).toBe(0);
		expect(await decide(programme, first?.id, true)).toBe('invalid');
		await decide(programme, other?.id, true);
		expect(await texts()).toBe(0);
	});
});
