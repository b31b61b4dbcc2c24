import { beforeEach, describe, expect, it } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let badge: { id: string; badge_code: string };

interface Answer {
	answer: string;
	display_name: string | null;
	flags: string[];
	where?: Record<string, string>;
	elsewhere?: Record<string, unknown>;
}

async function check(
	who: TestPerson | null,
	values: { badge?: string; badge_code?: string; at?: string; out?: boolean },
	on = db.owner
): Promise<Answer> {
	const rows = await actAs<{ answer: Answer }>(on, who, 'select public.check_badge($1, $2, $3, $4, $5) as answer', [
		world.summit,
		values.badge ?? null,
		values.badge_code ?? null,
		values.at ?? null,
		values.out ? 'out' : 'in'
	]);
	return rows[0]?.answer ?? { answer: 'none', display_name: null, flags: [] };
}

async function presences(): Promise<number> {
	const { rows } = await db.owner.query<{ n: number }>(
		`select count(*)::int as n from public.presence where kind = 'door' and summit_id = $1`,
		[world.summit]
	);
	return rows[0]?.n ?? 0;
}
beforeEach(async () => {
	world = await makeWorld(db.owner);
	// The venue's day may differ from the server's.
	await db.owner.query(
		`update public.summits set starts_on = (now() at time zone zone)::date - 1, ends_on = (now() at time zone zone)::date + 1 where id = $1`,
		[world.summit]
	);
	const found = await db.owner.query<{ id: string; badge_code: string }>(
		`select id, badge_code from public.badges where registration_id = $1 and revoked_at is null`,
		[world.registrations.delegate]
	);
	if (!found.rows[0]) throw new Error('the world has no badge');
	badge = found.rows[0];
	await db.owner.query(`delete from public.presence where summit_id = $1`, [world.summit]);
});

describe('the door', () => {
	it('admits a person once, by id or badge code, and records it', async () => {
		const { door, delegate } = world.people;
		expect(await check(door, { badge: badge.id })).toMatchObject({ answer: 'welcome', display_name: delegate.name });
		const typed = badge.badge_code.toLowerCase().replace(/(.{4})/g, '$1 ');
		expect(await check(door, { badge_code: typed })).toMatchObject({ answer: 'already_in' });
		expect(await presences()).toBe(1);
		const added = await db.owner.query<{ id: string }>(
			`insert into public.checkpoints (summit_id, kind, name, position) values ($1, 'entrance', '{"original":"en","en":"River door"}', 5) returning id`,
			[world.summit]
		);
		const at = added.rows[0]?.id ?? '';
		// All entrances lead into one building.
		expect(await check(door, { badge: badge.id, at })).toMatchObject({
			answer: 'already_in',
			where: expect.objectContaining({ en: 'Main entrance' }) as unknown
		});
		expect(await check(door, { badge: badge.id, at, out: true })).toMatchObject({ answer: 'left' });
		expect(await check(door, { badge: badge.id })).toMatchObject({ answer: 'welcome' });
		expect(await presences()).toBe(2);
		const audited = await db.owner.query(`select from audit.entries where table_name = 'door' and row_id = $1`, [
			badge.id
		]);
		expect(audited.rowCount).toBe(5);
	});

	it('admits one of two people who show the same badge at the same moment', async () => {
		const clients = await Promise.all(Array.from({ length: 8 }, () => db.connect()));
		const answers = await Promise.all(clients.map((one) => check(world.people.door, { badge: badge.id }, one)));
		expect(answers.map(({ answer }) => answer).sort()).toEqual([...Array<string>(7).fill('already_in'), 'welcome']);
		expect(await presences()).toBe(1);
	});

	it('refuses revoked, barred and unknown badges and those of another day, and records no entry', async () => {
		const { door, delegate } = world.people;
		expect(await check(door, { badge: world.summit })).toMatchObject({ answer: 'unknown' });
		expect(await check(door, { badge_code: 'AAAAAAAAAAAA' })).toMatchObject({ answer: 'unknown' });
		expect(await check(door, {})).toMatchObject({ answer: 'unknown' });
		await db.owner.query(
			`update public.summits set starts_on = (now() at time zone zone)::date + 5, ends_on = (now() at time zone zone)::date + 6 where id = $1`,
			[world.summit]
		);
		expect(await check(door, { badge: badge.id })).toMatchObject({ answer: 'other_day' });
		await db.owner.query(`update public.badges set revoked_at = now() where id = $1`, [badge.id]);
		expect(await check(door, { badge: badge.id })).toMatchObject({ answer: 'revoked' });
		await db.owner.query(`insert into private.entry_bars (summit_id, person_id) values ($1, $2)`, [
			world.summit,
			delegate.person
		]);
		expect(await check(door, { badge: badge.id })).toMatchObject({ answer: 'stop', flags: [] });
		expect(await presences()).toBe(0);
	});

	it('recognises no badge of another Summit', async () => {
		const other = await makeWorld(db.owner);
		const rows = await actAs<{ answer: Answer }>(
			db.owner,
			other.people.door,
			'select public.check_badge($1, $2) as answer',
			[other.summit, badge.id]
		);
		expect(rows[0]?.answer.answer).toBe('unknown');
		const mine = await actAs<{ answer: Answer }>(
			db.owner,
			other.people.door,
			'select public.check_badge($1, $2) as answer',
			[world.summit, badge.id]
		);
		expect(mine[0]?.answer).toEqual({ answer: 'not_allowed' });
	});

	it('says that a person must not be photographed, without the reason', async () => {
		const { door, delegate } = world.people;
		await db.owner.query(
			`insert into public.person_preferences (person_id, no_photographs) values ($1, true) on conflict (person_id) do update set no_photographs = true`,
			[delegate.person]
		);
		expect(await check(door, { badge: badge.id })).toEqual({
			answer: 'welcome',
			display_name: delegate.name,
			flags: ['no_photographs', 'access_need'],
			since: null,
			where: null,
			elsewhere: null,
			scan: expect.any(String) as unknown
		});
	});

	it('answers only people who work at it', async () => {
		for (const kind of ['newcomer', 'delegate', 'focal', 'programme', 'stage', 'finance'] as const)
			expect(await check(world.people[kind], { badge: badge.id }), kind).toEqual({ answer: 'not_allowed' });
		await expect(check(null, { badge: badge.id })).rejects.toThrow('permission denied');
		expect(await presences()).toBe(0);
	});
});
