/* Messages to a group: once to each, whoever presses how often; held back, ended, and told person by person, with no address anywhere. */
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
	ask,
	connectMany,
	inTurn,
	makeDrafts,
	makePeople,
	makeSummit,
	value,
	type RegisteringSummit
} from '../fixtures/registering.ts';
import { startDatabase, type TestDatabase } from '../fixtures/stack.ts';
import { KINDS, makeWorld, type Somebody, type World } from '../fixtures/world.ts';

let database: TestDatabase;
let client: pg.Client;
let app: pg.Client;
let world: World;
let made: RegisteringSummit;
let people: Somebody[];

const texts = { en: { subject: 'News of {summit}', body: 'Hello.' }, fr: { subject: 'Nouvelles', body: 'Bonjour.' } };
type Answer = {
	status: string;
	total?: number;
	id?: string;
	version?: number;
	similar?: { shared: number; by: string } | null;
};

const save = (
	who: Somebody,
	filters: object = {},
	more: Partial<{
		id: string;
		after: number;
		texts: object;
		original: string;
		page: string | null;
		summit: string;
	}> = {}
) =>
	ask<Answer>(client, who, 'public.save_group_message($1, $2, $3, $4, $5, $6, $7)', [
		more.summit ?? made.summit,
		more.id ?? null,
		more.after ?? 0,
		filters,
		JSON.stringify(more.texts ?? texts),
		more.original ?? 'en',
		more.page === undefined ? '/me' : more.page
	]);
const send = (
	who: Somebody,
	id: string,
	expected: number,
	more: { after?: number; anyway?: boolean; on?: pg.Client } = {}
) =>
	ask<Answer>(more.on ?? client, who, 'public.send_group_message($1, $2, $3, $4)', [
		id,
		more.after ?? 1,
		expected,
		more.anyway ?? false
	]);
const steer = (id: string, act: string, who = made.organiser) =>
	ask<string>(client, who, 'public.steer_group_message($1, $2)', [id, act]);
const release = () => app.query('select private.release_messages()');
const outcomesOf = async (id: string) => {
	const { rows } = await client.query<{ outcome: string; count: number }>(
		`select outcome, count(*)::integer as count from private.message_outcomes($1) group by 1 order by 1`,
		[id]
	);
	return Object.fromEntries(rows.map(({ outcome, count }) => [outcome, count]));
};
const queuedFor = (id: string) =>
	value<number>(client, `select count(*)::integer from private.outbox where params ->> 'message_id' = $1`, [id]);
const rate = (perMinute: number) =>
	client.query(
		`insert into public.mail_settings (summit_id, per_minute) values ($1, $2) on conflict (summit_id) do update set per_minute = excluded.per_minute`,
		[made.summit, perMinute]
	);
/** As if the minute had passed. */
const later = (id: string) =>
	client.query(
		`update private.message_recipients set queued_at = queued_at - interval '2 minutes' where message_id = $1`,
		[id]
	);

async function give(who: readonly Somebody[]): Promise<void> {
	await client.query(
		`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id) select p, decode(md5(p::text), 'hex'), '\\x00', 'k' from unnest($1::uuid[]) as p`,
		[who.map(({ person }) => person)]
	);
}

beforeAll(async () => {
	database = await startDatabase();
	client = await database.connect();
	app = await database.connect(database.appUrl);
	world = await makeWorld(client);
	made = await makeSummit(client, { members: 3 });
	people = await makePeople(client, 30);
	const ids = await makeDrafts(client, made.summit, people, (n) => made.members[n % 3] ?? '', 'virtual');
	await client.query(`update public.registrations set state = 'declined', submitted_at = now() where id = any ($1)`, [
		ids.slice(25)
	]);
	await give(people.slice(1));
	await client.query(
		`insert into public.person_preferences (person_id, locale) select p, 'fr' from unnest($1::uuid[]) as p`,
		[people.slice(0, 10).map(({ person }) => person)]
	);
	await client.query(`insert into public.person_preferences (person_id, locale) values ($1, 'ar')`, [
		people[10]?.person
	]);
});
afterAll(() => database.stop());
beforeEach(async () => {
	await client.query('delete from public.group_messages');
	await client.query('delete from private.outbox');
	await rate(1000);
});

const drafts = { states: ['draft'] };

describe('who may', () => {
	test('whoever registers, and owners; nobody else counts, writes, sends, reads or steers', async () => {
		const allowed: string[] = [];
		const mine = await save(world.people.registration, {}, { summit: world.summit });
		for (const kind of KINDS) {
			const who = world.people[kind];
			const answers = [
				(await ask<Answer>(client, who, 'public.count_message($1, $2)', [world.summit, {}])).status,
				(await save(who, {}, { summit: world.summit })).status,
				(await send(who, mine.id ?? '', 99)).status,
				(await ask(client, who, 'public.list_group_messages($1)', [world.summit])) === null ? 'not_allowed' : 'ok',
				(await ask(client, who, 'public.list_message_outcomes($1)', [mine.id])) === null ? 'not_allowed' : 'ok',
				(await ask(client, who, 'public.list_message_readers($1)', [mine.id])) === null ? 'not_allowed' : 'ok',
				await steer(mine.id ?? '', 'resume', who)
			];
			const refused = answers.filter((answer) => answer === 'not_allowed').length;
			if (refused === 0) allowed.push(kind);
			else expect({ kind, answers }).toEqual({ kind, answers: Array(7).fill('not_allowed') });
		}
		expect(allowed).toEqual(['registration', 'owner']);
		expect((await send(made.organiser, mine.id ?? '', 5)).status).toBe('not_allowed');
		expect((await save(made.organiser, {}, { id: mine.id ?? '', after: 1 })).status).toBe('not_allowed');
	});

	test('what cannot be a message is refused in words', async () => {
		const who = made.organiser;
		const faults = [
			await save(who, {}, { texts: {} }),
			await save(who, {}, { original: 'ar' }),
			await save(who, {}, { texts: { en: { subject: ' ', body: 'x' } } }),
			await save(who, {}, { texts: { en: 'text' } }),
			await save(who, {}, { page: 'https://elsewhere.example' }),
			await save(who, { states: 'draft' }),
			await save(who, { note: 'x'.repeat(3000) })
		];
		expect(faults.map(({ status }) => status)).toEqual(Array(7).fill('invalid'));
	});
});

test('is looked at as its first readers get it, or one by reference; the sealed by their alias, others not at all', async () => {
	interface Reader {
		registration_id: string;
		reference: string;
		display_name: string;
		locale: string;
	}
	const [first, sealed] = people as [Somebody, Somebody];
	await client.query(`update public.people set display_name = 'Aaltje Alias' where id = $1`, [sealed.person]);
	await client.query(
		`insert into private.protections (person_id, kind, real_name_sealed, key_id) values ($1, 'alias', '\\x00', 'test')`,
		[sealed.person]
	);
	const { id } = await save(made.organiser, drafts);
	const readers = (reference = '', who = made.organiser) =>
		ask<Reader[]>(client, who, 'public.list_message_readers($1, $2)', [id, reference]);
	const shown = await readers();
	expect(shown).toHaveLength(3);
	expect(shown[0]).toMatchObject({ display_name: 'Aaltje Alias', locale: 'fr' });
	expect(Object.keys(shown[0] ?? {}).sort()).toEqual([
		'display_name',
		'locale',
		'mode',
		'reference',
		'registration_id'
	]);
	const referenceOf = (person: string | undefined) =>
		value<string>(client, 'select reference from public.registrations where person_id = $1', [person]);
	const known = new Set(shown.map(({ reference }) => reference));
	const other = (await inTurn(people.slice(0, 25), ({ person }) => referenceOf(person))).find(
		(each) => !known.has(each)
	);
	expect((await readers(other?.toLowerCase())).map(({ reference }) => reference)).toEqual([...known, other]);
	// Whom it does not go to is in no answer.
	expect(await readers(await referenceOf(people[26]?.person))).toEqual(shown);
	expect(await readers('', world.people.registration)).toBeNull();
	expect(await readers('', first)).toBeNull();
	// Once it is sent, those stay its readers to whom it went.
	expect((await send(made.organiser, id ?? '', 25)).status).toBe('ok');
	expect(await readers()).toEqual(shown);
	await client.query('delete from private.protections where person_id = $1', [sealed.person]);
	await client.query('update public.people set display_name = $2 where id = $1', [sealed.person, sealed.name]);
});

describe('the group', () => {
	const count = (filters: object) =>
		ask<{ total: number; reachable: number; languages: Record<string, number> }>(
			client,
			made.organiser,
			'public.count_message($1, $2)',
			[made.summit, filters]
		);

	test('is as the filters say, by language, with those whom no mail reaches', async () => {
		expect(await count(drafts)).toEqual({
			status: 'ok',
			total: 25,
			reachable: 24,
			unreachable: 1,
			languages: { fr: 10, ar: 1, en: 14 }
		});
		expect((await count({})).total).toBe(0);
		expect((await count({ states: ['draft', 'declined'] })).total).toBe(30);
		expect((await count({ ...drafts, sector: 'government' })).total).toBe(8);
		expect((await count({ ...drafts, member: made.members[0] })).total).toBe(9);
		expect((await count({ ...drafts, language: 'fr', mode: 'virtual' })).total).toBe(10);
		expect((await count({ ...drafts, mode: 'in_person' })).total).toBe(0);
		expect((await count({ ...drafts, country: 'PT', category: 'delegate' })).total).toBe(25);
		expect((await count({ ...drafts, region: 'nowhere' })).total).toBe(0);
	});

	test('has a person once who has two registrations that fit', async () => {
		const twice = people[26] as Somebody;
		const [again] = await makeDrafts(client, made.summit, [twice], () => made.members[0] ?? '', 'virtual');
		expect((await count({ states: ['draft', 'declined'] })).total).toBe(30);
		await client.query('delete from public.registrations where id = $1', [again]);
	});

	test('of people whom a server refused for good is told before sending, until mail comes through again', async () => {
		const who = people[12] as Somebody;
		await client.query(
			`insert into private.outbox (person_id, template, state, last_error) values ($1, 'offer_made', 'dead', 'EENVELOPE 550')`,
			[who.person]
		);
		expect((await count(drafts)).reachable).toBe(23);
		await client.query(
			`insert into private.outbox (person_id, template, state, sent_at) values ($1, 'offer_made', 'sent', now() + interval '1 second')`,
			[who.person]
		);
		expect((await count(drafts)).reachable).toBe(24);
	});
});

describe('sending', () => {
	test('happens once, whoever presses how often at the same time', async () => {
		const { id = '' } = await save(made.organiser, drafts);
		const clients = await connectMany(database, 20);
		const answers = await Promise.all(clients.map((on) => send(made.organiser, id, 25, { on })));
		await Promise.all(clients.map((each) => each.end()));
		expect(answers.map(({ status }) => status).sort()).toEqual([...Array(19).fill('already'), 'ok']);
		expect([await queuedFor(id), await outcomesOf(id)]).toEqual([24, { queued: 24, unreachable: 1 }]);
		const { rows } = await client.query<{ people: number; rows: number }>(
			`select count(distinct person_id)::integer as people, count(*)::integer as rows from private.outbox`
		);
		expect(rows).toEqual([{ people: 24, rows: 24 }]);
	});

	test('is to those who fit at that moment, and to nobody when they are others than the organiser saw', async () => {
		const { id = '' } = await save(made.organiser, drafts);
		expect(await send(made.organiser, id, 24)).toMatchObject({ status: 'changed', total: 25 });
		expect([await queuedFor(id), await outcomesOf(id)]).toEqual([0, {}]);
		expect((await send(made.organiser, id, 25)).status).toBe('ok');
		// Who comes later does not get it; who leaves keeps it.
		const [late] = await makePeople(client, 1);
		await give([late as Somebody]);
		const [extra] = await makeDrafts(client, made.summit, [late as Somebody], () => made.members[0] ?? '', 'virtual');
		await later(id);
		await release();
		expect(await queuedFor(id)).toBe(24);
		await client.query('delete from public.registrations where id = $1', [extra]);
		const { id: none = '' } = await save(made.organiser, { states: ['withdrawn'] });
		expect((await send(made.organiser, none, 0)).status).toBe('nobody');
	});

	test('of a draft that somebody changed meanwhile is refused; a sent one is changed by nobody', async () => {
		const { id = '' } = await save(made.organiser, drafts);
		expect(await save(made.organiser, { states: ['declined'] }, { id, after: 1 })).toMatchObject({
			status: 'ok',
			version: 2
		});
		expect((await save(made.organiser, drafts, { id, after: 1 })).status).toBe('stale');
		expect((await send(made.organiser, id, 25)).status).toBe('stale');
		expect((await send(made.organiser, id, 5, { after: 2 })).status).toBe('ok');
		expect((await save(made.organiser, drafts, { id, after: 3 })).status).toBe('sent');
	});

	test('two organisers who send to the same people at the same moment: one does, the other is asked', async () => {
		const [one, two] = [await save(made.organiser, drafts), await save(made.organiser, { ...drafts, mode: 'virtual' })];
		const clients = await connectMany(database, 2);
		const answers = await Promise.all(
			[one, two].map(({ id = '' }, n) => send(made.organiser, id, 25, { on: clients[n] as pg.Client }))
		);
		await Promise.all(clients.map((each) => each.end()));
		expect(answers.map(({ status }) => status).sort()).toEqual(['ok', 'similar']);
		const asked = answers.findIndex(({ status }) => status === 'similar');
		expect(answers[asked]?.similar).toMatchObject({ shared: 25, by: made.organiser.name });
		const id = [one, two][asked]?.id ?? '';
		expect(await queuedFor(id)).toBe(0);
		expect((await send(made.organiser, id, 25, { anyway: true })).status).toBe('ok');
		const { id: others = '' } = await save(made.organiser, { states: ['declined'] });
		expect((await send(made.organiser, others, 5)).status).toBe('ok');
	});

	test('is in the language of each, else in the one that was chosen', async () => {
		const { id = '' } = await save(made.organiser, drafts);
		await send(made.organiser, id, 25);
		const { rows } = await client.query<{ locale: string; count: number }>(
			`select locale, count(*)::integer as count from private.outbox group by 1 order by 1`
		);
		expect(rows).toEqual([
			{ locale: 'en', count: 15 },
			{ locale: 'fr', count: 9 }
		]);
		const claimed = await app.query<{ locale: string; wording: { subject: string } }>(
			'select locale, wording from private.claim_mail(30)'
		);
		const subjects = new Set(claimed.rows.map(({ locale, wording }) => `${locale} ${wording.subject}`));
		expect([...subjects].sort()).toEqual(['en News of {summit}', 'fr Nouvelles']);
	});
});

describe('a few a minute', () => {
	test('never more than the pace, though many release at once, and a sign-in code goes ahead', async () => {
		await rate(5);
		const { id = '' } = await save(made.organiser, drafts);
		await send(made.organiser, id, 25);
		expect(await queuedFor(id)).toBe(5);
		const workers = await connectMany(database, 8, database.appUrl);
		await Promise.all(workers.map((worker) => worker.query('select private.release_messages()')));
		expect(await queuedFor(id)).toBe(5);
		await later(id);
		await Promise.all(workers.map((worker) => worker.query('select private.release_messages()')));
		await Promise.all(workers.map((each) => each.end()));
		expect([await queuedFor(id), await outcomesOf(id)]).toEqual([10, { queued: 10, unreachable: 1, waiting: 14 }]);
		await client.query(
			`insert into private.outbox (address_sealed, key_id, template, priority) values ('\\x00', 'k', 'sign_in_code', 0)`
		);
		const first = await app.query<{ template: string }>('select template from private.claim_mail(1)');
		expect(first.rows).toEqual([{ template: 'sign_in_code' }]);
	});

	test('two messages share the minute of their Summit', async () => {
		await rate(6);
		const [one, two] = [
			await save(made.organiser, { ...drafts, language: 'fr' }),
			await save(made.organiser, { ...drafts, language: 'en' })
		];
		await send(made.organiser, one.id ?? '', 10);
		await send(made.organiser, two.id ?? '', 14);
		expect([await queuedFor(one.id ?? ''), await queuedFor(two.id ?? '')]).toEqual([6, 0]);
		await later(one.id ?? '');
		await release();
		expect([await queuedFor(one.id ?? ''), await queuedFor(two.id ?? '')]).toEqual([9, 3]);
	});

	test('held back, nothing more goes and what waits comes back; let go, each still gets it once', async () => {
		await rate(10);
		const { id = '' } = await save(made.organiser, drafts);
		await send(made.organiser, id, 25);
		const taken = await app.query<{ id: string }>('select id from private.claim_mail(3)');
		expect(await steer(id, 'pause')).toBe('ok');
		expect([await queuedFor(id), await outcomesOf(id)]).toEqual([3, { queued: 3, unreachable: 1, waiting: 21 }]);
		await later(id);
		await release();
		expect(await queuedFor(id)).toBe(3);
		for (const { id: mail } of taken.rows) await app.query('select private.mail_sent($1)', [mail]);
		expect([await steer(id, 'pause'), await steer(id, 'resume')]).toEqual(['wrong_state', 'ok']);
		await rate(1000);
		await release();
		expect([await queuedFor(id), await outcomesOf(id)]).toEqual([24, { queued: 21, sent: 3, unreachable: 1 }]);
	});

	test('ended, nobody else gets it, and it does not begin again', async () => {
		await rate(10);
		const { id = '' } = await save(made.organiser, drafts);
		await send(made.organiser, id, 25);
		await app.query('select private.claim_mail(2)');
		expect(await steer(id, 'cancel')).toBe('ok');
		await later(id);
		await release();
		expect([await queuedFor(id), await outcomesOf(id)]).toEqual([2, { cancelled: 22, queued: 2, unreachable: 1 }]);
		expect([await steer(id, 'resume'), await steer(id, 'cancel'), await steer(id, 'explode')]).toEqual(
			Array(3).fill('wrong_state')
		);
		expect((await send(made.organiser, id, 25, { after: 3 })).status).toBe('already');
	});

	test('workers that claim while somebody holds back and lets go: nobody gets it twice, nobody is lost', async () => {
		const { id = '' } = await save(made.organiser, drafts);
		await send(made.organiser, id, 25);
		const workers = await connectMany(database, 6, database.appUrl);
		// Not the connection on which somebody acts meanwhile.
		const reader = await database.connect();
		const posted: string[] = [];
		let over = false;
		const working = workers.map(async (worker) => {
			for (let idle = 0; !over || idle < 3;) {
				const { rows } = await worker.query<{ id: string }>('select id from private.claim_mail(1)');
				for (const { id: mail } of rows) {
					const person = await value<string>(reader, 'select person_id from private.outbox where id = $1', [mail]);
					posted.push(person);
					await worker.query('select private.mail_sent($1)', [mail]);
				}
				idle = rows.length === 0 ? idle + 1 : 0;
				if (rows.length === 0) await worker.query('select private.release_messages()');
			}
		});
		for (let n = 0; n < 6; n += 1) {
			await steer(id, 'pause');
			await steer(id, 'resume');
		}
		over = true;
		await Promise.all(working);
		await Promise.all(workers.map((each) => each.end()));
		expect([posted.length, new Set(posted).size, await outcomesOf(id)]).toEqual([24, 24, { sent: 24, unreachable: 1 }]);
	});
});

describe('what came of it', () => {
	test('is told person by person, and finished when nobody waits', async () => {
		const { id = '' } = await save(made.organiser, { states: ['declined'] });
		await send(made.organiser, id, 5);
		const taken = await app.query<{ id: string }>('select id from private.claim_mail(5)');
		const [bad, ...good] = taken.rows.map((mail) => mail.id);
		for (const mail of good) await app.query('select private.mail_sent($1)', [mail]);
		await app.query(`select private.mail_failed($1, 'EENVELOPE 550', true)`, [bad]);
		const list = await ask<{ messages: { state: string; outcomes: object }[] }>(
			client,
			made.organiser,
			'public.list_group_messages($1)',
			[made.summit]
		);
		expect(list.messages.map(({ state, outcomes }) => ({ state, outcomes }))).toEqual([
			{ state: 'done', outcomes: { sent: 4, failed: 1 } }
		]);
		const failed = await ask<{ outcome: string; error: string }[]>(
			client,
			made.organiser,
			'public.list_message_outcomes($1, $2)',
			[id, 'failed']
		);
		expect(failed.map(({ outcome, error }) => [outcome, error])).toEqual([['failed', 'EENVELOPE 550']]);
	});

	test('of a protected person shows the name that everybody is shown; no address and no other name is in any answer or row', async () => {
		const canary = `canary${randomUUID().slice(0, 8)}`;
		const who = people[13] as Somebody;
		await client.query(`update public.people set display_name = 'Marta Ilves' where id = $1`, [who.person]);
		await client.query(
			`insert into private.protections (person_id, kind, real_name_sealed, key_id) values ($1, 'alias', convert_to($2, 'UTF8'), 'k')`,
			[who.person, canary]
		);
		await client.query(
			`update private.person_addresses set address_sealed = convert_to($2, 'UTF8') where person_id = $1`,
			[who.person, `${canary}@hidden.example`]
		);
		const { id = '' } = await save(made.organiser, drafts);
		await send(made.organiser, id, 25);
		const answers = [
			await ask(client, made.organiser, 'public.list_group_messages($1)', [made.summit]),
			await ask(client, made.organiser, 'public.list_message_outcomes($1)', [id]),
			await ask(client, made.organiser, 'public.list_mail($1, $2)', [made.summit, 'queued']),
			(await client.query('select * from public.group_messages')).rows,
			(await client.query('select * from private.message_recipients')).rows,
			(await client.query('select * from private.outbox')).rows,
			(await client.query('select table_name, old_values, new_values, changed from audit.entries')).rows
		];
		const text = JSON.stringify(answers);
		expect([
			text.includes('Marta Ilves'),
			text.includes(canary),
			text.includes(Buffer.from(canary).toString('hex'))
		]).toEqual([true, false, false]);
		expect(text).not.toMatch(/@(hidden|example)/);
		await client.query('delete from private.protections where person_id = $1', [who.person]);
	});

	test('is in the history: who wrote it and who sent it', async () => {
		const { id = '' } = await save(made.organiser, drafts);
		await send(made.organiser, id, 25);
		const { rows } = await client.query<{ action: string; actor: string; state: string }>(
			`select action, actor_person as actor, new_values ->> 'state' as state from audit.entries where table_name = 'public.group_messages' and row_id = $1 order by id`,
			[id]
		);
		expect(rows).toEqual([
			{ action: 'insert', actor: made.organiser.person, state: 'draft' },
			{ action: 'update', actor: made.organiser.person, state: 'sending' }
		]);
	});

	test('two people who become one after they both got it are one in it', async () => {
		const { id = '' } = await save(made.organiser, { states: ['declined'] });
		await send(made.organiser, id, 5);
		const [keep, drop] = [people[27], people[28]] as [Somebody, Somebody];
		await client.query('delete from public.account_people where person_id = $1', [drop.person]);
		await client.query(`select private.merge_people($1, $2, 'the same')`, [keep.person, drop.person]);
		const { rows } = await client.query<{ people: number }>(
			`select count(*)::integer as people from private.message_recipients where message_id = $1`,
			[id]
		);
		expect(rows).toEqual([{ people: 4 }]);
	});

	test('the pace is an owner’s to set', async () => {
		const set = (who: Somebody, perMinute: number | null) =>
			ask<string>(client, who, 'public.save_mail_rate($1, $2)', [world.summit, perMinute]);
		expect([
			await set(world.people.registration, 5),
			await set(world.people.owner, 0),
			await set(world.people.owner, null),
			await set(world.people.owner, 5)
		]).toEqual(['not_allowed', 'invalid', 'invalid', 'ok']);
	});
});
