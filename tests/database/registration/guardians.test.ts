/*
 * People under 18: whom they name, who is asked, who consents. A name, an address or a reference reveals nobody: for a
 * known, an unknown and a protected person, answers, rows and mails are the same for the person who typed it and for
 * organisers.
 */
import { createHash } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import {
	callAs,
	makeDrafts,
	makePeople,
	makeSummit,
	register,
	readValue,
	type RegisteringSummit
} from '../../fixtures/registering.ts';
import { chooseAlias } from '../../fixtures/choosing-alias.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let summit: RegisteringSummit;
let young: TestPerson;
let guardian: TestPerson;
let outsider: TestPerson;
let draft: string;
let guardians: string;

beforeEach(async () => {
	summit = await makeSummit(db.owner);
	[young, guardian, outsider] = (await makePeople(db.owner, 3)) as [TestPerson, TestPerson, TestPerson];
	[draft = ''] = await makeDrafts(db.owner, summit.summit, [young], () => summit.members[0] ?? '');
	await db.owner.query('update public.registrations set is_minor = true where id = $1', [draft]);
	guardians = (await register(db.owner, guardian, summit.summit, summit.members[0] ?? '')).id;
});

const hashOf = (address: string) => createHash('sha256').update(address).digest('hex');
const sealed = (address: string) => ({ hash: hashOf(address), sealed: 'ab'.repeat(30), key_id: 'k' });
const name = (by: TestPerson, reference: string, address = '') =>
	callAs<string>(db.owner, by, 'public.name_guardian($1, $2, $3)', [
		draft,
		reference,
		address === '' ? null : JSON.stringify(sealed(address))
	]);
const seen = (by: TestPerson) => callAs<object | null>(db.owner, by, 'public.read_guardian($1)', [draft]);
const own = async (by: TestPerson) =>
	callAs<Record<string, unknown>>(db.owner, by, 'public.my_guardianship($1)', [summit.summit]);
const consent = (by: TestPerson) => callAs<string>(db.owner, by, 'public.give_guardian_consent($1)', [draft]);
const sweep = () => db.owner.query('select private.send_guardian_requests()');
const asking = async (by: TestPerson) =>
	((await own(by))['asking'] as { registration_id: string }[]).map((each) => each.registration_id);
const referenceOf = (id: string) =>
	readValue<string>(db.owner, 'select reference from public.registrations where id = $1', [id]);
const mails = () =>
	readValue<number>(
		db.owner,
		`select count(*)::integer from private.outbox where template = 'guardian_asked' and summit_id = $1`,
		[summit.summit]
	);
const typedReference = (reference: string) => ({ reference, address_sealed: null, key_id: null });
const typedAddress = { reference: null, address_sealed: 'ab'.repeat(30), key_id: 'k' };

async function addressOf(who: TestPerson, address: string): Promise<void> {
	await db.owner.query(
		`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id, verified_at) values ($1, decode($2, 'hex'), '\\x01', 'k', now())`,
		[who.person, hashOf(address)]
	);
}

test('the whole process: named by address, asked by mail, confirmed with consent on the guardian’s page, sent', async () => {
	const address = `${guardian.person}@example.org`;
	await addressOf(guardian, address);
	expect(await callAs(db.owner, young, 'private.submit_registration($1)', [draft])).toMatchObject({
		missing: ['guardian']
	});
	const none = { may_consent: false, asking: [], minors: [] };
	expect(await own(young)).toEqual({ own: { registration_id: draft, typed: null, consented_at: null }, ...none });
	expect(await name(young, '', address)).toBe('ok');
	expect(await own(young)).toEqual({
		own: { registration_id: draft, typed: typedAddress, consented_at: null },
		...none
	});
	expect(await seen(summit.organiser)).toEqual({ typed: typedAddress, consented_at: null, guardian: null });
	expect(await mails()).toBe(0);
	await sweep();
	await sweep();
	expect(await mails()).toBe(1);
	expect(await own(guardian)).toEqual({
		own: null,
		may_consent: true,
		asking: [{ registration_id: draft, display_name: young.name }],
		minors: []
	});
	expect([await asking(outsider), await consent(outsider), await consent(young)]).toEqual([
		[],
		'not_found',
		'not_found'
	]);
	expect([await consent(guardian), await consent(guardian)]).toEqual(['ok', 'already']);
	expect(await own(guardian)).toMatchObject({
		asking: [],
		minors: [{ registration_id: draft, display_name: young.name }]
	});
	expect(await seen(summit.organiser)).toEqual({
		typed: typedAddress,
		consented_at: expect.any(String),
		guardian: null
	});
	expect(await own(young)).toMatchObject({ own: { typed: typedAddress, consented_at: expect.any(String) } });
	expect(await callAs(db.owner, young, 'private.submit_registration($1)', [draft])).toMatchObject({ status: 'held' });
});

/** Everything that a person reads about the registration after an event, including the Summit’s mails. */
async function readable(by: TestPerson): Promise<unknown> {
	const rows = await actAs(
		db.owner,
		by,
		`select to_jsonb(x) - array['created_at', 'updated_at', 'version'] as row from (select id, summit_id, person_id, reference, category, member_id, mode, state,
			guardian_consent_at, is_minor, created_at, updated_at, version from public.registrations) as x where x.summit_id = $1 order by x.id`,
		[summit.summit]
	);
	const listed = await callAs(db.owner, by, `public.list_registrations($1, '{"tab":"guardian"}')`, [summit.summit]);
	const mailbox = await callAs(db.owner, by, `public.list_mail($1, 'queued')`, [summit.summit]);
	return { rows, listed, mailbox, own: await own(by), guardian: await seen(by) };
}

test('a sealed address, a known one and an unknown one look the same to all but their holder', async () => {
	const [hidden] = await makePeople(db.owner, 1);
	if (!hidden) throw new Error('nobody');
	await register(db.owner, hidden, summit.summit, summit.members[0] ?? '');
	await addressOf(hidden, 'sealed@example.org');
	await addressOf(guardian, 'known@example.org');
	await chooseAlias(db.owner, hidden, 'Other Name');
	const found: unknown[] = [];
	for (const address of ['sealed@example.org', 'known@example.org', 'nobody@example.org']) {
		await db.owner.query('delete from private.guardian_claims');
		const answers = [await name(young, '', address)];
		const before = [await readable(young), await readable(summit.organiser)];
		await sweep();
		found.push({ answers, before, after: [await readable(young), await readable(summit.organiser)] });
	}
	// Only the times differ.
	const text = found.map((each) => JSON.stringify(each, null, 1).replaceAll(/"\d{4}-\d\d-\d\dT[^"]+"/g, '"time"'));
	expect([text[1], text[2]]).toEqual([text[0], text[0]]);
	await name(young, '', 'sealed@example.org');
	expect(await asking(hidden)).toEqual([draft]);
	expect(await consent(hidden)).toBe('ok');
	for (const by of [young, summit.organiser]) {
		const after = { own: await own(by), guardian: await seen(by) };
		expect(JSON.stringify(after)).not.toContain('Other Name');
		expect(after).toMatchObject({ own: { minors: [], asking: [] } });
	}
	await expect(
		actAs(db.owner, summit.organiser, 'select guardian_id from public.registrations where id = $1', [draft])
	).rejects.toThrow(/permission denied/);
});

test('only safeguarding reads who the guardian is', async () => {
	await name(young, await referenceOf(guardians));
	await consent(guardian);
	const [safe] = await makePeople(db.owner, 1);
	await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'safeguarding', $2)`, [
		safe?.person,
		summit.summit
	]);
	if (!safe) throw new Error('nobody');
	expect(await seen(safe)).toMatchObject({
		guardian: { reference: await referenceOf(guardians), display_name: guardian.name }
	});
});

test('a reference reveals nobody either, and its holder is asked', async () => {
	const reference = await referenceOf(guardians);
	const pages: unknown[] = [];
	for (const typed of ['NOSUCH99', reference]) {
		expect(await name(young, typed)).toBe('ok');
		await sweep();
		pages.push([await seen(summit.organiser), await own(young)]);
	}
	expect(JSON.stringify(pages[1]).replaceAll(reference, 'NOSUCH99')).toBe(JSON.stringify(pages[0]));
	expect(await mails()).toBe(1);
	expect(await asking(guardian)).toEqual([draft]);
});

test('a guardian who has not registered as an adult is asked to register first', async () => {
	await name(young, '', 'later@example.org');
	await addressOf(outsider, 'later@example.org');
	expect(await asking(outsider)).toEqual([draft]);
	expect([(await own(outsider))['may_consent'], await consent(outsider)]).toEqual([false, 'register_first']);
	await register(db.owner, outsider, summit.summit, summit.members[0] ?? '');
	expect(await consent(outsider)).toBe('ok');
});

test('an unproven address asks nobody', async () => {
	await name(young, '', 'typed@example.org');
	await addressOf(outsider, 'typed@example.org');
	await db.owner.query('update private.person_addresses set verified_at = null where person_id = $1', [
		outsider.person
	]);
	expect([await asking(outsider), await consent(outsider)]).toEqual([[], 'not_found']);
});

test('a person who refuses to be the guardian is not asked again, and others do not learn it', async () => {
	await name(young, await referenceOf(guardians));
	const before = [await seen(summit.organiser), await own(young)];
	const refuse = (by: TestPerson) => callAs(db.owner, by, 'public.refuse_guardianship($1)', [draft]);
	expect([await refuse(outsider), await refuse(guardian), await refuse(guardian)]).toEqual([
		'not_found',
		'ok',
		'not_found'
	]);
	expect([await seen(summit.organiser), await own(young)]).toEqual(before);
	expect([await asking(guardian), await consent(guardian)]).toEqual([[], 'not_found']);
});

test('another guardian starts again: the first one’s consent does not count for them', async () => {
	await name(young, await referenceOf(guardians));
	await consent(guardian);
	expect(await name(young, await referenceOf(guardians))).toBe('ok');
	expect(await seen(summit.organiser)).toMatchObject({ consented_at: expect.any(String) });
	expect(await name(young, 'ANOTHER1')).toBe('ok');
	expect(await seen(summit.organiser)).toMatchObject({ consented_at: null });
	expect(await own(guardian)).toMatchObject({ asking: [], minors: [] });
});

test('an organiser names another guardian once the person has named one; nobody else can', async () => {
	expect(await name(summit.organiser, 'ANY')).toBe('not_found');
	await name(young, 'ANY');
	for (const who of [outsider, guardian, summit.finance, (await makeSummit(db.owner)).organiser]) {
		expect(await name(who, 'OTHER')).toBe('not_found');
		expect(await seen(who)).toBeNull();
	}
	expect(await name(summit.organiser, await referenceOf(guardians))).toBe('ok');
	expect(await asking(guardian)).toEqual([draft]);
	expect(await name(young, '')).toBe('invalid');
	expect(await callAs(db.owner, young, `public.name_guardian($1, '', '{"hash": "x"}')`, [draft])).toBe('invalid');
});

test('refuses oneself and children as guardians, and more than six names a day', async () => {
	await name(young, await referenceOf(draft));
	expect([await asking(young), await consent(young)]).toEqual([[], 'not_found']);
	await db.owner.query(
		'update public.registrations set is_minor = true, guardian_id = $2, guardian_consent_at = now() where id = $1',
		[guardians, draft]
	);
	await name(young, await referenceOf(guardians));
	expect(await asking(guardian)).toEqual([]);
	const answers: string[] = [];
	for (const n of [1, 2, 3, 4, 5]) answers.push(await name(young, `AGAIN${n}`));
	expect(answers).toEqual(['ok', 'ok', 'ok', 'ok', 'limited']);
});

test('organisers read a draft only when it waits for a guardian, and find it by that filter', async () => {
	const read = () =>
		callAs<{ is_minor: boolean } | null>(db.owner, summit.organiser, 'public.read_registration($1)', [draft]);
	const waiting = () =>
		callAs<{ rows: { id: string }[]; counts: { guardians: number } }>(
			db.owner,
			summit.organiser,
			`public.list_registrations($1, '{"tab":"guardian"}')`,
			[summit.summit]
		);
	expect(await read()).toBeNull();
	expect((await waiting()).rows).toEqual([]);
	await name(young, 'WHOEVER1');
	expect(await read()).toMatchObject({ is_minor: true });
	const list = await waiting();
	expect([list.rows.map(({ id }) => id), list.counts.guardians]).toEqual([[draft], 1]);
	expect(await callAs(db.owner, summit.finance, 'public.read_registration($1)', [draft])).toBeNull();
	await db.owner.query('update public.registrations set is_minor = false where id = $1', [draft]);
	expect(await read()).toBeNull();
});

test('a guardian who takes an alias after they were named is asked all the same, and the minor reads what they typed', async () => {
	const reference = await referenceOf(guardians);
	expect(await name(young, reference)).toBe('ok');
	await chooseAlias(db.owner, guardian, 'Marta Ilves');
	expect(await referenceOf(guardians)).not.toBe(reference);
	await sweep();
	expect(await mails()).toBe(1);
	expect(await asking(guardian)).toEqual([draft]);
	expect(await own(young)).toMatchObject({ own: { typed: typedReference(reference) } });
	expect(await consent(guardian)).toBe('ok');
	// Another reference means somebody else.
	expect(await name(young, 'ZZZZ2222')).toBe('ok');
	expect(await asking(guardian)).toEqual([]);
});
