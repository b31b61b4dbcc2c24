/* Progress: who reports, verifies and comments, what a commitment's status follows from, and who is reminded. */
import { beforeEach, describe, expect, test } from 'vitest';
import {
	agreeCommitment,
	announceVersion,
	answerLink,
	askAgreement,
	checkCommitment,
	codesFor,
	draftCommitment,
	makeAnnounced,
	makeCommitmentWorld,
	readCommitment,
	reportCommitment,
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

const comment = (who: TestPerson, { id }: { id: string }, member = world.otherMember, body = 'Which languages?') =>
	callAs<string>(db.owner, who, 'public.comment_commitment($1, $2, $3)', [id, member, body]);
const verify = (who: TestPerson, report: string) =>
	callAs<string>(db.owner, who, 'public.verify_commitment_report($1)', [report]);

describe('a report', () => {
	test('is written by focal points of its members after the announcement alone', async () => {
		const draft = await draftCommitment(world);
		expect(await reportCommitment(world, draft)).toBe('not_announced');
		const made = await makeAnnounced(world);
		for (const kind of personKinds)
			if (kind !== 'focal')
				expect([kind, await reportCommitment(world, made, { who: world.people[kind] })]).toEqual([kind, 'not_found']);
		expect(await reportCommitment(world, made, { who: world.partner, member: world.otherMember })).toBe('not_found');
		expect(await reportCommitment(world, made, { member: world.otherMember })).toBe('not_found');
		expect(await reportCommitment(world, made)).toBe('ok');
		expect(await readCommitment(world, null, made)).toMatchObject({
			status: 'on_track',
			value: 60,
			is_verified: false
		});
	});

	test.each([
		{ progress: 'at_risk', value: 'NaN' },
		{ links: [{ url: 'javascript:alert(1)', title: 'Evidence' }] },
		{ links: [{ url: 'https://example.org', title: '' }] },
		{ links: [{ url: 'https://example.org', title: 'Evidence', more: 'x' }] },
		{
			links: [
				{ url: 'https://example.org', title: 'Evidence' },
				{ url: 'https://example.org', title: 'The same' }
			]
		}
	])('with %j is refused', async (wrong) => {
		expect(await reportCommitment(world, await makeAnnounced(world), wrong)).toBe('invalid');
	});

	test('is verified by those who run the community, once, and the next one is not by that', async () => {
		const made = await makeAnnounced(world);
		await reportCommitment(world, made);
		const id = await readValue<string>(db.owner, 'select id from private.commitment_reports where commitment_id = $1', [
			made.id
		]);
		for (const kind of personKinds) expect([kind, await verify(world.people[kind], id)]).toEqual([kind, 'not_found']);
		expect(await verify(world.secretariat, id)).toBe('ok');
		expect(await verify(world.secretariat, id)).toBe('already');
		const read = await readCommitment(world, null, made);
		expect(read).toMatchObject({ is_verified: true, reports: [{ verified_by: null }] });
		expect(await readCommitment(world, world.secretariat, made)).toMatchObject({
			reports: [{ verified_by: world.secretariat.name }]
		});
		await reportCommitment(world, made, { progress: 'at_risk' });
		expect(await readCommitment(world, null, made)).toMatchObject({ status: 'at_risk', is_verified: false });
	});
});

test('what was delivered and verified counts for the version that promised it', async () => {
	const made = await makeAnnounced(world);
	await reportCommitment(world, made, { progress: 'delivered', value: '90' });
	const report = 'select id from private.commitment_reports where commitment_id = $1';
	expect(await verify(world.secretariat, await readValue(db.owner, report, [made.id]))).toBe('ok');
	const row = { status: 'delivered', is_verified: true, value: 90 };
	expect(await readCommitment(world, null, made)).toMatchObject(row);
	await announceVersion(world, made, 2, { target: 200 });
	const now = { status: 'not_reported', is_verified: false, value: null, reported_at: null };
	expect(await readCommitment(world, null, made)).toMatchObject({ ...now, reports: [{ value: 90 }] });
	const { commitments } = await callAs<{ commitments: { code: string }[] }>(
		db.owner,
		null,
		'public.list_commitments()'
	);
	expect(commitments.find(({ code }) => code === made.code)).toMatchObject(now);
});

test('one commitment is found by an index, whatever else is in the register', async () => {
	await db.owner.query('begin');
	await db.owner.query('set local enable_seqscan = off; set local plan_cache_mode = force_generic_plan');
	await db.owner.query('prepare one (uuid) as select * from private.shown_commitment_versions(array[$1])');
	const { rows } = await db.owner.query<Record<string, string>>('explain execute one (gen_random_uuid())');
	await db.owner.query('deallocate one; rollback');
	expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/Index Cond: \(\(?s?\.?commitment_id = ANY/);
});

describe('a report that was written for members', () => {
	test('stays with them when the commitment becomes public', async () => {
		const made = await makeAnnounced(world, { audience: 'members' });
		expect(await reportCommitment(world, made, { progress: 'at_risk' })).toBe('ok');
		await db.owner.query('alter table private.commitment_steps disable trigger never_change');
		await db.owner.query(
			`update private.commitment_steps set effective_at = '2026-01-01' where commitment_id = $1 and step = 'announced'`,
			[made.id]
		);
		await db.owner.query('alter table private.commitment_steps enable trigger never_change');
		await announceVersion(world, made, 2, { audience: 'public' });
		expect(await readCommitment(world, world.people.delegate, made)).toMatchObject({
			announced_at: '2026-01-01T00:00:00Z'
		});
		const publicRow = { status: 'not_reported', value: null, reported_at: null, is_verified: false };
		for (const who of [null, world.people.newcomer]) {
			const read = await readCommitment(world, who, made);
			expect(read).toMatchObject({ ...publicRow, reports: [] });
			expect(read?.['announced_at']).not.toBe('2026-01-01T00:00:00Z');
			const { commitments } = await callAs<{ commitments: { code: string }[] }>(
				db.owner,
				who,
				'public.list_commitments()'
			);
			expect(commitments.find(({ code }) => code === made.code)).toMatchObject(publicRow);
		}
		for (const who of [world.people.delegate, world.people.focal, world.secretariat])
			expect(await readCommitment(world, who, made)).toMatchObject({
				status: 'at_risk',
				value: 60,
				reports: [{ progress: 'at_risk' }]
			});
		expect(await reportCommitment(world, made)).toBe('ok');
		expect(await readCommitment(world, null, made)).toMatchObject({ status: 'on_track', reports: [{ value: 60 }] });
	});

	test('is one already if the newest version is for members, though another is shown', async () => {
		const made = await makeAnnounced(world);
		await saveCommitment(world, { id: made.id, fields: { audience: 'members' } });
		await reportCommitment(world, made);
		expect(await readCommitment(world, null, made)).toMatchObject({ status: 'not_reported', reports: [] });
	});
});

test('what was delivered does not count for a version that was announced later', async () => {
	const made = await makeAnnounced(world);
	await reportCommitment(world, made, { progress: 'delivered', value: 90 });
	await announceVersion(world, made, 2, { target: 99, baseline: 90 });
	expect(await readCommitment(world, null, made)).toMatchObject({
		status: 'not_reported',
		versions: [
			{ number: 2, baseline: 90, target: 99 },
			{ number: 1, baseline: 40, target: 90 }
		]
	});
	await reportCommitment(world, made, { progress: 'delivered', value: 99 });
	expect(await readCommitment(world, null, made)).toMatchObject({ status: 'delivered' });
});

test('a commitment is overdue by its date alone, unless it was delivered', async () => {
	const made = await makeAnnounced(world, { due_on: '2020-01-01' });
	expect(await readCommitment(world, null, made)).toMatchObject({ status: 'overdue' });
	await reportCommitment(world, made);
	expect(await readCommitment(world, null, made)).toMatchObject({ status: 'overdue' });
	await reportCommitment(world, made, { progress: 'delivered', value: 90 });
	expect(await readCommitment(world, null, made)).toMatchObject({ status: 'delivered' });
});

test('peers comment for their member, and people of members alone read it', async () => {
	const made = await makeAnnounced(world);
	expect(await comment(world.people.delegate, made)).toBe('not_found');
	expect(await comment(world.partner, made, world.member)).toBe('not_found');
	expect(await comment(world.partner, made)).toBe('ok');
	expect(await comment(world.partner, await draftCommitment(world))).toBe('not_found');
	expect(await readCommitment(world, null, made)).toMatchObject({ comments: null });
	expect(await readCommitment(world, world.people.newcomer, made)).toMatchObject({ comments: null });
	const read = await readCommitment(world, world.people.delegate, made);
	expect(read).toMatchObject({ comments: [{ body: 'Which languages?' }] });
	expect(JSON.stringify(read)).not.toContain(world.partner.name);
});

describe('who sees a commitment', () => {
	test('for members: people of members, the community, and nobody by a count, a list or a section', async () => {
		const open = await makeAnnounced(world);
		const hidden = await makeAnnounced(world, { audience: 'members' });
		const seers: string[] = [];
		for (const kind of personKinds) {
			const codes = await codesFor(world, world.people[kind]);
			expect(codes).toContain(open.code);
			if (codes.includes(hidden.code)) seers.push(kind);
			expect(await readCommitment(world, world.people[kind], hidden)).toEqual(
				codes.includes(hidden.code) ? expect.objectContaining({ code: hidden.code }) : null
			);
		}
		expect(seers).toEqual(['delegate', 'virtual', 'focal', 'speaker', 'listed']);
		expect(await codesFor(world, world.secretariat)).toContain(hidden.code);
		expect(await codesFor(world, null)).not.toContain(hidden.code);
		expect(await readCommitment(world, null, hidden)).toBeNull();
		expect(await comment(world.people.newcomer, hidden)).toBe('not_found');
	});

	test('a version for members closes the one that was announced for all once it is checked', async () => {
		const made = await makeAnnounced(world);
		await saveCommitment(world, { id: made.id, fields: { audience: 'members' } });
		const { hash } = await askAgreement(world, made, { version: 2 });
		await answerLink(db.owner, hash);
		expect(await readCommitment(world, null, made)).toMatchObject({ number: 1 });
		await checkCommitment(world, made, { version: 2 });
		expect(await readCommitment(world, null, made)).toBeNull();
		expect(await readCommitment(world, world.people.delegate, made)).toMatchObject({ code: made.code });
	});

	test('organisers of its Summit read nothing of one in the audit', async () => {
		const made = await agreeCommitment(world);
		const id = await readValue<string>(db.owner, 'select id from private.commitments where code = $1', [made.code]);
		const written = await readValue<number>(
			db.owner,
			`select count(*)::int from audit.entries where table_name like 'private.commitment%' and summit_id = $1`,
			[world.summit]
		);
		expect(written).toBeGreaterThan(0);
		for (const kind of ['registration', 'owner'] as const) {
			const audit = await callAs<{ entries: { table: string }[] }>(
				db.owner,
				world.people[kind],
				'public.list_audit($1, $2)',
				[world.summit, {}]
			);
			expect(audit.entries.length).toBeGreaterThan(0);
			expect(audit.entries.filter(({ table }) => table.startsWith('private.commitment'))).toEqual([]);
			expect(JSON.stringify(audit)).not.toContain(id);
		}
	});

	test('a draft: its members and the community, in their lists of work alone', async () => {
		const draft = await draftCommitment(world, { partners: [world.otherMember] });
		const mine = async (who: TestPerson) =>
			(await callAs<{ commitments: { code: string }[] }>(db.owner, who, 'public.my_commitments()')).commitments.map(
				({ code }) => code
			);
		expect(await mine(world.people.focal)).toEqual([draft.code]);
		expect(await mine(world.partner)).toEqual([draft.code]);
		for (const kind of personKinds) {
			if (kind !== 'focal') expect([kind, await mine(world.people[kind])]).toEqual([kind, []]);
			expect(await codesFor(world, world.people[kind])).not.toContain(draft.code);
			expect(await readCommitment(world, world.people[kind], draft)).toBeNull();
			const work = await callAs<{ runs: boolean; commitments: { code: string }[] } | null>(
				db.owner,
				world.people[kind],
				'public.list_commitment_work()'
			);
			expect([kind, work?.commitments ?? null]).toEqual([kind, kind === 'stage' || kind === 'owner' ? [] : null]);
		}
		const work = await callAs<{ commitments: { code: string; drafted_by: string }[] }>(
			db.owner,
			world.secretariat,
			'public.list_commitment_work()'
		);
		expect(work.commitments.find(({ code }) => code === draft.code)?.drafted_by).toBe(world.people.focal.name);
	});
});

describe('mails', () => {
	const mails = async (template: string) =>
		(
			await db.owner.query<{ person_id: string }>(
				'select person_id from private.outbox where template = $1 and summit_id = $2',
				[template, world.summit]
			)
		).rows.map(({ person_id }) => person_id);
	const run = () => readValue<number>(db.owner, 'select private.send_commitment_mails()');
	// The triggers that keep histories are switched off to make something old.
	async function age(id: string, months: number) {
		await db.owner.query(`alter table private.commitment_steps disable trigger never_change`);
		await db.owner.query(
			`update private.commitment_steps set effective_at = effective_at - make_interval(months => $2) where commitment_id = $1`,
			[id, months]
		);
		await db.owner.query(`alter table private.commitment_steps enable trigger never_change`);
	}

	test('an announcement is mailed once to the focal points of today', async () => {
		await makeAnnounced(world);
		await run();
		expect(await mails('commitment_announced')).toEqual([world.people.focal.person]);
	});

	test('an announcement that was taken back is not mailed, also for the version before', async () => {
		const made = await makeAnnounced(world);
		await saveCommitment(world, { id: made.id, fields: { target: 95, note: 'A higher target' } });
		await age(made.id, 12);
		await db.owner.query(
			`insert into private.commitment_steps (commitment_id, number, step, effective_at)
			values ($1, 2, 'announced', now() - interval '1 minute'), ($1, 2, 'unscheduled', now())`,
			[made.id]
		);
		await db.owner.query(`delete from private.outbox where template = 'commitment_announced'`);
		await run();
		expect(await mails('commitment_announced')).toEqual([]);
	});

	test('a reminder goes to the focal point of today after six months, and ends with a report or the end', async () => {
		const made = await makeAnnounced(world);
		await run();
		expect(await mails('commitment_reminder')).toEqual([]);
		await age(made.id, 7);
		await db.owner.query('update public.focal_points set until = now() where person_id = $1', [
			world.people.focal.person
		]);
		await db.owner.query('insert into public.focal_points (summit_id, member_id, person_id) values ($1, $2, $3)', [
			world.summit,
			world.member,
			world.people.delegate.person
		]);
		await run();
		await run();
		expect(await mails('commitment_reminder')).toEqual([world.people.delegate.person]);
		await db.owner.query(`update private.commitment_reminders set sent_at = sent_at - interval '7 months'`);
		expect(await reportCommitment(world, made, { who: world.people.delegate, progress: 'delivered' })).toBe('ok');
		await run();
		expect(await mails('commitment_reminder')).toEqual([world.people.delegate.person]);
	});
});
