/* Undoing a change of category: under the conditions of the change itself, and without erasing what was given since. */
import { beforeEach, expect, test } from 'vitest';
import { addStaff } from '../../fixtures/accrediting.ts';
import { categoryDesk } from '../../fixtures/changing-category.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { logisticsField, sealedAnswer } from '../../fixtures/logistics.ts';
import { callAs, makeSummit, readValue, type RegisteringSummit } from '../../fixtures/registering.ts';
import type { UndoableAct } from '../../fixtures/undoing.ts';

const db = useDatabase();
let summit: RegisteringSummit;
const { addPool, askTwoFor, change, pooled, seatOf, sound } = categoryDesk(db, () => summit);

beforeEach(async () => {
	summit = await makeSummit(db.owner, { hall: 6, online: 6 });
	await addPool('press', 2);
	await addPool('guest', 2);
});

async function undo(): Promise<string> {
	const [act] = await callAs<UndoableAct[]>(db.owner, summit.organiser, 'public.my_undoable_acts($1)', [summit.summit]);
	return callAs<string>(db.owner, summit.organiser, 'public.undo_act($1, $2)', [summit.summit, act?.id]);
}
const personOf = async (id: string) => {
	const { rows } = await db.owner.query<{ person: string; account: string; reference: string }>(
		`select r.person_id as person, a.account_id as account, r.reference
		from public.registrations as r join public.account_people as a on a.person_id = r.person_id where r.id = $1`,
		[id]
	);
	return { name: '', person: '', account: '', reference: '', ...rows[0] };
};
const categoryOf = (id: string) =>
	readValue<string>(db.owner, 'select category from public.registrations where id = $1', [id]);

test('writes a step with a reason', async () => {
	const [id = ''] = await pooled('press', 1, false);
	expect(await change(id, 'guest')).toMatchObject({ status: 'ok' });
	expect(await undo()).toBe('ok');
	expect(
		await readValue(
			db.owner,
			`select string_agg(s.category || ': ' || s.reason, ', ' order by s.id) from public.registration_steps as s where s.registration_id = $1 and s.category is not null`,
			[id]
		)
	).toBe('guest: asked at the desk, press: undone');
});

test('erases no answer that the person gave to a question of the new category', async () => {
	const { id: field } = await callAs<{ id: string }>(
		db.owner,
		summit.organiser,
		'public.save_logistics_field($1, $2)',
		[
			summit.summit,
			JSON.stringify(logisticsField('host', { form: 'registration', categories: ['guest'], is_sealed: true }))
		]
	);
	const [id = ''] = await pooled('press', 1, false);
	await change(id, 'guest');
	const who = await personOf(id);
	expect(
		await callAs(db.owner, who, 'public.save_logistics_answers($1, $2)', [
			id,
			JSON.stringify({ [field]: sealedAnswer() })
		])
	).toMatchObject({ status: 'ok' });
	expect(await undo()).toBe('changed');
	expect([await categoryOf(id), await seatOf(id)]).toEqual(['guest', 'held in_person Guest pool']);
	expect(
		await readValue(db.owner, 'select count(*)::integer from private.logistics_answers where registration_id = $1', [
			id
		])
	).toBe(1);
	await sound();
});

test('refuses where two people must decide by now, or the organiser acts for the person', async () => {
	const [first = '', second = ''] = await pooled('press', 2, false);
	await change(first, 'guest');
	await askTwoFor('guest');
	expect([await undo(), await categoryOf(first)]).toEqual(['changed', 'guest']);
	await askTwoFor('security');
	await change(second, 'guest');
	const { person } = await personOf(second);
	await db.owner.query(
		`insert into public.account_people (account_id, person_id, relation) values ($1, $2, 'assistant')`,
		[summit.organiser.account, person]
	);
	expect([await undo(), await categoryOf(second)]).toEqual(['changed', 'guest']);
});

test('refuses where safeguarding must decide by now, and notifies safeguarding', async () => {
	await pooled('press', 2);
	await pooled('guest', 2);
	const [id = ''] = await pooled('press', 1);
	expect(await seatOf(id)).toBeNull();
	expect(await change(id, 'guest')).toMatchObject({ status: 'ok', seat: 'none' });
	const safeguarding = await addStaff(db.owner, summit.summit, 'Lead', 'safeguarding');
	const { reference } = await personOf(id);
	await callAs(db.owner, safeguarding, 'public.add_watch_list_entry($1, $2)', [
		summit.summit,
		JSON.stringify({ details_sealed: 'ab'.repeat(40), key_id: 'k1', registration: reference })
	]);
	expect([await undo(), await categoryOf(id)]).toEqual(['changed', 'guest']);
	expect(
		await readValue(
			db.owner,
			`select count(*)::integer from private.outbox where template = 'safeguarding_needed' and person_id = $1`,
			[safeguarding.person]
		)
	).toBe(1);
});
