import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';

const db = useDatabase();
let summit: string;
let speaker: { account: string; person: string };
let other: { account: string; person: string };

async function one<Value>(sql: string, values: unknown[] = []): Promise<Value> {
	const { rows } = await db.owner.query(sql, values);
	return Object.values(rows[0] as Record<string, unknown>)[0] as Value;
}

async function newPerson(name: string): Promise<{ account: string; person: string }> {
	const account = randomUUID();
	await db.owner.query(`insert into auth.users (id, email) values ($1, $2)`, [account, `${account}@example.org`]);
	const person = await one<string>(`insert into public.people (display_name) values ($1) returning id`, [name]);
	await db.owner.query(`insert into public.account_people (account_id, person_id, relation) values ($1, $2, 'self')`, [
		account,
		person
	]);
	return { account, person };
}

async function newSession(title: string, level = 'members', audience = 'registered'): Promise<string> {
	return one(
		`insert into public.sessions (summit_id, title, level, audience, state) values ($1, $2, $3, $4, 'confirmed') returning id`,
		[summit, { original: 'en', en: title }, level, audience]
	);
}

async function invite(session: string, person: string, role = 'speaker'): Promise<string> {
	return one(
		`insert into public.session_people (session_id, summit_id, person_id, role) values ($1, $2, $3, $4) returning id`,
		[session, summit, person, role]
	);
}

/** Runs SQL as the account and keeps its effects. */
async function asAccount<Value>(account: string, sql: string, values: unknown[] = []): Promise<Value> {
	await db.owner.query('begin');
	try {
		await db.owner.query(`select set_config('request.jwt.claims', $1, true)`, [
			JSON.stringify({ sub: account, role: 'authenticated' })
		]);
		await db.owner.query('set local role authenticated');
		const value = await one<Value>(sql, values);
		await db.owner.query('commit');
		return value;
	} catch (error) {
		await db.owner.query('rollback');
		throw error;
	}
}

beforeAll(async () => {
	summit = await one(
		`insert into public.summits (slug, name, zone, starts_on, ends_on, state) values ('speaking', '{"original":"en","en":"Speaking"}', 'Europe/Lisbon', '2027-06-09', '2027-06-10', 'open') returning id`
	);
	speaker = await newPerson('Mireille Okafor');
	other = await newPerson('Tomas Lindqvist');
});

describe('my participations', () => {
	test('are readable by the person only, and name the others of the same session', async () => {
		const session = await newSession('Referral that works');
		await newSession('Nothing of mine');
		const room = await one<string>(
			`insert into public.rooms (summit_id, slug, name) values ($1, 'plenary', '{"original":"en","en":"Plenary"}') returning id`,
			[summit]
		);
		const slot = await one<string>(
			`insert into public.slots (session_id, summit_id, during) values ($1, $2, '[2027-06-09 09:00+00,2027-06-09 10:00+00)') returning id`,
			[session, summit]
		);
		await db.owner.query(
			`insert into public.slot_rooms (slot_id, room_id, summit_id, during) select id, $2, summit_id, during from public.slots where id = $1`,
			[slot, room]
		);
		const mine = await invite(session, speaker.person);
		await invite(session, other.person, 'chair');
		const list = await asAccount<Record<string, unknown>[]>(speaker.account, 'select public.my_participations($1)', [
			summit
		]);
		expect(list).toHaveLength(1);
		expect(list[0]).toMatchObject({
			id: mine,
			session_id: session,
			role: 'speaker',
			state: 'invited',
			is_released: false,
			slots: [{ start: '2027-06-09T09:00:00Z', end: '2027-06-09T10:00:00Z', rooms: [{ slug: 'plenary' }] }],
			consents: { live: false, record: false, publish: false, photo: false }
		});
		expect((list[0]?.people as { display_name: string }[]).map((person) => person.display_name).sort()).toEqual([
			'Mireille Okafor',
			'Tomas Lindqvist'
		]);
		const visitor = await newPerson('Nobody here');
		expect(await asAccount(visitor.account, 'select public.my_participations($1)', [summit])).toEqual([]);
	});

	test('a draft Summit shows its sessions to invited people', async () => {
		await db.owner.query(`update public.summits set state = 'draft' where id = $1`, [summit]);
		const list = await asAccount<unknown[]>(speaker.account, 'select public.my_participations($1)', [summit]);
		await db.owner.query(`update public.summits set state = 'open' where id = $1`, [summit]);
		expect(list).toHaveLength(1);
	});
});

describe('taking part', () => {
	test('is answered by the person alone', async () => {
		const mine = await invite(await newSession('A'), speaker.person);
		expect(await asAccount(other.account, 'select public.answer_participation($1, true)', [mine])).toBe('not_found');
		expect(
			await asAccount(other.account, 'select public.save_participation_consents($1, true, true, true, true)', [mine])
		).toBe('not_found');
		expect(await asAccount(speaker.account, 'select public.answer_participation($1, true)', [mine])).toBe('ok');
		expect(await asAccount(speaker.account, 'select public.answer_participation($1, true)', [mine])).toBe('already');
		expect(await one('select state from public.session_people where id = $1', [mine])).toBe('confirmed');
	});

	test('declining withdraws every consent, hides a closed session at once, and is undone only by an organiser', async () => {
		const session = await newSession('Closed', 'closed', 'listed');
		const mine = await invite(session, speaker.person);
		expect(await asAccount(speaker.account, 'select public.can_see($1)', [session])).toBe(true);
		await asAccount(speaker.account, 'select public.save_participation_consents($1, true, true, true, true)', [mine]);
		expect(await asAccount(speaker.account, 'select public.answer_participation($1, false)', [mine])).toBe('ok');
		expect(await asAccount(speaker.account, 'select public.answer_participation($1, true)', [mine])).toBe('declined');
		expect(
			await asAccount(speaker.account, 'select public.save_participation_consents($1, true, true, true, true)', [mine])
		).toBe('declined');
		expect(await asAccount(speaker.account, 'select public.can_see($1)', [session])).toBe(false);
		const { rows } = await db.owner.query(
			'select consent_live, consent_record, consent_publish, consent_photo from public.session_people where id = $1',
			[mine]
		);
		expect(rows).toEqual([
			{ consent_live: false, consent_record: false, consent_publish: false, consent_photo: false }
		]);
	});

	test('a part in a cancelled session can no longer be confirmed', async () => {
		const session = await newSession('Cancelled');
		const mine = await invite(session, speaker.person);
		await db.owner.query(`update public.sessions set state = 'cancelled' where id = $1`, [session]);
		expect(await asAccount(speaker.account, 'select public.answer_participation($1, true)', [mine])).toBe('cancelled');
	});
});

test('publishing a recording requires the consent to record', async () => {
	const mine = await invite(await newSession('B'), speaker.person);
	expect(
		await asAccount(speaker.account, 'select public.save_participation_consents($1, true, false, true, null)', [mine])
	).toBe('ok');
	const { rows } = await db.owner.query(
		'select consent_live, consent_record, consent_publish, consent_photo from public.session_people where id = $1',
		[mine]
	);
	expect(rows).toEqual([{ consent_live: true, consent_record: false, consent_publish: false, consent_photo: false }]);
});

test('signed-out people cannot call these functions', async () => {
	const visitor = db.as('anon', {}, (client) => client.query('select public.my_participations($1)', [summit]));
	await expect(visitor).rejects.toThrow('permission denied for function my_participations');
});
