/* External reviewers: one address, one call, one last day, and access only to assigned proposals. */
import { createHash, randomBytes } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { hashAddress, proveAddress } from '../../fixtures/inviting.ts';
import { makeCall, propose, type OpenCall } from '../../fixtures/proposing.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { setCaller, makePerson, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let call: OpenCall;
let ana: TestPerson;
let reader: TestPerson;
let to: string;

beforeEach(async () => {
	call = await makeCall(db.owner);
	ana = await makePerson(db.owner, 'Ana Lima');
	reader = await makePerson(db.owner, '');
	to = `reader.${randomBytes(4).toString('hex')}@example.org`;
});

async function invite(
	who = call.programme,
	{ address = to, until = "now() + interval '10 days'", name = 'Rui Reader' } = {}
) {
	const token = createHash('sha256').update(randomBytes(24)).digest('hex');
	const letter = {
		hash: hashAddress(address),
		sealed: randomBytes(60).toString('hex'),
		key_id: 'test',
		token_hash: token,
		secret: randomBytes(80).toString('hex')
	};
	const status = await callAs<string>(db.owner, who, `public.invite_reviewer($1, $2, $3, '{}', ${until})`, [
		call.summit,
		JSON.stringify(letter),
		name
	]);
	return { status, token };
}
const read = (who: TestPerson | null, token: string) =>
	callAs<{ state: string; mine: boolean | null } | null>(db.owner, who, 'public.read_reviewer_invitation($1)', [token]);
const answer = (who: TestPerson, token: string, accept = true, on = db.owner) =>
	callAs<string>(on, who, 'public.answer_reviewer_invitation($1, $2)', [token, accept]);
const mine = (who: TestPerson) => callAs<object | null>(db.owner, who, 'public.read_reviews($1)', [call.summit]);

test('the link is answered once, by a person with the proven address, and grants the committee and nothing else', async () => {
	const proposal = await propose(db.owner, call, ana);
	const { token, status } = await invite();
	expect(status).toBe('ok');
	expect([await read(null, token), (await read(reader, token))?.mine, await read(null, 'f'.repeat(64))]).toEqual([
		expect.objectContaining({ state: 'open', mine: null }),
		false,
		null
	]);
	expect(JSON.stringify(await read(reader, token))).not.toContain('Rui');
	for (const who of [reader, ana, call.programme]) expect(await answer(who, token)).toBe('not_yours');
	await proveAddress(db.owner, reader, to);
	// An assistant may speak for them, but cannot read for them.
	const aide = await makePerson(db.owner, 'Aide');
	await db.owner.query(
		`insert into public.account_people (account_id, person_id, relation, scope) values ($1, $2, 'assistant', 'all')`,
		[aide.account, reader.person]
	);
	expect(await answer(aide, token)).toBe('not_yours');
	const many = await Promise.all([1, 2, 3, 4].map(() => db.connect()));
	const answers = await Promise.all(many.map((on) => answer(reader, token, true, on)));
	expect(answers.toSorted()).toEqual(['accepted', 'accepted', 'accepted', 'ok']);
	expect(await readValue(db.owner, 'select display_name from public.people where id = $1', [reader.person])).toBe(
		'Rui Reader'
	);
	// A reviewer without assignments reads nothing; an assigned proposal is read alone, without names.
	expect(await callAs(db.owner, reader, 'public.read_review($1)', [proposal])).toBeNull();
	await callAs(db.owner, call.programme, 'public.assign_reviewer($1, $2, $3)', [
		call.summit,
		[proposal],
		reader.person
	]);
	const review = await callAs(db.owner, reader, 'public.read_review($1)', [proposal]);
	expect(JSON.stringify(review)).toContain('Hotlines');
	expect(JSON.stringify(review)).not.toContain('Ana Lima');
	expect([
		await callAs(db.owner, reader, 'public.read_committee($1)', [call.summit]),
		await callAs(db.owner, reader, 'public.read_selection($1)', [call.summit]),
		await callAs(db.owner, reader, "public.read_draft($1) -> 'sessions'", [call.summit]),
		await callAs(db.owner, reader, 'public.list_reviewer_invitations($1)', [call.summit])
	]).toEqual([null, null, [], []]);
});

test('ends on its last day, together with the right to read', async () => {
	const proposal = await propose(db.owner, call, ana);
	const { token } = await invite();
	await proveAddress(db.owner, reader, to);
	expect(await answer(reader, token)).toBe('ok');
	await callAs(db.owner, call.programme, 'public.assign_reviewer($1, $2, $3)', [
		call.summit,
		[proposal],
		reader.person
	]);
	expect(await mine(reader)).not.toBeNull();
	await db.owner.query(`update private.reviewers set until = now() - interval '1 second' where person_id = $1`, [
		reader.person
	]);
	expect([await mine(reader), await callAs(db.owner, reader, 'public.read_review($1)', [proposal])]).toEqual([
		null,
		null
	]);
	expect(
		await callAs<{ status: string }>(db.owner, reader, `public.save_review($1, '{}', 'Late', false, 0)`, [proposal])
	).toMatchObject({ status: 'not_found' });
	const other = await propose(db.owner, call, ana, 'Another one');
	expect(
		await callAs(db.owner, call.programme, 'public.assign_reviewer($1, $2, $3)', [call.summit, [other], reader.person])
	).toEqual({ assigned: 0, conflicts: 0 });
	expect(await callAs(db.owner, call.programme, 'public.remind_reviewers($1)', [call.summit])).toBe(0);
	expect(await callAs(db.owner, call.programme, 'public.assign_reviews_evenly($1, 1)', [call.summit])).toMatchObject({
		assigned: 0
	});
});

test('is made by programme organisers only, can be withdrawn, and ends with the right of its maker', async () => {
	for (const who of [ana, reader]) expect((await invite(who)).status).toBe('not_allowed');
	expect((await invite(call.programme, { until: `now() - interval '1 day'` })).status).toBe('invalid');
	expect((await invite(call.programme, { until: `now() + interval '2 years'` })).status).toBe('invalid');
	expect((await invite(call.programme, { name: ' ' })).status).toBe('invalid');
	const first = await invite();
	await proveAddress(db.owner, reader, to);
	// A repeated request on the same day: one mail, one row, and the same link.
	const second = await invite(call.programme, { name: 'Rui R. Reader' });
	expect([await read(reader, second.token), (await read(reader, first.token))?.state]).toEqual([null, 'open']);
	const [listed, ...others] = await callAs<{ id: string; display_name: string }[]>(
		db.owner,
		call.programme,
		'public.list_reviewer_invitations($1)',
		[call.summit]
	);
	expect([listed?.display_name, others]).toEqual(['Rui R. Reader', []]);
	expect(
		await readValue(
			db.owner,
			`select count(*)::integer from private.outbox where template = 'reviewer_invited' and summit_id = $1`,
			[call.summit]
		)
	).toBe(1);
	await db.owner.query(`update public.role_grants set ended_at = now() where person_id = $1`, [call.programme.person]);
	expect(await answer(reader, first.token)).toBe('expired');
	await db.owner.query(`update public.role_grants set ended_at = null where person_id = $1`, [call.programme.person]);
	expect(await callAs(db.owner, ana, 'public.withdraw_reviewer_invitation($1)', [listed?.id])).toBe('not_allowed');
	expect(await callAs(db.owner, call.programme, 'public.withdraw_reviewer_invitation($1)', [listed?.id])).toBe('ok');
	expect([await answer(reader, first.token), await mine(reader)]).toEqual(['withdrawn', null]);
});

test('changing tracks keeps an external reviewer’s last day', async () => {
	const { token } = await invite();
	await proveAddress(db.owner, reader, to);
	expect(await answer(reader, token)).toBe('ok');
	const until = () =>
		readValue<Date | null>(db.owner, `select until from private.reviewers where summit_id = $1 and person_id = $2`, [
			call.summit,
			reader.person
		]);
	const before = await until();
	expect(before).not.toBeNull();
	const save = () =>
		callAs(db.owner, call.programme, 'public.save_reviewer($1, $2, $3)', [
			call.summit,
			reader.person,
			[call.tracks[0]]
		]);
	expect(await save()).toBe('ok');
	expect(await until()).toEqual(before);
	// A person whose time is over is added again, without an end.
	await db.owner.query(`update private.reviewers set until = now() - interval '1 day' where person_id = $1`, [
		reader.person
	]);
	expect(await save()).toBe('ok');
	expect(await until()).toBeNull();
});

test('the limit is two hundred invitations a day, also when two arrive at once', async () => {
	await db.owner.query(
		`insert into private.reviewer_invitations (summit_id, track_ids, display_name, access_ends_at, address_hash, invited_by)
		select $1, '{}', 'Reader', now() + interval '1 day', sha256(n::text::bytea), $2 from generate_series(1, 199) as n`,
		[call.summit, call.programme.person]
	);
	const other = await db.connect();
	await other.query('begin');
	await setCaller(other, call.programme);
	const letter = (address: string) =>
		JSON.stringify({
			hash: hashAddress(address),
			sealed: 'ab'.repeat(40),
			key_id: 'test',
			token_hash: createHash('sha256').update(address).digest('hex'),
			secret: 'ab'.repeat(40)
		});
	const sql = `select public.invite_reviewer($1, $2, 'Rui', '{}', now() + interval '10 days') as answer`;
	expect((await other.query(sql, [call.summit, letter(to)])).rows).toEqual([{ answer: 'ok' }]);
	const second = invite(call.programme, { address: `second.${to}` });
	setTimeout(() => void other.query('commit'), 500);
	expect((await second).status).toBe('limited');
});
