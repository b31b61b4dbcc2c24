/*
 * Messages to a group: who may send, who receives, and that each is sent once, however often and by whom the button is
 * pressed.
 */
import type pg from 'pg';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { makeMessaging, type Answer } from '../../fixtures/messaging.ts';
import { callAs, connectMany, inTurn, makeDrafts, makePeople, readValue } from '../../fixtures/registering.ts';
import { startDatabase } from '../../fixtures/stack.ts';
import { personKinds, type TestPerson } from '../../fixtures/world.ts';

const database = await startDatabase();
const { client, app, world, made, people, save, send, steer, release, outcomesOf, queuedFor, later, give, clear } =
	await makeMessaging(database);
afterAll(() => database.stop());
beforeEach(clear);

const drafts = { states: ['draft'] };

describe('access', () => {
	test('registration organisers and owners; nobody else counts, writes, sends, reads or controls messages', async () => {
		const allowed: string[] = [];
		const mine = await save(world.people.registration, {}, { summit: world.summit });
		for (const kind of personKinds) {
			const who = world.people[kind];
			const answers = [
				(await callAs<Answer>(client, who, 'public.count_group_message_readers($1, $2)', [world.summit, {}])).status,
				(await save(who, {}, { summit: world.summit })).status,
				(await send(who, mine.id ?? '', 99)).status,
				(await callAs(client, who, 'public.list_group_messages($1)', [world.summit])) === null ? 'not_allowed' : 'ok',
				(await callAs(client, who, 'public.list_group_message_outcomes($1)', [mine.id])) === null
					? 'not_allowed'
					: 'ok',
				(await callAs(client, who, 'public.list_group_message_samples($1)', [mine.id])) === null ? 'not_allowed' : 'ok',
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

	test('an invalid message is refused with a reason', async () => {
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

test('previews show what its first readers get, or one by reference; sealed people by their alias, people outside the group not at all', async () => {
	interface Reader {
		registration_id: string;
		reference: string;
		display_name: string;
		locale: string;
	}
	const [first, sealed] = people as [TestPerson, TestPerson];
	await client.query(`update public.people set display_name = 'Aaltje Alias' where id = $1`, [sealed.person]);
	await client.query(
		`insert into private.protections (person_id, kind, real_name_sealed, key_id) values ($1, 'alias', '\\x00', 'test')`,
		[sealed.person]
	);
	const { id } = await save(made.organiser, drafts);
	const readers = (reference = '', who = made.organiser) =>
		callAs<Reader[]>(client, who, 'public.list_group_message_samples($1, $2)', [id, reference]);
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
		readValue<string>(client, 'select reference from public.registrations where person_id = $1', [person]);
	const known = new Set(shown.map(({ reference }) => reference));
	const other = (await inTurn(people.slice(0, 25), ({ person }) => referenceOf(person))).find(
		(each) => !known.has(each)
	);
	expect((await readers(other?.toLowerCase())).map(({ reference }) => reference)).toEqual([...known, other]);
	// People outside the group get no preview.
	expect(await readers(await referenceOf(people[26]?.person))).toEqual(shown);
	expect(await readers('', world.people.registration)).toBeNull();
	expect(await readers('', first)).toBeNull();
	// After sending, its recipients stay its readers.
	expect((await send(made.organiser, id ?? '', 25)).status).toBe('ok');
	expect(await readers()).toEqual(shown);
	await client.query('delete from private.protections where person_id = $1', [sealed.person]);
	await client.query('update public.people set display_name = $2 where id = $1', [sealed.person, sealed.name]);
});

describe('the group', () => {
	const count = (filters: object) =>
		callAs<{ total: number; reachable: number; languages: Record<string, number> }>(
			client,
			made.organiser,
			'public.count_group_message_readers($1, $2)',
			[made.summit, filters]
		);

	test('finds those who spoke, and those who attended and did not speak', async () => {
		const { delegate, virtual, speaker } = world.people;
		for (const { person } of [delegate, speaker])
			await client.query(`insert into public.presence (summit_id, person_id, kind) values ($1, $2, 'door')`, [
				world.summit,
				person
			]);
		const found = async (part: string) => {
			const { rows } = await client.query<{ person_id: string }>(
				`select person_id from private.group_message_audience($1, $2) where person_id = any ($3)`,
				[world.summit, { states: ['confirmed'], part }, [delegate, virtual, speaker].map(({ person }) => person)]
			);
			return rows.map(({ person_id }) => person_id);
		};
		expect([await found('attended'), await found('spoke')]).toEqual([[delegate.person], [speaker.person]]);
		await client.query(`update public.session_people set state = 'declined' where person_id = $1`, [speaker.person]);
		expect(await found('spoke')).toEqual([]);
	});

	test('follows the filters, by language, with the people who cannot be reached by mail', async () => {
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

	test('contains a person with two matching registrations once', async () => {
		const twice = people[26] as TestPerson;
		const [again] = await makeDrafts(client, made.summit, [twice], () => made.members[0] ?? '', 'virtual');
		expect((await count({ states: ['draft', 'declined'] })).total).toBe(30);
		await client.query('delete from public.registrations where id = $1', [again]);
	});

	test('reports before sending people whose server refused mail permanently, until a mail arrives again', async () => {
		const who = people[12] as TestPerson;
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
	test('happens once, however often and by whom the button is pressed', async () => {
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

	test('reaches the people who match at that moment, and nobody when they differ from what the organiser saw', async () => {
		const { id = '' } = await save(made.organiser, drafts);
		expect(await send(made.organiser, id, 24)).toMatchObject({ status: 'changed', total: 25 });
		expect([await queuedFor(id), await outcomesOf(id)]).toEqual([0, {}]);
		expect((await send(made.organiser, id, 25)).status).toBe('ok');
		// People who match later do not get it; people who no longer match keep it.
		const [late] = await makePeople(client, 1);
		await give([late as TestPerson]);
		const [extra] = await makeDrafts(client, made.summit, [late as TestPerson], () => made.members[0] ?? '', 'virtual');
		await later(id);
		await release();
		expect(await queuedFor(id)).toBe(24);
		await client.query('delete from public.registrations where id = $1', [extra]);
		const { id: none = '' } = await save(made.organiser, { states: ['withdrawn'] });
		expect((await send(made.organiser, none, 0)).status).toBe('nobody');
	});

	test('of a draft that was changed meanwhile is refused; nobody can change a sent message', async () => {
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

	test('by two organisers to the same people at the same moment: one sends, the other is asked to confirm', async () => {
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

	test('uses each reader’s language, or else the chosen one', async () => {
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
