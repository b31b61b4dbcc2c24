/*
 * Random interleavings of everything that people, organisers, the provider and the clock can do to registrations, on
 * several connections at once. After each run the database is checked for all invariants.
 */
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { beforeAll, expect, test } from 'vitest';
import { ProviderEvents } from '../../fixtures/provider-events.ts';
import {
	callAs,
	connectMany,
	faultsOf,
	latestRegistration,
	makeDrafts,
	makePeople,
	makeSummit,
	passDeadlines,
	inParallel,
	readValue
} from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, type TestPerson } from '../../fixtures/world.ts';
import { type Step, step } from '../../fixtures/registration-acts.ts';

const db = useDatabase();
let crowd: pg.Client[];

beforeAll(async () => {
	crowd = await connectMany(db, 6);
});

class Play {
	readonly provider = new ProviderEvents();
	readonly summit: string;
	readonly organiser: TestPerson;
	readonly people: TestPerson[];

	constructor(summit: string, organiser: TestPerson, people: TestPerson[]) {
		this.summit = summit;
		this.organiser = organiser;
		this.people = people;
	}

	static async begin(): Promise<Play> {
		const { summit, members, organiser } = await makeSummit(db.owner, {
			hall: 3,
			online: 4,
			ceilings: { government: 2 },
			fee: 9000
		});
		await db.owner.query(
			`insert into public.fees (summit_id, mode, amount, currency) values ($1, 'virtual', 1000, 'EUR'), ($1, 'in_person', 8000, 'EUR')`,
			[summit]
		);
		const people = await makePeople(db.owner, 6);
		await makeDrafts(db.owner, summit, people, (n) => members[n % 3] ?? '');
		return new Play(summit, organiser, people);
	}

	id(client: pg.Client, who: number): Promise<string> {
		return latestRegistration(client, this.people[who]?.person);
	}

	async pay(client: pg.Client, who: number, again: boolean): Promise<void> {
		const person = this.people[who]?.person;
		const { rows } = await client.query<{
			id: string;
			amount: number;
			session_id: string | null;
			payment_intent: string | null;
		}>(
			`select c.id, c.amount, c.session_id, c.payment_intent from public.checkouts as c join public.orders as o on o.id = c.order_id where o.summit_id = $1 order by o.payer_person_id = $2 desc, random()`,
			[this.summit, person]
		);
		const [checkout] = rows;
		if (!checkout) return;
		const intent = again || !checkout.payment_intent ? `pi_${randomUUID()}` : checkout.payment_intent;
		await this.provider.deliver(client, 'checkout.session.completed', {
			id: checkout.session_id ?? `cs_${checkout.id}`,
			payment_status: 'paid',
			payment_intent: intent,
			amount_total: checkout.amount,
			currency: 'eur',
			metadata: { checkout_id: checkout.id }
		});
	}

	async refund(client: pg.Client, fails: boolean, replayed: boolean): Promise<void> {
		const { rows } = await client.query<{ id: string; payment_intent: string; amount: number; attempts: number }>(
			`select d.* from private.due_refunds() as d join public.refunds as f on f.id = d.id join public.orders as o on o.id = f.order_id where o.summit_id = $1 order by random() limit 1`,
			[this.summit]
		);
		const [due] = rows;
		if (!due) return;
		const object = {
			id: `re_${due.id}_${due.attempts}`,
			amount: due.amount,
			currency: 'eur',
			payment_intent: due.payment_intent,
			status: fails ? 'failed' : 'succeeded',
			metadata: { refund_id: due.id }
		};
		if (replayed) await this.provider.deliver(client, 'refund.updated', object);
		await client.query(`select private.record_refund($1, $2, $3, $4)`, [
			due.id,
			object.id,
			fails ? 'failed' : 'done',
			fails ? 'expired_or_canceled_card' : null
		]);
		await this.provider.deliver(client, fails ? 'refund.failed' : 'refund.updated', object);
		if (fails)
			await client.query(
				`update public.refunds set state = 'due', provider_ref = null where id = $1 and state = 'failed'`,
				[due.id]
			);
	}

	async expire(client: pg.Client, who: number): Promise<void> {
		await passDeadlines(client, this.summit, await this.id(client, who));
	}

	async take(client: pg.Client, { act, who, flag }: Step): Promise<void> {
		const person = this.people[who] ?? null;
		const id = await this.id(client, who);
		const mode = flag ? 'in_person' : 'virtual';
		switch (act) {
			case 'submit': {
				const summit = this.summit;
				const { status } = await callAs<{ status: string }>(client, person, `private.submit_registration($1)`, [id]);
				if (status !== 'already') return;
				const started = await callAs<{ status: string; id: string }>(client, person, `private.start_registration($1)`, [
					summit
				]);
				if (started.status !== 'ok') return;
				await client.query(
					`update public.registrations set mode = $2, code_of_conduct_at = now(), member_id = (select member_id from public.registrations where id = $3) where id = $1`,
					[started.id, mode, id]
				);
				await callAs(client, person, `private.submit_registration($1)`, [started.id]);
				return;
			}
			case 'accredit':
			case 'decline': {
				const ids = flag ? [id, await this.id(client, (who + 1) % 6), await this.id(client, (who + 2) % 6)] : [id];
				await callAs(client, this.organiser, `public.decide_registrations($1, $2, 'no')`, [ids, act]);
				return;
			}
			case 'withdraw':
				await callAs(client, person, `public.withdraw_registration($1, '')`, [id]);
				return;
			case 'switch':
				await callAs(client, person, `public.switch_mode($1, $2, $3)`, [id, mode, who % 2 === 0]);
				return;
			case 'join':
				await callAs(client, person, `public.join_queue($1, $2)`, [id, mode]);
				return;
			case 'leave':
				await callAs(client, person, `public.leave_queue($1, $2)`, [id, mode]);
				return;
			case 'accept':
			case 'refuse': {
				const entry = await readValue<string>(
					client,
					`select id from public.queue_entries where registration_id = $1 and state = 'offered' limit 1`,
					[id]
				);
				await callAs(client, person, `public.answer_offer($1, $2)`, [entry ?? null, act === 'accept']);
				return;
			}
			case 'checkout': {
				const order = await readValue<string>(
					client,
					`select id from public.orders where payer_person_id = $1 order by closed_at is null desc, random() limit 1`,
					[person?.person]
				);
				const answer = await callAs<{ status: string; checkout_id?: string }>(
					client,
					person,
					`public.request_checkout($1)`,
					[order ?? null]
				);
				if (answer.checkout_id && flag) {
					await client.query(
						`select private.record_checkout($1, $2, null, 'https://pay.example', now() + interval '1 hour')`,
						[answer.checkout_id, `cs_${answer.checkout_id}`]
					);
				}
				return;
			}
			case 'pay':
			case 'pay_again':
				return this.pay(client, who, act === 'pay_again');
			case 'replay':
				// The same event again, or the same payment under another id.
				return this.provider.repeat(client, who * 7, flag);
			case 'refund':
			case 'refund_fails':
				return this.refund(client, act === 'refund_fails', flag);
			case 'dispute':
			case 'win': {
				const [intent, amount] = [...this.provider.payments][who % Math.max(1, this.provider.payments.size)] ?? [];
				if (!intent || who > 4) return;
				await this.provider.deliver(client, 'charge.dispute.closed', {
					id: `dp_${intent}`,
					amount,
					currency: 'eur',
					payment_intent: intent,
					status: act === 'win' ? 'won' : 'lost'
				});
				return;
			}
			case 'expire':
				return this.expire(client, who);
			case 'capacity':
				await actAs(
					client,
					this.organiser,
					`update public.mode_capacities set capacity = $2 where summit_id = $1 and mode = $3`,
					[this.summit, 2 + (who % 4), mode]
				).catch(strandedOnly);
				return;
			case 'ceiling':
				await actAs(
					client,
					this.organiser,
					`update public.allocation_policies set ceiling = $2 where summit_id = $1 and mode = $3`,
					[this.summit, 1 + (who % 4), mode]
				).catch(strandedOnly);
		}
	}
}

function strandedOnly(error: unknown): void {
	if ((error as { code?: string }).code !== 'PT409') throw error;
}

async function checkPlay(play: Play): Promise<void> {
	await db.app.query(`select private.sweep_deadlines()`);
	expect(await faultsOf(db.owner, play.summit)).toEqual([]);
	const paid = await readValue<number>(
		db.owner,
		`select -coalesce(sum(a.amount), 0)::integer from public.order_adjustments as a join public.orders as o on o.id = a.order_id where o.summit_id = $1 and a.kind = 'payment'`,
		[play.summit]
	);
	expect(paid).toBe([...play.provider.payments.values()].reduce((sum, amount) => sum + amount, 0));
}

test(
	'one after the other, in any order, the invariants hold after every single step',
	{ timeout: 240_000 },
	async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 45 }), async (steps) => {
				const play = await Play.begin();
				for (const each of steps) {
					await play.take(db.owner, each);
					const faults = await faultsOf(db.owner, play.summit);
					if (faults.length > 0) throw new Error(`after ${JSON.stringify(each)}: ${faults.join('; ')}`);
				}
				await checkPlay(play);
			}),
			{ numRuns: 40 }
		);
	}
);

test('all at once on six connections, the invariants hold in the end', { timeout: 240_000 }, async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 90 }), async (steps) => {
			const play = await Play.begin();
			await inParallel(crowd, steps, (client, each) => play.take(client, each));
			await checkPlay(play);
		}),
		{ numRuns: 30, endOnFailure: true }
	);
});
