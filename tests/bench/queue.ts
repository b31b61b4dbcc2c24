/* Waiting times of organisers: the page of a long queue, an import of members, and a hundred offers that expire at once. */
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { makePeople, makeSummit, readValue } from '../fixtures/registering.ts';
import { openSession, type Session } from '../fixtures/sessions.ts';
import type { TestSummit } from '../fixtures/summit.ts';
import { firstByte } from './load.ts';
import { growth, kB, ms, print } from './report.ts';
import { ownerOf } from './summit.ts';

/** A person who registers for a Summit, signed in. */
async function organiserOf(stack: TestSummit, client: pg.Client, summit: string): Promise<Session> {
	const session = await openSession(stack.variables, `organiser-${summit}@example.org`);
	await client.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'registration', $2)`, [
		session.person,
		summit
	]);
	return session;
}

/** Creates submitted registrations that wait for the full hall, in the order of their ranks. */
async function makeQueue(client: pg.Client, hall: number, count: number): Promise<{ summit: string; slug: string }> {
	const { summit, members } = await makeSummit(client, { hall, members: 250 });
	const people = await makePeople(client, hall + count);
	const ids = people.map(() => randomUUID());
	await client.query('begin');
	await client.query(
		`insert into public.registrations (id, summit_id, person_id, member_id, mode, state, submitted_at, code_of_conduct_at)
		select i, $1, p, ($4::uuid[])[1 + n % 250], 'in_person', 'submitted', now(), now() from unnest($2::uuid[], $3::uuid[]) with ordinality as t (i, p, n)`,
		[summit, ids, people.map(({ person }) => person), members]
	);
	await client.query(
		`insert into public.seats (summit_id, registration_id, mode, member_id, state, held_until)
		select $1, r.id, 'in_person', r.member_id, 'held', now() + interval '9 days' from public.registrations as r where r.id = any ($2)`,
		[summit, ids.slice(0, hall)]
	);
	await client.query(
		`insert into public.queue_entries (summit_id, registration_id, mode, rank, reason)
		select $1, id, 'in_person', n, 'capacity' from unnest($2::uuid[]) with ordinality as t (id, n)`,
		[summit, ids.slice(hall)]
	);
	await client.query('commit');
	await client.query('analyze');
	return { summit, slug: await readValue(client, `select slug from public.summits where id = $1`, [summit]) };
}

/** Measures the page of a queue of 2,000, and of 20,000. */
export async function measureQueue(stack: TestSummit): Promise<void> {
	const client = await ownerOf(stack.variables);
	const measure = async (count: number) => {
		const { summit, slug } = await makeQueue(client, 100, count);
		const { cookie } = await organiserOf(stack, client, summit);
		const page = await firstByte(`${stack.origin}/${slug}/organise/seats/queue`, { cookie });
		const search = await firstByte(`${stack.origin}/${slug}/organise/seats/queue?q=delegate+19`, { cookie });
		return { page, search };
	};
	const small = await measure(2000);
	const large = await measure(20_000);
	await client.end();
	print('The queue page, 2,000 who wait', [
		{ what: 'first byte', value: growth(small.page.first, large.page.first) },
		{ what: 'bytes, compressed', value: `${kB(small.page.bytes)}; ten times larger: ${kB(large.page.bytes)}` },
		{ what: 'first byte of a search', value: growth(small.search.first, large.search.first) }
	]);
}

const names = (count: number, tag: string) =>
	Array.from(
		{ length: count },
		(_, n) =>
			`Bench ${tag} Association ${n} for Children,${['civil society', 'government', 'private sector'][n % 3]},${['KE', 'PT', 'UY', 'IN'][n % 4]},focal-${tag}-${n}@example.org`
	);

/** Imports a file of members through the pages: read and shown, then applied. */
async function importMembers(stack: TestSummit, client: pg.Client, count: number) {
	const { summit } = await makeSummit(client, { members: 250 });
	const slug = await readValue<string>(client, `select slug from public.summits where id = $1`, [summit]);
	const { cookie } = await organiserOf(stack, client, summit);
	const tag = `${count}-${Date.now()}`;
	const form = new FormData();
	form.set(
		'file',
		new File([['name,sector,country,focal_point_mail', ...names(count, tag)].join('\n')], 'members.csv')
	);
	const post = (path: string, body: FormData | URLSearchParams) =>
		fetch(stack.origin + path, {
			method: 'POST',
			redirect: 'manual',
			headers: { cookie, origin: stack.origin, accept: 'text/html' },
			body
		});
	const began = performance.now();
	const prepared = await post(`/${slug}/organise/members/import`, form);
	const path = prepared.headers.get('location');
	if (!path) throw new Error(`the file was not taken: ${prepared.status}`);
	const shown = performance.now() - began;
	const preview = await firstByte(stack.origin + path, { cookie });
	// A person who registers meanwhile waits for the locks of the modes.
	let over = false;
	let waited = 0;
	const other = await ownerOf(stack.variables);
	const waiting = (async () => {
		while (!over) {
			const asked = performance.now();
			await other.query(`select private.lock_modes($1)`, [summit]);
			waited = Math.max(waited, performance.now() - asked);
		}
		await other.end();
	})();
	const since = performance.now();
	const applied = await post(path, new URLSearchParams());
	const took = performance.now() - since;
	over = true;
	await waiting;
	const added = await readValue<number>(
		client,
		`select count(*)::integer from public.summit_members where summit_id = $1`,
		[summit]
	);
	if (applied.status !== 303 || added !== 250 + count) throw new Error(`${applied.status}: ${added} members`);
	return { shown, preview: preview.first, applied: took, waited };
}

/** Measures a file of 1,000 members, and one of 10,000, which is the limit. */
export async function measureImport(stack: TestSummit): Promise<void> {
	const client = await ownerOf(stack.variables);
	const small = await importMembers(stack, client, 1000);
	const large = await importMembers(stack, client, 10_000);
	await client.end();
	print('A file of 1,000 members, each with a focal point', [
		{ what: 'read, compared and kept as a preview', value: growth(small.shown, large.shown) },
		{ what: 'first byte of the preview', value: growth(small.preview, large.preview) },
		{ what: 'applied', value: growth(small.applied, large.applied) },
		{ what: 'longest wait of others meanwhile', value: growth(small.waited, large.waited) }
	]);
}

/** Creates offers that expired a second ago, as many people in the queue, and a hall of four times the size. */
async function cascade(client: pg.Client, count: number): Promise<number> {
	const { summit } = await makeQueue(client, 4 * count, 2 * count);
	await client.query('begin');
	await client.query(`select private.lock_modes($1)`, [summit]);
	await client.query(
		`update public.registrations set state = 'accredited' where id in (select registration_id from public.queue_entries where summit_id = $1 and rank <= $2)`,
		[summit, count]
	);
	await client.query(
		`update public.mode_capacities set capacity = capacity + $2 where summit_id = $1 and mode = 'in_person'`,
		[summit, count]
	);
	await client.query(
		`update public.queue_entries set deadline = now() - interval '1 second' where summit_id = $1 and state = 'offered'`,
		[summit]
	);
	await client.query('commit');
	const offered = await readValue<number>(
		client,
		`select count(*)::integer from public.queue_entries where summit_id = $1 and state = 'offered'`,
		[summit]
	);
	if (offered !== count) throw new Error(`${offered} offers`);
	await client.query('analyze');
	const began = performance.now();
	for (let more = true; more;) {
		({ more } = await readValue<{ more: boolean }>(client, `select private.sweep_deadlines()`));
	}
	const took = performance.now() - began;
	const served = await readValue<number>(
		client,
		`select count(*)::integer from public.queue_entries where summit_id = $1 and state = 'served'`,
		[summit]
	);
	if (served !== count) throw new Error(`${served} of ${count} were served`);
	return took;
}

/** Measures a hundred expired offers, and a thousand: until the next in the queue has each seat and its mail is written. */
export async function measureCascade(stack: TestSummit): Promise<void> {
	const client = await ownerOf(stack.variables);
	const small = await cascade(client, 100);
	const large = await cascade(client, 1000);
	await client.end();
	print('A cascade of 100 offers that run out', [
		{ what: 'until the next in line have their seats', value: growth(small, large) },
		{ what: 'each', value: `${ms(small / 100)}; ten times larger: ${ms(large / 1000)}` }
	]);
}
