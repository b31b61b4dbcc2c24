/* Registration opens: all at once, then accreditation, then those who pay. */
import { ms } from '../../bench/report.ts';
import { rushResult } from '../../bench/rush.ts';
import { callAs } from '../../fixtures/registering.ts';
import type { Session } from '../../fixtures/sessions.ts';
import { atOnce, spread, until, type Rehearsal } from '../rehearsal.ts';

/** How many register later, when a process of the app is killed. */
export const lateOf = (delegates: number) => Math.min(20, Math.max(5, Math.ceil(delegates * 0.05)));

/** Those who register when it opens. */
export const firstOf = (delegates: Session[]) => delegates.slice(0, delegates.length - lateOf(delegates.length));

/** Three in four want the hall, of which some have to wait. */
const wantsHall = (n: number) => n % 4 !== 3;

/** Complete drafts, which lack only the last press. */
export async function draft(
	{ client, summit }: Rehearsal,
	sessions: Session[],
	hall: (n: number) => boolean
): Promise<void> {
	await client.query(
		`insert into public.registrations (summit_id, person_id, member_id, mode, form_step)
		select $1, person, ($4::uuid[])[1 + n % cardinality($4::uuid[])], mode::public.attendance_mode, 5
		from unnest($2::uuid[], $3::text[]) with ordinality as t (person, mode, n)`,
		[
			summit.id,
			sessions.map(({ person }) => person),
			sessions.map((_, n) => (hall(n) ? 'in_person' : 'virtual')),
			summit.members
		]
	);
}

/** Everybody presses at the same moment. */
export async function rush(rehearsal: Rehearsal): Promise<undefined> {
	const { client, summit } = rehearsal;
	const crowd = firstOf(summit.delegates);
	await draft(rehearsal, crowd, wantsHall);
	const times: number[] = [];
	const answers = new Map<number, number>();
	const began = performance.now();
	await Promise.all(
		crowd.map(async ({ cookie }) => {
			const { status } = await rehearsal.visit(
				'send the registration',
				`/${summit.slug}/register/5`,
				cookie,
				{ version: '1', code_of_conduct: 'on' },
				true
			);
			times.push(performance.now() - began);
			answers.set(status, (answers.get(status) ?? 0) + 1);
		})
	);
	rehearsal.measure(`${crowd.length} registrations at once, until each was answered`, spread(times, ms));
	rehearsal.check(
		'each registration is answered',
		answers.get(303) === crowd.length,
		[...answers].map(([status, count]) => `${count} × ${status || 'no answer'}`).join(', '),
		`${crowd.length} × 303`,
		'Give the app and the database more processors, or open registration for one sector after the other.'
	);
	const inHall = crowd.filter((_, n) => wantsHall(n)).length;
	const { held, waiting, ordered } = await rushResult(client, summit.id);
	const seats = Math.min(inHall, summit.seats);
	rehearsal.check(
		'seats in the hall, none twice',
		held === seats,
		held,
		seats,
		'Report this: a seat must never be lost or doubled.'
	);
	rehearsal.check(
		'the others wait, in the order of their arrival',
		waiting === inHall - seats && ordered,
		waiting,
		inHall - seats,
		'Report this: the queue must keep its order.'
	);
	const last = Math.max(...times);
	rehearsal.check(
		'the last answer',
		last < 30_000,
		ms(last),
		'within 30 s',
		'Give the app and the database more processors.'
	);
}

/** An organiser accredits all who hold a seat, a hundred at a time. */
export async function accredit(rehearsal: Rehearsal): Promise<undefined> {
	const { client, summit } = rehearsal;
	const { rows } = await client.query<{ id: string }>(
		`select r.id
		from public.registrations as r
		where r.summit_id = $1 and r.state = 'submitted' and exists (select from public.seats as s where s.registration_id = r.id and s.state = 'held')`,
		[summit.id]
	);
	const times: number[] = [];
	const answers = new Map<string, number>();
	for (let first = 0; first < rows.length; first += 100) {
		const began = performance.now();
		const decided = await callAs<{ status: string }[]>(
			client,
			summit.staff.registration,
			`public.decide_registrations($1, 'accredit')`,
			[rows.slice(first, first + 100).map(({ id }) => id)]
		);
		times.push(performance.now() - began);
		for (const { status } of decided) answers.set(status, (answers.get(status) ?? 0) + 1);
	}
	rehearsal.measure('a hundred decisions', spread(times, ms));
	const done = (answers.get('confirmed') ?? 0) + (answers.get('awaiting_payment') ?? 0);
	rehearsal.check(
		'all who hold a seat are accredited',
		done === rows.length && done > 0,
		[...answers].map(([status, count]) => `${count} ${status}`).join(', '),
		rows.length,
		'Look at the log of the app: a decision was refused.'
	);
}

/** Those who owe a fee pay on the page of the provider. */
export async function pay(rehearsal: Rehearsal): Promise<string | undefined> {
	const { client, summit, target } = rehearsal;
	const provider = target.variables.STRIPE_API_URL;
	if (!provider) return 'not tried: the page of Stripe itself takes no payment without a person';
	const { rows } = await client.query<{ order: string; person: string }>(
		`select l.order_id as order, r.person_id as person
		from public.registrations as r
		join public.order_lines as l on l.registration_id = r.id
		where r.summit_id = $1 and r.state = 'awaiting_payment'`,
		[summit.id]
	);
	const cookies = new Map(summit.delegates.map(({ person, cookie }) => [person, cookie]));
	let paid = 0;
	await atOnce(rows, 20, async ({ order, person }) => {
		const { status, location } = await rehearsal.visit('pay', `/${summit.slug}/me/pay`, cookies.get(person), { order });
		if (status !== 303 || !location.startsWith(provider)) return;
		const answer = await fetch(location, {
			method: 'POST',
			redirect: 'manual',
			body: new URLSearchParams({ act: 'pay' })
		});
		await answer.body?.cancel();
		if (answer.status < 400) paid += 1;
	});
	rehearsal.check(
		'payments taken by the provider',
		paid === rows.length,
		paid,
		rows.length,
		'Look at the keys of the provider (npm run doctor).'
	);
	const open = async () =>
		Number(
			(
				await client.query(
					`select count(*) from public.registrations where summit_id = $1 and state = 'awaiting_payment'`,
					[summit.id]
				)
			).rows[0].count
		);
	const began = performance.now();
	await until(async () => (await open()) === 0, 60_000);
	const left = await open();
	rehearsal.check(
		'all who paid are confirmed',
		left === 0,
		`${left} wait`,
		'0 wait',
		'Events of the provider do not arrive: npm run doctor checks the webhook.'
	);
	rehearsal.measure('from the last payment to the last confirmation', ms(performance.now() - began));
	return undefined;
}
