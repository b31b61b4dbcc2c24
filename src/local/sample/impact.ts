/* What happened at the editions that are over, and the impact reports that were released about them. */
import { readFileSync } from 'node:fs';
import type pg from 'pg';
import type { ImpactCounts } from '../../lib/database/answers/impact.ts';
import { contentOf } from '../../lib/impact/content.ts';
import { releaseOf, type OutwardGroup } from '../../lib/registration/figures.ts';
import { sampleSlugs } from './summits.ts';

const texts = JSON.parse(readFileSync(new URL('impact.json', import.meta.url), 'utf8')) as object;
const targets = { confirmed: 100, members: 60, commitments: 20 };
const day = 86_400_000;

// The same people at any hour: chance is a hash of ids, which are the same for the same seed.
const chance = (of: string, below: number) => `abs(hashtext(${of})) % 100 < ${below}`;

/** Runs of sessions that named people, who came to them in the hall and online, and what they asked. */
async function insertAttendance(client: pg.Client, summit: string): Promise<void> {
	await client.query(
		`insert into public.runs (session_id, summit_id, room_id, state, level, started_at, ended_at)
		select s.id, s.summit_id, room.room_id, 'ended', s.level, lower(sl.during), upper(sl.during)
		from public.sessions as s
		join public.slots as sl on sl.session_id = s.id
		join lateral (select r.room_id from public.slot_rooms as r where r.slot_id = sl.id order by r.room_id limit 1) as room on true
		where s.summit_id = $1 and s.level in ('public', 'members') and s.state = 'confirmed' and not s.is_break
			and not exists (select from public.runs where runs.session_id = s.id) and ${chance('s.id::text', 45)}`,
		[summit]
	);
	await client.query(
		`insert into public.presence (summit_id, person_id, session_id, run_id, kind, checkpoint, entered_at, left_at, source)
		select distinct on (r.id, runs.started_at) r.summit_id, r.person_id, runs.session_id, case when r.mode = 'virtual' then runs.id end,
			(case when r.mode = 'virtual' then 'stream' else 'door' end)::public.presence_kind,
			case when r.mode = 'virtual' then '' else 'Main entrance' end,
			runs.started_at + interval '2 minutes', runs.ended_at - interval '3 minutes',
			case when r.mode = 'virtual' then '' else 'badge' end
		from public.runs
		join public.registrations as r on r.summit_id = runs.summit_id and r.state = 'confirmed'
		where runs.summit_id = $1 and runs.ended_at > runs.started_at + interval '20 minutes'
			and ${chance('r.id::text || runs.started_at::date', 75)} and ${chance('r.id::text || runs.session_id', 30)}
		order by r.id, runs.started_at, runs.session_id`,
		[summit]
	);
	await client.query(
		`insert into private.session_questions (session_id, summit_id, person_id, body, shown_as, state, asked_at, answered_at)
		select p.session_id, p.summit_id, p.person_id, 'What changes for helplines?', 'name',
			case when ${chance('p.person_id::text', 70)} then 'answered' else 'approved' end, p.left_at,
			case when ${chance('p.person_id::text', 70)} then p.left_at end
		from public.presence as p
		where p.summit_id = $1 and p.session_id is not null and ${chance("p.session_id || p.person_id::text || 'q'", 6)}`,
		[summit]
	);
	await client.query(
		`insert into private.caption_lines (run_id, language, number, starts, ends, words, is_kept, level)
		select runs.id, 'en', 1, 0, 3000, 'Good morning, and welcome.', false, runs.level
		from public.runs
		where runs.summit_id = $1 and runs.ended_at > runs.started_at + interval '20 minutes' and ${chance('runs.session_id::text', 60)}`,
		[summit]
	);
	// Of the needs that people stated, five in six were met.
	await client.query(
		`update private.needs as n set state = case when ${chance('n.registration_id::text', 83)} then 'met' else 'not_met' end, closed_at = now()
		where n.summit_id = $1`,
		[summit]
	);
}

async function releaseFigures(client: pg.Client, summit: string, at: Date): Promise<void> {
	const { rows } = await client.query<Omit<OutwardGroup, 'count'> & { count: string }>(
		'select dimension, family, value, count from private.outward_figures($1) order by dimension, family, value',
		[summit]
	);
	const outward = rows.map((row) => ({ ...row, count: Number(row.count) }));
	const content = releaseOf(outward, 5, null, at.toISOString().slice(0, 10));
	await client.query(
		'insert into public.figure_releases (summit_id, number, released_at, content) values ($1, 1, $2, $3)',
		[summit, at, JSON.stringify(content)]
	);
}

async function readCounts(client: pg.Client, summit: string): Promise<ImpactCounts> {
	const { rows } = await client.query<{ counts: ImpactCounts }>('select private.count_impact($1) as counts', [summit]);
	if (!rows[0]) throw new Error('A Summit of the sample is not there.');
	return rows[0].counts;
}

/** Nothing was delivered on the day when a report was released. */
const undelivered = (counts: ImpactCounts): ImpactCounts => ({
	...counts,
	commitments: counts.commitments.map((one) => ({ ...one, status: 'not_reported', delivered_on: null }))
});

async function releaseReport(client: pg.Client, summit: string, counts: ImpactCounts, at: Date): Promise<void> {
	await client.query(
		`insert into private.impact_releases (summit_id, number, texts, targets, released_by, released_at, content)
		select $1, 1, $2, $3, (select p.id from public.people as p where p.display_name = 'Lucía Ferrer' limit 1), $4, $5`,
		[summit, JSON.stringify(texts), JSON.stringify(targets), at, JSON.stringify(contentOf(counts, at.getTime()))]
	);
	await client.query('insert into private.impact_drafts (summit_id, texts, targets) values ($1, $2, $3)', [
		summit,
		JSON.stringify(texts),
		JSON.stringify(targets)
	]);
}

/** The reports of the two editions that are over, the older one the baseline of the other. */
export async function insertImpact(client: pg.Client, now: Date): Promise<void> {
	const plans = [
		{ slug: sampleSlugs.previous, days: 60 },
		{ slug: sampleSlugs.recent, days: 30 }
	];
	for (const { slug, days } of plans) {
		const { rows } = await client.query<{ id: string; ends: Date }>(
			`select id, ends_on::timestamptz + interval '18 hours' as ends from public.summits where slug = $1`,
			[slug]
		);
		const [edition] = rows;
		if (!edition) return;
		const at = new Date(Math.min(edition.ends.getTime() + days * day, now.getTime() - day));
		await insertAttendance(client, edition.id);
		await releaseFigures(client, edition.id, new Date(edition.ends.getTime() + 7 * day));
		const counts = await readCounts(client, edition.id);
		const isOld = slug === sampleSlugs.previous;
		await releaseReport(client, edition.id, isOld ? undelivered(counts) : counts, at);
		// The records of that time were deleted as the periods of retention say; the report stays.
		if (isOld)
			for (const table of ['public.presence', 'private.session_questions', 'private.needs'])
				await client.query(`delete from ${table} where summit_id = $1`, [edition.id]);
	}
}
