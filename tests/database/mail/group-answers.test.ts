/* A message to a group inserts the reader's own answer to a question that is marked for it, as it is when the mail is sent. */
import { afterAll, beforeEach, expect, test } from 'vitest';
import { logisticsField, text } from '../../fixtures/logistics.ts';
import { makeMessaging } from '../../fixtures/messaging.ts';
import { callAs } from '../../fixtures/registering.ts';
import { startDatabase } from '../../fixtures/stack.ts';

const database = await startDatabase();
const { client, app, made, people, save, send, clear } = await makeMessaging(database);
afterAll(() => database.stop());
beforeEach(clear);

const hotels = ['harbour', 'garden'].map((key) => ({ key, label: text(key) }));
const saveField = (field: object, by = made.organiser) =>
	callAs<{ status: string; id: string; faults?: string[] }>(client, by, 'public.save_logistics_field($1, $2)', [
		made.summit,
		JSON.stringify(field)
	]);
const question = (key: string, more: object = {}) =>
	logisticsField(key, {
		kind: 'choice',
		choices: hotels,
		form: 'registration',
		is_sealed: false,
		in_mail: true,
		visible_to: [],
		...more
	});
const answer = (n: number, field: string, value: string[] | null) =>
	client.query(
		`insert into private.logistics_answers (registration_id, field_id, value, answer_sealed, key_id)
		select id, $2, $3::text[], case when $3 is null then '\\x00'::bytea end, case when $3 is null then 'k' end
		from public.registrations where person_id = $1`,
		[people[n]?.person, field, value]
	);
/** The answers that the mails of a message carry, by reader. */
async function carried(body: string) {
	const { id = '' } = await save(
		made.organiser,
		{ states: ['draft'] },
		{
			texts: { en: { subject: 'News', body } }
		}
	);
	await send(made.organiser, id, 25);
	const stored = await client.query<{ params: object }>('select params from private.outbox');
	expect(stored.rows.filter(({ params }) => 'answers' in params)).toEqual([]);
	const { rows } = await app.query<{ id: string; params: { answers?: Record<string, unknown> } }>(
		'select id, params from private.claim_mail(100)'
	);
	const found = await client.query<{ id: string; person_id: string }>('select id, person_id from private.outbox');
	const of = (outbox: string) => found.rows.find((row) => row.id === outbox)?.person_id;
	return rows
		.filter(({ params }) => params.answers !== undefined)
		.map(({ id: outbox, params }) => [people.findIndex(({ person }) => person === of(outbox)), params.answers]);
}

test('each reader gets their own answer, of marked questions alone', async () => {
	const { id: hotel } = await saveField(question('hotel'));
	const { id: quiet } = await saveField(question('quiet', { in_mail: false }));
	const { id: sealed } = await saveField(question('sealed', { is_sealed: true, in_mail: false }));
	await answer(2, hotel, ['harbour']);
	await answer(3, hotel, ['garden']);
	await answer(3, quiet, ['garden']);
	await answer(3, sealed, null);
	await answer(29, hotel, ['garden']);
	const value = (key: string) => ({ hotel: { kind: 'choice', choices: hotels, value: [key] } });
	const found = await carried('Your hotel is {answer:hotel}.');
	expect(found.toSorted()).toEqual([
		[2, value('harbour')],
		[3, value('garden')]
	]);
	await clear();
	expect(await carried('No answer here.')).toEqual([]);
	// A mark that is taken away counts for mails that wait.
	await client.query(`update public.logistics_fields set in_mail = false where id = $1`, [hotel]);
	await clear();
	expect(await carried('Your hotel is {answer:hotel}.')).toEqual([]);
});

test('a sealed answer is never marked, and the mark is the registration organisers’', async () => {
	for (const field of [
		question('aa', { is_sealed: true }),
		logisticsField('bb', { in_mail: true }),
		question('cc', { is_sealed: true, is_identity: true })
	])
		expect(await saveField(field)).toEqual({ status: 'invalid', faults: ['in_mail'] });
	await expect(
		client
			.query(`update public.logistics_fields set is_sealed = true where in_mail or key = 'hotel'`)
			.then(() => client.query(`update public.logistics_fields set in_mail = true where key = 'hotel'`))
	).rejects.toThrow('mailed_unsealed');
	expect((await saveField(question('dd'), people[4])).status).toBe('not_allowed');
});
