/* What processes write down of the parts of the site and of requests. */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { Reliability, SiteStatus } from '#lib/database/answers/status.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs } from '../../fixtures/registering.ts';
import { makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
beforeAll(async () => {
	world = await makeWorld(db.owner);
});
beforeEach(() => db.owner.query('delete from private.part_days; delete from private.request_hours'));

const today = new Date().toISOString().slice(0, 10);
const minute = (at: number) => `${today}T00:${String(at).padStart(2, '0')}:00Z`;
const record = (minutes: { at: string; parts: Record<string, boolean> }[]) =>
	db.app.query('select private.record_part_minutes($1)', [JSON.stringify(minutes)]);
const days = async () =>
	(
		(await db.app.query<{ read_status: SiteStatus }>('select * from private.read_status()')).rows[0]
			?.read_status as SiteStatus
	).days;

test('each minute counts once, whichever process writes it first', async () => {
	await record([{ at: minute(1), parts: { site: true, mail: false } }]);
	await record([{ at: minute(1), parts: { site: false, mail: false } }]);
	await record([
		{ at: minute(1), parts: { site: false } },
		{ at: minute(2), parts: { site: true, mail: true } }
	]);
	expect(await days()).toEqual([
		{ day: today, part: 'mail', good: 1, bad: 1 },
		{ day: today, part: 'site', good: 2, bad: 0 }
	]);
});

test('two processes that were without a database write its minutes once', async () => {
	const outage = Array.from({ length: 10 }, (_, at) => ({ at: minute(at), parts: { site: false } }));
	const [one, other] = [await db.connect(), await db.connect()];
	await Promise.all(
		[one, other].map((client) => client.query('select private.record_part_minutes($1)', [JSON.stringify(outage)]))
	);
	expect(await days()).toEqual([{ day: today, part: 'site', good: 0, bad: 10 }]);
});

test('minutes of an outage count, also after another process wrote later ones', async () => {
	await record([{ at: minute(40), parts: { site: true } }]);
	await record(Array.from({ length: 41 }, (_, at) => ({ at: minute(at), parts: { site: at > 30 } })));
	expect(await days()).toEqual([{ day: today, part: 'site', good: 10, bad: 31 }]);
});

const hour = (at: string, requests: number, failed: number) => ({
	hour: at,
	requests,
	failed,
	slow: 1,
	times: [requests - 1, 0, 0, 0, 1, 0, 0, 0]
});
const write = (hours: unknown[]) => db.app.query('select private.record_requests($1)', [JSON.stringify(hours)]);
const reliability = (who: TestPerson) =>
	callAs<Reliability | null>(db.owner, who, 'public.read_reliability($1)', [world.summit]);

test('requests of all processes are added, and read for the month and for the Summit', async () => {
	const now = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000).toISOString();
	await write([hour(now, 100, 1)]);
	await write([hour(now, 50, 0)]);
	const { rows } = await db.owner.query<{ starts: string }>(
		`select to_char((starts_on::timestamp at time zone zone) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:00:00"Z"') as starts from public.summits where id = $1`,
		[world.summit]
	);
	await write([hour(rows[0]?.starts ?? '', 10, 2)]);
	await write([hour('2020-01-01T00:00:00Z', 7, 0)]);
	const found = await reliability(world.people.programme);
	expect(found?.month).toMatchObject({ requests: expect.any(Number) as number });
	expect(found?.month.requests).toBeGreaterThanOrEqual(150);
	expect(found?.summit.requests).toBeGreaterThanOrEqual(10);
	expect(found?.summit.failed).toBeGreaterThanOrEqual(2);
	expect(found?.since).toBe('2020-01-01T00:00:00Z');
	expect(found?.days).toHaveLength(30);
	expect(found?.days.at(-1)).toMatchObject({ day: today });
	expect(found?.month.times.reduce((sum, count) => sum + count, 0)).toBe(found?.month.requests);
	expect(await reliability(world.people.delegate)).toBeNull();
});

test('measures of more than 400 days ago are forgotten', async () => {
	await write([hour('2020-01-01T00:00:00Z', 7, 0)]);
	await db.owner.query(
		`insert into private.part_days (day, part, minutes, good_minutes)
		select day, 'site', repeat('1', 1440)::bit(1440), repeat('1', 1440)::bit(1440) from unnest(array['2020-01-01', current_date]) as day`
	);
	await db.app.query('select private.clean_status(now())');
	const { rows } = await db.owner.query(
		'select (select count(*)::integer from private.part_days) as days, (select count(*)::integer from private.request_hours) as hours'
	);
	expect(rows).toEqual([{ days: 1, hours: 0 }]);
});
