import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderStore } from '../../../src/lib/files/server/folder-store.ts';
import { bringSpeakersOn } from '../../../src/local/sample/broadcast/on-stage.ts';
import { refreshSample } from '../../../src/local/sample/refresh.ts';
import { sampleSlugs, seedSample } from '../../../src/local/sample/seed.ts';
import { dayFromNow } from '../../fixtures/clock.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { startDatabase } from '../../fixtures/stack.ts';

const sealingKey = `sample:${Buffer.alloc(32, 9).toString('base64')}`;
// Its orders must be due within a year from now: those that are not cannot be extended by the sample's organisers.
const today = Date.now();
const day = (later = 0) => dayFromNow(30 + later, today);
const now = new Date(`${day()}T14:20:00Z`);
const files = mkdtempSync(join(tmpdir(), 'sample-'));
const db = useDatabase();

async function values<T>(sql: string, ...params: unknown[]): Promise<T[]> {
	const result = await db.owner.query<{ value: T }>(sql, params);
	return result.rows.map((row) => row.value);
}

async function value<T>(sql: string, ...params: unknown[]): Promise<T> {
	const [first] = await values<T>(sql, ...params);
	if (first === undefined) throw new Error(`no row: ${sql}`);
	return first;
}

const current = `(select id from public.summits where slug = '${sampleSlugs.current}')`;

beforeAll(async () => {
	await seedSample(db.owner, { now, sealingKey, filesFolder: files });
});
afterAll(async () => {
	rmSync(files, { recursive: true });
});

describe('the sample Summit', () => {
	it('has books that balance', async () => {
		const faults = await values<string>(
			`select f.code || ' ' || coalesce(f.subject, '') as value from public.summits as s, private.reconcile_money(s.id) as f`
		);
		expect(faults).toEqual([]);
	});

	it('has slides where it says so, also in the live session', async () => {
		const objects = await values<string>(`select o.name as value from private.stored_objects as o
			join private.file_versions as v on v.object_name = o.name where o.state = 'kept'`);
		const store = folderStore(join(files, 'objects'));
		const first = await Promise.all(
			objects.map(async (name) => (await new Response(await store.open(name)).text()).slice(0, 5))
		);
		expect(first.filter((start) => start === '%PDF-')).toHaveLength(6);
		expect(
			await value<number>(`select count(*)::int as value from private.session_files as f join public.runs using (session_id)
				where runs.state = 'live'`)
		).toBe(1);
	});

	it('is large enough to show scale', async () => {
		expect(await value<number>('select count(*)::int as value from public.members')).toBeGreaterThanOrEqual(250);
		expect(await value<number>('select count(distinct country)::int as value from public.members')).toBeGreaterThan(
			100
		);
		expect(await value<number>('select count(distinct sector)::int as value from public.members')).toBe(4);
		expect(await value<number>(`select count(*)::int as value from public.rooms where summit_id = ${current}`)).toBe(9);
		expect(await value<number>(`select count(*)::int as value from public.tracks where summit_id = ${current}`)).toBe(
			4
		);
		const sessions = await value<number>(
			`select count(*)::int as value from public.sessions where summit_id = ${current} and not is_break`
		);
		expect(sessions).toBeGreaterThanOrEqual(60);
		const speakers = await value<number>(
			`select count(distinct person_id)::int as value from public.session_people where summit_id = ${current} and role <> 'interpreter'`
		);
		expect(speakers).toBeGreaterThanOrEqual(80);
		const states = await values<string>(
			`select distinct state::text as value from public.registrations where summit_id = ${current} order by 1`
		);
		expect(states).toEqual(
			await values<string>('select unnest(enum_range(null::public.registration_state))::text as value order by 1')
		);
		expect(
			await value<number>(`select count(*)::int as value from public.registrations where summit_id = ${current}`)
		).toBeGreaterThan(400);
	});

	it('has an edition in each state that readers see', async () => {
		const { rows } = await db.owner.query<{ slug: string; state: string }>(
			`select slug, state from public.summits where exists (select from public.registrations where summit_id = summits.id)
				and private.newest_release(id) is not null order by starts_on`
		);
		expect(rows).toEqual([
			{ slug: sampleSlugs.previous, state: 'archived' },
			{ slug: sampleSlugs.recent, state: 'closed' },
			{ slug: sampleSlugs.current, state: 'live' },
			{ slug: sampleSlugs.next, state: 'open' }
		]);
	});

	it('has what carries from one Summit to the next', async () => {
		const count = (what: string) => value<number>(`select count(*)::int as value from ${what}`);
		expect(await values<string>('select distinct level::text as value from private.groups order by 1')).toEqual([
			'closed',
			'members',
			'public'
		]);
		expect(await count('private.groups')).toBe(6);
		expect(await count('private.group_people where alternate_of is not null')).toBeGreaterThan(0);
		// Each group that has not ended meets, and one meeting has begun in its room.
		expect(
			await count(
				'private.groups as g where g.ended_at is null and not exists (select from private.meetings as m where m.group_id = g.id)'
			)
		).toBe(0);
		expect(await count('private.meeting_rooms where meeting_id is not null')).toBe(1);
		expect(await count('private.library_items')).toBeGreaterThanOrEqual(60);
		expect(await count('private.commitments')).toBe(45);
		expect(
			await count(
				'private.commitments as c where exists (select from private.commitment_reports as r where r.commitment_id = c.id)'
			)
		).toBeGreaterThan(20);
		expect(await count('private.impact_releases')).toBeGreaterThan(0);
	});

	it('has recordings to watch, and a concern that waits for its lead', async () => {
		const published = await values<string>(
			`select summits.slug as value from private.recordings as g join public.summits on summits.id = g.summit_id
			where g.published_at is not null group by 1 order by 1`
		);
		expect(published).toEqual(expect.arrayContaining([sampleSlugs.previous, sampleSlugs.recent]));
		expect(await value<number>('select count(*)::int as value from private.concerns where closed_at is null')).toBe(1);
	});

	it('names interpreters for each language that a session is interpreted into', async () => {
		expect(
			await values<string>(
				`select s.code as value from public.sessions as s where s.interpreted <> '{}' and not exists (
					select from public.session_people as sp where sp.session_id = s.id and sp.role = 'interpreter')`
			)
		).toEqual([]);
	});

	it('shows every level, both queues and people with an alias', async () => {
		expect(
			await values<string>(
				`select distinct level::text as value from public.sessions where summit_id = ${current} order by 1`
			)
		).toEqual(['chatham_house', 'closed', 'members', 'public']);
		expect(
			await values<string>(
				`select distinct reason::text as value from public.queue_entries where summit_id = ${current} order by 1`
			)
		).toEqual(['allocation', 'capacity']);
		expect(
			await value<number>('select count(*)::int as value from private.protections where real_name_sealed is not null')
		).toBeGreaterThanOrEqual(5);
	});

	it('has one live session that began in the last half hour', async () => {
		const live = await db.owner.query<{ during: string; level: string; public: boolean; rooms: number }>(
			`select runs.level, lower(slots.during) between $1::timestamptz - interval '30 minutes' and $1 and upper(slots.during) > $1 as during,
				public.can_see(runs.session_id) as public,
				(select count(*)::int from private.livekit_rooms where run_id = runs.id and closed_at is null) as rooms
			from public.runs join public.slots using (session_id) where runs.state = 'live'`,
			[now]
		);
		expect(live.rows).toEqual([{ level: 'public', during: true, public: true, rooms: 2 }]);
	});

	it('keeps the rules: seats within capacity and each member’s ceiling, none without its owner', async () => {
		const over = `select count(*)::int as value from public.mode_capacities as c
			where capacity < (select count(*) from public.seats where seats.summit_id = c.summit_id and seats.mode = c.mode and state <> 'released')`;
		expect(await value<number>(over)).toBe(0);
		const ceilings = `select count(*)::int as value from (
			select s.summit_id, s.member_id, s.mode, count(*) as n from public.seats as s where state <> 'released' and member_id is not null group by 1, 2, 3) as used
			join public.summit_members as m on m.summit_id = used.summit_id and m.member_id = used.member_id
			join public.allocation_policies as p on p.summit_id = used.summit_id and p.sector = m.sector and p.mode = used.mode
			where used.n > p.ceiling`;
		expect(await value<number>(ceilings)).toBe(0);
		const seatless = `select count(*)::int as value from public.registrations as r
			where state in ('submitted', 'nominated', 'accredited', 'awaiting_payment', 'confirmed')
			and not exists (select from public.seats where registration_id = r.id and mode = r.mode and state <> 'released')
			and not exists (select from public.queue_entries where registration_id = r.id and state in ('waiting', 'offered'))`;
		expect(await value<number>(seatless)).toBe(0);
		const balances = `select distinct o.closed_at is null and r.state = 'awaiting_payment' or
			(select coalesce(sum(amount), 0) from public.order_lines where order_id = o.id) + (select coalesce(sum(amount), 0) from public.order_adjustments where order_id = o.id) = 0 as value
			from public.orders as o join public.order_lines as l on l.order_id = o.id join public.registrations as r on r.id = l.registration_id`;
		expect(await values<boolean>(balances)).toEqual([true]);
	});

	it('has a closed session of a group, which the people of the group see', async () => {
		const seen = await values<boolean>(
			`select private.can_see(p.person_id, s.session_id) as value
			from private.session_groups as s
			join private.live_group_people as p on p.group_id = s.group_id
			join public.registrations as r on r.person_id = p.person_id and r.summit_id = s.summit_id and r.state = 'confirmed'
			where s.summit_id = ${current}`
		);
		expect(seen.length).toBeGreaterThan(4);
		expect(new Set(seen)).toEqual(new Set([true]));
	});

	it('has nobody in two places at once', async () => {
		const twice = `select count(*)::int as value from public.session_people as a
			join public.session_people as b on b.person_id = a.person_id and b.session_id > a.session_id
			join public.slots as sa on sa.session_id = a.session_id join public.slots as sb on sb.session_id = b.session_id and sb.during && sa.during
			where a.role not in ('interpreter') and b.role not in ('interpreter')`;
		expect(await value<number>(twice)).toBe(0);
	});

	it('has a second release, a session with a waiting list, and changes for people with stars', async () => {
		expect(await value<number>(`select max(number) as value from public.releases where summit_id = ${current}`)).toBe(
			2
		);
		const kinds = await values<string>(
			`select unnest(kinds) as value from private.changes_between(${current}, (select id from public.releases where summit_id = ${current} and number = 1), private.newest_release(${current}))`
		);
		expect(kinds.toSorted()).toEqual(['cancelled', 'moved', 'renamed']);
		const states = await values<string>('select distinct state as value from private.session_signups order by 1');
		expect(states).toEqual(['placed', 'waiting']);
		const changes = await values<number>(
			`select jsonb_array_length(private.own_agenda_changes(l.person_id, l.summit_id, l.read_release)) as value from private.agenda_visits as l
			join private.sample_people as x on x.person_id = l.person_id join public.registrations as r on r.person_id = l.person_id and r.state = 'confirmed' where l.summit_id = ${current}`
		);
		expect(Math.min(...changes)).toBeGreaterThanOrEqual(3);
	});

	it('has audit entries of a few acts of its organisers only, and leaves the triggers enabled', async () => {
		const listed = await values<string>(
			`select distinct p.display_name || ': ' || e.table_name as value from audit.entries as e left join public.people as p on p.id = e.actor_person
			where e.table_name not in ('private.commitment_themes', 'private.commitment_settings') order by 1`
		);
		// The first themes and settings of commitments come with the database.
		for (const act of [
			'Ana Petrović: public.sessions',
			'Emeka Nwosu: public.people',
			'Emeka Nwosu: public.summit_members',
			'Katarzyna Wójcik: public.orders'
		])
			expect(listed).toContain(act);
		expect(listed.filter((one) => !/^(Ana Petrović|Emeka Nwosu|Katarzyna Wójcik): /.test(one))).toEqual([]);
		// Their accounts are gone, and nobody gets mail.
		expect(await value<number>(`select count(*)::int as value from auth.users`)).toBe(0);
		expect(await value<number>(`select count(*)::int as value from private.agenda_digests`)).toBe(0);
		const off = `select count(*)::int as value from pg_trigger where tgfoid = 'audit.record_change'::regproc and tgenabled = 'D'`;
		expect(await value<number>(off)).toBe(0);
	});

	it('has an open tablet at the main entrance, with offline scans and one incident', async () => {
		const { rows } = await db.owner.query<{ name: string; scans: string; conflicts: string[]; inside: string }>(
			`select d.name, count(*) as scans, count(distinct p.id) as inside,
				array(select c.kind || ' ' || (c.person_id is not null) from private.door_conflicts as c where c.summit_id = d.summit_id and c.resolved_at is null) as conflicts
			from private.door_devices as d join private.door_scans as s on s.device_id = d.id and s.is_offline
			left join private.door_periods as p on p.scan_id = s.id and p.left_at is null group by d.id`
		);
		expect(rows).toEqual([
			{ name: 'Tablet at the main entrance', scans: '5', inside: '4', conflicts: ['two_doors true'] }
		]);
	});

	it('has a person to sign in as for each role', async () => {
		const roles = await values<string>(
			`select distinct g.role::text as value from private.sample_people() as p join public.role_grants as g on g.person_id = p.person_id order by 1`
		);
		expect(roles).toEqual(['door', 'finance', 'owner', 'programme', 'registration', 'safeguarding', 'stage']);
	});

	it('is the same again for the same seed, at any hour of the day', async () => {
		const codes = `select string_agg(code, ' ' order by code) as value from public.people`;
		const expected = await value<string>(codes);
		for (const hour of [2, 8, 13, 17, 22]) {
			const other = await startDatabase();
			const again = await other.connect();
			await seedSample(again, { now: new Date(`${day()}T${String(hour).padStart(2, '0')}:59:00Z`), sealingKey });
			const result = await again.query<{ value: string; live: number }>(
				`select (${codes}) as value, (select count(*)::int from public.runs where state = 'live') as live`
			);
			expect(result.rows[0]?.live).toBe(1);
			expect(result.rows[0]?.value).toBe(expected);
			await other.stop();
		}
		const same = await startDatabase();
		const again = await same.connect();
		await seedSample(again, { now, sealingKey });
		expect((await again.query<{ value: string }>(codes)).rows[0]?.value).toBe(expected);
		await same.stop();
	}, 240_000);

	it('is updated when it is started again later, and left alone while a session is live', async () => {
		const other = await startDatabase();
		const again = await other.connect();
		await seedSample(again, { now, sealingKey });
		const state = async () => {
			const rows = await again.query<{ id: string; starts_on: string; away: string; released: boolean }>(
				`select runs.id, summits.starts_on::text, (lower(slots.during))::text as away,
					exists (select from public.release_slots as r where r.session_id = runs.session_id and r.during = slots.during) as released
				from public.runs join public.summits on summits.id = runs.summit_id join public.slots using (session_id) where runs.state = 'live'`
			);
			return rows.rows;
		};
		const before = await state();
		await refreshSample(again, { now: new Date(now.getTime() + 30 * 60_000) });
		expect(await state()).toEqual(before);
		for (const [at, date] of [
			[`${day()}T21:10:00Z`, day()],
			[`${day(1)}T15:00:00Z`, day()],
			[`${day(1)}T23:50:00Z`, day(1)],
			[`${day(84)}T04:35:00Z`, day(84)]
		] as const) {
			await refreshSample(again, { now: new Date(at) });
			const [live, ...others] = await state();
			expect(others).toEqual([]);
			expect(live).toMatchObject({ starts_on: date, released: true });
			expect(Math.abs(new Date(live?.away ?? '').getTime() - Date.parse(at))).toBeLessThan(91 * 60_000);
		}
		await other.stop();
	});

	it('begins another session when somebody ended the live one', async () => {
		const other = await startDatabase();
		const again = await other.connect();
		await seedSample(again, { now, sealingKey });
		const live = async () =>
			(await again.query<{ session_id: string }>(`select session_id from public.runs where state = 'live'`)).rows;
		const [first] = await live();
		await again.query(`update public.runs set state = 'ended', ended_at = $1 where state = 'live'`, [now]);
		await refreshSample(again, { now: new Date(now.getTime() + 10_000) });
		const [second, ...others] = await live();
		expect(others).toEqual([]);
		expect(second?.session_id).toBeDefined();
		expect(second?.session_id).not.toBe(first?.session_id);
		// The day's page would say that the session began without them.
		const missing = `select sp.person_id from public.runs
			join public.session_people as sp on sp.session_id = runs.session_id and sp.state = 'confirmed'
			join public.registrations as r on r.person_id = sp.person_id and r.summit_id = runs.summit_id and r.state = 'confirmed'
				and r.mode = 'in_person'
			where runs.state = 'live' and not exists (select from private.door_periods as d
				where d.person_id = sp.person_id and d.summit_id = runs.summit_id and d.left_at is null)`;
		expect((await again.query(missing)).rows).toEqual([]);
		await other.stop();
	});

	it('brings two speakers of the live session on stage, and nobody whom a host took off', async () => {
		const before = await bringSpeakersOn(db.owner);
		expect(before).toHaveLength(2);
		expect(await bringSpeakersOn(db.owner)).toEqual(before);
		await db.owner.query(
			`update private.run_participants set is_on_stage = false, is_kept_off = true where identity = $1`,
			[before[0]?.identity]
		);
		expect(await bringSpeakersOn(db.owner)).toEqual(before.slice(1));
	});
});
