/* The accreditation desk: the list with thousands of rows, and bulk decisions through the page, as its organiser makes them. */
import type pg from 'pg';
import { openSession, type Session } from '../fixtures/sessions.ts';
import type { TestSummit } from '../fixtures/summit.ts';
import { kB, ms, percentile, print, type Figure } from './report.ts';
import { makeSummit, ownerOf } from './summit.ts';

const SIZES = [500, 5000];

/** Measures the list, and bulk accreditation of 500 and of 5,000. */
export async function measureAccreditation(stack: TestSummit): Promise<void> {
	const client = await ownerOf(stack.variables);
	const organiser = await openSession(stack.variables, `desk-${Date.now()}@example.org`);
	for (const size of SIZES) {
		const { id, slug } = await makeSummit(client, 8);
		await client.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'registration', $2)`, [
			organiser.person,
			id
		]);
		await prepare(client, id, size);
		const figures = await measureList(stack, organiser, slug);
		figures.push(...(await measureBulk(stack, client, organiser, id, slug, size)));
		print(`Accreditation of ${size}`, figures);
	}
	await client.end();
}

/** Creates submitted registrations with a held seat, each of its own member. */
async function prepare(client: pg.Client, summit: string, count: number): Promise<void> {
	await client.query('begin');
	await client.query(
		`insert into public.mode_capacities (summit_id, mode, capacity) values ($1, 'in_person', $2), ($1, 'virtual', $2)`,
		[summit, count]
	);
	await client.query(
		`insert into public.allocation_policies (summit_id, sector, mode, ceiling) values ($1, 'civil_society', 'in_person', 1)`,
		[summit]
	);
	await client.query(
		`with people as (
			insert into public.people (display_name, office, country) select 'Delegate ' || n, 'Coordinator', (array['UY', 'KE', 'PT', 'JO', 'PE'])[1 + n % 5]
			from generate_series(1, $2::int) as n returning id, country
		), members as (
			insert into public.members (name, sector, country, region) select 'Bench Example ' || id, 'civil_society', country, 'Africa' from people returning id, name
		), standing as (
			insert into public.summit_members (summit_id, member_id, sector, country, region) select $1, id, 'civil_society', 'UY', 'Africa' from members returning member_id
		), registered as (
			insert into public.registrations (summit_id, person_id, member_id, mode, state, form_step, submitted_at)
			select $1, people.id, members.id, 'in_person', 'submitted', 5, now() from people join members on members.name = 'Bench Example ' || people.id
			returning id, member_id
		)
		select count(*) from registered, standing`,
		[summit, count]
	);
	// The seat rules check each insert: they are bypassed here, since they are not what is measured.
	await client.query('alter table public.seats disable trigger guard_seat');
	await client.query(
		`insert into public.seats (summit_id, registration_id, mode, member_id, state, held_until)
		select summit_id, id, mode, member_id, 'held', now() + interval '14 days' from public.registrations where summit_id = $1`,
		[summit]
	);
	await client.query('set constraints all immediate');
	await client.query('alter table public.seats enable trigger guard_seat');
	await client.query('commit');
	await client.query('analyze');
}

async function measureList(stack: TestSummit, organiser: Session, slug: string): Promise<Figure[]> {
	const page = async (path: string) => {
		const times: number[] = [];
		let bytes = 0;
		for (let n = 0; n < 12; n += 1) {
			const began = performance.now();
			const response = await fetch(`${stack.origin}/${slug}/organise/registrations${path}`, {
				headers: { cookie: organiser.cookie, accept: 'text/html' }
			});
			bytes = (await response.arrayBuffer()).byteLength;
			if (response.status !== 200) throw new Error(`${path}: ${response.status}`);
			times.push(performance.now() - began);
		}
		return `p50 ${ms(percentile(times, 0.5))}, p95 ${ms(percentile(times, 0.95))}, ${kB(bytes)}`;
	};
	return [
		{ what: 'the list, first page', value: await page(''), aim: '500 ms' },
		{ what: 'the list, filtered and searched', value: await page('?tab=decide&country=KE&q=delegate+4') },
		{ what: 'everybody, by name', value: await page('?tab=all&sort=name') },
		{ what: 'the file', value: await page('/export?tab=all') }
	];
}

/** Selects all matches and decides, as the two forms of the page do. */
async function measureBulk(
	stack: TestSummit,
	client: pg.Client,
	organiser: Session,
	summit: string,
	slug: string,
	size: number
): Promise<Figure[]> {
	const post = async (path: string, body: Record<string, string>) => {
		const began = performance.now();
		const response = await fetch(`${stack.origin}${path}`, {
			method: 'POST',
			redirect: 'manual',
			headers: {
				cookie: organiser.cookie,
				accept: 'text/html',
				origin: stack.origin,
				'content-type': 'application/x-www-form-urlencoded'
			},
			body: new URLSearchParams(body)
		});
		if (response.status !== 303) throw new Error(`${path}: ${response.status}`);
		return { took: performance.now() - began, to: response.headers.get('location') ?? '' };
	};
	const base = `/${slug}/organise/registrations`;
	const chosen = await post(`${base}/decide?/choose&tab=decide`, { whole: 'yes', decision: 'accredit' });
	const began = performance.now();
	await (await fetch(`${stack.origin}${chosen.to}`, { headers: { cookie: organiser.cookie } })).arrayBuffer();
	const looked = performance.now() - began;
	// Another organiser reads the list meanwhile.
	const waits: number[] = [];
	let over = false;
	const reader = (async () => {
		while (!over) {
			const asked = performance.now();
			await (
				await fetch(`${stack.origin}/${slug}/organise/registrations?tab=confirmed`, {
					headers: { cookie: organiser.cookie }
				})
			).arrayBuffer();
			waits.push(performance.now() - asked);
		}
	})();
	const decided = await post(chosen.to, { reason: '' });
	over = true;
	await reader;
	const { rows } = await client.query<{ confirmed: number; mails: number; faults: number }>(
		`select (select count(*)::int from public.registrations where summit_id = $1 and state = 'confirmed') as confirmed,
			(select count(*)::int from private.outbox where summit_id = $1 and template = 'registration_confirmed') as mails,
			(select count(*)::int from public.registrations as r where r.summit_id = $1 and private.seat_fault(r.id) is not null) as faults`,
		[summit]
	);
	const [left] = rows;
	return [
		{ what: 'choosing all that match', value: ms(chosen.took) },
		{ what: 'the page that shows each', value: ms(looked) },
		{
			what: 'accrediting them',
			value: `${ms(decided.took)}, ${ms(decided.took / size)} each`,
			aim: size === 500 ? '10 s' : '10 times that of 500'
		},
		{ what: 'reading the list meanwhile', value: `p95 ${ms(percentile(waits, 0.95))} (${waits.length} times)` },
		{
			what: 'confirmed, mails, faults',
			value: `${left?.confirmed}, ${left?.mails}, ${left?.faults}`,
			aim: `${size}, ${size}, 0`
		}
	];
}
