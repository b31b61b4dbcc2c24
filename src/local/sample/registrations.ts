import type { SampleMember } from './members.ts';
import type { SamplePerson } from './people.ts';
import type { Random } from './prng.ts';
import type { Row } from './rows.ts';
import { companyFee, memberCeilings, type SummitIds } from './settings.ts';

type Mode = 'in_person' | 'virtual';
type State =
	| 'draft'
	| 'submitted'
	| 'nominated'
	| 'accredited'
	| 'awaiting_payment'
	| 'confirmed'
	| 'declined'
	| 'withdrawn'
	| 'expired';

/** What one registration of the sample shows. */
export interface RegistrationPlan {
	state: State;
	mode: Mode;
	/** Waits for a seat in the hall, with the reason; with `offered`, one is held for them. */
	queue?: 'capacity' | 'allocation';
	isOffered?: boolean;
	pool?: 'speaker' | 'interpreter' | 'press' | 'guest';
	/** How many days ago it was submitted. */
	ago?: number;
}

/** Rows by table, in an order that their references allow. */
interface RegistrationRows {
	registrations: Row[];
	details: Row[];
	steps: Row[];
	consents: Row[];
	seats: Row[];
	queue: Row[];
	badges: Row[];
	orders: Row[];
	lines: Row[];
	adjustments: Row[];
}

const day = 86_400_000;
// Each state's way there.
const ways: Record<State, State[]> = {
	draft: ['draft'],
	submitted: ['draft', 'submitted'],
	nominated: ['draft', 'submitted', 'nominated'],
	accredited: ['draft', 'submitted', 'accredited'],
	awaiting_payment: ['draft', 'submitted', 'accredited', 'awaiting_payment'],
	confirmed: ['draft', 'submitted', 'accredited', 'confirmed'],
	declined: ['draft', 'submitted', 'declined'],
	withdrawn: ['draft', 'submitted', 'accredited', 'confirmed', 'withdrawn'],
	expired: ['draft', 'submitted', 'accredited', 'awaiting_payment', 'expired']
};
const reasons: Partial<Record<State, string>> = {
	declined: 'Your organisation’s seats in the hall are taken. You are welcome online: choose it in a new registration.',
	withdrawn: 'I cannot travel.',
	expired: 'The payment deadline passed.'
};
const needs = [
	'Step-free seat',
	'Captions',
	'Seat near the door',
	'Sign language interpretation',
	'No flashing images'
];

/** Writes registrations with everything that belongs to each, within the members' ceilings. */
export class Registrar {
	readonly rows: RegistrationRows = {
		registrations: [],
		details: [],
		steps: [],
		consents: [],
		seats: [],
		queue: [],
		badges: [],
		orders: [],
		lines: [],
		adjustments: []
	};
	readonly #random: Random;
	readonly #ids: SummitIds;
	readonly #now: number;
	readonly #used = new Map<string, number>();

	constructor(random: Random, ids: SummitIds, now: Date) {
		this.#random = random;
		this.#ids = ids;
		this.#now = now.getTime();
	}

	/** Places in the queue in the order in which people came. */
	rankQueue(): void {
		const came = (row: Row) => String(row.created_at);
		this.rows.queue
			.sort((a, b) => came(a).localeCompare(came(b)))
			.forEach((row, at) => {
				row.rank = at + 1;
			});
	}

	/** Open seats of a mode so far. */
	openSeats(mode: Mode): number {
		return this.rows.seats.filter((seat) => seat.mode === mode && seat.state !== 'released').length;
	}

	/** Whether a member has a seat left. */
	hasRoom(member: SampleMember, mode: Mode): boolean {
		return (this.#used.get(`${member.id} ${mode}`) ?? 0) < memberCeilings[member.sector][mode];
	}

	/** Registers somebody; returns the registration's id. */
	add(person: SamplePerson, plan: RegistrationPlan): string {
		const random = this.#random;
		const id = random.uuid();
		const ago = plan.ago ?? random.between(4, 60);
		const submitted = plan.state === 'draft' ? null : new Date(this.#now - ago * day - random.between(0, 82_000_000));
		const way = ways[plan.state];
		const since = new Date(
			Math.min(this.#now - 3_600_000, (submitted?.getTime() ?? this.#now - 2 * day) + (way.length - 2) * 20 * 3_600_000)
		);
		this.rows.registrations.push({
			id,
			summit_id: this.#ids.id,
			person_id: person.id,
			reference: random.code(8),
			category: plan.pool ?? 'delegate',
			member_id: plan.pool ? null : person.member?.id,
			pool_id: plan.pool ? this.#ids.pools[plan.pool] : null,
			mode: plan.mode,
			state: plan.state,
			state_since: since.toISOString(),
			form_step: plan.state === 'draft' ? random.between(1, 4) : 5,
			languages: ['en', ...(random.chance(0.3) ? [random.pick(['fr', 'es', 'ar'])] : [])],
			code_of_conduct_at: submitted?.toISOString() ?? null,
			submitted_at: submitted?.toISOString() ?? null
		});
		this.rows.details.push({
			registration_id: id,
			person_id: person.id,
			access_needs: random.chance(0.12) ? random.pick(needs) : ''
		});
		way.forEach((to_state, at) => {
			const from_state = at === 0 ? null : way[at - 1];
			const when =
				at === way.length - 1
					? since
					: new Date(
							Math.min(
								since.getTime() - (way.length - at) * 60_000,
								(submitted?.getTime() ?? since.getTime()) + (at - 1) * 20 * 3_600_000
							)
						);
			this.rows.steps.push({
				registration_id: id,
				from_state,
				to_state,
				mode: plan.mode,
				at: when.toISOString(),
				reason: reasons[to_state] ?? ''
			});
		});
		if (submitted) this.#agree(id, person, submitted);
		this.#seat(id, person, plan, since);
		this.#money(id, person, plan, since);
		if (plan.state === 'confirmed' && plan.mode === 'in_person')
			this.rows.badges.push({
				summit_id: this.#ids.id,
				registration_id: id,
				badge_code: random.code(12),
				issued_at: since.toISOString()
			});
		return id;
	}

	#agree(id: string, person: SamplePerson, at: Date): void {
		for (const item of this.#ids.consents) {
			const given = item.isRequired || (person.realName === undefined && this.#random.chance(0.7));
			this.rows.consents.push({
				registration_id: id,
				person_id: person.id,
				item_id: item.id,
				given_at: given ? at.toISOString() : null,
				// The database sets them.
				agreed_label: {},
				agreed_detail: {}
			});
		}
	}

	#seat(id: string, person: SamplePerson, plan: RegistrationPlan, since: Date): void {
		const ids = { summit_id: this.#ids.id, registration_id: id };
		const of = {
			member_id: plan.pool ? null : person.member?.id,
			pool_id: plan.pool ? this.#ids.pools[plan.pool] : null
		};
		const until = (days: number) => new Date(this.#now + days * day).toISOString();
		const count = (mode: Mode) =>
			person.member &&
			!plan.pool &&
			this.#used.set(`${person.member.id} ${mode}`, (this.#used.get(`${person.member.id} ${mode}`) ?? 0) + 1);
		const open = {
			state: 'taken',
			held_until: null as string | null,
			released_at: null as string | null,
			release_reason: null as string | null
		};
		const seat = (mode: Mode, row: Partial<typeof open>) => {
			const seatId = this.#random.uuid();
			this.rows.seats.push({ id: seatId, ...ids, ...of, mode, created_at: since.toISOString(), ...open, ...row });
			if (row.state !== 'released') count(mode);
			return seatId;
		};
		if (plan.state === 'confirmed') seat(plan.mode, {});
		else if (plan.state === 'awaiting_payment')
			seat(plan.mode, { state: 'held', held_until: until(this.#random.between(3, 9)) });
		else if (['submitted', 'nominated', 'accredited'].includes(plan.state) && !plan.queue)
			seat(plan.mode, { state: 'held', held_until: until(this.#random.between(4, 13)) });
		else if (['withdrawn', 'expired', 'declined'].includes(plan.state))
			seat(plan.mode, { state: 'released', released_at: since.toISOString(), release_reason: plan.state });
		if (!plan.queue) return;
		const offered = plan.isOffered ? seat('in_person', { state: 'held', held_until: until(2) }) : null;
		this.rows.queue.push({
			...ids,
			mode: 'in_person',
			rank: this.rows.queue.length + 1,
			reason: plan.queue,
			state: offered ? 'offered' : 'waiting',
			seat_id: offered,
			offered_at: offered ? new Date(this.#now - day).toISOString() : null,
			deadline: offered ? until(2) : null,
			created_at: since.toISOString()
		});
	}

	/** A company pays for its seat in the hall: by card or bank, not yet, or never. */
	#money(id: string, person: SamplePerson, plan: RegistrationPlan, since: Date): void {
		const pays = person.member?.sector === 'private_sector' && plan.mode === 'in_person' && !plan.pool;
		if (!pays || !['awaiting_payment', 'confirmed', 'expired'].includes(plan.state)) return;
		const random = this.#random;
		const order = random.uuid();
		const ids = { order_id: order, summit_id: this.#ids.id };
		const seat = this.rows.seats.at(-1);
		const due = plan.state === 'awaiting_payment' ? seat?.held_until : since.toISOString();
		// An order that owes nothing is closed.
		const closed = plan.state === 'awaiting_payment' ? null : since.toISOString();
		this.rows.orders.push({
			id: order,
			summit_id: this.#ids.id,
			reference: random.code(10),
			payer_person_id: person.id,
			currency: 'USD',
			due_at: due,
			closed_at: closed,
			created_at: since.toISOString()
		});
		this.rows.lines.push({
			...ids,
			registration_id: id,
			mode: 'in_person',
			amount: companyFee,
			created_at: since.toISOString()
		});
		const settle = (kind: string, provider: string | null, reason: string) =>
			this.rows.adjustments.push({
				order_id: order,
				kind,
				amount: -companyFee,
				provider,
				provider_ref: provider ? `hand:SAMPLE-${random.code(8)}` : null,
				registration_id: provider ? null : id,
				booked_on: provider ? since.toISOString().slice(0, 10) : null,
				reason,
				at: since.toISOString()
			});
		if (plan.state === 'expired') settle('cancellation', null, 'The payment deadline passed.');
		else if (plan.state === 'confirmed' && random.chance(0.12))
			settle('waiver', null, 'Small company, waived by the secretariat.');
		else if (plan.state === 'confirmed') settle('payment', 'bank', 'Bank transfer');
	}
}
