/* Questions to a person, and changes after accreditation: they are asked, answered and reviewed again. */
import { describe, expect, test } from 'vitest';
import {
	decideAs,
	makeDesk,
	listRegistrations,
	readRegistration,
	addStaff,
	decisionStatuses
} from '../../fixtures/accrediting.ts';
import { callAs, connectMany, faultsOf, stateOf, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();

describe('questions', () => {
	const until = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
	const put = (by: TestPerson, id: string, days = 5, question = 'Which delegation are you with?') =>
		callAs<{ status: string; id: string }>(db.owner, by, `public.request_information($1, $2, $3)`, [
			id,
			question,
			until(days)
		]);
	const reply = (by: TestPerson | null, request: string, answer = 'The one of Example Harbour') =>
		callAs<string>(db.owner, by, `public.answer_information_request($1, $2)`, [request, answer]);

	test('go to the person alone, and are answered, in several rounds', async () => {
		const { id, summit, organiser, second, who, people } = await makeDesk(db.owner, 2);
		expect((await put(who, id)).status).toBe('not_allowed');
		expect((await put(await addStaff(db.owner, summit, 'Finance', 'finance'), id)).status).toBe('not_allowed');
		expect([
			(await put(organiser, id, 90)).status,
			(await put(organiser, id, -1)).status,
			(await put(organiser, id, 5, '?')).status
		]).toEqual(['invalid', 'invalid', 'invalid']);
		const asked = await put(organiser, id);
		expect((await put(second, id)).status).toBe('already');
		expect(await stateOf(db.owner, id)).toBe('submitted');
		expect((await listRegistrations(db.owner, organiser, summit, { tab: 'waiting' })).rows).toMatchObject([
			{ id, question: 'open' }
		]);
		expect((await listRegistrations(db.owner, organiser, summit, { tab: 'decide' })).total).toBe(1);
		const mine = (by: TestPerson) =>
			callAs<{ questions: object[] } | null>(db.owner, by, `public.read_my_desk_requests($1)`, [summit]);
		expect((await mine(who))?.questions).toMatchObject([{ question: 'Which delegation are you with?', state: 'open' }]);
		expect(JSON.stringify(await mine(who))).not.toContain('Staff');
		expect((await mine(people[1] as TestPerson))?.questions).toEqual([]);
		for (const other of [people[1] as TestPerson, organiser]) expect(await reply(other, asked.id)).toBe('not_found');
		expect([await reply(who, asked.id, ' '), await reply(who, asked.id), await reply(who, asked.id)]).toEqual([
			'invalid',
			'ok',
			'wrong_state'
		]);
		expect(
			(await listRegistrations(db.owner, organiser, summit, { flag: 'answered', tab: 'decide' })).rows
		).toMatchObject([{ id, question: 'answered' }]);
		expect((await readRegistration(db.owner, organiser, id)).information).toMatchObject([
			{ answer: 'The one of Example Harbour', is_read: false, asked_by: 'Staff registration' }
		]);
		expect((await put(second, id, 2, 'And who sends you?')).status).toBe('ok');
		expect((await readRegistration(db.owner, organiser, id)).information).toMatchObject([
			{ state: 'open' },
			{ state: 'answered', is_read: true }
		]);
		await decideAs(db.owner, organiser, [id]);
		expect((await readRegistration(db.owner, organiser, id)).information).toMatchObject([
			{ state: 'closed' },
			{ state: 'answered' }
		]);
		expect((await mine(who))?.questions).toMatchObject([{ state: 'answered' }]);
	});

	test('count two answers at the same time as one', async () => {
		const { id, organiser, who } = await makeDesk(db.owner, 1);
		const asked = await put(organiser, id);
		const clients = await connectMany(db, 10);
		const answers = await Promise.all(
			clients.map((on, n) =>
				callAs<string>(on, who, `public.answer_information_request($1, $2)`, [asked.id, `Answer ${n}`])
			)
		);
		expect(answers.filter((answer) => answer === 'ok').length).toBe(1);
	});

	test('keep a held seat until two days after the deadline, and two days after the answer; then it lapses as usual', async () => {
		const { ids, summit, organiser, people } = await makeDesk(db.owner, 2, {}, { hall: 2 });
		await db.owner.query(`update public.seats set held_until = now() + interval '1 hour' where summit_id = $1`, [
			summit
		]);
		const asked = await put(organiser, ids[0] ?? '', 5);
		const days = () =>
			readValue<number>(
				db.owner,
				`select round(extract(epoch from held_until - now()) / 86400)::int from public.seats where registration_id = $1 and state = 'held'`,
				[ids[0]]
			);
		expect(await days()).toBe(7);
		await db.owner.query(`select private.sweep_deadlines(now() + interval '3 days')`);
		expect(await days()).toBe(7);
		expect(await reply(people[0] as TestPerson, asked.id)).toBe('ok');
		expect(await days()).toBe(7);
		await db.owner.query(`select private.sweep_deadlines(now() + interval '8 days')`);
		// Nobody else waits, so the seat is held for them again for the usual time.
		expect(await stateOf(db.owner, ids[0] ?? '')).toBe('submitted');
		expect(await faultsOf(db.owner, summit)).toEqual([]);
	});

	test('are followed by reminders at half of the time and a day before, once each, which name no organiser', async () => {
		const { id, organiser, who } = await makeDesk(db.owner, 1);
		await put(organiser, id, 8);
		const sent = () =>
			readValue<number>(
				db.owner,
				`select count(*)::int from private.outbox where person_id = $1 and template = 'information_reminder'`,
				[who.person]
			);
		const after = async (days: number) => {
			await db.owner.query(`select private.sweep_deadlines(now() + $1 * interval '1 day')`, [days]);
			return sent();
		};
		expect([
			await after(1),
			await after(4.1),
			await after(4.2),
			await after(7.5),
			await after(7.6),
			await after(9)
		]).toEqual([0, 1, 1, 2, 2, 2]);
	});
});

describe('changes after accreditation', () => {
	const change = (who: TestPerson, id: string, fields: object) =>
		callAs<{ status: string; review?: boolean }>(db.owner, who, `public.update_my_details($1, $2)`, [
			id,
			JSON.stringify(fields)
		]);

	test('show old and new values until an organiser has reviewed them; corrections by organisers are not marked', async () => {
		const { id, summit, organiser, who, people } = await makeDesk(db.owner, 2);
		expect(await change(who, id, { display_name: 'Delegate One' })).toEqual({ status: 'ok', review: false });
		await decideAs(db.owner, organiser, [id]);
		expect(
			await callAs(db.owner, organiser, `public.correct_name($1, '{"display_name":"Delegate Uno"}', 'Misspelt')`, [id])
		).toBe('ok');
		expect((await readRegistration(db.owner, organiser, id)).re_review).toBeNull();
		expect(await change(people[1] as TestPerson, id, { display_name: 'Stolen' })).toEqual({ status: 'not_found' });
		expect(await change(who, id, { display_name: '' })).toMatchObject({ status: 'invalid' });
		expect(await change(who, id, { display_name: 'Delegate Due', office: 'Head' })).toEqual({
			status: 'ok',
			review: true
		});
		await change(who, id, { display_name: 'Delegate Tre', office: 'Head' });
		expect((await readRegistration(db.owner, organiser, id)).re_review).toMatchObject({
			fields: ['display_name', 'office'],
			old: { display_name: 'Delegate Uno', office: '' },
			new: { display_name: 'Delegate Tre', office: 'Head' },
			is_paused: false
		});
		expect((await listRegistrations(db.owner, organiser, summit, { tab: 're_review' })).rows).toMatchObject([
			{ id, waits: 'organiser' }
		]);
		// The value is the reviewed one again, so nothing is left to review.
		await change(who, id, { display_name: 'Delegate Uno', office: '' });
		expect((await readRegistration(db.owner, organiser, id)).re_review).toBeNull();
		await change(who, id, { display_name: 'Delegate Due', office: '' });
		expect(await decisionStatuses(db.owner, organiser, [id], 'accept_change')).toEqual(['change_accepted']);
		expect(await decisionStatuses(db.owner, organiser, [id], 'accept_change')).toEqual(['wrong_state']);
		expect((await readRegistration(db.owner, organiser, id)).re_review).toBeNull();
	});

	test('block door and stage where the Summit says so, but keep the seat', async () => {
		const { id, summit, organiser, who } = await makeDesk(db.owner, 1, { pauses_rights: true });
		await decideAs(db.owner, organiser, [id]);
		await db.owner.query(
			`update public.summits set starts_on = (now() at time zone zone)::date, ends_on = (now() at time zone zone)::date + 1 where id = $1`,
			[summit]
		);
		const badge = await readValue<string>(db.owner, `select id from public.badges where registration_id = $1`, [id]);
		const door = async () =>
			(await callAs<{ answer: string }>(db.owner, organiser, `public.check_badge($1, $2)`, [summit, badge])).answer;
		await change(who, id, { display_name: 'Somebody Else' });
		expect(await door()).toBe('in_review');
		expect(await readValue(db.owner, `select state from public.seats where registration_id = $1`, [id])).toBe('taken');
		await decideAs(db.owner, organiser, [id], 'accept_change');
		expect(await door()).toBe('welcome');
	});

	test('take two people to confirm where accreditation takes two', async () => {
		const { id, organiser, second, who } = await makeDesk(db.owner, 1, { second_person_for: ['delegate'] });
		await decideAs(db.owner, organiser, [id]);
		await decideAs(db.owner, second, [id], 'confirm');
		await change(who, id, { display_name: 'Somebody Else' });
		expect(await decisionStatuses(db.owner, organiser, [id], 'accept_change')).toEqual(['proposed']);
		// A value that changes again is reviewed again.
		await change(who, id, { display_name: 'Somebody Other' });
		expect(await decisionStatuses(db.owner, second, [id], 'confirm')).toEqual(['no_proposal']);
		await decideAs(db.owner, second, [id], 'accept_change');
		expect(await decisionStatuses(db.owner, organiser, [id], 'confirm')).toEqual(['change_accepted']);
	});

	test('hide a name that was sealed from everybody', async () => {
		const { id, organiser, who } = await makeDesk(db.owner, 1);
		await change(who, id, { display_name: 'Canary Real Name' });
		await decideAs(db.owner, organiser, [id]);
		await change(who, id, { display_name: 'Canary Real Name', office: 'Canary office' });
		const on = {
			protection: 'alias',
			alias: { display_name: 'Noor Haddad' },
			real_name_sealed: '00'.repeat(40),
			key_id: 'test'
		};
		expect(
			(
				await callAs<{ status: string }>(db.owner, who, `private.save_registration($1, 4, $2)`, [
					id,
					JSON.stringify(on)
				])
			).status
		).toBe('ok');
		const seen = await readRegistration(db.owner, organiser, id);
		expect(seen.re_review).toMatchObject({ fields: ['display_name', 'office'] });
		expect(JSON.stringify(seen)).not.toContain('Canary');
		expect(
			await readValue(
				db.owner,
				`select count(*)::int from private.re_reviews where registration_id = $1 and sealed is not null`,
				[id]
			)
		).toBe(0);
		expect(await change(who, id, { display_name: 'Canary Real Name' })).toEqual({ status: 'protected' });
		expect(await decisionStatuses(db.owner, organiser, [id], 'accept_change')).toEqual(['change_accepted']);
	});
});
