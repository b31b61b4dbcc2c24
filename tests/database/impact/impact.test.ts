/* The impact report: who writes and releases it, that a release is frozen, and that no two numbers reveal a small group. */
import { beforeAll, describe, expect, test } from 'vitest';
import type {
	ComparedEdition,
	ImpactContent,
	ImpactCounts,
	ImpactDraft,
	ImpactReport
} from '../../../src/lib/database/answers/impact.ts';
import { contentOf } from '../../../src/lib/impact/content.ts';
import { releaseOf, type OutwardGroup } from '../../../src/lib/registration/figures.ts';
import { makeAnnounced, makeCommitmentWorld } from '../../fixtures/committing.ts';
import { useDatabase, waitForLocks } from '../../fixtures/database.ts';
import { holdSessions } from '../../fixtures/held-sessions.ts';
import {
	callAs,
	makeDrafts,
	makePeople,
	makeSummit,
	readValue,
	type RegisteringSummit
} from '../../fixtures/registering.ts';
import { makeWorld, personKinds, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let made: RegisteringSummit;
let organiser: TestPerson;

const english = (words: string) => ({ original: 'en', en: words });
const text = { intro: english('What the Summit achieved.') };

/** Confirmed people of one member who were online on one day. */
async function attend(count: number, member: number, of = made): Promise<TestPerson[]> {
	const people = await makePeople(db.owner, count);
	const ids = await makeDrafts(db.owner, of.summit, people, () => of.members[member] ?? '', 'virtual');
	await db.owner.query('begin');
	await db.owner.query(
		`update public.registrations set state = 'confirmed', submitted_at = now(), state_since = now() where id = any ($1)`,
		[ids]
	);
	await db.owner.query(
		`insert into public.seats (summit_id, registration_id, mode, member_id, state) select summit_id, id, mode, member_id, 'taken' from public.registrations where id = any ($1)`,
		[ids]
	);
	await db.owner.query(
		`insert into public.presence (summit_id, person_id, kind, entered_at, left_at) select summit_id, person_id, 'stream', now() - interval '2 hours', now() - interval '1 hour' from public.registrations where id = any ($1)`,
		[ids]
	);
	await db.owner.query('commit');
	return people;
}

async function releaseFigures(): Promise<void> {
	const { rows } = await db.owner.query<Omit<OutwardGroup, 'count'> & { count: string }>(
		'select * from private.outward_figures($1)',
		[made.summit]
	);
	const last = await readValue<number>(
		db.owner,
		'select coalesce(max(number), 0)::integer from public.figure_releases where summit_id = $1',
		[made.summit]
	);
	const content = releaseOf(
		rows.map((row) => ({ ...row, count: Number(row.count) })),
		5,
		null,
		'2027-01-01'
	);
	await db.owner.query('insert into public.figure_releases (summit_id, number, content) values ($1, $2, $3)', [
		made.summit,
		last + 1,
		JSON.stringify(content)
	]);
}

/** A later Summit, whose edition before is this one. */
async function makeNextEdition(): Promise<string> {
	const { summit } = await makeSummit(db.owner);
	await db.owner.query(`update public.summits set starts_on = starts_on + 400, ends_on = ends_on + 400 where id = $1`, [
		summit
	]);
	return summit;
}

const counts = (summit = made.summit) => readValue<ImpactCounts>(db.app, 'select private.count_impact($1)', [summit]);
const content = async () => contentOf(await counts(), Date.parse('2027-06-20T12:00Z'));
const draft = (who: TestPerson | null, summit = made.summit) =>
	callAs<ImpactDraft | null>(db.owner, who, 'public.read_impact_draft($1)', [summit]);
const save = (who: TestPerson, version: number, changes: object, summit = made.summit, on = db.owner) =>
	callAs<{ status: string; version?: number }>(on, who, 'public.save_impact_draft($1, $2, $3)', [
		summit,
		version,
		JSON.stringify(changes)
	]);
const begin = (who: TestPerson, version: number, after: number, reason = '', on = db.owner) =>
	callAs<{ status: string; release?: string }>(on, who, 'public.begin_impact_release($1, $2, $3, $4)', [
		made.summit,
		version,
		after,
		reason
	]);
const complete = (release: string | undefined, numbers: ImpactContent) =>
	readValue<string>(db.app, 'select private.complete_impact_release($1, $2)', [release, JSON.stringify(numbers)]);
const read = (who: TestPerson | null = null, number: number | null = null) =>
	callAs<ImpactReport | null>(db.owner, who, 'public.read_impact_report($1, $2)', [made.summit, number]);
const setState = (state: string) =>
	db.owner.query('update public.summits set state = $2 where id = $1', [made.summit, state]);
const peopleIn = (report: ImpactReport | null) =>
	report?.content.indicators.filter((one) => one.of_people).map(({ key, value, rows }) => ({ key, value, rows }));
const indicator = (of: ImpactContent, key: string) => {
	const found = of.indicators.find((one) => one.key === key);
	if (!found) throw new Error(`no indicator ${key}`);
	return found;
};

beforeAll(async () => {
	world = await makeWorld(db.owner);
	made = await makeSummit(db.owner, { members: 6 });
	({ organiser } = made);
	await db.owner.query(
		`update public.summit_members set country = (array['KE', 'FR', 'PE'])[1 + n % 3], region = (array['Africa', 'Europe', 'Latin America and the Caribbean'])[1 + n % 3]
		from unnest($2::uuid[]) with ordinality as x (id, n) where summit_id = $1 and member_id = x.id`,
		[made.summit, made.members]
	);
	await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'programme', $2)`, [
		organiser.person,
		made.summit
	]);
	await attend(23, 0);
	await attend(12, 1);
	await attend(3, 2);
});

describe('the draft', () => {
	test('is for programme organisers and owners alone', async () => {
		const read: string[] = [];
		const wrote: string[] = [];
		for (const kind of personKinds) {
			const who = world.people[kind];
			const seen = await draft(who, world.summit);
			if (seen) read.push(kind);
			if ((await save(who, seen?.version ?? 0, { texts: text }, world.summit)).status === 'ok') wrote.push(kind);
		}
		expect(read).toEqual(['programme', 'owner']);
		expect(wrote).toEqual(['programme', 'owner']);
		expect(await draft(world.people.owner)).toBeNull();
		await expect(draft(null)).rejects.toThrow('permission denied');
	});

	test.each([
		{ texts: { elsewhere: english('x') } },
		{ texts: { intro: 'no map' } },
		{ texts: { intro: english('x'.repeat(20001)) } },
		{ targets: { confirmed: -1 } },
		{ targets: { confirmed: '400' } },
		{ targets: { 'DROP TABLE': 1 } }
	])('refuses what is no text or target (%#)', async (changes) => {
		const { version = 0 } = (await draft(organiser)) ?? {};
		expect((await save(organiser, version, changes)).status).toBe('invalid');
	});

	test('of two who save at once one is told of the other, and loses nothing that was saved', async () => {
		const { version = 0 } = (await draft(organiser)) ?? {};
		const [one, other] = await Promise.all([db.connect(), db.connect()]);
		const answers = await Promise.all([
			save(organiser, version, { texts: text }, made.summit, one),
			save(organiser, version, { targets: { confirmed: 400 } }, made.summit, other)
		]);
		expect(answers.map(({ status }) => status).sort()).toEqual(['conflict', 'ok']);
		const now = (await draft(organiser)) as ImpactDraft;
		const saved = await save(organiser, now.version, { texts: text, targets: { confirmed: 400, members: null } });
		expect(saved).toEqual({ status: 'ok', version: now.version + 1 });
		expect(await draft(organiser)).toMatchObject({ texts: text, targets: { confirmed: 400 } });
	});
});

describe('numbers', () => {
	test('exact counts are for the app alone', async () => {
		for (const call of [
			`select private.count_impact('${made.summit}')`,
			`select * from private.impact_counts('${made.summit}')`,
			`select private.complete_impact_release('${made.summit}', '{}')`
		])
			for (const role of ['anon', 'authenticated']) {
				await db.owner.query('begin');
				await db.owner.query(`set local role ${role}`);
				await expect(db.owner.query(call)).rejects.toThrow('permission denied');
				await db.owner.query('rollback');
			}
		await expect(db.app.query(`select * from private.impact_counts('${made.summit}')`)).rejects.toThrow(
			'permission denied'
		);
	});

	test('without released figures there are no registrations and no groups', async () => {
		const found = await content();
		expect(found.figures).toBeNull();
		expect(indicator(found, 'confirmed')).toMatchObject({ value: null, rows: [] });
		// 38 people: whole groups of five.
		expect(indicator(found, 'attended_online')).toMatchObject({ value: 35 });
		expect(indicator(found, 'attended_online').rows.filter(({ dimension }) => dimension !== 'day')).toEqual([]);
		expect(indicator(found, 'attended_hall').value).toBeNull();
	});

	test('with them, registrations are those of the figures, and groups only those that the figures name', async () => {
		await releaseFigures();
		const found = await content();
		const { figures } = await counts();
		const regions = (key: string) =>
			indicator(found, key)
				.rows.filter(({ dimension }) => dimension === 'region')
				.map((row) => [row.key, row.value]);
		expect(indicator(found, 'confirmed').value).toBe(figures?.content.total?.count);
		const released = figures?.content.tables.find(({ dimension }) => dimension === 'region')?.rows ?? [];
		expect(regions('confirmed')).toEqual(released.map(({ value, count }) => [value, count]));
		expect(released.length).toBeGreaterThan(0);
		// What is shown of those who came is never more exact than a group, and never of a group that the figures hide.
		for (const [region, value] of regions('attended_online')) {
			expect(released.map((row) => row.value)).toContain(region);
			expect(Number(value) % 5).toBe(0);
		}
	});
});

describe('what people did', () => {
	test('is counted while sessions were on, once for each person, and only of different people', async () => {
		await holdSessions(db.owner, made.summit, organiser);
		const { people } = await counts();
		const of = (key: string, dimension = '', value = '') =>
			people.find((one) => one.indicator === key && one.dimension === dimension && one.value === value);
		// Two overlapping hours are 90 minutes; nobody who only waited, or is not confirmed, is in them.
		expect([of('minutes', 'people')?.count, of('minutes', 'sum')?.count]).toEqual([12, 12 * 90]);
		expect(of('attended_online', 'day', '2026-06-15')?.count).toBe(12);
		expect(of('attended_hall', 'day', '2026-06-15')?.count).toBe(20);
		expect(of('attended_hall', 'day', '2026-06-16')).toBeUndefined();
		// One person asked them all, one was merged into another: no number is named.
		expect(of('questions')).toMatchObject({ count: 6, people: 1 });
		expect(indicator(await content(), 'questions')).toMatchObject({ value: null, rows: [] });
	});

	test('is counted by the language that people chose; of protected people in the total alone', async () => {
		const other = await makeSummit(db.owner);
		const people = (await attend(20, 0, other)).map(({ person }) => person);
		await db.owner.query(
			`insert into public.person_preferences (person_id, locale)
			select id, case when n <= 12 then 'fr' else 'ar' end from unnest($1::uuid[]) with ordinality as x (id, n) where n <= 18
			on conflict (person_id) do update set locale = excluded.locale`,
			[people]
		);
		await db.owner.query(`delete from public.person_preferences where person_id = any ($1)`, [people.slice(18)]);
		await db.owner.query(
			`insert into private.protections (person_id, kind) select id, 'talk_first' from unnest($1::uuid[]) as id`,
			[people.slice(0, 2)]
		);
		const { people: found } = await counts(other.summit);
		const languages = found
			.filter(({ indicator: key, dimension }) => key === 'attended_online' && dimension === 'language')
			.map(({ value, count }) => [value, count]);
		expect(new Map(languages as [string | null, number][])).toEqual(
			new Map<string | null, number>([
				['fr', 10],
				['ar', 6],
				[null, 4]
			])
		);
	});

	test('in the hall and on streams is counted apart, and once in all; recordings where they count', async () => {
		const other = await makeSummit(db.owner);
		await attend(12, 0, other);
		await holdSessions(db.owner, other.summit, organiser);
		const { rows: runs } = await db.owner.query<{ session: string; run: string }>(
			`select session_id as session, id as run from public.runs where summit_id = $1 order by started_at limit 1`,
			[other.summit]
		);
		const { session, run } = runs[0] ?? {};
		// In the hall for half an hour, while they watched the stream too; one of them is not confirmed.
		await db.owner.query(
			`insert into public.presence (summit_id, person_id, session_id, run_id, kind, entered_at, left_at)
			select $1, p.person_id, $2, $3, 'door', started_at, started_at + interval '30 minutes'
			from public.runs, (
				select person_id from public.registrations where summit_id = $1 and state = 'confirmed'
				union all
				select $4) as p
			where runs.id = $3`,
			[other.summit, session, run, organiser.person]
		);
		await db.owner.query(
			`with object as (
				insert into private.stored_objects (name, media_type, size, sha256, state, scan)
				values (repeat('7', 32), 'video/webm', 9, sha256('x'), 'kept', 'clean') returning name
			), recording as (
				insert into private.recordings (run_id, session_id, summit_id, level, state, object_name, length_ms, started_at, stopped_at)
				select $1, $2, $3, 'members', 'ready', name, 3600000, now(), now() from object returning id
			)
			insert into private.watched_recordings (recording_id, person_id, summit_id, played)
			select recording.id, person_id, summit_id, '{[0,600000),[1200000,1800000)}'
			from recording, public.registrations where summit_id = $3`,
			[run, session, other.summit]
		);
		const rows = async () => {
			const { people } = await counts(other.summit);
			return people
				.filter((one) => one.indicator === 'minutes')
				.map(({ dimension, value, count }) => [`${dimension} ${value ?? ''}`.trim(), count] as const);
		};
		const there = { people: 12, sum: 12 * 90, 'people hall': 12, 'sum hall': 12 * 30 };
		const streamed = { 'people stream': 12, 'sum stream': 12 * 60 };
		expect(Object.fromEntries(await rows())).toEqual({ ...there, ...streamed });
		await db.owner.query('update public.summits set counts_watching = true where id = $1', [other.summit]);
		const watched = { 'people watched': 12, 'sum watched': 12 * 20 };
		expect(Object.fromEntries(await rows())).toEqual({ ...there, ...streamed, ...watched });
		await db.owner.query(`update public.sessions set level = 'chatham_house' where id = $1`, [session]);
		expect(Object.keys(Object.fromEntries(await rows()))).not.toContain('people watched');
	});

	test('is compared with a released report of the edition before alone', async () => {
		const next = await makeNextEdition();
		await setState('closed');
		const found = await counts(next);
		await setState('open');
		expect(found.before).toMatchObject({ id: made.summit, release: null });
		expect(contentOf(found, Date.now()).before).toBeNull();
	});
});

describe('a commitment', () => {
	test('was delivered with the first report that says so and that nothing contradicted since', async () => {
		const register = await makeCommitmentWorld(db.owner);
		const { id } = await makeAnnounced(register);
		await db.owner.query('alter table private.commitment_steps disable trigger never_change');
		await db.owner.query(
			`update private.commitment_steps set effective_at = '2026-01-01' where commitment_id = $1 and step = 'announced'`,
			[id]
		);
		await db.owner.query('alter table private.commitment_steps enable trigger never_change');
		for (const [progress, day] of [
			['delivered', '2026-03-01'],
			['at_risk', '2026-04-01'],
			['delivered', '2026-05-01'],
			['delivered', '2026-06-01']
		])
			await db.owner.query(
				// By the clock of the venue, whose zone depends on when the test runs.
				`insert into private.commitment_reports (commitment_id, member_id, progress, body, audience, written_at)
				select $1, $2, $3, $4, 'public', ($5::date + time '12:00') at time zone s.zone
				from public.summits as s where s.id = $6`,
				[id, register.member, progress, english('A report.'), day, register.summit]
			);
		const { commitments } = await counts(register.summit);
		expect(commitments).toMatchObject([{ status: 'delivered', delivered_on: '2026-05-01' }]);
	});
});

describe('a release', () => {
	test('waits until the Summit is closed, and for a draft that was seen', async () => {
		const { version = 0 } = (await draft(organiser)) ?? {};
		expect(await begin(organiser, version, 0)).toEqual({ status: 'wrong_state' });
		await setState('closed');
		expect(await begin(organiser, version - 1, 0)).toEqual({ status: 'conflict' });
		expect(await begin(organiser, version, 1, 'why')).toEqual({ status: 'stale' });
		expect(await begin(organiser, version, 0, 'a first one corrects nothing')).toEqual({ status: 'invalid' });
		expect(await begin(world.people.owner, version, 0)).toEqual({ status: 'not_found' });
		expect(await read()).toBeNull();
	});

	test('is read by nobody before it has its numbers, refuses small groups, and of two at once one counts', async () => {
		const { version = 0 } = (await draft(organiser)) ?? {};
		const [one, other] = await Promise.all([db.connect(), db.connect()]);
		const begun = await Promise.all([begin(organiser, version, 0, '', one), begin(organiser, version, 0, '', other)]);
		expect(begun.map(({ status }) => status)).toEqual(['ok', 'ok']);
		for (const who of [null, organiser]) expect(await read(who)).toBeNull();
		const numbers = await content();
		const named = structuredClone(numbers);
		indicator(named, 'attended_online').rows.push({
			dimension: 'sector',
			key: 'government',
			label: null,
			value: 3,
			on: named.on
		});
		for (const { release } of begun) await expect(complete(release, named)).rejects.toThrow('small group');
		const done = [];
		for (const { release } of begun) done.push(await complete(release, numbers));
		expect(done.sort()).toEqual(['ok', 'stale']);
		const report = await read();
		expect(report).toMatchObject({ number: 1, reason: '', texts: text, targets: { confirmed: 400 }, content: numbers });
		const listed = await callAs<{ slug: string }[]>(db.owner, null, 'public.list_impact_reports()');
		expect(listed).toHaveLength(1);
	});

	test('stays as it is: words, numbers, and against the owner of the tables too', async () => {
		const before = await read();
		const { version = 0 } = (await draft(organiser)) ?? {};
		await save(organiser, version, { texts: { intro: english('Other words.') }, targets: { confirmed: 1 } });
		await attend(4, 0);
		expect(await read()).toEqual(before);
		for (const sql of [
			`update private.impact_releases set content = '{}'`,
			`update private.impact_releases set texts = '{}'`,
			'delete from private.impact_releases'
		])
			await expect(db.owner.query(sql)).rejects.toThrow('never changed');
	});

	test('a correction names why, and says nothing of four people who joined since', async () => {
		const { version = 0 } = (await draft(organiser)) ?? {};
		expect(await begin(organiser, version, 1)).toEqual({ status: 'invalid' });
		const { release } = await begin(organiser, version, 1, 'A wrong word.');
		const numbers = await content();
		expect(await complete(release, numbers)).toBe('ok');
		const [first, second] = [await read(null, 1), await read()];
		expect(second).toMatchObject({ number: 2, reason: 'A wrong word.', texts: { intro: english('Other words.') } });
		expect(second?.releases.map(({ number }) => number)).toEqual([2, 1]);
		expect(peopleIn(second)).toEqual(peopleIn(first));
		expect(indicator(numbers, 'minutes').value).toBe(90);
	});

	test('a correction after retention repeats what was released, with its dates', async () => {
		const first = await read();
		await db.owner.query(
			`update private.retention_clocks set started_at = now() - interval '400 days' where summit_id = $1`,
			[made.summit]
		);
		// Eight people on hold keep their rows: nothing is said of them.
		await db.owner.query(
			`delete from public.presence where summit_id = $1 and person_id not in (select distinct person_id from public.presence where summit_id = $1 order by person_id limit 8)`,
			[made.summit]
		);
		const { version = 0 } = (await draft(organiser)) ?? {};
		const { release } = await begin(organiser, version, 2, 'Another word.');
		expect(await complete(release, await content())).toBe('ok');
		const third = await read();
		expect(third?.number).toBe(3);
		expect(peopleIn(third)).toEqual(peopleIn(first));
		expect(third?.content.indicators.find(({ key }) => key === 'minutes')?.value).toBe(90);
	});

	test('after a greater smallest group it names none below that one', async () => {
		const { version = 0 } = (await draft(organiser)) ?? {};
		const { release } = await begin(organiser, version, 3, 'A greater smallest group.');
		const old = await content();
		await db.owner.query(
			'insert into public.figure_settings (summit_id, smallest_group) values ($1, 15) on conflict (summit_id) do update set smallest_group = 15',
			[made.summit]
		);
		expect(await complete(release, old)).toBe('changed');
		const numbers = await content();
		const values = (of: ImpactContent) =>
			of.indicators
				.filter((one) => one.of_people)
				.flatMap(({ value, rows }) => [value, ...rows.map((row) => row.value)]);
		const isSmall = (value: number | null) => value !== null && value < 15;
		expect(values(old).filter(isSmall).length).toBeGreaterThan(0);
		expect(values(numbers).filter(isSmall)).toEqual([]);
		expect(indicator(numbers, 'attended_online')).toMatchObject({ value: indicator(old, 'attended_online').value });
		expect(
			await complete(release, {
				...numbers,
				before: { id: made.summit, slug: '', name: {}, number: 1, on: '', indicators: [] }
			})
		).toBe('changed');
		expect(await complete(release, numbers)).toBe('ok');
	});

	test('waits for figures that are being released, and is refused when they are others than its own', async () => {
		const { version = 0 } = (await draft(organiser)) ?? {};
		const { release } = await begin(organiser, version, 4, 'Once more.');
		const numbers = await content();
		const other = await db.connect();
		await other.query('begin');
		await other.query('select from public.figure_settings where summit_id = $1 for update', [made.summit]);
		await other.query('insert into public.figure_releases (summit_id, number, content) values ($1, $2, $3)', [
			made.summit,
			(numbers.figures ?? 0) + 1,
			JSON.stringify((await counts()).figures?.content)
		]);
		const completed = complete(release, numbers);
		await waitForLocks(db.owner);
		await other.query('commit');
		expect(await completed).toBe('changed');
		expect((await draft(organiser))?.releases[0]?.figures).toBe(numbers.figures);
		await other.query('delete from public.figure_releases where summit_id = $1 and number > $2', [
			made.summit,
			numbers.figures
		]);
	});

	test('does not count what retention has begun to delete, although its period was made longer since', async () => {
		const { summit } = await makeSummit(db.owner);
		expect((await counts(summit)).expired).toEqual([]);
		await db.owner.query(
			`insert into private.begun_deletions (summit_id, class, begun_at) values ($1, 'participation', now())`,
			[summit]
		);
		expect((await counts(summit)).expired).toEqual(['questions']);
	});

	test('the next edition compares itself with it', async () => {
		const next = await makeNextEdition();
		const found = await counts(next);
		expect(found.before).toMatchObject({ id: made.summit, release: { number: 4 } });
		const report = contentOf(found, Date.now());
		expect(report.before).toMatchObject({ number: 4, indicators: (await read())?.content.indicators });
	});
});

describe('the comparison of editions', () => {
	const compare = (who: TestPerson | null, summit: string) =>
		callAs<ComparedEdition[] | null>(db.owner, who, 'public.compare_editions($1)', [summit]);

	test('is for registration organisers and owners alone', async () => {
		const may: string[] = [];
		for (const kind of personKinds) if (await compare(world.people[kind], world.summit)) may.push(kind);
		expect(may).toEqual(['registration', 'owner']);
		await expect(compare(null, world.summit)).rejects.toThrow('permission denied');
		expect(await compare(organiser, '00000000-0000-4000-8000-000000000000')).toBeNull();
	});

	test('has what was released of the others, and no draft of them', async () => {
		const [next, hidden] = [await makeNextEdition(), await makeNextEdition()];
		await db.owner.query(`update public.summits set state = 'draft' where id = any ($1)`, [[next, hidden]]);
		await db.owner.query(
			`insert into public.role_grants (person_id, role, summit_id) values ($1, 'registration', $2)`,
			[organiser.person, next]
		);
		const found = (await compare(organiser, next)) ?? [];
		expect(found.filter(({ is_own }) => is_own)).toHaveLength(1);
		const slugOf = (summit: string) =>
			readValue<string>(db.owner, 'select slug from public.summits where id = $1', [summit]);
		expect(found.map(({ slug }) => slug)).not.toContain(await slugOf(hidden));
		const slug = await slugOf(made.summit);
		expect(found.find((edition) => edition.slug === slug)).toMatchObject({
			indicators: (await read())?.content.indicators,
			figures: { number: 1 }
		});
	});

	test('says when registrations came in to who organises them, until they are deleted', async () => {
		const paceOf = async (who: TestPerson) => {
			const slug = await readValue<string>(db.owner, 'select slug from public.summits where id = $1', [made.summit]);
			const found = await compare(who, who === organiser ? made.summit : world.summit);
			return found?.find((edition) => edition.slug === slug)?.pace;
		};
		const sent = (await paceOf(organiser))?.reduce((sum, day) => sum + day.sent, 0);
		expect(sent).toBe(
			await readValue(db.owner, 'select count(submitted_at)::integer from public.registrations where summit_id = $1', [
				made.summit
			])
		);
		expect(await paceOf(world.people.registration)).toBeNull();
		await db.owner.query(
			`insert into private.begun_deletions (summit_id, class, begun_at) values ($1, 'registrations', now())`,
			[made.summit]
		);
		expect(await paceOf(organiser)).toBeNull();
	});
});
