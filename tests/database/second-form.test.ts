/*
 * The second form: read by nobody but the person and the roles that a field names, kept as it was promised, and erased on time.
 */
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask, connectMany, value } from '../fixtures/registering.ts';
import { startDatabase, type TestDatabase } from '../fixtures/stack.ts';
import { actAs, KINDS, makeSomebody, makeWorld, type Somebody, type World } from '../fixtures/world.ts';

let db: TestDatabase;
let client: pg.Client;
let world: World;

beforeAll(async () => {
	db = await startDatabase();
	client = await db.connect();
});
afterAll(() => db.stop());
beforeEach(async () => {
	world = await makeWorld(client);
});

const text = (en: string) => ({ original: 'en', en });
const field = (key: string, more: Record<string, unknown> = {}) => ({
	key,
	label: text(key),
	purpose: text('To know it'),
	kind: 'text',
	...more
});
const saveField = (fields: Record<string, unknown>, by: Somebody = world.people.registration) =>
	ask<{ status: string; id: string; faults?: string[] }>(client, by, `public.save_detail_field($1, $2)`, [
		world.summit,
		JSON.stringify(fields)
	]);
const sealed = (mark = 'ab') => ({ sealed: mark.repeat(40), key_id: 'k1' });
const answer = (
	answers: Record<string, unknown>,
	by: Somebody = world.people.delegate,
	registration = world.registrations.delegate
) =>
	ask<{ status: string; missing?: string[] }>(client, by, `public.save_details($1, $2)`, [
		registration,
		JSON.stringify(answers)
	]);
const mine = (by: Somebody = world.people.delegate) =>
	ask<{ missing: string[]; fields: { key: string; answer_sealed: string | null; readers: string[] }[] } | null>(
		client,
		by,
		`public.my_details($1)`,
		[world.summit]
	);
const read = (id: string, by: Somebody) =>
	ask<{ status: string; withheld?: number; rows?: { answer_sealed: string }[] }>(
		client,
		by,
		`public.read_detail_answers($1, $2)`,
		[world.summit, id]
	);
const answers = () =>
	value<number>(
		client,
		`select count(*)::integer from private.detail_answers as a join public.detail_fields as f on f.id = a.field_id where f.summit_id = $1`,
		[world.summit]
	);
const mails = (template: string) =>
	value<number>(client, `select count(*)::integer from private.outbox where template = $1 and summit_id = $2`, [
		template,
		world.summit
	]);
async function staff(role: string): Promise<Somebody> {
	const somebody = await makeSomebody(client, `Another ${role}`);
	await client.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, $2, $3)`, [
		somebody.person,
		role,
		world.summit
	]);
	return somebody;
}
const putOnAlias = () =>
	ask(client, world.people.delegate, `public.save_registration($1, 4, $2)`, [
		world.registrations.delegate,
		JSON.stringify({
			protection: 'alias',
			alias: { display_name: 'Marta Ilves' },
			real_name_sealed: 'ab'.repeat(40),
			key_id: 'k1'
		})
	]);

describe('answering', () => {
	it('asks only the confirmed, only what is for them, and keeps a part', async () => {
		const { id: visa } = await saveField(
			field('passport_number', { modes: ['in_person'], is_required: true, is_identity: true })
		);
		const { id: diet } = await saveField(field('diet', { is_required: true }));
		const { id: press } = await saveField(field('camera', { categories: ['press'] }));
		expect(await mine(world.people.waiting)).toBeNull();
		expect((await mine())?.fields.map(({ key }) => key)).toEqual(['diet', 'passport_number']);
		expect((await mine(world.people.virtual))?.fields.map(({ key }) => key)).toEqual(['diet']);
		expect(await answer({ [diet]: sealed() })).toEqual({ status: 'ok', missing: ['passport_number'] });
		expect(await answer({ [visa]: sealed() })).toEqual({ status: 'ok', missing: [] });
		expect((await mine())?.fields.map(({ answer_sealed }) => answer_sealed)).toEqual([
			'ab'.repeat(40),
			'ab'.repeat(40)
		]);
		expect(await answer({ [diet]: null })).toEqual({ status: 'ok', missing: ['diet'] });
		expect(await answer({ [press]: sealed() })).toEqual({ status: 'invalid' });
		expect(await answer({ [visa]: sealed() }, world.people.virtual, world.registrations.virtual)).toEqual({
			status: 'invalid'
		});
		expect(await answer({ [visa]: { sealed: 'plain words', key_id: 'k1' } })).toEqual({ status: 'invalid' });
		expect(await answer({ 'not-an-id': sealed() })).toEqual({ status: 'invalid' });
	});

	it('is the person’s alone: no assistant, no organiser, no other fills it in or reads it', async () => {
		const { id } = await saveField(field('passport_number', { is_identity: true, readers: ['registration'] }));
		await answer({ [id]: sealed() });
		const assistant = await makeSomebody(client, 'Assistant');
		await client.query(
			`insert into public.account_people (account_id, person_id, relation) values ($1, $2, 'assistant')`,
			[assistant.account, world.people.delegate.person]
		);
		for (const by of [assistant, ...KINDS.filter((kind) => kind !== 'delegate').map((kind) => world.people[kind])]) {
			expect(await answer({ [id]: null }, by)).toEqual({ status: 'not_found' });
			expect((await mine(by))?.fields.some(({ answer_sealed }) => answer_sealed !== null) ?? false).toBe(false);
			await expect(actAs(client, by, `select * from private.detail_answers`)).rejects.toThrow(/permission denied/);
		}
		expect(await answers()).toBe(1);
	});

	it('a double click, or two pages at once, leave one answer', async () => {
		const { id } = await saveField(field('diet'));
		const clients = await connectMany(db, 10);
		const all = await Promise.all(
			clients.map((one, n) =>
				ask<{ status: string }>(one, world.people.delegate, `public.save_details($1, $2)`, [
					world.registrations.delegate,
					JSON.stringify({ [id]: sealed(`0${n}`) })
				])
			)
		);
		expect(all.map(({ status }) => status)).toEqual(Array(10).fill('ok'));
		expect(await answers()).toBe(1);
	});
});

describe('reading', () => {
	it('is for the roles that the field names, owners no more than others, and leaves a note', async () => {
		const { id } = await saveField(field('diet', { readers: ['door'] }));
		await answer({ [id]: sealed() });
		for (const kind of KINDS) {
			const told = await read(id, world.people[kind]);
			expect(told.status, kind).toBe(kind === 'door' ? 'ok' : 'not_found');
		}
		const other = await makeWorld(client);
		expect((await read(id, other.people.door)).status).toBe('not_found');
		const { rows } = await client.query(
			`select actor_person, new_values from audit.entries where table_name = 'details.read' and summit_id = $1`,
			[world.summit]
		);
		expect(rows).toEqual([{ actor_person: world.people.door.person, new_values: { field: 'diet', rows: 1 } }]);
	});

	it('says nothing of who somebody is under another name, and tells them so', async () => {
		const { id } = await saveField(field('passport_name', { is_identity: true }));
		const { id: diet } = await saveField(field('diet'));
		await answer({ [id]: sealed(), [diet]: sealed() });
		expect(await read(id, world.people.registration)).toMatchObject({
			withheld: 0,
			rows: [{ answer_sealed: 'ab'.repeat(40) }]
		});
		await putOnAlias();
		expect(await read(id, world.people.registration)).toMatchObject({ withheld: 1, rows: [] });
		expect(await read(diet, world.people.registration)).toMatchObject({
			withheld: 0,
			rows: [{ display_name: 'Marta Ilves', member: null }]
		});
		expect((await mine())?.fields.map(({ key, readers }) => [key, readers])).toEqual([
			['diet', ['registration']],
			['passport_name', []]
		]);
	});

	it('who owes an answer is listed for registration, without a word of the answers', async () => {
		const { id } = await saveField(field('diet', { is_required: true }));
		await answer({ [id]: sealed() });
		const list = await ask<{ asked: number; complete: number; rows: unknown[] }>(
			client,
			world.people.registration,
			`public.read_details_overview($1)`,
			[world.summit]
		);
		expect(list).toMatchObject({
			asked: 4,
			complete: 1,
			total: 3,
			fields: [{ key: 'diet', answers: 1, may_read: true }]
		});
		expect(JSON.stringify(list)).not.toContain('abab');
		expect(await ask(client, world.people.door, `public.read_details_overview($1)`, [world.summit])).toMatchObject({
			rows: [],
			may_change: false
		});
		expect(await ask(client, world.people.focal, `public.read_details_overview($1)`, [world.summit])).toBeNull();
	});
});

describe('what was promised', () => {
	it('is kept once somebody has answered', async () => {
		const promise = field('diet', { readers: ['registration'], erase_days: 30 });
		const { id } = await saveField(promise);
		expect(await saveField({ ...promise, readers: ['registration', 'door'] })).toMatchObject({ status: 'ok', id });
		await answer({ [id]: sealed() });
		for (const broken of [
			{ readers: ['registration', 'door', 'stage'] },
			{ erase_days: 31 },
			{ purpose: text('Something else') },
			{ kind: 'long_text' },
			{ for_host: true }
		])
			expect(
				await saveField({ ...promise, readers: ['registration', 'door'], ...broken }),
				JSON.stringify(broken)
			).toEqual({ status: 'promised' });
		expect(
			await saveField({ ...promise, readers: ['registration'], erase_days: 7, label: text('Food') })
		).toMatchObject({ status: 'ok' });
		expect(await answers()).toBe(1);
		// No longer asked of whoever is in the hall: their answer goes.
		expect(await saveField({ ...promise, readers: ['registration'], erase_days: 7, modes: ['virtual'] })).toMatchObject(
			{ status: 'ok' }
		);
		expect(await answers()).toBe(0);
	});

	it('fields are kept by registration alone, and nothing malformed is taken', async () => {
		for (const kind of KINDS.filter((one) => one !== 'registration' && one !== 'owner'))
			expect(await saveField(field('diet'), world.people[kind]), kind).toEqual({ status: 'not_allowed' });
		expect(await saveField(field('Bad key'))).toMatchObject({ faults: ['key'] });
		expect(await saveField(field('diet', { kind: 'file' }))).toMatchObject({ faults: ['kind'] });
		expect(await saveField(field('diet', { kind: 'choice', choices: [{ key: 'a', label: text('A') }] }))).toMatchObject(
			{ faults: ['choices'] }
		);
		expect(await saveField(field('diet', { readers: ['owner'] }))).toMatchObject({ faults: ['readers'] });
		expect(await saveField(field('diet', { purpose: {} }))).toMatchObject({ faults: ['purpose'] });
		expect(await saveField(field('diet', { categories: ['ministers'] }))).toMatchObject({ status: 'invalid' });
		const { id } = await saveField(field('diet'));
		await answer({ [id]: sealed() });
		expect(await ask(client, world.people.finance, `public.retire_detail_field($1, $2)`, [world.summit, id])).toBe(
			'not_found'
		);
		expect(await ask(client, world.people.registration, `public.retire_detail_field($1, $2)`, [world.summit, id])).toBe(
			'ok'
		);
		expect(await answers()).toBe(0);
	});
});

describe('erasing', () => {
	it('comes on the day that was named, by the venue’s clock', async () => {
		const { id: soon } = await saveField(field('passport_number', { erase_days: 0 }));
		const { id: later } = await saveField(field('diet', { erase_days: 30 }));
		await answer({ [soon]: sealed(), [later]: sealed() });
		const end = await value<Date>(
			client,
			`select (ends_on + 1)::timestamp at time zone zone from public.summits where id = $1`,
			[world.summit]
		);
		const sweepAt = (ms: number) => client.query(`select private.sweep($1)`, [new Date(end.getTime() + ms)]);
		await sweepAt(-1000);
		expect(await answers()).toBe(2);
		await sweepAt(0);
		expect(await answers()).toBe(1);
		await sweepAt(30 * 86_400_000);
		expect(await answers()).toBe(0);
	});

	it('comes at once when somebody leaves, and no copy is in the audit', async () => {
		const { id } = await saveField(field('diet'));
		const mark = 'c4'.repeat(40);
		await answer({ [id]: { sealed: mark, key_id: 'k1' } });
		await ask(client, world.people.delegate, `public.withdraw_registration($1)`, [world.registrations.delegate]);
		expect(await answers()).toBe(0);
		expect(
			await value(client, `select count(*)::integer from audit.entries as e where e::text like '%' || $1 || '%'`, [
				mark
			])
		).toBe(0);
		expect(
			await value(
				client,
				`select new_values from audit.entries where table_name = 'details.erased' and summit_id = $1`,
				[world.summit]
			)
		).toEqual({ fields: 1 });
	});

	it('takes with it what the hall alone needs when somebody goes online', async () => {
		const { id: visa } = await saveField(field('passport_number', { modes: ['in_person'] }));
		const { id: diet } = await saveField(field('diet'));
		await answer({ [visa]: sealed(), [diet]: sealed() });
		expect(
			await ask(client, world.people.delegate, `public.switch_mode($1, 'virtual')`, [world.registrations.delegate])
		).toMatchObject({ status: 'ok' });
		expect((await mine())?.fields.map(({ key }) => key)).toEqual(['diet']);
		expect(await answers()).toBe(1);
	});
});

describe('mails', () => {
	it('ask once on confirmation, and remind a week and a day before whoever owes an answer', async () => {
		await saveField(field('diet', { is_required: true }));
		const due = new Date(Date.now() + 20 * 86_400_000);
		await client.query(`update public.summits set details_due_at = $2 where id = $1`, [world.summit, due]);
		const sweepBefore = (days: number) =>
			client.query(`select private.sweep_details($1)`, [new Date(due.getTime() - days * 86_400_000)]);
		await sweepBefore(8);
		expect(await mails('details_reminder')).toBe(0);
		await sweepBefore(6);
		await sweepBefore(5);
		expect(await mails('details_reminder')).toBe(4);
		const { id } = await saveField(field('diet', { is_required: true }));
		await answer({ [id]: sealed() });
		await sweepBefore(0.5);
		await sweepBefore(0.4);
		expect(await mails('details_reminder')).toBe(7);
		await sweepBefore(-1);
		expect(await mails('details_reminder')).toBe(7);
		// Asked once, on being confirmed.
		const next = await staff('stage');
		const registration = await value<string>(
			client,
			`insert into public.registrations (summit_id, person_id, member_id, mode, code_of_conduct_at) values ($1, $2, $3, 'virtual', now()) returning id`,
			[world.summit, next.person, world.member]
		);
		await ask(client, next, `public.submit_registration($1)`, [registration]);
		expect(await mails('details_asked')).toBe(0);
		await ask(client, world.people.registration, `public.decide_registrations($1, 'accredit')`, [[registration]]);
		expect(await mails('details_asked')).toBe(1);
	});
});

describe('visa letters', () => {
	const keys = ['passport_name', 'passport_number', 'nationality', 'birth_date'];
	let fields: Record<string, string>;
	beforeEach(async () => {
		fields = {};
		for (const key of [...keys, 'embassy', 'diet'])
			fields[key] = (
				await saveField(field(key, { is_identity: key !== 'diet', ...(key !== 'diet' && { modes: ['in_person'] }) }))
			).id;
		await ask(client, world.people.registration, `public.save_letter_settings($1, $2)`, [
			world.summit,
			JSON.stringify({
				issuer_name: 'Secretariat',
				issuer_address: 'Somewhere 1',
				signatory_name: 'A. Signer',
				signatory_office: 'Director',
				prefix: 'vl'
			})
		]);
	});
	const all = (mark: string) => Object.fromEntries(keys.map((key) => [fields[key] ?? '', sealed(mark)]));
	const issue = (by: Somebody = world.people.delegate, registration = world.registrations.delegate, on = client) =>
		ask<{ status: string; reference?: string; code?: string; lacks?: string[] }>(
			on,
			by,
			`public.issue_letter($1, $2)`,
			[registration, JSON.stringify(sealed('cd'))]
		);
	const check = (code: string | undefined, summit = world.summit) =>
		ask<string>(client, null, `public.check_letter($1, $2)`, [summit, code]);

	it('are for whoever is confirmed in person and gave what a letter says', async () => {
		expect(await issue()).toMatchObject({ status: 'incomplete', lacks: [...keys].sort() });
		expect(await issue(world.people.virtual, world.registrations.virtual)).toEqual({ status: 'not_found' });
		expect(await issue(world.people.registration)).toEqual({ status: 'not_found' });
		await answer(all('ab'));
		expect(await issue()).toMatchObject({ status: 'ok', reference: 'VL-0001' });
		expect(await issue(world.people.registration)).toEqual({ status: 'not_found' });
		const other = await makeWorld(client);
		expect(await ask(client, other.people.registration, `public.save_letter_settings($1, '{}')`, [world.summit])).toBe(
			'not_allowed'
		);
	});

	it('hold until another is made, an answer changes, or its person goes; the code tells no more', async () => {
		await answer(all('ab'));
		const first = await issue();
		expect(await check(first.code)).toBe('valid');
		expect(await check(first.code?.toLowerCase().replace(/(.{4})/g, '$1-'))).toBe('valid');
		expect(await check('AAAAAAAAAAAA')).toBe('unknown');
		expect(await check(first.code, (await makeWorld(client)).summit)).toBe('unknown');
		await answer({ [fields['diet'] ?? '']: sealed() });
		expect(await check(first.code)).toBe('valid');
		await answer({ [fields['passport_number'] ?? '']: sealed('ef') });
		expect(await check(first.code)).toBe('replaced');
		expect(await ask(client, world.people.delegate, `public.my_letter($1)`, [world.summit])).toMatchObject({
			letter: null,
			lacks: []
		});
		const second = await issue();
		expect(second.reference).toBe('VL-0002');
		await ask(client, world.people.delegate, `public.switch_mode($1, 'virtual')`, [world.registrations.delegate]);
		expect(await check(second.code)).toBe('withdrawn');
		expect(
			await value(
				client,
				`select count(*)::integer from private.visa_letters where content_sealed is not null and summit_id = $1`,
				[world.summit]
			)
		).toBe(0);
		expect(await ask(client, world.people.delegate, `public.my_letter($1)`, [world.summit])).toBeNull();
	});

	it('are not for whoever is barred, and the one that they have holds no more', async () => {
		await answer(all('ab'));
		const letter = await issue();
		const entry = await value<string>(
			client,
			`insert into private.barred_entries (summit_id, details_sealed, key_id, state) values ($1, '\\x00', 'k1', 'active') returning id`,
			[world.summit]
		);
		await client.query(
			`insert into private.bar_matches (entry_id, person_id, level, is_same) values ($1, $2, 'certain', true)`,
			[entry, world.people.delegate.person]
		);
		expect([await check(letter.code), (await issue()).status]).toEqual(['withdrawn', 'not_found']);
		expect(await ask(client, world.people.delegate, `public.my_letter($1)`, [world.summit])).toBeNull();
		await client.query(`delete from private.barred_entries where id = $1`, [entry]);
		expect(await check(letter.code)).toBe('valid');
	});

	it('are numbered without a gap, and one holds, however often somebody clicks', async () => {
		await answer(all('ab'));
		await answer(all('ab'), world.people.speaker, world.registrations.speaker);
		const clients = await connectMany(db, 12);
		const issued = await Promise.all(
			clients.map((one, n) =>
				n % 2
					? issue(world.people.delegate, world.registrations.delegate, one)
					: issue(world.people.speaker, world.registrations.speaker, one)
			)
		);
		expect(issued.map(({ reference }) => reference).sort()).toEqual(
			Array.from({ length: 12 }, (_, n) => `VL-${String(n + 1).padStart(4, '0')}`)
		);
		expect(
			await value(
				client,
				`select count(*)::integer from private.visa_letters where summit_id = $1 and content_sealed is not null`,
				[world.summit]
			)
		).toBe(2);
	});

	it('of whoever is under another name are theirs alone', async () => {
		await putOnAlias();
		await answer(all('ab'));
		expect(await issue()).toMatchObject({ status: 'ok' });
		for (const kind of ['registration', 'owner', 'safeguarding'] as const) {
			await expect(actAs(client, world.people[kind], `select * from private.visa_letters`)).rejects.toThrow(
				/permission denied/
			);
			expect((await read(fields['passport_name'] ?? '', world.people[kind])).rows ?? []).toEqual([]);
		}
	});
});

describe('the list for the host state', () => {
	let nationality: string;
	let second: Somebody;
	beforeEach(async () => {
		nationality = (await saveField(field('nationality', { for_host: true, is_identity: true }))).id;
		second = await staff('registration');
	});
	const request = (fields: string[] = [nationality], by: Somebody = world.people.registration) =>
		ask<{ status: string; id: string }>(
			client,
			by,
			`public.ask_host_list($1, 'Entry to the venue', 'Ministry of the Interior', $2)`,
			[world.summit, fields]
		);
	const decide = (list: string, yes: boolean, by: Somebody = second) =>
		ask<string>(client, by, `public.decide_host_list($1, $2, $3)`, [world.summit, list, yes]);
	const take = (list: string, by: Somebody = world.people.registration, on = client) =>
		ask<{
			status: string;
			withheld?: number;
			rows?: { reference: string; answers: Record<string, unknown> }[];
			fields?: unknown[];
		}>(on, by, `public.take_host_list($1, $2)`, [world.summit, list]);

	it('needs two, is taken once, and is logged first', async () => {
		const { id } = await request();
		expect(await take(id)).toEqual({ status: 'wrong_state' });
		expect(await decide(id, true, world.people.registration)).toBe('own');
		for (const kind of ['finance', 'door', 'programme', 'focal', 'delegate'] as const) {
			expect(await decide(id, true, world.people[kind]), kind).toBe('not_found');
			expect(await request([], world.people[kind]), kind).toEqual({ status: 'not_allowed' });
			expect(await ask(client, world.people[kind], `public.read_host_lists($1)`, [world.summit]), kind).toBeNull();
		}
		expect(await decide(id, true)).toBe('ok');
		expect(await decide(id, false)).toBe('wrong_state');
		expect(await take(id, second)).toEqual({ status: 'not_found' });
		const clients = await connectMany(db, 10);
		const taken = await Promise.all(clients.map((one) => take(id, world.people.registration, one)));
		expect(taken.map(({ status }) => status).sort()).toEqual(['ok', ...Array<string>(9).fill('wrong_state')]);
		const { rows } = await client.query(
			`select new_values from audit.entries where table_name = 'host_list.taken' and summit_id = $1`,
			[world.summit]
		);
		expect(rows).toEqual([{ new_values: { recipient: 'Ministry of the Interior', rows: 2, withheld: 0 } }]);
	});

	it('holds exactly who is accredited in person at that moment, and only what was collected for it', async () => {
		const { id: diet } = await saveField(field('diet'));
		await answer({ [nationality]: sealed(), [diet]: sealed() });
		expect(await request([diet])).toEqual({ status: 'invalid' });
		const { id } = await request();
		await decide(id, true);
		await ask(client, world.people.speaker, `public.withdraw_registration($1)`, [world.registrations.speaker]);
		const list = await take(id);
		expect(list.rows).toHaveLength(1);
		expect(list.rows?.[0]?.answers).toEqual({ [nationality]: sealed() });
	});

	it('never holds whoever is under another name, and counts them', async () => {
		await answer({ [nationality]: sealed('ce') });
		await putOnAlias();
		const { id } = await request();
		await decide(id, true);
		const list = await take(id);
		expect(list).toMatchObject({ status: 'ok', withheld: 1 });
		expect(list.rows).toHaveLength(1);
		expect(JSON.stringify(list)).not.toContain('Marta');
		expect(JSON.stringify(list)).not.toContain('cece');
	});

	it('is not taken too late, nor by who has no role any more', async () => {
		const { id } = await request();
		await decide(id, true);
		await client.query(`update private.host_lists set expires_at = now() where id = $1`, [id]);
		expect(await take(id)).toEqual({ status: 'wrong_state' });
		const { id: next } = await request();
		await decide(next, true);
		await client.query(`update public.role_grants set ended_at = now() where person_id = $1`, [
			world.people.registration.person
		]);
		expect(await take(next)).toEqual({ status: 'not_found' });
	});
});
