import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeLetter, proveAddress } from '../../fixtures/inviting.ts';
import {
	callAs,
	connectMany,
	faultsOf,
	inTurn,
	makeDrafts,
	makePeople,
	makeSummit,
	register,
	stateOf,
	readValue
} from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';
import { seatTransfers } from '../../fixtures/transferring.ts';

const db = useDatabase();

const seatsOf = async (id: string) =>
	(
		await db.owner.query<{ mode: string; state: string; release_reason: string | null }>(
			'select mode, state, release_reason from public.seats where registration_id = $1 order by created_at',
			[id]
		)
	).rows;

const { makeDelegation, handOver } = seatTransfers(db);

describe('a seat that is transferred to a waiting colleague', () => {
	it('passes nobody over and is never free: the first in the queue still waits', async () => {
		const d = await makeDelegation({ hall: 1 });
		const [outsider] = (await makePeople(db.owner, 1)) as [TestPerson];
		// The outsider would be next by rank if the colleague had come later, but the seat belongs to the member.
		const waits = (await register(db.owner, outsider, d.summit, d.members[0] ?? '')).id;
		expect(await handOver(d.focal, d.from, d.to)).toBe('ok');
		expect(await stateOf(db.owner, d.from)).toBe('withdrawn');
		expect(await stateOf(db.owner, d.to)).toBe('nominated');
		expect(await seatsOf(d.from)).toEqual([{ mode: 'in_person', state: 'released', release_reason: 'handed_over' }]);
		expect(await seatsOf(d.to)).toEqual([{ mode: 'in_person', state: 'held', release_reason: null }]);
		expect(await seatsOf(waits)).toEqual([]);
		expect(await handOver(d.focal, d.from, d.to)).toBe('not_found');
		const { rows } = await db.owner.query(
			`select reason, actor_id from public.registration_steps where registration_id = $1 and to_state = 'withdrawn'`,
			[d.from]
		);
		expect(rows).toEqual([{ reason: 'handed_over', actor_id: d.focal.person }]);
		expect(
			await readValue(
				db.owner,
				`select params - 'registration_id' - 'reference' from private.outbox where person_id = $1 and template = 'registration_withdrawn'`,
				[d.sender.person]
			)
		).toEqual({ mode: 'in_person', by: 'focal_point', handed_over: true, refund: 0, currency: 'EUR' });
		expect(await faultsOf(db.owner, d.summit)).toEqual([]);
	});

	it('is offered to an accredited person, and is theirs when they accept', async () => {
		const d = await makeDelegation();
		await d.accredit(d.from, d.to);
		expect(await stateOf(db.owner, d.from)).toBe('confirmed');
		expect(await handOver(d.focal, d.from, d.to)).toBe('ok');
		const entry = await readValue<string>(
			db.owner,
			`select id from public.queue_entries where registration_id = $1 and state = 'offered'`,
			[d.to]
		);
		expect(await callAs(db.owner, d.receiver, 'public.answer_offer($1, true)', [entry])).toMatchObject({
			status: 'confirmed'
		});
		expect(
			await readValue(
				db.owner,
				'select count(*)::integer from public.badges where registration_id = $1 and revoked_at is null',
				[d.from]
			)
		).toBe(0);
		expect(await faultsOf(db.owner, d.summit)).toEqual([]);
	});

	it('stays within the member, and goes only to a person who has requested a seat', async () => {
		const d = await makeDelegation();
		const [outsider, online] = (await makePeople(db.owner, 2)) as [TestPerson, TestPerson];
		const foreign = (await register(db.owner, outsider, d.summit, d.members[0] ?? '')).id;
		const virtual = (await register(db.owner, online, d.summit, d.member, 'virtual')).id;
		expect(await handOver(d.focal, d.from, foreign)).toBe('not_found');
		expect(await handOver(d.focal, foreign, d.to)).toBe('not_found');
		expect(await handOver(d.focal, d.from, d.from)).toBe('not_found');
		expect(await handOver(d.focal, d.from, virtual)).toBe('not_waiting');
		expect(await handOver(d.focal, d.to, d.from)).toBe('not_waiting');
		expect(await handOver(d.sender, d.from, d.to)).toBe('not_found');
		await db.owner.query(
			`insert into private.protections (person_id, kind, real_name_sealed, key_id) values ($1, 'alias', '\\x00', 'test')`,
			[d.receiver.person]
		);
		expect(await handOver(d.focal, d.from, d.to)).toBe('not_found');
		await db.owner.query(`delete from private.protections where person_id = $1`, [d.receiver.person]);
		await db.owner.query(`update public.summits set nominations_close_at = now() where id = $1`, [d.summit]);
		expect(await handOver(d.focal, d.from, d.to)).toBe('closed');
		expect(await handOver(d.organiser, d.from, d.to)).toBe('ok');
	});

	it('cannot be transferred by a direct write', async () => {
		const d = await makeDelegation();
		await handOver(d.focal, d.from, d.to);
		const old = await readValue<string>(db.owner, 'select id from public.seats where registration_id = $1', [d.from]);
		await expect(
			db.owner.query(
				`insert into public.seats (summit_id, registration_id, mode, member_id, state, held_until, transferred_from_id)
				select summit_id, id, 'virtual', member_id, 'held', now() + interval '1 day', $2 from public.registrations where id = $1`,
				[d.to, old]
			)
		).rejects.toMatchObject({ code: expect.stringMatching(/PT409|23505/) as string });
	});
});

describe('a seat that is transferred to an invited person', () => {
	it('stays with its holder until the form is sent', async () => {
		const d = await makeDelegation({ hall: 1 });
		const invitation = makeLetter('new@example.org');
		const invite = (who: TestPerson, letter: string) =>
			callAs<{ status: string }>(db.owner, who, 'public.transfer_seat_by_invitation($1, $2)', [d.from, letter]);
		expect((await invite(d.receiver, invitation.letter)).status).toBe('not_found');
		expect((await invite(d.focal, invitation.letter)).status).toBe('ok');
		expect((await invite(d.focal, makeLetter('other@example.org').letter)).status).toBe('already');
		const who = await makePerson(db.owner, 'New');
		await proveAddress(db.owner, who, 'new@example.org');
		const { registration } = await callAs<{ registration: string }>(db.owner, who, 'public.accept_invitation($1)', [
			invitation.token
		]);
		expect(await stateOf(db.owner, d.from)).toBe('submitted');
		await db.owner.query('update public.registrations set code_of_conduct_at = now() where id = $1', [registration]);
		expect(await callAs(db.owner, who, 'private.submit_registration($1)', [registration])).toMatchObject({
			status: 'held'
		});
		expect(await stateOf(db.owner, registration)).toBe('nominated');
		expect(await stateOf(db.owner, d.from)).toBe('withdrawn');
		const step = await db.owner.query(
			`select actor_id from public.registration_steps where registration_id = $1 and to_state = 'withdrawn'`,
			[d.from]
		);
		expect(step.rows).toEqual([{ actor_id: d.focal.person }]);
		expect(await seatsOf(d.to)).toEqual([]);
		expect(await faultsOf(db.owner, d.summit)).toEqual([]);
	});

	it('is not theirs once the holder has left: they register as anybody', async () => {
		const d = await makeDelegation();
		const invitation = makeLetter('late@example.org');
		await callAs(db.owner, d.focal, 'public.transfer_seat_by_invitation($1, $2)', [d.from, invitation.letter]);
		await callAs(db.owner, d.sender, 'public.withdraw_registration($1)', [d.from]);
		const who = await makePerson(db.owner, 'Late');
		await proveAddress(db.owner, who, 'late@example.org');
		const { registration } = await callAs<{ registration: string }>(db.owner, who, 'public.accept_invitation($1)', [
			invitation.token
		]);
		await db.owner.query('update public.registrations set code_of_conduct_at = now() where id = $1', [registration]);
		// The waiting colleague has the seat by now.
		expect(await callAs(db.owner, who, 'private.submit_registration($1)', [registration])).toMatchObject({
			status: 'queued',
			queue_reason: 'allocation'
		});
		expect(await faultsOf(db.owner, d.summit)).toEqual([]);
	});

	it('is given at once to a waiting colleague', async () => {
		const d = await makeDelegation();
		await proveAddress(db.owner, d.receiver, 'waits@example.org');
		const invitation = makeLetter('waits@example.org');
		await callAs(db.owner, d.focal, 'public.transfer_seat_by_invitation($1, $2)', [d.from, invitation.letter]);
		expect(await callAs(db.owner, d.receiver, 'public.accept_invitation($1)', [invitation.token])).toEqual({
			status: 'already',
			registration: d.to
		});
		expect(await seatsOf(d.to)).toEqual([{ mode: 'in_person', state: 'held', release_reason: null }]);
		expect(await stateOf(db.owner, d.from)).toBe('withdrawn');
		expect(await faultsOf(db.owner, d.summit)).toEqual([]);
	});
});

it('stays consistent among new registrations, withdrawals, decisions and deadlines', { timeout: 120_000 }, async () => {
	const clients = await connectMany(db, 8);
	const act = fc.record({
		kind: fc.constantFrom('hand', 'hand', 'withdraw', 'accredit', 'sweep', 'register', 'lapse'),
		one: fc.nat(5),
		two: fc.nat(5)
	});
	await fc.assert(
		fc.asyncProperty(fc.array(act, { minLength: 12, maxLength: 24 }), async (acts) => {
			const s = await makeSummit(db.owner, { hall: 4, ceilings: { private_sector: 2 }, fee: 5000 });
			const member = s.members[1] ?? '';
			const focal = await makePerson(db.owner, 'Focal');
			await db.owner.query(`insert into public.focal_points (summit_id, member_id, person_id) values ($1, $2, $3)`, [
				s.summit,
				member,
				focal.person
			]);
			const people = await makePeople(db.owner, 6);
			const ids = await inTurn(people, async (who) => (await register(db.owner, who, s.summit, member)).id);
			const others = await makePeople(db.owner, 4);
			const drafts = await makeDrafts(db.owner, s.summit, others, () => s.members[0] ?? '');
			const handed: string[] = [];
			let next = 0;
			await Promise.all(
				clients.map(async (one) => {
					for (let n = next++; n < acts.length; n = next++) {
						const step = acts[n];
						if (!step) return;
						const id = ids[step.one] ?? '';
						if (step.kind === 'hand') {
							if ((await handOver(focal, id, ids[step.two] ?? '', one)) === 'ok') handed.push(id);
						} else if (step.kind === 'withdraw')
							await callAs(one, people[step.one] as TestPerson, 'public.withdraw_registration($1)', [id]);
						else if (step.kind === 'accredit')
							await callAs(one, s.organiser, `public.decide_registrations($1, 'accredit')`, [[id]]);
						else if (step.kind === 'register')
							await callAs(one, others[step.one % 4] as TestPerson, 'private.submit_registration($1)', [
								drafts[step.one % 4]
							]);
						else if (step.kind === 'sweep') await one.query('select private.sweep_deadlines()');
						else await one.query(`select private.sweep_deadlines(now() + interval '4 days')`);
					}
				})
			);
			expect(await faultsOf(db.owner, s.summit)).toEqual([]);
			for (const id of handed) expect(await stateOf(db.owner, id)).toBe('withdrawn');
			// Each transferred seat has one successor.
			expect(
				await readValue(
					db.owner,
					`select count(*) - count(next.id) from public.seats as s left join public.seats as next on next.transferred_from_id = s.id
					where s.summit_id = $1 and s.release_reason = 'handed_over'`,
					[s.summit]
				)
			).toBe('0');
		}),
		{ numRuns: 12 }
	);
});
