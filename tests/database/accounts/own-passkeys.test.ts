/* What people do with their own passkeys, resets by another owner, and acts that need a passkey again. */
import { createHash, randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { addPasskey, ageSession, askIn, openAuthSession, signedIn, type SignedIn } from '../../fixtures/passkeys.ts';
import { readValue } from '../../fixtures/registering.ts';
import { makePerson, makeWorld, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeAll(async () => {
	world = await makeWorld(db.owner);
	// The desk issues codes to people with an address.
	await db.owner.query(
		`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id, verified_at)
		values ($1, $2, '\\xab', 'k', now())`,
		[world.people.delegate.person, randomBytes(32)]
	);
	await db.app.query('select private.set_passkeys_required(true)');
});

const ask = <Value>(who: SignedIn, call: string, values: unknown[] = []) =>
	askIn<Value>(db.owner, who, `select ${call}`, values);
const refusal = async (who: SignedIn, call: string, values: unknown[] = []) =>
	ask(who, call, values).then(
		(answer) => answer,
		({ code }: { code: string }) => code
	);
const grant = (who: SignedIn, role: string, summit: string | null = null) =>
	db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, $2, $3)`, [
		who.person,
		role,
		summit
	]);
/** The changes of which a person was told. */
const told = (who: SignedIn) =>
	readValue<string[]>(
		db.owner,
		`select array(select coalesce(params ->> 'change', template) from private.outbox
			where person_id = $1 and template in ('passkeys_changed', 'passkeys_reset') order by created_at, id)`,
		[who.person]
	);
const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const hashes = (name: string) => Array.from({ length: 10 }, (_, n) => hash(`${name} ${n}`));

describe('removing', () => {
	test('takes a confirmation, and leaves the last one of a strong role', async () => {
		const who = await signedIn(db, 'Ada');
		await grant(who, 'finance');
		const [first, second] = [await addPasskey(db.app, who), await addPasskey(db.app, who)];
		await ageSession(db, who, { confirmed: '6 minutes' });
		expect(await refusal(who, 'public.remove_passkey($1)', [first.id])).toBe('PT428');
		await ageSession(db, who, { confirmed: '1 minute' });
		expect(await refusal(await signedIn(db, 'Bo'), 'public.remove_passkey($1)', [first.id])).toBe('not_found');
		expect(await ask(who, 'public.remove_passkey($1)', [first.id])).toBe('ok');
		expect(await ask(who, 'public.remove_passkey($1)', [second.id])).toBe('last');
		expect(await told(who)).toEqual(['added', 'added', 'removed']);
		// What the removed one has confirmed is over.
		const third = await openAuthSession(db, who);
		await db.owner.query('insert into private.session_assurances (session_id, passkey_id) values ($1, $2)', [
			third.session,
			second.id
		]);
		await addPasskey(db.app, third);
		await ask(third, 'public.remove_passkey($1)', [second.id]);
		expect(await refusal(who, 'public.save_recovery_codes($1)', [hashes('Ada')])).toBe('PT428');
	});

	test('without a strong role a sign-in of the last ten minutes is enough', async () => {
		const who = await signedIn(db, 'Chi');
		const { id } = await addPasskey(db.app, who);
		const elsewhere = await openAuthSession(db, who);
		await db.owner.query(`update auth.sessions set created_at = now() - interval '11 minutes' where id = $1`, [
			elsewhere.session
		]);
		expect(await refusal(elsewhere, 'public.remove_passkey($1)', [id])).toBe('PT428');
		expect(await ask(await openAuthSession(db, who), 'public.remove_passkey($1)', [id])).toBe('ok');
	});
});

test('a recovery code adds one passkey in its session, once, and new codes end the old ones', async () => {
	const who = await signedIn(db, 'Dan');
	expect(await ask(who, 'public.save_recovery_codes($1)', [hashes('Dan')])).toBe('invalid');
	await addPasskey(db.app, who);
	expect(await ask(who, 'public.save_recovery_codes($1)', [hashes('Dan').slice(1)])).toBe('invalid');
	expect(await ask(who, 'public.save_recovery_codes($1)', [hashes('Dan')])).toBe('ok');
	const elsewhere = await openAuthSession(db, who);
	const stranger = await signedIn(db, 'Eve');
	expect((await addPasskey(db.app, elsewhere)).status).toBe('not_allowed');
	expect(await ask(stranger, 'public.use_recovery_code($1)', [hash('Dan 0')])).toBe('wrong');
	const [other, third] = [await db.connect(), await openAuthSession(db, who)];
	const tries = await Promise.all([
		askIn(db.owner, elsewhere, 'select public.use_recovery_code($1)', [hash('Dan 0')]),
		askIn(other, third, 'select public.use_recovery_code($1)', [hash('Dan 0')])
	]);
	expect(tries.sort()).toEqual(['ok', 'wrong']);
	expect(await ask(elsewhere, 'public.use_recovery_code($1)', [hash('Dan 1')])).toBe('ok');
	await db.owner.query(
		`update private.recovery_codes set used_at = now() - interval '15 minutes' where session_id = $1`,
		[elsewhere.session]
	);
	expect((await addPasskey(db.app, elsewhere)).status).toBe('not_allowed');
	expect(await ask(elsewhere, 'public.use_recovery_code($1)', [hash('Dan 2')])).toBe('ok');
	expect((await addPasskey(db.app, elsewhere)).status).toBe('ok');
	expect(await ask(who, 'public.save_recovery_codes($1)', [hashes('again')])).toBe('ok');
	expect(await ask(who, 'public.use_recovery_code($1)', [hash('Dan 5')])).toBe('wrong');
	expect(await ask<{ recovery_codes: number }>(who, 'public.read_passkeys()')).toMatchObject({ recovery_codes: 10 });
});

describe('a reset', () => {
	test('is an owner’s act for all that the person holds, never for themselves, and ends their sessions', async () => {
		const chief = await signedIn(db, 'Chief');
		await grant(chief, 'owner');
		const third = await signedIn(db, 'Third');
		await grant(third, 'owner');
		const local = await openAuthSession(db, world.people.owner);
		for (const who of [chief, local]) await addPasskey(db.app, who);
		const lost = await signedIn(db, 'Lost');
		await grant(lost, 'finance', world.summit);
		const reset = (by: SignedIn, who: SignedIn) =>
			refusal(by, 'public.reset_passkeys($1, $2)', [who.person, world.summit]);
		expect(await reset(chief, lost)).toBe('none');
		await addPasskey(db.app, lost);
		expect(await reset(lost, lost)).toBe('own');
		expect(await reset(chief, chief)).toBe('own');
		expect(await reset(lost, chief)).toBe('not_allowed');
		// An owner of one Summit, of somebody who holds a role for all.
		expect(await reset(local, chief)).toBe('not_allowed');
		await ageSession(db, chief, { confirmed: '5 minutes' });
		expect(await reset(chief, lost)).toBe('PT428');
		expect(await reset(local, lost)).toBe('ok');
		expect(await told(lost)).toEqual(['added', 'reset']);
		expect([await told(chief), await told(third), await told(local)]).toEqual([
			['added', 'passkeys_reset'],
			['passkeys_reset'],
			['added']
		]);
		expect(await readValue(db.owner, 'select private.person_of_session($1)', [lost.session])).toBeNull();
		expect((await addPasskey(db.app, await openAuthSession(db, lost))).status).toBe('ok');
	});
});

/** Each act that needs a passkey again, as somebody may do it. */
const acts: [role: keyof World['people'], call: string, values: (w: World) => unknown[]][] = [
	['owner', `public.grant_role($1, 'stage', $2)`, (w) => [w.people.newcomer.person, w.summit]],
	['owner', `public.name_concern_deputy($1, $2)`, (w) => [w.people.newcomer.person, w.summit]],
	[
		'owner',
		`public.invite_to_role($1, 'door', jsonb_build_object('hash', repeat('a', 64), 'sealed', repeat('ab', 32), 'key_id', 'k'), 'Guest')`,
		(w) => [w.summit]
	],
	['owner', `public.end_role((select id from public.role_grants where person_id = $1))`, (w) => [w.people.door.person]],
	['registration', `public.export_registrations($1)`, (w) => [w.summit]],
	['registration', `public.record_list_export($1, 'members', 1)`, (w) => [w.summit]],
	['registration', `public.export_audit($1)`, (w) => [w.summit]],
	['finance', `public.export_money($1, 'orders')`, (w) => [w.summit]],
	['registration', `public.issue_desk_code($1, '', '', 'passport')`, (w) => [w.registrations.delegate]]
];

test.each(acts)('%s: %s', async (role, call, values) => {
	const who = await openAuthSession(db, world.people[role]);
	// The passkeys of earlier sessions are known only there.
	await db.owner.query('delete from private.passkeys where person_id = $1', [who.person]);
	await addPasskey(db.app, who);
	await ageSession(db, who, { confirmed: '5 minutes' });
	expect(await refusal(who, call, values(world))).toBe('PT428');
	await ageSession(db, who, { confirmed: '4 minutes' });
	expect(await refusal(who, call, values(world))).not.toBe('PT428');
});

test('these acts need a passkey again', async () => {
	const found = await readValue<string[]>(
		db.owner,
		`select array(select p.proname::text from pg_proc as p where p.prosrc like '%private.require_confirmation()%' order by 1)`
	);
	expect(found).toEqual([
		'ask_host_list_reveal',
		'ask_reveal',
		'close_journal',
		'confirm_merge',
		'confirm_role_proposal',
		'confirms_copy',
		'create_summit_from',
		'decide_reveal',
		'end_role',
		'enrol_door_device',
		'export_audit',
		'export_journal',
		'export_money',
		'export_papers',
		'export_registrations',
		'grant_role',
		'invite_to_role',
		'issue_desk_code',
		'make_api_key',
		'make_refund_manual',
		'name_concern_deputy',
		'record_list_export',
		'record_manual_refund',
		'refund_order',
		'remove_passkey',
		'request_erasure',
		'reset_passkeys',
		'retry_refund',
		'revoke_door_device',
		'save_recovery_codes',
		'set_summit_state',
		'show_revealed_name',
		'take_host_list'
	]);
});

test('one’s own erasure takes a passkey from who has one, and none from others', async () => {
	const plain = await signedIn(db, 'Plain');
	expect(await ask(plain, 'public.request_erasure()')).toBe('ok');
	const careful = await signedIn(db, 'Careful');
	await addPasskey(db.app, careful);
	await ageSession(db, careful, { confirmed: '5 minutes' });
	expect(await refusal(careful, 'public.request_erasure()')).toBe('PT428');
});

test('a new edition with members or roles of an earlier one takes a passkey, as both give rights', async () => {
	const chief = await signedIn(db, 'Chief of editions');
	await grant(chief, 'owner');
	await addPasskey(db.app, chief);
	await ageSession(db, chief, { confirmed: '5 minutes' });
	const settings = {
		...{ slug: 'with-rights', name: { original: 'en', en: 'Next' }, zone: 'Africa/Nairobi' },
		...{ starts_on: '2029-06-05', ends_on: '2029-06-07' }
	};
	const create = (parts: string[]) =>
		refusal(chief, 'public.create_summit_from($1, $2, $3)', [world.summit, JSON.stringify(settings), parts]);
	expect(await create(['rooms', 'roles'])).toBe('PT428');
	expect(await create(['members'])).toBe('PT428');
	expect(await create(['rooms'])).not.toBe('PT428');
});

test('a role until a day: refused in the past, ended by itself, and no owner for all depends on one', async () => {
	await db.owner.query(`update public.role_grants set ended_at = now() where role = 'owner' and summit_id is null`);
	const chief = await signedIn(db, 'Only');
	await grant(chief, 'owner');
	await addPasskey(db.app, chief);
	const guest = await makePerson(db.owner, 'Guest');
	const give = (until: string) =>
		ask(chief, `public.grant_role($1, 'stage', $2, null, now() + $3::interval)`, [guest.person, world.summit, until]);
	expect([await give('-1 second'), await give('1 day'), await give('2 days')]).toEqual(['invalid', 'ok', 'already']);
	const lapse = `update public.role_grants set until = now() - interval '1 second' where person_id = $1 and ended_at is null`;
	await db.owner.query(lapse, [guest.person]);
	// The lapsed one makes room, with or without the job.
	expect(await give('1 day')).toBe('ok');
	await db.owner.query(lapse, [guest.person]);
	expect(await readValue(db.app, 'select private.end_lapsed_roles()')).toBe(1);
	const temporary = await makePerson(db.owner, 'Temporary');
	await db.owner.query(
		`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id) values ($1, $2, '\\xab', 'k')`,
		[temporary.person, randomBytes(32)]
	);
	await db.owner.query(
		`insert into public.role_grants (person_id, role, until) values ($1, 'owner', now() + interval '1 day')`,
		[temporary.person]
	);
	const own = `public.end_role((select id from public.role_grants where person_id = $1 and ended_at is null))`;
	expect(await ask(chief, own, [chief.person])).toBe('last_owner');
	expect(await ask(chief, own, [temporary.person])).toBe('ok');
});
