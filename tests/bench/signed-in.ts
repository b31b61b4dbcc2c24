/*
 * What a view of a signed-in page costs all processes together, and how long it takes: the agenda, a delegate's own page, and an
 * organiser's registrations and builder. `DATA_PATH=rest npm run bench -- signed-in` measures the same with functions called by REST.
 */
import pg from 'pg';
import { openSessions } from '../fixtures/sessions.ts';
import type { TestSummit } from '../fixtures/summit.ts';
import { load } from './load.ts';
import { processorTime } from './processes.ts';
import { ms, print, type Figure } from './report.ts';
import { makeSummit, ownerOf } from './summit.ts';

const connections = 8;
const seconds = 5;
const registrations = 200;

/** Measures each page alone, one after the other. */
export async function measureSignedIn(stack: TestSummit): Promise<void> {
	const client = await ownerOf(stack.variables);
	const { id, slug } = await makeSummit(client, 120);
	const tag = Date.now();
	const [delegate, organiser] = await openSessions(
		stack.variables,
		['delegate', 'organiser'].map((who) => `signed-in-${who}-${tag}@example.org`)
	);
	await fill(client, id, delegate?.person ?? '', organiser?.person ?? '');
	await client.end();
	const pages = [
		['agenda, as a delegate', '/agenda', delegate],
		['my registration', '/me', delegate],
		['list of registrations', '/organise/registrations', organiser],
		['builder', '/organise/agenda', organiser]
	] as const;
	const figures: Figure[] = [];
	for (const [what, path, session] of pages) {
		const headers = { cookie: session?.cookie ?? '', accept: 'text/html', 'accept-encoding': 'br' };
		const url = `${stack.origin}/${slug}${path}`;
		await load(url, headers, connections, 2);
		const before = processorTime(stack.process.pid ?? 0);
		const { perSecond, p95, failures } = await load(url, headers, connections, seconds);
		const views = perSecond * seconds;
		const spent = (processorTime(stack.process.pid ?? 0) - before) / views;
		figures.push({
			what,
			value: `${ms(spent)} of processor time a view, ${Math.round(perSecond)} a second, p95 ${ms(p95)}, ${failures} failures`
		});
	}
	print(`Signed-in pages, ${connections} at once`, figures);
}

async function fill(client: pg.Client, summit: string, delegate: string, organiser: string): Promise<void> {
	await client.query(
		`insert into public.role_grants (person_id, role, summit_id) select $2, r, $1 from unnest('{programme,registration}'::public.organiser_role[]) as r`,
		[summit, organiser]
	);
	await client.query(`insert into public.mode_capacities (summit_id, mode, capacity) values ($1, 'virtual', 1000)`, [
		summit
	]);
	await client.query(
		`insert into public.allocation_policies (summit_id, sector, mode, ceiling) values ($1, 'civil_society', 'virtual', 1000)`,
		[summit]
	);
	await client.query(
		`with member as (
			insert into public.members (name, sector, country, region) values ('Harbour ' || $1, 'civil_society', 'UY', 'Americas') returning id
		), standing as (
			insert into public.summit_members (summit_id, member_id, sector, country, region) select $1::uuid, id, 'civil_society', 'UY', 'Americas' from member
		), others as (
			insert into public.people (display_name, country) select 'Delegate ' || n, 'UY' from generate_series(1, $3::integer) as n returning id
		)
		insert into public.registrations (summit_id, person_id, member_id, mode, state, form_step)
		select $1::uuid, people.id, member.id, 'virtual', 'draft', 5 from (select id from others union all select $2::uuid) as people, member`,
		[summit, delegate, registrations]
	);
	await client.query(
		`with confirmed as (
			update public.registrations set state = 'confirmed', submitted_at = now() where summit_id = $1 returning id, member_id
		)
		insert into public.seats (summit_id, registration_id, mode, member_id, state) select $1, id, 'virtual', member_id, 'taken' from confirmed`,
		[summit]
	);
	await client.query('analyze');
}
