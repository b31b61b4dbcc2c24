/*
 * Badges on paper: who may print, what a sheet contains, what is recorded about printing, and how a new badge replaces
 * an old one.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { callAs, inTurn, readValue } from '../../fixtures/registering.ts';
import { useDatabase, waitForLocks } from '../../fixtures/database.ts';
import { personKinds, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

interface Listed {
	total: number;
	unprinted: number;
	rows: { badge: string; registration: string; display_name: string; prints: number; printed_by: string | null }[];
}
interface Paper {
	badge: string;
	badge_code: string;
	display_name: string;
	affiliation: string;
	no_photographs: boolean;
}

const db = useDatabase();
let world: World;

beforeEach(async () => {
	world = await makeWorld(db.owner);
});

const list = (filters: object = {}, who: TestPerson = world.people.registration) =>
	callAs<Listed | null>(db.owner, who, 'public.list_badges($1, $2)', [world.summit, JSON.stringify(filters)]);
const paper = (filters: object = {}, who: TestPerson = world.people.registration) =>
	callAs<Paper[] | null>(db.owner, who, 'public.list_badges_to_print($1, $2)', [world.summit, JSON.stringify(filters)]);
const note = (badges: string[], who: TestPerson = world.people.registration) =>
	callAs<number>(db.owner, who, 'public.record_badge_prints($1, $2, $3)', [world.summit, badges, 'a6']);
const badgeOf = (registration: string) =>
	readValue<string>(db.owner, 'select id from public.badges where registration_id = $1 and revoked_at is null', [
		registration
	]);
const reissue = (badge: string, reason: string, who: TestPerson = world.people.registration) =>
	callAs<{ status: string; badge?: string }>(db.owner, who, 'public.reissue_badge($1, $2, $3)', [
		world.registrations.delegate,
		badge,
		reason
	]);
const check = (badge: string) =>
	callAs<{ answer: string }>(db.owner, world.people.door, 'public.check_badge($1, $2)', [world.summit, badge]);

describe('badges on paper', () => {
	it('are for registration organisers only', async () => {
		const badge = await badgeOf(world.registrations.delegate);
		for (const kind of personKinds) {
			const may = kind === 'registration' || kind === 'owner';
			const who = world.people[kind];
			expect([kind, (await list({}, who)) !== null, (await paper({}, who)) !== null]).toEqual([kind, may, may]);
			if (may) continue;
			expect([kind, await note([badge], who)]).toEqual([kind, 0]);
			expect([kind, (await reissue(badge, 'torn', who)).status]).toEqual([kind, 'not_allowed']);
		}
		expect(await badgeOf(world.registrations.delegate)).toBe(badge);
	});

	it('are for confirmed people in person, found by filters', async () => {
		const { delegate, speaker } = world.people;
		expect((await list())?.rows.map((row) => row.display_name)).toEqual([delegate.name, speaker.name]);
		expect((await list({ member: world.member }))?.rows.map((row) => row.display_name)).toEqual([delegate.name]);
		expect((await list({ query: speaker.name.toUpperCase() }))?.total).toBe(1);
		expect((await list({ category: 'press' }))?.total).toBe(0);
		expect((await list({ since: '2999-01-01' }))?.total).toBe(0);
		expect((await list({ printed: 'no' }))?.total).toBe(2);
		const other = await makeWorld(db.owner);
		expect(await callAs(db.owner, other.people.registration, 'public.list_badges($1)', [world.summit])).toBeNull();
	});

	it('are none when the filter has an invalid time', async () => {
		for (const since of ['soon', '2030-02-31', 5]) expect((await list({ since }))?.rows).toEqual([]);
		expect((await list({ since: '' }))?.rows).toHaveLength(2);
		expect((await list({ since: '2020-01-01T00:00:00Z' }))?.rows).toHaveLength(2);
	});

	it('record who printed them and when, in the audit too', async () => {
		const badge = await badgeOf(world.registrations.delegate);
		expect(await note([badge, badge])).toBe(1);
		expect(await note([badge])).toBe(1);
		const printed = await list({ printed: 'yes' });
		expect(printed?.rows).toMatchObject([{ badge, prints: 2, printed_by: world.people.registration.name }]);
		expect(printed?.unprinted).toBe(1);
		expect(
			await readValue<number>(
				db.owner,
				`select count(*)::int from audit.entries where table_name = 'public.badge_prints' and registration_id = $1 and actor_person = $2`,
				[world.registrations.delegate, world.people.registration.person]
			)
		).toBe(2);
	});

	it('show the display record only: an alias looks like any name', async () => {
		const { delegate } = world.people;
		await db.owner.query(
			`insert into private.protections (person_id, kind, real_name_sealed, key_id) values ($1, 'alias', '\\x00', 'k')`,
			[delegate.person]
		);
		await db.owner.query(
			`update public.people set display_name = 'Ana Lima', office = 'Adviser', affiliation = 'Civil society' where id = $1`,
			[delegate.person]
		);
		const set = (await paper())?.find((one) => one.display_name === 'Ana Lima');
		expect(set).toEqual({
			badge: expect.any(String),
			badge_code: expect.any(String),
			display_name: 'Ana Lima',
			office: 'Adviser',
			affiliation: 'Civil society',
			country: null,
			category: 'delegate',
			languages: [],
			no_photographs: true,
			line: []
		});
		// A filter by the real member would reveal it.
		expect((await list({ member: world.member }))?.total).toBe(0);
	});

	it('are replaced with a reason; the former one opens no door', async () => {
		const old = await badgeOf(world.registrations.delegate);
		await note([old]);
		expect(await reissue(old, ' ')).toEqual({ status: 'reason_needed' });
		const made = await reissue(old, 'Torn');
		expect(made).toEqual({ status: 'ok', badge: expect.any(String) });
		expect(await check(old)).toMatchObject({ answer: 'revoked', display_name: null });
		expect((await list({ printed: 'no' }))?.rows.map((row) => row.badge)).toContain(made.badge);
		expect(await note([old])).toBe(0);
		const reasons = await db.owner.query(
			`select distinct reason, new_values ->> 'revoked_reason' as why from audit.entries where table_name = 'public.badges' and row_id = $1 and action = 'update'`,
			[old]
		);
		expect(reasons.rows).toEqual([{ reason: 'Torn', why: 'reprinted' }]);
	});

	it('are replaced when a sheet is printed again and new badges are requested', async () => {
		const printed = await badgeOf(world.registrations.delegate);
		const fresh = await badgeOf(world.registrations.speaker);
		const elsewhere = await readValue<string>(db.owner, `select id from public.badges where summit_id <> $1 limit 1`, [
			world.summit
		]);
		await note([printed]);
		const renew = (who: TestPerson, on = db.owner) =>
			callAs<string[] | null>(on, who, 'public.reissue_printed_badges($1, $2, $3)', [
				world.summit,
				[printed, fresh, elsewhere],
				'Printed again'
			]);
		for (const kind of personKinds.filter((one) => one !== 'registration' && one !== 'owner'))
			expect([kind, await renew(world.people[kind])]).toEqual([kind, null]);
		expect(await badgeOf(world.registrations.delegate)).toBe(printed);
		const second = await db.connect();
		const answers = await Promise.all([renew(world.people.registration), renew(world.people.owner, second)]);
		const now = await badgeOf(world.registrations.delegate);
		expect(now).not.toBe(printed);
		// Two desks at once: one new badge results, and neither prints a revoked one.
		const sheets = await inTurn(answers, (badges) => paper({ badges }));
		for (const sheet of sheets)
			expect([[fresh], [fresh, now].sort()]).toContainEqual(sheet?.map(({ badge }) => badge).sort());
		expect((await check(printed)).answer).toBe('revoked');
		expect((await check(now)).answer).toBe('welcome');
	});

	it('are not printed again when they cannot be replaced', async () => {
		const printed = await badgeOf(world.registrations.delegate);
		const fresh = await badgeOf(world.registrations.speaker);
		await note([printed]);
		const renew = (reason: string | null) =>
			callAs<string[] | null>(db.owner, world.people.registration, 'public.reissue_printed_badges($1, $2, $3)', [
				world.summit,
				[printed, fresh],
				reason
			]);
		for (const reason of [null, ' ', 'x'.repeat(201)]) expect(await renew(reason)).toBeNull();
		expect(await badgeOf(world.registrations.delegate)).toBe(printed);
		expect((await renew('Printed again'))?.sort()).toEqual([fresh, await badgeOf(world.registrations.delegate)].sort());
	});

	it('that are withdrawn during the recording do not count as printed', async () => {
		const badge = await badgeOf(world.registrations.delegate);
		const second = await db.connect();
		await second.query('begin');
		await second.query(`update public.badges set revoked_at = now(), revoked_reason = 'lost' where id = $1`, [badge]);
		const printing = note([badge]);
		await waitForLocks(second);
		await second.query('commit');
		expect(await printing).toBe(0);
	});

	it('are replaced once when two desks replace them at once', async () => {
		const old = await badgeOf(world.registrations.delegate);
		const second = await db.connect();
		const answers = await Promise.all([
			reissue(old, 'Lost'),
			callAs<{ status: string }>(second, world.people.owner, 'public.reissue_badge($1, $2, $3)', [
				world.registrations.delegate,
				old,
				'Torn'
			])
		]);
		expect(answers.map(({ status }) => status).sort()).toEqual(['changed', 'ok']);
		await db.owner.query(`update public.registrations set mode = mode where id = $1`, [world.registrations.delegate]);
		expect(await reissue(old, 'Again')).toMatchObject({ status: 'changed' });
	});
});
