/* The life of a commitment: who drafts, checks and announces it, and that nothing of its history changes. */
import { beforeEach, describe, expect, test } from 'vitest';
import {
	agreeCommitment,
	announceCommitment,
	answerLink,
	askAgreement,
	checkCommitment,
	codesFor,
	draftCommitment,
	makeAnnounced,
	makeCommitmentWorld,
	readCommitment,
	saveCommitment,
	type CommitmentWorld
} from '../../fixtures/committing.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { personKinds, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let world: CommitmentWorld;

beforeEach(async () => {
	world = await makeCommitmentWorld(db.owner);
});

describe('drafting', () => {
	test('is for focal points of the member alone', async () => {
		const may: string[] = [];
		for (const kind of personKinds)
			if ((await saveCommitment(world, { who: world.people[kind] })).status === 'ok') may.push(kind);
		expect(may).toEqual(['focal']);
		expect((await saveCommitment(world, { who: world.partner })).status).toBe('not_found');
		await expect(saveCommitment(world, { who: null })).rejects.toThrow('permission denied');
	});

	test('ends for the focal point of an earlier Summit when a later one has its own', async () => {
		const { id } = await draftCommitment(world);
		await db.owner.query(
			`insert into public.summits (slug, name, zone, starts_on, ends_on, state)
			select slug || '-next', name, zone, starts_on + 700, ends_on + 700, 'open' from public.summits where id = $1`,
			[world.summit]
		);
		await db.owner.query(
			`insert into public.summit_members (summit_id, member_id, sector)
			select n.id, $1, 'civil_society' from public.summits as n join public.summits as s on n.slug = s.slug || '-next' where s.id = $2`,
			[world.member, world.summit]
		);
		expect((await saveCommitment(world, { id })).status).toBe('ok');
		await db.owner.query(
			`insert into public.focal_points (summit_id, member_id, person_id)
			select n.id, $1, $3 from public.summits as n join public.summits as s on n.slug = s.slug || '-next' where s.id = $2`,
			[world.member, world.summit, world.partner.person]
		);
		expect(await saveCommitment(world, { id, version: 2 })).toEqual({ status: 'not_found' });
		const mine = await callAs<{ members: object[]; commitments: object[] }>(
			db.owner,
			world.people.focal,
			'public.my_commitments()'
		);
		expect(mine).toMatchObject({ members: [], commitments: [] });
	});

	test.each([
		{ title: {} },
		{ baseline: 90 },
		{ target: 'NaN' },
		{ target: 'much' },
		{ due_on: '2090-02-31' },
		{ due_on: '1900-01-01' },
		{ theme: 'unknown' },
		{ countries: ['XX'] },
		{ budget: 5, currency: null },
		{ budget: -1 },
		{ audience: 'everyone' },
		{ title: { original: 'en', en: 'Two\nlines' } },
		{ session: 'UNKNOWN' },
		{ partners: ['00000000-0000-4000-8000-000000000000'] },
		{ partners: ['Quiet Harbour'] }
	])('with %j is refused', async (wrong) => {
		expect((await saveCommitment(world, { fields: wrong })).status).toBe('invalid');
		expect(
			await readValue(db.owner, 'select count(*)::int from private.commitments where summit_id = $1', [world.summit])
		).toBe(0);
	});

	test('keeps a session that its writer does not see, and drops one that they empty', async () => {
		const { id, code } = world.sessions.public;
		const made = await draftCommitment(world, { session: code });
		const session = (version: number) =>
			readValue<string | null>(
				db.owner,
				'select session_id from private.commitment_versions where commitment_id = $1 and number = $2',
				[made.id, version]
			);
		await db.owner.query(
			`update public.sessions set level = 'closed', audience = 'listed', is_recorded = false where id = $1`,
			[id]
		);
		await saveCommitment(world, { id: made.id, fields: { session: '' } });
		expect([await session(1), await session(2)]).toEqual([id, id]);
		await db.owner.query(`update public.sessions set level = 'public', audience = 'everyone' where id = $1`, [id]);
		await saveCommitment(world, { id: made.id, version: 2, fields: { session: '' } });
		expect(await session(3)).toBeNull();
	});

	test('keeps each version, and refuses a stale page', async () => {
		const { id } = await draftCommitment(world);
		expect((await saveCommitment(world, { id, fields: { target: 95 } })).status).toBe('ok');
		expect((await saveCommitment(world, { id, fields: { target: 99 } })).status).toBe('conflict');
		const { rows } = await db.owner.query(
			'select number, target::int, written_by from private.commitment_versions where commitment_id = $1 order by number',
			[id]
		);
		const by = world.people.focal.person;
		expect(rows).toEqual([
			{ number: 1, target: 90, written_by: by },
			{ number: 2, target: 95, written_by: by }
		]);
	});

	test.each([
		'update private.commitment_versions set target = 1',
		'delete from private.commitment_versions',
		'update private.commitment_steps set reason = $$x$$',
		'delete from private.commitment_steps',
		'update private.commitment_reports set value = 2',
		'delete from private.commitment_reports'
	])('no history is changed, even by the owner of the database: %s', async (statement) => {
		const made = await makeAnnounced(world);
		await callAs(
			db.owner,
			world.people.focal,
			`public.report_commitment($1, $2, 'on_track', 1, '{"original":"en","en":"R"}')`,
			[made.id, world.member]
		);
		await expect(db.owner.query(`${statement} where commitment_id = '${made.id}'`)).rejects.toThrow('never changed');
	});
});

describe('checking and announcing', () => {
	test('is for those who run the community; a stage organiser may only press the button', async () => {
		const made = await agreeCommitment(world);
		for (const kind of personKinds) {
			const who = world.people[kind];
			expect([kind, await checkCommitment(world, made, { who })]).toEqual([kind, 'not_found']);
		}
		expect(await checkCommitment(world, made, { accepted: false })).toBe('reason_needed');
		expect(await announceCommitment(world, made)).toBe('wrong_state');
		expect(await checkCommitment(world, made)).toBe('ok');
		const later = new Date(Date.now() + 3_600_000);
		expect(await announceCommitment(world, made, { who: world.people.stage, at: later })).toBe('not_found');
		for (const kind of personKinds)
			if (kind !== 'stage' && kind !== 'owner')
				expect([kind, await announceCommitment(world, made, { who: world.people[kind] })]).toEqual([kind, 'not_found']);
		expect(await announceCommitment(world, made, { who: world.people.stage })).toBe('ok');
		expect(await announceCommitment(world, made)).toBe('wrong_state');
	});

	test('at a time shows nothing before it, and a new version takes it back', async () => {
		const made = await agreeCommitment(world);
		await checkCommitment(world, made);
		expect(await announceCommitment(world, made, { at: new Date(Date.now() + 3_600_000) })).toBe('ok');
		expect(await codesFor(world, null)).not.toContain(made.code);
		expect(await readCommitment(world, world.people.delegate, made)).toBeNull();
		await saveCommitment(world, { id: made.id });
		const steps = await db.owner.query<{ step: string }>(
			'select step from private.commitment_steps where commitment_id = $1 order by id desc limit 1',
			[made.id]
		);
		expect(steps.rows).toEqual([{ step: 'unscheduled' }]);
	});

	test('at a time can be moved, taken back, and pressed earlier on stage', async () => {
		const made = await agreeCommitment(world);
		await checkCommitment(world, made);
		const { stage } = world.people;
		const work = async (who: TestPerson) =>
			(
				await callAs<{ commitments: { code: string; scheduled_at: string | null; state: string }[] }>(
					db.owner,
					who,
					'public.list_commitment_work()'
				)
			).commitments.find(({ code }) => code === made.code);
		const takeBack = (who: TestPerson, version = 1) =>
			callAs<string>(db.owner, who, 'public.unschedule_commitment($1, $2)', [made.id, version]);
		const [soon, later] = [new Date(Date.now() + 3_600_000), new Date(Date.now() + 7_200_000)];
		expect(await takeBack(world.secretariat)).toBe('wrong_state');
		expect(await announceCommitment(world, made, { at: soon })).toBe('ok');
		expect(await announceCommitment(world, made, { at: later })).toBe('ok');
		expect(Date.parse((await work(stage))?.scheduled_at ?? '')).toBe(Math.trunc(later.getTime() / 1000) * 1000);
		expect([await takeBack(stage), await takeBack(world.secretariat, 2)]).toEqual(['not_found', 'conflict']);
		expect(await takeBack(world.secretariat)).toBe('ok');
		expect(await work(world.secretariat)).toMatchObject({ state: 'checked', scheduled_at: null });
		expect(await announceCommitment(world, made, { at: soon })).toBe('ok');
		expect(await announceCommitment(world, made, { who: stage })).toBe('ok');
		expect(await codesFor(world, null)).toContain(made.code);
		expect([await work(stage), await work(world.secretariat)]).toEqual([undefined, undefined]);
		expect([await takeBack(world.secretariat), await announceCommitment(world, made)]).toEqual([
			'wrong_state',
			'wrong_state'
		]);
		// The times that were taken back do not take it back when they come.
		expect(await saveCommitment(world, { id: made.id })).toMatchObject({ status: 'ok' });
		expect(await codesFor(world, null)).toContain(made.code);
	});

	test('a new version is not shown before it is announced, and keeps the one before in its history', async () => {
		const made = await makeAnnounced(world);
		await saveCommitment(world, {
			id: made.id,
			fields: { target: 95, note: 'A higher target', partners: [world.otherMember] }
		});
		expect(await readCommitment(world, null, made)).toMatchObject({
			target: 90,
			partners: [],
			versions: [{ number: 1 }]
		});
		for (const member of [world.member, world.otherMember]) {
			const { hash } = await askAgreement(world, made, { version: 2, member });
			await answerLink(db.owner, hash);
		}
		await checkCommitment(world, made, { version: 2 });
		await announceCommitment(world, made, { version: 2 });
		expect(await readCommitment(world, null, made)).toMatchObject({
			target: 95,
			partners: [{ id: world.otherMember }],
			versions: [
				{ number: 2, note: 'A higher target' },
				{ number: 1, target: 90 }
			]
		});
	});

	/** The topics of the events that an act sends. */
	async function topicsOf(act: () => Promise<unknown>): Promise<string[]> {
		const listener = await db.connect();
		const topics: string[] = [];
		listener.on('notification', ({ payload }) => topics.push((JSON.parse(payload ?? '{}') as { topic: string }).topic));
		await listener.query('listen live_events');
		await act();
		await listener.query('select 1');
		await listener.end();
		return topics;
	}

	test('empties the caches of the register; scheduling one sends no event to the pages of the Summit', async () => {
		const made = await agreeCommitment(world);
		// A checked version for members closes the one that was announced for all.
		expect(await topicsOf(() => checkCommitment(world, made))).toContain('site');
		const topics = await topicsOf(() => announceCommitment(world, made, { at: new Date(Date.now() + 3_600_000) }));
		expect(topics).toContain('site');
		expect(topics.filter((topic) => topic.endsWith(world.summit))).toEqual([]);
	});

	test('a version after the Summit is archived keeps its partners', async () => {
		const made = await makeAnnounced(world, { partners: [world.otherMember] });
		await db.owner.query(`update public.summits set state = 'archived' where id = $1`, [world.summit]);
		expect((await saveCommitment(world, { id: made.id, fields: { partners: [world.otherMember] } })).status).toBe('ok');
		const { commitments } = await callAs<{ commitments: object[] }>(
			db.owner,
			world.people.focal,
			'public.my_commitments()'
		);
		expect(commitments).toMatchObject([{ version: 2, summit_id: world.summit, partners: [{ id: world.otherMember }] }]);
	});

	test('one that is withdrawn stays in the register with its reason', async () => {
		const made = await makeAnnounced(world);
		const withdraw = (who: typeof world.secretariat, reason: string) =>
			callAs<string>(db.owner, who, 'public.withdraw_commitment($1, $2)', [made.id, reason]);
		expect(await withdraw(world.partner, 'No.')).toBe('not_found');
		expect(await withdraw(world.people.focal, ' ')).toBe('reason_needed');
		expect(await withdraw(world.people.focal, 'The funds were not granted.')).toBe('ok');
		expect(await withdraw(world.secretariat, 'Again.')).toBe('wrong_state');
		expect(await readCommitment(world, null, made)).toMatchObject({
			status: 'withdrawn',
			withdrawn_reason: 'The funds were not granted.'
		});
		expect((await saveCommitment(world, { id: made.id })).status).toBe('closed');
	});
});

test('those who run the community list the sites that may embed the register, and nobody else does', async () => {
	const save = (who: TestPerson | null, origins: (string | null)[] | null) =>
		callAs<string>(db.owner, who, 'public.save_register_origins($1)', [origins]);
	const sites = () => callAs<string[]>(db.owner, null, 'public.read_register_origins()');
	expect(await save(world.secretariat, ['https://b.example', 'https://a.example', 'https://a.example'])).toBe('ok');
	expect(await sites()).toEqual(['https://a.example', 'https://b.example']);
	for (const who of [world.people.focal, world.people.programme, world.people.listed])
		expect(await save(who, ['https://evil.example'])).toBe('not_allowed');
	for (const wrong of [
		['https://*.example'],
		['http://a.example'],
		["https://a.example; script-src 'unsafe-inline'"],
		[null],
		Array.from({ length: 21 }, (_, at) => `https://a${at}.example`)
	])
		expect(await save(world.secretariat, wrong)).toBe('invalid');
	expect(await sites()).toEqual(['https://a.example', 'https://b.example']);
	expect(await save(world.secretariat, [])).toBe('ok');
	expect(await sites()).toEqual([]);
});
