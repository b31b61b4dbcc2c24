/* The heads of members agree to a commitment by personal links. */
import { beforeEach, describe, expect, test } from 'vitest';
import {
	answerLink,
	askAgreement,
	checkCommitment,
	draftCommitment,
	makeCommitmentWorld,
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

	test('ends when who asked is no longer a focal point', async () => {
		const drafted = await draftCommitment(world);
		const { hash } = await askAgreement(world, drafted);
		await db.owner.query('update public.focal_points set until = now() where person_id = $1', [
			world.people.focal.person
		]);
		expect(await readLink(hash)).toMatchObject({ is_open: false, commitment: null });
		expect(await answerLink(db.owner, hash)).toBe('over');
	});

	test('can be asked for by an assistant', async () => {
		const drafted = await draftCommitment(world);
		const assistant = world.people.newcomer;
		await db.owner.query(
			`insert into public.account_people (account_id, person_id, relation, scope) values ($1, $2, 'assistant', 'registration')`,
			[assistant.account, world.people.focal.person]
		);
		const { status, hash } = await askAgreement(world, drafted, { who: assistant });
		expect([status, (await readLink(hash))?.is_open]).toEqual(['ok', true]);
		await db.owner.query(
			`update public.account_people set until = now() where account_id = $1 and relation = 'assistant'`,
			[assistant.account]
		);
		expect((await readLink(hash))?.is_open).toBe(false);
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
		expect(await answerLink(db.owner, other.hash, false)).toBe('reason_needed');
		expect(await answerLink(db.owner, other.hash, false, 'The date is too early.')).toBe('ok');
		expect(await state(drafted.id)).toBe('draft');
	});
});
