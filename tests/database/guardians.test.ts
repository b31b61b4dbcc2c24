/* Those under 18: whom they name, whom an organiser links, who consents; and that naming tells nobody who is known here. */
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
	ask,
	makeDrafts,
	makePeople,
	makeSummit,
	register,
	value,
	type RegisteringSummit
} from '../fixtures/registering.ts';
import { startDatabase, type TestDatabase } from '../fixtures/stack.ts';
import type { Somebody } from '../fixtures/world.ts';

let db: TestDatabase;
let owner: pg.Client;
let summit: RegisteringSummit;
let young: Somebody;
let guardian: Somebody;
let stranger: Somebody;
let draft: string;
let guardians: string;

beforeAll(async () => {
	db = await startDatabase();
	owner = await db.connect();
});
afterAll(() => db.stop());
beforeEach(async () => {
	summit = await makeSummit(owner);
	[young, guardian, stranger] = (await makePeople(owner, 3)) as [Somebody, Somebody, Somebody];
	[draft = ''] = await makeDrafts(owner, summit.summit, [young], () => summit.members[0] ?? '');
	await owner.query('update public.registrations set is_minor = true where id = $1', [draft]);
	guardians = (await register(owner, guardian, summit.summit, summit.members[0] ?? '')).id;
});

const hashOf = (address: string) => createHash('sha256').update(address).digest('hex');
const name = (by: Somebody, reference: string, address = '') =>
	ask<string>(owner, by, 'public.name_guardian($1, $2, $3)', [draft, reference, address && hashOf(address)]);
const seen = (by: Somebody) => ask<object | null>(owner, by, 'public.read_guardian($1)', [draft]);
const own = async (by: Somebody) => ask<object>(owner, by, 'public.my_guardianship($1)', [summit.summit]);
const referenceOf = (id: string) =>
	value<string>(owner, 'select reference from public.registrations where id = $1', [id]);

async function addressOf(who: Somebody, address: string): Promise<void> {
	await owner.query(
		`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id) values ($1, decode($2, 'hex'), '\\x01', 'k')`,
		[who.person, hashOf(address)]
	);
}

test('the whole way: named by address, meant, linked, asked by mail, consented, sent', async () => {
	const address = `${guardian.person}@example.org`;
	await addressOf(guardian, address);
	expect(await ask(owner, young, 'public.submit_registration($1)', [draft])).toMatchObject({ missing: ['guardian'] });
	expect(await own(young)).toEqual({
		own: { registration_id: draft, named: false, linked: null, consented_at: null },
		wards: []
	});
	expect(await name(young, '', address)).toBe('ok');
	const reference = await referenceOf(guardians);
	expect(await seen(summit.organiser)).toEqual({
		named: true,
		meant: { id: guardians, reference, display_name: guardian.name },
		linked: null,
		consented_at: null
	});
	// Being named is no being linked: nobody learns of a child because somebody typed their address.
	expect(await own(guardian)).toEqual({ own: null, wards: [] });
	expect(await ask(owner, guardian, 'public.give_guardian_consent($1)', [draft])).toBe('not_found');
	expect(await ask(owner, summit.organiser, 'public.link_guardian($1, $2)', [draft, guardians])).toBe('ok');
	expect(await own(guardian)).toEqual({
		own: null,
		wards: [
			{
				registration_id: draft,
				display_name: young.name,
				state: 'draft',
				consented_at: null,
				on_stage: false,
				recorded: false
			}
		]
	});
	expect(
		(
			await owner.query(`select params from private.outbox where template = 'guardian_asked' and person_id = $1`, [
				guardian.person
			])
		).rows
	).toHaveLength(1);
	expect(await ask(owner, young, 'public.submit_registration($1)', [draft])).toMatchObject({ missing: ['guardian'] });
	expect(await ask(owner, guardian, 'public.give_guardian_consent($1)', [draft])).toBe('ok');
	// Linked once more by mistake: what was consented to stays, and nobody is written to again.
	expect(await ask(owner, summit.organiser, 'public.link_guardian_by_reference($1, $2)', [draft, reference])).toBe(
		'ok'
	);
	expect(await ask(owner, young, 'public.submit_registration($1)', [draft])).toMatchObject({ status: 'held' });
	expect(
		await value(
			owner,
			`select count(*)::integer from private.outbox where template = 'guardian_asked' and person_id = $1`,
			[guardian.person]
		)
	).toBe(1);
});

test('an unknown address, an unknown reference and a known one get the same answer', async () => {
	const answers = [
		await name(young, '', 'nobody@example.org'),
		await name(young, 'NOSUCH99'),
		await name(young, await referenceOf(guardians))
	];
	expect(answers).toEqual(['ok', 'ok', 'ok']);
	expect(await own(young)).toEqual({
		own: { registration_id: draft, named: true, linked: null, consented_at: null },
		wards: []
	});
});

test('who means nobody is shown so, until somebody registers under what was named', async () => {
	await name(young, '', 'later@example.org');
	expect(await seen(summit.organiser)).toMatchObject({ named: true, meant: null });
	await addressOf(stranger, 'later@example.org');
	expect(await seen(summit.organiser)).toMatchObject({ meant: null });
	const { id } = await register(owner, stranger, summit.summit, summit.members[0] ?? '');
	expect(await seen(summit.organiser)).toMatchObject({ meant: { id } });
});

test('another guardian begins anew: the consent of the first is not theirs', async () => {
	await name(young, await referenceOf(guardians));
	await ask(owner, summit.organiser, 'public.link_guardian($1, $2)', [draft, guardians]);
	await ask(owner, guardian, 'public.give_guardian_consent($1)', [draft]);
	expect(await name(young, await referenceOf(guardians))).toBe('ok');
	expect(await seen(summit.organiser)).toMatchObject({ linked: { id: guardians } });
	expect(await name(young, 'ANOTHER1')).toBe('ok');
	expect(await seen(summit.organiser)).toMatchObject({ linked: null, consented_at: null });
	expect(await own(guardian)).toEqual({ own: null, wards: [] });
});

test('nobody else names, reads or links, and neither oneself nor a child is a guardian', async () => {
	for (const who of [stranger, guardian, summit.finance]) {
		expect(await name(who, 'ANY')).toBe('not_found');
		expect(await seen(who)).toBeNull();
		expect(
			await ask(owner, who, 'public.link_guardian_by_reference($1, $2)', [draft, await referenceOf(guardians)])
		).toBe('not_allowed');
	}
	const link = (reference: string) =>
		ask(owner, summit.organiser, 'public.link_guardian_by_reference($1, $2)', [draft, reference]);
	expect([await link(await referenceOf(draft)), await link('NOSUCH99')]).toEqual([
		'unknown_guardian',
		'unknown_guardian'
	]);
	await name(young, await referenceOf(draft));
	expect(await seen(summit.organiser)).toMatchObject({ meant: null });
	const elsewhere = await makeSummit(owner);
	expect(await seen(elsewhere.organiser)).toBeNull();
	expect(await name(young, '')).toBe('invalid');
});

test('the organisers read a draft only when it waits for a guardian, and find it by that', async () => {
	const read = () =>
		ask<{ is_minor: boolean } | null>(owner, summit.organiser, 'public.read_registration($1)', [draft]);
	const waiting = () =>
		ask<{ rows: { id: string }[]; counts: { guardians: number } }>(
			owner,
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
	expect(await ask(owner, summit.finance, 'public.read_registration($1)', [draft])).toBeNull();
	await owner.query('update public.registrations set is_minor = false where id = $1', [draft]);
	expect(await read()).toBeNull();
});
