/* Several sweepers at once, one that is killed in the midst, and a sweep beside somebody who uses the data. */
import { beforeEach, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { inDays, sweepRound } from '../../fixtures/retention.ts';
import { makeWorld, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

// A Summit of its own for each test, with its people.
beforeEach(async () => {
	world = await makeWorld(db.owner);
	await db.owner.query(`update public.summits set state = 'closed' where id = $1`, [world.summit]);
	await db.owner.query('delete from private.last_retention_round');
});

const needs = () =>
	readValue<number>(
		db.owner,
		`select count(*)::integer from public.registration_needs as n join public.registrations as r on r.id = n.registration_id where r.summit_id = $1`,
		[world.summit]
	);
const reported = (code: string, table: string) =>
	readValue<number>(
		db.owner,
		`select coalesce(sum(rows), 0)::integer from private.retention_reports where class = $1 and table_name = $2 and summit_id = $3`,
		[code, table, world.summit]
	);
const waiting = async (part: string) => {
	await expect
		.poll(() =>
			readValue(
				db.owner,
				`select count(*)::integer from pg_stat_activity where wait_event_type = 'Lock' and query like $1`,
				[`%${part}%`]
			)
		)
		.toBe(1);
};

test('three processes sweep at once: each row goes once and is counted once', { timeout: 120_000 }, async () => {
	const before = await needs();
	const clients = await Promise.all([db.connect(db.appUrl), db.connect(db.appUrl), db.connect(db.appUrl)]);
	await Promise.all(clients.map((client) => sweepRound(client, inDays(40), 1)));
	// A process that skipped the row of another ends its round; the next round finds nothing that was forgotten.
	await db.owner.query('delete from private.last_retention_round');
	await sweepRound(db.app, inDays(40));
	expect(await needs()).toBe(0);
	expect(await reported('needs', 'public.registration_needs')).toBe(before);
});

test('a process that is killed in a step has done nothing, and the next one does it', async () => {
	const before = await needs();
	const victim = await db.connect(db.appUrl);
	victim.on('error', () => undefined);
	const pid = await readValue<number>(victim, 'select pg_backend_pid()');
	await victim.query('begin');
	// Several steps in one transaction, that about the needs among them.
	await sweepRound(victim, inDays(40), 2);
	await db.owner.query('select pg_terminate_backend($1)', [pid]);
	await expect
		.poll(() => readValue(db.owner, 'select count(*)::integer from pg_stat_activity where pid = $1', [pid]))
		.toBe(0);
	expect(await needs()).toBe(before);
	expect(await reported('needs', 'public.registration_needs')).toBe(0);
	await sweepRound(db.app, inDays(40));
	expect(await needs()).toBe(0);
	expect(await reported('needs', 'public.registration_needs')).toBe(before);
});

test('a row that somebody is writing is left for the next round', async () => {
	const writer = await db.connect();
	await writer.query('begin');
	await writer.query(`update public.registration_needs set note = 'Still here' where registration_id = $1`, [
		world.registrations.delegate
	]);
	await sweepRound(db.app, inDays(40));
	expect(await needs()).toBe(1);
	await writer.query('commit');
	await db.owner.query('delete from private.last_retention_round');
	await sweepRound(db.app, inDays(40));
	expect(await needs()).toBe(0);
});

test('opening the Summit again and placing a hold wait for an open step, and the next one sees them', async () => {
	const sweeper = await db.connect(db.appUrl);
	const [opener, holder] = [await db.connect(), await db.connect()];
	const step = (place: number) =>
		readValue<number>(sweeper, `select private.sweep_retention($1, ${inDays(40)}, 1)`, [place]);
	await sweeper.query('begin');
	const place = await step(0);
	const opened = opener.query(`update public.summits set state = 'live' where id = $1`, [world.summit]);
	await waiting('set state = ');
	const held = callAs<string>(
		holder,
		world.people.owner,
		`public.place_legal_hold($1, 'mails', null, 'A court asked')`,
		[world.summit]
	);
	await waiting('place_legal_hold');
	await sweeper.query('commit');
	await opened;
	expect(await held).toBe('ok');
	const before = await needs();
	await step(place);
	await sweepRound(sweeper, inDays(40));
	expect(await needs()).toBe(before);
});

test('somebody who signs in while the sweep waits for them is not erased', async () => {
	const { virtual } = world.people;
	const user = await db.connect();
	const sweeper = await db.connect();
	await user.query('begin');
	await user.query(`select from public.people where id = $1 for update`, [virtual.person]);
	const before = `${inDays(800)} - interval '730 days'`;
	const erased = readValue<boolean>(sweeper, `select private.erase_inactive_person($1, ${before}, ${inDays(800)})`, [
		virtual.person
	]);
	await waiting('erase_inactive_person');
	await user.query(`update auth.users set last_sign_in_at = now() + interval '400 days' where id = $1`, [
		virtual.account
	]);
	await user.query('commit');
	expect(await erased).toBe(false);
	expect(await readValue(db.owner, `select display_name from public.people where id = $1`, [virtual.person])).toBe(
		virtual.name
	);
});
