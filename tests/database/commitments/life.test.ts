/* The life of a commitment: who drafts, agrees, checks and announces it, and that nothing of its history changes. */
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
import { personKinds } from '../../fixtures/world.ts';

const db = useDatabase();
let world: CommitmentWorld;

beforeEach(async () => {
	world = await makeCommitmentWorld(db.owner);
});

const state = (id: string) => readValue<string>(db.owner, 'select state from private.commitments where id = $1', [id]);
const readLink = (hash: string) =>
	readValue<{ is_open: boolean; commitment: object | null } | null>(
		db.owner,
		'select private.read_commitment_link($1)',
		[hash]
	);

describe('drafting', () => {
	test('is for focal points of the member alone', async () => {
		const may: string[] = [];
		for (const kind of personKinds)
			if ((await saveCommitment(world, { who: world.people[kind] })).status === 'ok') may.push(kind);
		expect(may).toEqual(['focal']);
		expect((await saveCommitment(world, { who: world.partner })).status).toBe('not_found');
		await expect(saveCommitment(world, { who: null })).rejects.toThrow('permission denied');
	});

	test('ends for a focal point who is one no more, and for one of an earlier Summit alone', async () => {
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
		{ session: 'UNKNOWN' }
	])('with %j is refused', async (wrong) => {
		expect((await saveCommitment(world, { fields: wrong })).status).toBe('invalid');
		expect(
			await readValue(db.owner, 'select count(*)::int from private.commitments where summit_id = $1', [world.summit])
		).toBe(0);
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

describe('agreement by a personal link', () => {
	test('counts once, and shows only the version that the head is asked about', async () => {
		const drafted = await draftCommitment(world);
		const { status, hash } = await askAgreement(world, drafted);
		expect(status).toBe('ok');
		expect(await readLink(hash)).toMatchObject({ is_open: true, commitment: { code: drafted.code, target: 90 } });
		expect(await answerLink(db.owner, hash)).toBe('ok');
		expect(await state(drafted.id)).toBe('agreed');
		expect(await answerLink(db.owner, hash)).toBe('over');
		expect(await answerLink(db.owner, hash, false, 'No.')).toBe('over');
		expect(await readLink(hash)).toMatchObject({ is_open: false, commitment: null });
		expect(await readLink('0'.repeat(64))).toBeNull();
		expect(await answerLink(db.owner, "' or true")).toBe('over');
	});

	test('ends with a new version, a new link, its time and its revocation', async () => {
		const drafted = await draftCommitment(world);
		const first = await askAgreement(world, drafted);
		const second = await askAgreement(world, drafted);
		expect(await answerLink(db.owner, first.hash)).toBe('over');
		await saveCommitment(world, { id: drafted.id });
		expect(await answerLink(db.owner, second.hash)).toBe('over');
		const third = await askAgreement(world, drafted, { version: 2 });
		await db.owner.query(`update private.commitment_links set expires_at = now() where commitment_id = $1`, [
			drafted.id
		]);
		expect(await answerLink(db.owner, third.hash)).toBe('over');
		const fourth = await askAgreement(world, drafted, { version: 2 });
		await callAs(db.owner, world.people.focal, 'public.revoke_commitment_link($1, $2)', [drafted.id, world.member]);
		expect(await answerLink(db.owner, fourth.hash)).toBe('over');
		expect(await state(drafted.id)).toBe('asked');
	});

	test('stores no token and no address', async () => {
		const { hash } = await askAgreement(world, await draftCommitment(world));
		const stored = await readValue<string>(
			db.owner,
			`select row_to_json(l)::text from private.commitment_links as l where l.token_hash = decode($1, 'hex')`,
			[hash]
		);
		expect(stored).toContain('m…@ministry.example');
		expect(stored).not.toContain('c3c3');
	});

	test('is asked for by focal points of its members alone', async () => {
		const drafted = await draftCommitment(world, { partners: [world.otherMember] });
		for (const kind of personKinds)
			if (kind !== 'focal')
				expect([kind, (await askAgreement(world, drafted, { who: world.people[kind] })).status]).toEqual([
					kind,
					'not_found'
				]);
		expect((await askAgreement(world, drafted, { who: world.partner })).status).toBe('not_found');
		expect((await askAgreement(world, drafted, { who: world.partner, member: world.otherMember })).status).toBe('ok');
	});

	test('of two members at once makes it agreed, once', async () => {
		const drafted = await draftCommitment(world, { partners: [world.otherMember] });
		const links = [
			await askAgreement(world, drafted),
			await askAgreement(world, drafted, { member: world.otherMember })
		];
		const two = await Promise.all([db.connect(), db.connect()]);
		const answers = await Promise.all(two.map((on, index) => answerLink(on, links[index]?.hash ?? '')));
		await Promise.all(two.map((on) => on.end()));
		expect(answers).toEqual(['ok', 'ok']);
		expect(await state(drafted.id)).toBe('agreed');
		const agreed = await readValue(
			db.owner,
			`select count(*)::int from private.commitment_steps where commitment_id = $1 and step = 'agreed'`,
			[drafted.id]
		);
		expect(agreed).toBe(2);
	});

	test('of one member alone is not enough, and one that is sent back ends the links of the others', async () => {
		const drafted = await draftCommitment(world, { partners: [world.otherMember] });
		const own = await askAgreement(world, drafted);
		const other = await askAgreement(world, drafted, { member: world.otherMember });
		expect(await answerLink(db.owner, own.hash)).toBe('ok');
		expect(await state(drafted.id)).toBe('asked');
		expect(await checkCommitment(world, drafted)).toBe('wrong_state');
		expect(await answerLink(db.owner, other.hash, false)).toBe('no_words');
		expect(await answerLink(db.owner, other.hash, false, 'The date is too early.')).toBe('ok');
		expect(await state(drafted.id)).toBe('draft');
	});
});

describe('checking and announcing', () => {
	test('is for those who run the community; a stage organiser may only press the button', async () => {
		const made = await agreeCommitment(world);
		for (const kind of personKinds) {
			const who = world.people[kind];
			expect([kind, await checkCommitment(world, made, { who })]).toEqual([kind, 'not_found']);
		}
		expect(await checkCommitment(world, made, { accepted: false })).toBe('no_words');
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

	test('one that is withdrawn stays in the register with its reason', async () => {
		const made = await makeAnnounced(world);
		const withdraw = (who: typeof world.secretariat, reason: string) =>
			callAs<string>(db.owner, who, 'public.withdraw_commitment($1, $2)', [made.id, reason]);
		expect(await withdraw(world.partner, 'No.')).toBe('not_found');
		expect(await withdraw(world.people.focal, ' ')).toBe('no_words');
		expect(await withdraw(world.people.focal, 'The funds were not granted.')).toBe('ok');
		expect(await withdraw(world.secretariat, 'Again.')).toBe('wrong_state');
		expect(await readCommitment(world, null, made)).toMatchObject({
			status: 'withdrawn',
			withdrawn_reason: 'The funds were not granted.'
		});
		expect((await saveCommitment(world, { id: made.id })).status).toBe('closed');
	});
});
