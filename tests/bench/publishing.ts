/* Publishing 1,200 sessions that have all moved, with 2,000 people who have some of them in their agenda, and notifying them. */
import type pg from 'pg';
import type { TestSummit } from '../fixtures/summit.ts';
import { growth, ms, print } from './report.ts';
import { makeSummit, ownerOf } from './summit.ts';

/** The milliseconds that a statement takes. */
async function timed(client: pg.Client, sql: string, values: unknown[]): Promise<number> {
	const began = performance.now();
	await client.query(sql, values);
	return performance.now() - began;
}

/** People with unused addresses, each with five sessions in their agenda. */
async function makeReaders(client: pg.Client, summit: string, count: number): Promise<void> {
	await client.query(
		`with made as (
			insert into public.people (display_name) select 'Reader ' || n from generate_series(1, $2::int) as n returning id
		), numbered as (select id, row_number() over () as n from made
		), addressed as (
			insert into private.person_addresses (person_id, address_hash, address_sealed, key_id)
			select id, decode(md5(id::text), 'hex'), '\\x00', 'none' from numbered
		), held as (select id, row_number() over () - 1 as n, count(*) over () as all_of from public.sessions where summit_id = $1)
		insert into public.agenda_marks (person_id, session_id)
		select numbered.id, held.id from numbered, generate_series(0, 4) as k join held on true
		where held.n = (numbered.n * 7 + k * 31) % held.all_of`,
		[summit, count]
	);
}

async function measure(client: pg.Client, sessions: number, people: number) {
	const { id } = await makeSummit(client, sessions);
	await makeReaders(client, id, people);
	await client.query('delete from private.agenda_digests where summit_id = $1', [id]);
	await client.query('delete from private.pending_agenda_changes where summit_id = $1', [id]);
	await client.query('begin');
	await client.query('set constraints public.room_free deferred');
	await client.query(
		`update public.slots set during = tstzrange(lower(during) + interval '5 minutes', upper(during) + interval '5 minutes') where summit_id = $1`,
		[id]
	);
	await client.query('commit');
	await client.query('analyze');
	const { rows } = await client.query<{ account: string }>(
		`select a.account_id as account from public.role_grants as g join public.account_people as a on a.person_id = g.person_id
		where g.summit_id = $1 and g.role = 'programme'`,
		[id]
	);
	const claims = JSON.stringify({ sub: rows[0]?.account, role: 'authenticated' });
	await client.query(
		`select set_config('request.jwt.claims', $1, false), set_config('request.jwt.claim.sub', $2, false)`,
		[claims, rows[0]?.account]
	);
	const preview = await timed(client, 'select public.preview_release($1)', [id]);
	const publish = await timed(client, 'select public.publish_release($1)', [id]);
	const changelog = await timed(client, 'select public.read_changelog($1)', [id]);
	// They are notified after a quarter of an hour.
	await client.query(
		`update private.agenda_digests set due_at = case when summit_id = $1 then now() else now() + interval '1 day' end`,
		[id]
	);
	const began = performance.now();
	for (let sent = 1; sent > 0;) {
		const answer = await client.query<{ sent: number }>('select private.send_digests(100) as sent');
		sent = answer.rows[0]?.sent ?? 0;
	}
	const notified = performance.now() - began;
	const mails = await client.query<{ count: number }>(
		`select count(*)::integer as count from private.outbox where summit_id = $1 and template = 'agenda_changes'`,
		[id]
	);
	// These addresses do not exist.
	await client.query(`delete from private.outbox where summit_id = $1`, [id]);
	return { preview, publish, changelog, notified, mails: mails.rows[0]?.count ?? 0 };
}

/** Measures publishing 120 sessions and 1,200. */
export async function measurePublishing(stack: TestSummit): Promise<void> {
	const client = await ownerOf(stack.variables);
	const small = await measure(client, 120, 200);
	const large = await measure(client, 1200, 2000);
	await client.end();
	print('Publishing 120 sessions with 200 people concerned', [
		{ what: 'preview', value: growth(small.preview, large.preview) },
		{ what: 'publishing', value: growth(small.publish, large.publish) },
		{ what: 'changelog', value: growth(small.changelog, large.changelog) },
		{ what: 'writing all digests', value: growth(small.notified, large.notified) },
		{ what: 'each digest', value: ms(large.notified / Math.max(1, large.mails)) },
		{ what: 'mails queued', value: `${small.mails}; ten times larger: ${large.mails}` }
	]);
}
