/* Checking in by key: the rules of the door, the right of who made the key, and one scan for each idempotency key. */
import { beforeEach, expect, test } from 'vitest';
import { chooseAlias } from '../../fixtures/choosing-alias.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { openDoors } from '../../fixtures/door.ts';
import { checkInBy, makeKey, readBy, type MadeKey } from '../../fixtures/integrating.ts';
import { connectMany, readValue } from '../../fixtures/registering.ts';

const db = useDatabase();
let open: Awaited<ReturnType<typeof openDoors>>;
let key: MadeKey;

beforeEach(async () => {
	open = await openDoors(db.owner);
	key = await makeKey(db.owner, open.doors.world, ['check_in']);
});

const scans = () =>
	readValue<number>(db.owner, 'select count(*)::int from private.door_scans where summit_id = $1', [
		open.doors.world.summit
	]);

test('checks a badge in and out as the door does, in the name of who made the key', async () => {
	const { badge, doors } = open;
	const { people } = doors.world;
	const first = await checkInBy(db.app, key, { once: 'a', badge_code: badge.badge_code });
	expect(first).toMatchObject({
		status: 'ok',
		answer: 'welcome',
		display_name: people.delegate.name,
		is_repeated: false
	});
	expect(await checkInBy(db.app, key, { once: 'b', badge: badge.id })).toMatchObject({ answer: 'already_in' });
	expect(await checkInBy(db.app, key, { once: 'c', badge: badge.id, direction: 'out' })).toMatchObject({
		answer: 'left'
	});
	const by = await readValue<string[]>(
		db.owner,
		'select array_agg(distinct scanned_by::text) from private.door_scans where summit_id = $1',
		[doors.world.summit]
	);
	expect(by).toEqual([people.owner.person]);
	// Needs and notes for door staff are no part of it.
	expect(JSON.stringify(first)).not.toMatch(/flags|access_need|escort/);
});

test('the same idempotency key gets the same answer, and no second scan; with another request it is refused', async () => {
	const { badge, doors } = open;
	const asked = { once: 'one', badge: badge.id };
	const first = await checkInBy(db.app, key, asked);
	const again = await checkInBy(db.app, key, asked);
	expect(again).toEqual({ ...first, is_repeated: true });
	expect(await scans()).toBe(1);
	expect(await checkInBy(db.app, key, { ...asked, direction: 'out' })).toEqual({ status: 'key_reused' });
	expect(await scans()).toBe(1);
	// Another key has its own, and a day later it is forgotten.
	const other = await makeKey(db.owner, doors.world, ['check_in']);
	expect(await checkInBy(db.app, other, asked)).toMatchObject({ answer: 'already_in', is_repeated: false });
	await db.owner.query(`update private.api_answers set made_at = now() - interval '25 hours'`);
	expect(await checkInBy(db.app, key, asked)).toMatchObject({ answer: 'already_in', is_repeated: false });
	// What is kept names nobody.
	const kept = await readValue<unknown>(db.owner, 'select jsonb_agg(answer) from private.api_answers');
	expect(JSON.stringify(kept)).not.toContain(doors.world.people.delegate.name);
});

test('of the same request sent many times at once, one is a scan', async () => {
	const clients = await connectMany(db, 4, db.appUrl);
	const answers = await Promise.all(
		clients.map((client) => checkInBy(client, key, { once: 'same', badge: open.badge.id }))
	);
	await Promise.all(clients.map((client) => client.end()));
	expect(answers.map((each) => ('answer' in each ? each.answer : each.status))).toEqual(
		Array.from({ length: 4 }, () => 'welcome')
	);
	expect(answers.filter((each) => 'is_repeated' in each && each.is_repeated)).toHaveLength(3);
	expect(await scans()).toBe(1);
});

test('refuses unknown badges, checkpoints and codes without a scan', async () => {
	const { doors } = open;
	const none = '00000000-0000-4000-8000-000000000000';
	expect(await checkInBy(db.app, key, { once: 'a', badge: none })).toMatchObject({ status: 'ok', answer: 'unknown' });
	expect(await checkInBy(db.app, key, { once: 'b', badge_code: `' or true --` })).toMatchObject({ answer: 'unknown' });
	expect(await checkInBy(db.app, key, { once: 'c', refused: 'forged' })).toMatchObject({
		answer: 'forged',
		display_name: null
	});
	expect(await checkInBy(db.app, key, { once: 'd', badge: open.badge.id, checkpoint: none })).toMatchObject({
		status: 'no_checkpoint'
	});
	// A badge of another Summit is unknown here.
	const other = await openDoors(db.owner);
	expect(await checkInBy(db.app, key, { once: 'e', badge: other.badge.id })).toMatchObject({ answer: 'unknown' });
	expect(
		await checkInBy(db.app, key, { once: 'f', badge: open.badge.id, checkpoint: await other.doors.checkpoint('room') })
	).toMatchObject({ status: 'no_checkpoint' });
	expect(await scans()).toBe(0);
	expect(doors.world.summit).not.toBe(other.doors.world.summit);
});

test('is refused without the scope, after the maker lost the right, while they are barred, and at a closed Summit', async () => {
	const { badge, doors } = open;
	const { people, summit } = doors.world;
	const reading = await makeKey(db.owner, doors.world, ['agenda', 'registration_rows']);
	expect(await checkInBy(db.app, reading, { once: 'a', badge: badge.id })).toEqual({ status: 'refused' });
	expect(await readBy(db.app, reading, 'api_checkpoints')).toBeNull();
	await db.owner.query('insert into private.entry_bars (summit_id, person_id) values ($1, $2)', [
		summit,
		people.owner.person
	]);
	expect(await checkInBy(db.app, key, { once: 'a', badge: badge.id })).toEqual({ status: 'not_allowed' });
	expect(await readBy(db.app, key, 'api_checkpoints')).toEqual({ status: 'not_allowed' });
	await db.owner.query('delete from private.entry_bars where summit_id = $1', [summit]);
	await db.owner.query(`update public.role_grants set ended_at = now() where person_id = $1`, [people.owner.person]);
	expect(await checkInBy(db.app, key, { once: 'a', badge: badge.id })).toEqual({ status: 'refused' });
	await db.owner.query(`update public.role_grants set ended_at = null where person_id = $1`, [people.owner.person]);
	await db.owner.query(`update public.summits set state = 'closed' where id = $1`, [summit]);
	expect(await checkInBy(db.app, key, { once: 'a', badge: badge.id })).toMatchObject({ status: 'closed' });
	expect(await scans()).toBe(0);
	expect(
		await readValue(db.owner, 'select count(*)::int from private.api_answers where api_key_id = $1', [key.id])
	).toBe(1);
});

test('a checkpoint that is hidden since its session names nobody is none', async () => {
	const { doors, badge } = open;
	const { closed } = doors.world.sessions;
	const hidden = await readValue<string>(
		db.owner,
		`insert into public.checkpoints (summit_id, kind, session_id, name) values ($1, 'session', $2, '{"original":"en","en":"Known before"}') returning id`,
		[doors.world.summit, closed.id]
	);
	expect(await checkInBy(db.app, key, { once: 'hidden', badge: badge.id, checkpoint: hidden })).toMatchObject({
		status: 'no_checkpoint',
		display_name: null
	});
	await db.owner.query('delete from public.checkpoints where id = $1', [hidden]);
});

test('lists checkpoints without those of sessions that name nobody', async () => {
	const { sessions } = open.doors.world;
	await open.doors.add('session', { name: 'North corridor', session: sessions.public.code });
	await db.owner.query(
		`insert into public.checkpoints (summit_id, kind, session_id, name) values ($1, 'session', $2, '{"original":"en","en":"Hidden door"}')`,
		[open.doors.world.summit, sessions.closed.id]
	);
	const found = (await readBy(db.app, key, 'api_checkpoints'))?.items ?? [];
	expect(found.map((each) => each['kind'])).toEqual(expect.arrayContaining(['entrance', 'room']));
	expect(found.filter((each) => each['kind'] === 'session').map((each) => each['session'])).toEqual([
		sessions.public.code
	]);
});

test('a repeated request does not name somebody who has taken an alias since', async () => {
	const { badge, doors } = open;
	const asked = { once: 'one', badge: badge.id };
	const first = await checkInBy(db.app, key, asked);
	await chooseAlias(db.owner, doors.world.people.delegate, 'Marta Ilves');
	expect(await checkInBy(db.app, key, asked)).toEqual({ ...first, display_name: null, is_repeated: true });
});
