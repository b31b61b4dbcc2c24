import type pg from 'pg';
import { letInSpeakers } from './arrivals.ts';
import { sampleSlugs } from './summits.ts';
import { fillRun } from './taking-part.ts';

/**
 * Brings the sample up to `now`, when it is started again later and while it runs: its two days begin today unless they are still
 * on, and a session is live. Does nothing while one is. What people did in the sample stays: a session that somebody ended is
 * not begun again.
 */
export async function refreshSample(client: pg.Client, opts: { now: Date }): Promise<void> {
	await client.query('begin');
	try {
		// Days are shifted as 24 hours each.
		await client.query(`set local time zone 'UTC'`);
		const summit = await findSummit(client, opts.now);
		if (summit && !(await isLive(client, summit.id, opts.now))) {
			if (summit.days !== 0) await shiftDays(client, summit.id, summit.days);
			await endPastRuns(client, summit, opts.now);
			await goLive(client, summit.id, opts.now);
		}
		await client.query('commit');
	} catch (error) {
		await client.query('rollback');
		throw error;
	}
}

/** The Summit, and by how many days it has to move. */
async function findSummit(client: pg.Client, now: Date): Promise<{ id: string; days: number } | undefined> {
	const found = await client.query<{ id: string; days: number }>(
		`select id, case
				when ($2::timestamptz at time zone zone)::date >= starts_on
					and $2 < (select max(upper(during)) from public.slots where summit_id = summits.id) then 0
				else ($2::timestamptz at time zone zone)::date - starts_on end as days
		from public.summits where slug = $1 and state <> 'archived' for update`,
		[sampleSlugs.current, now]
	);
	return found.rows[0];
}

async function isLive(client: pg.Client, summit: string, now: Date): Promise<boolean> {
	const live = await client.query(
		`select from public.runs join public.slots using (session_id)
		where runs.summit_id = $1 and runs.state in ('live', 'paused') and slots.during @> $2::timestamptz`,
		[summit, now]
	);
	return (live.rowCount ?? 0) > 0;
}

async function shiftDays(client: pg.Client, summit: string, days: number): Promise<void> {
	const by = `make_interval(days => $2::integer)`;
	const moved = `tstzrange(lower(during) + ${by}, upper(during) + ${by})`;
	// A release never changes; this one is moved together with the calendar.
	await client.query('alter table public.release_slots disable trigger release_slots_fixed');
	for (const sql of [
		`update public.summits set starts_on = starts_on + $2::integer, ends_on = ends_on + $2::integer,
			registration_opens_at = registration_opens_at + ${by}, registration_closes_at = registration_closes_at + ${by},
			nominations_close_at = nominations_close_at + ${by},
			names_freeze_at = names_freeze_at + ${by},
			logistics_due_at = logistics_due_at + ${by},
			refund_until = refund_until + ${by} where id = $1`,
		`update public.slots set during = ${moved} where summit_id = $1`,
		`update public.release_slots set during = ${moved} where summit_id = $1`,
		`update public.seats set held_until = held_until + ${by} where summit_id = $1 and state = 'held'`,
		`update public.queue_entries set offered_at = offered_at + ${by}, deadline = deadline + ${by} where summit_id = $1 and state = 'offered'`,
		`update public.orders set due_at = due_at + ${by} where summit_id = $1 and closed_at is null`
	])
		await client.query(sql, [summit, days]);
	await client.query('set constraints all immediate');
	await client.query('alter table public.release_slots enable trigger release_slots_fixed');
}

// What somebody began before its time goes on; with the days everything begins from the start.
async function endPastRuns(client: pg.Client, summit: { id: string; days: number }, now: Date): Promise<void> {
	await client.query(
		`update public.runs set state = 'ended', ended_at = $2 where summit_id = $1 and state <> 'ended'
			and ($3 <> 0 or not exists (select from public.slots where session_id = runs.session_id and upper(during) > $2))`,
		[summit.id, now, summit.days]
	);
}

/** Opens the run of the session that is on by the clock, or of the nearest. */
async function goLive(client: pg.Client, summit: string, now: Date): Promise<void> {
	const made = await client.query<{ id: string }>(
		`insert into public.runs (session_id, summit_id, room_id, state, level, started_at)
		select s.id, s.summit_id, rs.room_id, 'live', s.level, least($2::timestamptz, lower(rs.during))
		from public.release_slots as rs
		join public.sessions as s on s.id = rs.session_id
		join public.rooms on rooms.id = rs.room_id
		where rs.summit_id = $1 and rs.release_id = private.newest_release($1) and not s.is_break and s.state = 'confirmed'
			and s.level in ('public', 'members') and s.attendance <> 'hall'
			and not exists (select from public.runs where room_id = rs.room_id and state <> 'ended')
			and not exists (select from public.runs where session_id = s.id and ended_at >= lower(rs.during))
		order by greatest(lower(rs.during) - $2, $2 - upper(rs.during), interval '0'), s.level, rooms.position
		limit 1
		returning id`,
		[summit, now]
	);
	const run = made.rows[0]?.id;
	if (run === undefined) return;
	await client.query(`select private.ensure_livekit_room($1, 'stage'), private.ensure_livekit_room($1, 'green_room')`, [
		run
	]);
	await letInSpeakers(client, run);
	await fillRun(client, run);
}
