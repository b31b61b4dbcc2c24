/*
 * Customised mail texts: who may write them, that none is lost, and that they appear only in mails of their language.
 */
import type pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import { callAs } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { personKinds, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let other: World;

type Answer = { status: string; version?: number };
const save = (
	who: TestPerson,
	after: number,
	subject: string | null,
	body: string | null,
	more: Partial<{ template: string; locale: string; summit: string; on: pg.Client }> = {}
) =>
	callAs<Answer>(more.on ?? db.owner, who, 'public.save_mail_text($1, $2, $3, $4, $5, $6)', [
		more.summit ?? world.summit,
		more.template ?? 'offer_made',
		more.locale ?? 'en',
		after,
		subject,
		body
	]);
const listed = (who: TestPerson | null, summit = world.summit) =>
	callAs<{ template: string; version: number; saved_by: string; subject: string | null }[] | null>(
		db.owner,
		who,
		'public.list_mail_texts($1)',
		[summit]
	);

beforeAll(async () => {
	world = await makeWorld(db.owner);
	other = await makeWorld(db.owner);
});

test('registration organisers and owners read and write them; nobody else does', async () => {
	const readers: string[] = [];
	const writers: string[] = [];
	for (const kind of personKinds) {
		if ((await listed(world.people[kind])) !== null) readers.push(kind);
		const answer = await save(world.people[kind], 0, 'Hello', kind, { template: `by_${kind}` });
		if (answer.status === 'ok') writers.push(kind);
	}
	expect([readers, writers]).toEqual([
		['registration', 'owner'],
		['registration', 'owner']
	]);
	expect(await listed(world.people.owner, other.summit)).toBe(null);
	expect(await save(world.people.owner, 0, 'Hello', 'x', { summit: other.summit })).toEqual({ status: 'not_allowed' });
	await expect(listed(null)).rejects.toThrow('permission denied');
});

test('saves one of ten simultaneous edits, and keeps each version', async () => {
	const clients = await Promise.all(Array.from({ length: 10 }, () => db.connect()));
	const answers = await Promise.all(
		clients.map((on, n) =>
			save(n % 2 ? world.people.registration : world.people.owner, 0, `Subject ${n}`, 'Body', {
				on,
				template: 'offer_lapsed'
			})
		)
	);
	expect(answers.filter(({ status }) => status === 'ok')).toHaveLength(1);
	expect(answers.filter(({ status }) => status === 'stale')).toHaveLength(9);
	expect(await save(world.people.owner, 1, null, null, { template: 'offer_lapsed' })).toEqual({
		status: 'ok',
		version: 2
	});
	expect(await save(world.people.owner, 2, null, null, { template: 'offer_lapsed' })).toEqual({
		status: 'unchanged',
		version: 2
	});
	const { rows } = await db.owner.query(
		`select version, subject is null as ours from public.mail_texts where template = 'offer_lapsed' order by 1`
	);
	expect(rows).toEqual([
		{ version: 1, ours: false },
		{ version: 2, ours: true }
	]);
	const granted = await db.owner.query(
		`select privilege_type from information_schema.role_table_grants where table_name = 'mail_texts' and grantee in ('anon', 'authenticated', 'app_server')`
	);
	expect(granted.rows).toEqual([{ privilege_type: 'SELECT' }]);
});

test('invalid texts are refused with a reason, without an error', async () => {
	const who = world.people.registration;
	const refused = [
		await save(who, 0, 'x'.repeat(601), 'Body'),
		await save(who, 0, 'Hello', 'x'.repeat(8001)),
		await save(who, 0, 'Hello', null),
		await save(who, 0, '  ', 'Body'),
		await save(who, 0, 'Hello', 'Body', { locale: 'de' }),
		await save(who, 0, 'Hello', 'Body', { template: 'Drop Table' })
	];
	expect(refused.map(({ status }) => status)).toEqual(Array(6).fill('invalid'));
});

test('a text is used in mails of that Summit and language, until the default is restored', async () => {
	const who = world.people.delegate;
	const claimed = async (summit: string, locale: string) => {
		const { rows } = await db.owner.query<{ id: string }>(
			`insert into private.outbox (person_id, template, locale, summit_id) values ($1, 'offer_made', $2, $3) returning id`,
			[who.person, locale, summit]
		);
		const taken = await db.app.query<{ wording: unknown }>('select wording from private.claim_mail(1, $1)', [
			rows[0]?.id
		]);
		return taken.rows[0]?.wording;
	};
	expect(await save(world.people.registration, 0, 'Come', 'Yours.')).toEqual({ status: 'ok', version: 1 });
	expect(await claimed(world.summit, 'en')).toEqual({ subject: 'Come', body: 'Yours.' });
	expect([await claimed(world.summit, 'fr'), await claimed(other.summit, 'en')]).toEqual([null, null]);
	await save(world.people.registration, 1, 'Come again', 'Yours.');
	expect(await claimed(world.summit, 'en')).toEqual({ subject: 'Come again', body: 'Yours.' });
	await save(world.people.registration, 2, null, null);
	expect(await claimed(world.summit, 'en')).toBe(null);
});

test('the history shows who wrote which text', async () => {
	const history = await callAs<{
		entries: { table: string; by: { name: string }; fields: { name: string; new: unknown }[] }[];
	}>(db.owner, world.people.registration, 'public.list_audit($1, $2)', [world.summit, { kind: 'public.mail_texts' }]);
	const mine = history.entries.find(({ fields }) => fields.some((field) => field.new === 'Come again'));
	expect([mine?.by, Object.fromEntries(mine?.fields.map(({ name, new: now }) => [name, now]) ?? [])]).toEqual([
		{ kind: 'person', name: world.people.registration.name },
		{ template: 'offer_made', locale: 'en', version: 2, subject: 'Come again', body: 'Yours.' }
	]);
});

describe('a test mail', () => {
	const send = (who: TestPerson, wording: object = { subject: 'Hello', body: 'You' }, summit = world.summit) =>
		callAs<string>(db.owner, who, 'public.send_mail_test($1, $2, $3, $4)', [summit, 'offer_made', 'fr', wording]);

	test('goes to the person who requests it, in the chosen language, ten times in ten minutes', async () => {
		const who = world.people.registration;
		const answers = [];
		for (let n = 0; n < 11; n += 1) answers.push(await send(who));
		expect(answers).toEqual([...Array(10).fill('ok'), 'too_many']);
		const { rows } = await db.owner.query(
			`select distinct person_id, locale, summit_id from private.outbox where template = 'mail_test'`
		);
		expect(rows).toEqual([{ person_id: who.person, locale: 'fr', summit_id: world.summit }]);
	});

	test('is for organisers of that Summit', async () => {
		expect([
			await send(world.people.finance),
			await send(world.people.delegate),
			await send(world.people.owner, {}, other.summit)
		]).toEqual(Array(3).fill('not_allowed'));
		expect(await send(world.people.owner, { body: 'x'.repeat(30_000) })).toBe('invalid');
	});
});
