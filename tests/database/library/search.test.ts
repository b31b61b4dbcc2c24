/* The search of the library: languages, misspelt words, marked pieces, facets, and what is found beside documents. */
import { beforeAll, describe, expect, test } from 'vitest';
import { draftCommitment, makeAnnounced } from '../../fixtures/committing.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { createGroup } from '../../fixtures/grouping.ts';
import {
	addFile,
	draftDocument,
	makeLibraryWorld,
	publish,
	publishDocument,
	search,
	step,
	type Document,
	type LibraryWorld
} from '../../fixtures/library.ts';
import { readValue } from '../../fixtures/registering.ts';
import { actAs, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let world: LibraryWorld;
let french: Document;

const texts = (original: string, map: Record<string, string>) => ({ original, ...map });

beforeAll(async () => {
	world = await makeLibraryWorld(db.owner);
	french = await publish(
		world,
		world.people.focal,
		{
			kind: 'assessment',
			theme: 'victims',
			issued_on: '2019-05-01',
			title: texts('fr', {
				fr: 'Évaluation des menaces <b> contre les enfants',
				en: 'Assessing threats to children',
				es: 'Evaluación de las amenazas para los niños',
				pt: 'Avaliação das ameaças às crianças',
				ar: 'تقييم التهديدات ضد الأطفال',
				ru: 'Оценка угроз для детей',
				zh: '儿童面临的威胁评估'
			}),
			summary: texts('fr', { fr: 'Ce que les membres ont signalé.' })
		},
		{ language: 'fr', content: 'Une phrase de la troisième page parle de géolocalisation.' }
	);
	await publish(world, world.people.focal, { title: texts('en', { en: 'Toolkit for hotlines' }), kind: 'toolkit' });
});

const codes = async (who: TestPerson | null, question: string, choice = {}) =>
	(await search(world, who, question, choice)).results.map(({ code }) => code);

describe('documents', () => {
	test.each([
		'évaluations',
		'EVALUATION menace',
		'threat assessing',
		'amenaza niño',
		'ameaca crianca',
		'أطفال التهديدات',
		'угрозы детям',
		'儿童',
		'威胁评估'
	])('“%s” finds the text in its language, in other forms and without accents', async (question) => {
		expect(await codes(null, question)).toEqual([french.code]);
	});

	test('the last character of a title and the first of a summary are no word', async () => {
		const [title, summary] = [texts('zh', { zh: '海洋日报' }), texts('zh', { zh: '告别仪式' })];
		const one = await publish(world, world.people.focal, { title, summary });
		for (const question of ['日报', '告别']) expect(await codes(null, question)).toEqual([one.code]);
		expect(await codes(null, '报告')).toEqual([]);
		await step(world, world.reviewer, one, 'withdrawn', 'Test');
	});

	test('characters in another order, and words of different documents, find nothing', async () => {
		for (const question of ['胁威', 'évaluation hotlines', 'évaluation or hotlines', '"', '& | !', "' or 1=1 --"])
			expect((await search(world, null, question)).corrected).toBeNull();
		expect(await codes(null, '胁威')).toEqual([]);
		for (const question of ['évaluation hotlines', 'évaluation or hotlines'])
			expect(await codes(null, question)).toEqual([]);
	});

	test('a misspelt word is corrected where the question itself finds nothing', async () => {
		const found = await search(world, null, 'assesing chilren');
		expect(found.corrected).toBe('assessing children');
		expect(found.results.map(({ code }) => code)).toEqual([french.code]);
		expect((await search(world, null, 'assessing')).corrected).toBeNull();
		// Each word is corrected to one of another document, and both together find nothing.
		expect(await search(world, null, 'menacs toolkt')).toMatchObject({ corrected: null, total: 0 });
		// A form of a word that is in a hidden title alone is not suggested.
		const title = texts('en', { en: 'Hotlining' });
		await publish(world, world.people.focal, { title, embargo_until: '2090-01-01T00:00:00Z' });
		expect((await search(world, null, 'hotlinng')).corrected).not.toBe('hotlining');
	});

	test('a misspelt word is corrected by summaries, as long as a document that the reader sees has it', async () => {
		const { delegate, focal } = world.people;
		const corrected = async (who: TestPerson | null, question: string) =>
			(await search(world, who, question)).corrected;
		expect(await corrected(null, 'mambres')).toBe('membres');
		const summary = texts('en', { en: 'About a xylophone.' });
		const members = await publish(world, focal, { summary, level: 'members' });
		expect(await corrected(delegate, 'xylofone')).toBe('xylophone');
		expect(await corrected(null, 'xylofone')).toBeNull();
		const open = [await publish(world, focal, { summary }), await publish(world, focal, { summary })];
		for (const one of open) {
			expect(await corrected(null, 'xylofone')).toBe('xylophone');
			await step(world, world.reviewer, one, 'withdrawn', 'Test');
		}
		expect(await corrected(null, 'xylofone')).toBeNull();
		await step(world, world.reviewer, members, 'withdrawn', 'Test');
		expect(await corrected(delegate, 'xylofone')).toBeNull();
		// A word of an embargoed document is suggested from its time on.
		const at = '2091-01-01T00:00:00Z';
		const later = await publish(world, focal, { summary, embargo_until: at });
		expect(await corrected(null, 'xylofone')).toBeNull();
		const past = new Date(Date.now() - 1000);
		for (const table of ['library_publications', 'search_terms', 'search_words'])
			await db.owner.query(`update private.${table} set shown_from = $1 where shown_from = $2`, [past, at]);
		expect(await corrected(null, 'xylofone')).toBe('xylophone');
		await step(world, world.reviewer, later, 'withdrawn', 'Test');
		expect(await corrected(null, 'xylofone')).toBeNull();
	});

	test('a misspelt word is corrected by released sessions and announced commitments that the reader sees', async () => {
		const { programme, delegate, newcomer } = world.people;
		const secret = { audience: 'members', title: texts('en', { en: 'Glockenspiel pledge' }) };
		for (const [kind, title] of [
			['public', 'Marimba workshop'],
			['members', 'Vibraphone meeting'],
			['closed', 'Harmonium consultation']
		] as const)
			await db.owner.query(`update public.sessions set title = $2 where id = $1`, [
				world.sessions[kind].id,
				texts('en', { en: title })
			]);
		const corrected = async (who: TestPerson | null, question: string) =>
			(await search(world, who, question)).corrected;
		expect(await corrected(null, 'marimmba')).toBeNull();
		await actAs(db.owner, programme, 'select public.publish_release($1)', [world.summit]);
		const commitments = { ...world, secretariat: world.reviewer, partner: delegate };
		await draftCommitment(commitments, { title: texts('en', { en: 'Clavichord pledge' }) });
		await makeAnnounced(commitments, { title: texts('en', { en: 'Carillon pledge' }) });
		await makeAnnounced(commitments, secret);
		for (const who of [null, newcomer, delegate]) {
			expect(await corrected(who, 'marimmba')).toBe('marimba');
			expect(await corrected(who, 'carilon')).toBe('carillon');
			// Of what no reader here sees, nothing is suggested.
			for (const hidden of ['harmonuim', 'clavichrd']) expect(await corrected(who, hidden)).toBeNull();
			const isMember = who === delegate;
			expect(await corrected(who, 'vibrafone')).toBe(isMember ? 'vibraphone' : null);
			expect(await corrected(who, 'glockenspeil')).toBe(isMember ? 'glockenspiel' : null);
		}
		expect(await corrected(programme, 'harmonuim')).toBe('harmonium');
		// Terms follow the newest release; the titles are as they were.
		for (const { id, title } of Object.values(world.sessions))
			await db.owner.query(`update public.sessions set title = $2 where id = $1`, [id, texts('en', { en: title })]);
		await actAs(db.owner, programme, 'select public.publish_release($1)', [world.summit]);
		expect(await corrected(null, 'marimmba')).toBeNull();
	});

	test('a document with long files in all languages is published, and found by each', async () => {
		const { focal } = world.people;
		const long = (tag: string) => Array.from({ length: 20_000 }, (_, n) => `w${tag}${n}`).join(' ');
		const one = await draftDocument(world, focal, { title: texts('en', { en: 'Long' }) }, { content: long('en') });
		for (const language of ['fr', 'es', 'ar', 'ru', 'zh', 'pt'])
			await addFile(world, focal, one, { language, content: long(language) });
		await publishDocument(world, focal, one);
		for (const word of ['wen19999', 'wpt19999']) expect(await codes(null, word)).toEqual([one.code]);
		await step(world, world.reviewer, one, 'withdrawn', 'Test');
	});

	test('a word of a file alone finds the document, and says so', async () => {
		expect((await search(world, null, 'geolocalisation')).results).toMatchObject([
			{ code: french.code, is_in_file: true }
		]);
	});

	test('hits are marked pieces of the text as it is, in the language that was found', async () => {
		const [hit] = (await search(world, null, 'evaluation', {}, 'en')).results;
		expect(hit?.title).toEqual({
			lang: 'fr',
			pieces: [
				{ text: 'Évaluation', hit: true },
				{ text: ' des menaces <b> contre les enfants', hit: false }
			]
		});
		// Words of the query that are in another text of the document are no hindrance.
		const [some] = (await search(world, null, 'menaces signalé', {}, 'fr')).results;
		expect(some?.title.pieces).toContainEqual({ text: 'menaces', hit: true });
		const [chinese] = (await search(world, null, '威胁', {}, 'zh')).results;
		expect(chinese?.title.pieces).toEqual([
			{ text: '儿童面临的', hit: false },
			{ text: '威胁', hit: true },
			{ text: '评估', hit: false }
		]);
	});

	test('a word that is found outside the chosen group is not corrected by one inside', async () => {
		const { focal } = world.people;
		const group = await createGroup(db.owner, world.reviewer, 'public');
		const inside = {
			title: texts('en', { en: 'Observatoriesy sessionsy' }),
			related: [{ kind: 'group', code: group }]
		};
		const made = [
			await publish(world, focal, { title: texts('en', { en: 'Observatory' }) }),
			await publish(world, focal, inside)
		];
		expect(await search(world, null, 'observatoriesyy', { group })).toMatchObject({
			corrected: 'observatoriesy',
			total: 1
		});
		// Another document has the first, released sessions the second.
		for (const question of ['observatories', 'sessions']) {
			expect(await search(world, null, question, { group })).toMatchObject({
				corrected: null,
				total: 0,
				results: [],
				facets: { source: [], kind: [] }
			});
			expect((await search(world, null, question)).total).toBeGreaterThan(0);
		}
		for (const one of made) await step(world, world.reviewer, one, 'withdrawn', 'Test');
	});

	test('each facet counts what the other choices leave', async () => {
		const { total, facets } = await search(world, null, '', { kind: 'assessment' });
		expect(total).toBe(1);
		expect(facets.kind).toEqual([
			{ value: 'assessment', count: 1 },
			{ value: 'toolkit', count: 1 }
		]);
		expect(facets.year).toEqual([{ value: '2019', count: 1 }]);
		expect(facets.language).toEqual([{ value: 'fr', count: 1 }]);
		expect(facets.theme).toMatchObject([{ value: 'victims', count: 1 }]);
		expect(await codes(null, '', { language: 'en' })).toHaveLength(1);
		for (const choice of [{ year: '1900' }, { theme: 'none' }, { source: 'nothing' }])
			expect(await codes(null, '', choice)).toEqual([]);
	});
});

describe('beside documents', () => {
	test('released sessions and their speakers, for those who see the session', async () => {
		const { delegate, speaker, programme } = world.people;
		const kinds = ['public', 'members', 'closed', 'draft'] as const;
		const seen = async (who: TestPerson | null) => {
			const found: string[] = [];
			for (const kind of kinds)
				if ((await codes(who, world.sessions[kind].title, { source: 'session' })).includes(world.sessions[kind].code))
					found.push(kind);
			return found;
		};
		expect(await seen(null)).toEqual(['public']);
		expect(await seen(delegate)).toEqual(['public', 'members']);
		expect(await seen(programme)).toEqual(['public', 'members', 'closed']);
		const named = await readValue<boolean>(
			db.owner,
			`select exists (select from public.release_people as r join public.release_sessions as s using (release_id, session_id)
			where r.person_id = $1 and s.level = 'public')`,
			[speaker.person]
		);
		const speakers = (await search(world, null, speaker.name, { source: 'speaker' })).total;
		expect(speakers > 0).toBe(named);
	});

	test('the second of a recording at which something is said, for those who may watch it', async () => {
		const { delegate, newcomer } = world.people;
		const session = world.sessions.members;
		const run = await readValue<string>(
			db.owner,
			`insert into public.runs (session_id, summit_id, room_id, state, level, started_at, ended_at)
			values ($1, $2, $3, 'ended', 'members', now() - interval '1 hour', now()) returning id`,
			[session.id, world.summit, world.room]
		);
		const recording = await readValue<string>(
			db.owner,
			`with object as (
				insert into private.stored_objects (name, media_type, size, sha256, state, scan)
				values (repeat('a', 32), 'video/webm', 1000, sha256('x'), 'kept', 'clean') returning name
			), made as (
				insert into private.recordings (run_id, session_id, summit_id, level, state, object_name, length_ms, started_at)
				select $1, $2, $3, 'members', 'ready', name, 600000, now() - interval '1 hour' from object returning id
			)
			insert into private.recording_parts (recording_id, number, started_at, ended_at, length_ms)
			select id, 1, now() - interval '1 hour', now() - interval '50 minutes', 600000 from made returning recording_id`,
			[run, session.id, world.summit]
		);
		await db.owner.query(
			`insert into private.caption_lines (run_id, language, number, starts, ends, words, is_kept)
			values ($1, 'fr', 1, 65700, 67000, 'Les lanternes sont allumées.', true),
				($1, 'fr', 2, 90000, 92000, 'Des lanternes que personne ne garde.', false),
				($1, 'fr', 3, 900000, 902000, 'Des lanternes après la fin.', true)`,
			[run]
		);
		// A part without length has no position.
		await db.owner.query(
			`insert into private.recording_parts (recording_id, number, started_at, ended_at, length_ms)
			select id, 2, started_at + interval '901 seconds', started_at + interval '901 seconds', 0
			from private.recordings where id = $1`,
			[recording]
		);
		const moments = async (who: TestPerson | null) =>
			(await search(world, who, 'lanterne', { source: 'moment' })).results.map(({ code, at }) => ({ code, at }));
		expect(await moments(delegate)).toEqual([]);
		await db.owner.query('update private.recordings set published_at = now() where id = $1', [recording]);
		expect(await moments(delegate)).toEqual([{ code: session.code, at: 65 }]);
		for (const who of [null, newcomer]) expect(await moments(who)).toEqual([]);
	});
});
