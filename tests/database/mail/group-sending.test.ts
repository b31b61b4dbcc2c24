/*
 * Delivery of a message to a group: at a limited pace, paused, cancelled, and reported person by person, without any
 * address.
 */
import type pg from 'pg';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { makeMessaging } from '../../fixtures/messaging.ts';
import { callAs, connectMany, readValue } from '../../fixtures/registering.ts';
import { startDatabase } from '../../fixtures/stack.ts';
import { type TestPerson } from '../../fixtures/world.ts';

const database = await startDatabase();
const { client, app, world, made, people, save, send, steer, release, outcomesOf, queuedFor, rate, later, clear } =
	await makeMessaging(database);
afterAll(() => database.stop());
beforeEach(clear);

const drafts = { states: ['draft'] };

describe('pace', () => {
	test('is never exceeded when many release mails at once, and a sign-in code goes first', async () => {
		await rate(5);
		const { id = '' } = await save(made.organiser, drafts);
		await send(made.organiser, id, 25);
		expect(await queuedFor(id)).toBe(5);
		const workers = await connectMany(database, 8, database.appUrl);
		await Promise.all(workers.map((worker) => worker.query('select private.queue_group_messages()')));
		expect(await queuedFor(id)).toBe(5);
		await later(id);
		await Promise.all(workers.map((worker) => worker.query('select private.queue_group_messages()')));
		await Promise.all(workers.map((each) => each.end()));
		expect([await queuedFor(id), await outcomesOf(id)]).toEqual([10, { queued: 10, unreachable: 1, waiting: 14 }]);
		await client.query(
			`insert into private.outbox (address_sealed, key_id, template, priority) values ('\\x00', 'k', 'sign_in_code', 0)`
		);
		const first = await app.query<{ template: string }>('select template from private.claim_mail(1)');
		expect(first.rows).toEqual([{ template: 'sign_in_code' }]);
	});

	test('is shared by two messages of a Summit', async () => {
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

	test('pausing stops and returns waiting mails; after resuming each reader still gets the mail once', async () => {
		await rate(10);
		const { id = '' } = await save(made.organiser, drafts);
		await send(made.organiser, id, 25);
		const taken = await app.query<{ id: string; claim: string }>('select id, claim from private.claim_mail(3)');
		expect(await steer(id, 'pause')).toBe('ok');
		expect([await queuedFor(id), await outcomesOf(id)]).toEqual([3, { queued: 3, unreachable: 1, waiting: 21 }]);
		await later(id);
		await release();
		expect(await queuedFor(id)).toBe(3);
		for (const { id: mail, claim } of taken.rows)
			await app.query('select private.mark_mail_sent($1, $2)', [mail, claim]);
		expect([await steer(id, 'pause'), await steer(id, 'resume')]).toEqual(['wrong_state', 'ok']);
		await rate(1000);
		await release();
		expect([await queuedFor(id), await outcomesOf(id)]).toEqual([24, { queued: 21, sent: 3, unreachable: 1 }]);
	});

	test('cancelling stops it for everybody else, and it does not start again', async () => {
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

	test('workers that claim while somebody pauses and resumes send nothing twice and lose nothing', async () => {
		const { id = '' } = await save(made.organiser, drafts);
		await send(made.organiser, id, 25);
		const workers = await connectMany(database, 6, database.appUrl);
		// Other connections than that of the person who acts meanwhile.
		const readers = await connectMany(database, 6);
		const posted: string[] = [];
		let over = false;
		const working = workers.map(async (worker, n) => {
			const reader = readers[n] as pg.Client;
			for (let idle = 0; !over || idle < 3;) {
				const { rows } = await worker.query<{ id: string; claim: string }>(
					'select id, claim from private.claim_mail(1)'
				);
				for (const { id: mail, claim } of rows) {
					const person = await readValue<string>(reader, 'select person_id from private.outbox where id = $1', [mail]);
					posted.push(person);
					await worker.query('select private.mark_mail_sent($1, $2)', [mail, claim]);
				}
				idle = rows.length === 0 ? idle + 1 : 0;
				if (rows.length === 0) await worker.query('select private.queue_group_messages()');
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

describe('results', () => {
	test('are reported person by person, and complete when nobody waits', async () => {
		const { id = '' } = await save(made.organiser, { states: ['declined'] });
		await send(made.organiser, id, 5);
		const taken = await app.query<{ id: string; claim: string }>('select id, claim from private.claim_mail(5)');
		const [bad, ...good] = taken.rows.map(({ id: mail, claim }) => [mail, claim]);
		for (const mail of good) await app.query('select private.mark_mail_sent($1, $2)', mail);
		await app.query(`select private.mark_mail_failed($1, $2, 'EENVELOPE 550', true)`, bad);
		const list = await callAs<{ messages: { state: string; outcomes: object }[] }>(
			client,
			made.organiser,
			'public.list_group_messages($1)',
			[made.summit]
		);
		expect(list.messages.map(({ state, outcomes }) => ({ state, outcomes }))).toEqual([
			{ state: 'done', outcomes: { sent: 4, failed: 1 } }
		]);
		const failed = await callAs<{ outcome: string; error: string }[]>(
			client,
			made.organiser,
			'public.list_group_message_outcomes($1, $2)',
			[id, 'failed']
		);
		expect(failed.map(({ outcome, error }) => [outcome, error])).toEqual([['failed', 'EENVELOPE 550']]);
	});

	test('show a protected person by their display name; no address and no other name is in any answer or row', async () => {
		const canary = `canary${randomUUID().slice(0, 8)}`;
		const who = people[13] as TestPerson;
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
			await callAs(client, made.organiser, 'public.list_group_messages($1)', [made.summit]),
			await callAs(client, made.organiser, 'public.list_group_message_outcomes($1)', [id]),
			await callAs(client, made.organiser, 'public.list_mail($1, $2)', [made.summit, 'queued']),
			(await client.query('select * from public.group_messages')).rows,
			(await client.query('select * from private.group_message_recipients')).rows,
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

	test('are in the history: who wrote the message and who sent it', async () => {
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

	test('count two people who are merged after both received it as one', async () => {
		const { id = '' } = await save(made.organiser, { states: ['declined'] });
		await send(made.organiser, id, 5);
		const [keep, drop] = [people[27], people[28]] as [TestPerson, TestPerson];
		await client.query('delete from public.account_people where person_id = $1', [drop.person]);
		await client.query(`select private.merge_people($1, $2, 'the same')`, [keep.person, drop.person]);
		const { rows } = await client.query<{ people: number }>(
			`select count(*)::integer as people from private.group_message_recipients where message_id = $1`,
			[id]
		);
		expect(rows).toEqual([{ people: 4 }]);
	});

	test('the pace is set by an owner', async () => {
		const set = (who: TestPerson, perMinute: number | null) =>
			callAs<string>(client, who, 'public.save_mail_rate($1, $2)', [world.summit, perMinute]);
		expect([
			await set(world.people.registration, 5),
			await set(world.people.owner, 0),
			await set(world.people.owner, null),
			await set(world.people.owner, 5)
		]).toEqual(['not_allowed', 'invalid', 'invalid', 'ok']);
	});
});
