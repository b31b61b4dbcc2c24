/* The builder's rules: each change is saved at once or explains why not, and two organisers never overwrite each other. */
import { beforeEach, describe, expect, test } from 'vitest';
import {
	changeDraft,
	draftTime as at,
	makeDraft,
	scheduleSession,
	undoChange,
	type ChangeResult,
	type DraftSummit
} from '../../fixtures/drafting.ts';
import type { Placement } from '../../../src/lib/agenda/builder/builder.ts';
import { callAs, connectMany, inParallel, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makeWorld, type TestPerson } from '../../fixtures/world.ts';
import { move } from '../../fixtures/moving.ts';

const db = useDatabase();
let draft: DraftSummit;

beforeEach(async () => {
	draft = await makeDraft(db.owner);
});

const change_ = (changes: object[], who = draft.organisers[0]) => changeDraft(db.owner, who, draft.summit, changes);
/** Every pair of times that occupies the same room at once: rule 4 allows none. */
const doubles = () =>
	readValue<number>(
		db.owner,
		`select count(*)::integer from public.slot_rooms as a join public.slot_rooms as b on a.room_id = b.room_id and a.id < b.id and a.during && b.during where a.summit_id = $1`,
		[draft.summit]
	);

describe('placing', () => {
	test('places, moves and unschedules a session, and accepts slots in the past', async () => {
		const placed = await scheduleSession(db.owner, draft, 0, 0, at('09:00'), at('10:00'));
		expect(placed).toMatchObject({ start: '2027-06-09T12:00:00Z', end: '2027-06-09T13:00:00Z', rooms: ['room-1'] });
		const moved = await change_([move(placed, at('23:30'), at('00:30', 10), ['room-2', 'room-3'])]);
		expect(moved.placed).toEqual([
			{ ...placed, start: '2027-06-10T02:30:00Z', end: '2027-06-10T03:30:00Z', rooms: ['room-2', 'room-3'] }
		]);
		const early = await change_([move(moved.placed?.[0] as Placement, '1999-01-01T00:00Z', '1999-01-01T01:00Z')]);
		expect(early.status).toBe('ok');
		const gone = await change_([{ slot: placed.slot, seen: early.placed?.[0], remove: true }]);
		expect(gone).toMatchObject({ status: 'ok', placed: [null] });
		expect(
			await readValue(db.owner, 'select count(*)::integer from public.slots where summit_id = $1', [draft.summit])
		).toBe(0);
		expect(await readValue(db.owner, 'select version from public.sessions where id = $1', [draft.sessions[0]])).toBe(5);
	});

	test('reports what occupies a room, and changes nothing', async () => {
		await scheduleSession(db.owner, draft, 0, 0, at('09:00'), at('10:00'));
		const other = await scheduleSession(db.owner, draft, 1, 1, at('09:00'), at('10:00'));
		const refused = await change_([move(other, at('09:55'), at('10:55'), ['room-1', 'room-2'])]);
		expect(refused).toMatchObject({
			status: 'room_taken',
			by: [{ title: { en: 'Session 1' }, block_reason: null, rooms: ['room-1'] }]
		});
		expect((await change_([move(other, at('10:00'), at('11:00'), ['room-1'])])).status).toBe('ok');
	});

	test('lets a blocked room hold no sessions, and a room with sessions no block', async () => {
		const held = await change_([
			{ block_reason: 'Rehearsal', start: at('08:00'), end: at('09:30'), rooms: ['room-1'] }
		]);
		expect(held.placed).toMatchObject([{ session: null, block_reason: 'Rehearsal' }]);
		const refused = await change_([
			{ session: draft.sessions[0], start: at('09:00'), end: at('10:00'), rooms: ['room-1'] }
		]);
		expect(refused).toMatchObject({ status: 'room_taken', by: [{ title: null, block_reason: 'Rehearsal' }] });
		await scheduleSession(db.owner, draft, 0, 0, at('09:30'), at('10:00'));
		const [blocker] = held.placed as [Placement];
		expect((await change_([move(blocker, at('09:00'), at('09:45'))])).status).toBe('room_taken');
		const released = await callAs<{ status: string }>(db.owner, draft.organisers[0], 'public.publish_release($1)', [
			draft.summit
		]);
		expect(released.status).toBe('ok');
		expect(
			await readValue(db.owner, 'select count(*)::integer from public.release_slots where summit_id = $1', [
				draft.summit
			])
		).toBe(1);
	});

	test('swaps two sessions in one act', async () => {
		const one = await scheduleSession(db.owner, draft, 0, 0, at('09:00'), at('10:00'));
		const two = await scheduleSession(db.owner, draft, 1, 1, at('11:00'), at('12:00'));
		const swapped = await change_([move(one, two.start, two.end, two.rooms), move(two, one.start, one.end, one.rooms)]);
		expect(swapped.placed).toMatchObject([{ rooms: ['room-2'] }, { rooms: ['room-1'] }]);
		expect(await undoChange(db.owner, draft.organisers[0], draft.summit)).toMatchObject({ status: 'ok' });
	});

	test('refuses invalid input with a reason', async () => {
		const placed = await scheduleSession(db.owner, draft, 0, 0, at('09:00'), at('10:00'));
		const bad: [object, string][] = [
			[move(placed, at('10:00'), at('09:00')), 'invalid'],
			[move(placed, at('09:00'), at('09:00')), 'invalid'],
			[move(placed, at('09:00'), at('09:30', 10)), 'invalid'],
			[move(placed, 'noon', at('10:00')), 'invalid'],
			[move(placed, at('09:00'), at('10:00'), ['cellar']), 'invalid'],
			[move(placed, at('09:00'), at('10:00'), []), 'invalid'],
			[move(placed, at('09:00'), at('10:00'), ['room-1', 'room-1']), 'invalid'],
			[{ ...move(placed, at('09:00'), at('10:00')), slot: 'x' }, 'invalid'],
			[{ block_reason: ' ', start: at('15:00'), end: at('16:00'), rooms: ['room-1'] }, 'invalid'],
			[{ start: at('15:00'), end: at('16:00'), rooms: ['room-1'] }, 'invalid'],
			[
				{ session: '00000000-0000-4000-8000-000000000000', start: at('15:00'), end: at('16:00'), rooms: ['room-1'] },
				'unknown'
			]
		];
		for (const [asked, status] of bad) expect([asked, (await change_([asked])).status]).toEqual([asked, status]);
		expect((await change_([])).status).toBe('invalid');
		expect(
			(await change_([move(placed, at('12:00'), at('13:00')), move(placed, at('14:00'), at('15:00'))])).status
		).toBe('invalid');
		await db.owner.query(`update public.sessions set state = 'cancelled' where id = $1`, [draft.sessions[1]]);
		expect(
			(await change_([{ session: draft.sessions[1], start: at('15:00'), end: at('16:00'), rooms: ['room-1'] }])).status
		).toBe('cancelled');
	});
});

describe('several organisers', () => {
	test('the second to move a session learns the current state, and the first loses nothing', async () => {
		const placed = await scheduleSession(db.owner, draft, 0, 0, at('09:00'), at('10:00'));
		expect((await change_([move(placed, at('11:00'), at('12:00'))])).status).toBe('ok');
		const second = await change_([move(placed, at('14:00'), at('15:00'))], draft.organisers[1]);
		expect(second).toMatchObject({ status: 'changed_meanwhile', now: { start: '2027-06-09T14:00:00Z' } });
		const twice = { session: draft.sessions[1], start: at('16:00'), end: at('17:00'), rooms: ['room-1'] };
		expect((await change_([twice])).status).toBe('ok');
		expect((await change_([{ ...twice, rooms: ['room-2'] }], draft.organisers[1])).status).toBe('changed_meanwhile');
	});

	test('24 connections drag the same session: one wins, and the others learn it', async () => {
		const placed = await scheduleSession(db.owner, draft, 0, 0, at('09:00'), at('10:00'));
		const clients = await connectMany(db, 24);
		const answers = await inParallel(clients, clients, (each, _, n) =>
			changeDraft(each, draft.organisers[n % 2] ?? null, draft.summit, [
				move(placed, at('12:00'), at(`13:${10 + n}`), [draft.rooms[n % 3] ?? ''])
			])
		);
		expect(answers.map(({ status }) => status).sort()).toEqual([...Array<string>(23).fill('changed_meanwhile'), 'ok']);
	});

	test('24 connections swap rooms both ways, change the length and save the form at once: no deadlock, no double booking', async () => {
		const placed: Placement[] = [];
		for (const n of [0, 1, 2]) placed.push(await scheduleSession(db.owner, draft, n, n, at('09:00'), at('10:00')));
		const clients = await connectMany(db, 24);
		const answers = await inParallel(
			clients,
			Array.from({ length: 120 }, (_, n) => n),
			async (each, n) => {
				const who = draft.organisers[n % 2] ?? null;
				const [a, b] = [n % 3, (n + 1 + (n % 2)) % 3];
				const builder = await callAs<{ sessions: { id: string; slots: (Placement & { id: string })[] }[] }>(
					each,
					who,
					'public.read_agenda_builder($1)',
					[draft.summit]
				);
				const seen = (index: number) => {
					const slot = builder.sessions.find(({ id }) => id === draft.sessions[index])?.slots[0];
					return { ...slot, slot: slot?.id } as Placement;
				};
				if (n % 10 === 9) {
					const fields = await callAs<Record<string, unknown>>(each, who, 'public.read_draft_session($1)', [
						draft.sessions[a]
					]);
					return callAs<ChangeResult>(each, who, 'public.save_session($1, $2, $3)', [
						draft.summit,
						draft.sessions[a],
						JSON.stringify(fields)
					]);
				}
				const [one, two] = [seen(a), seen(b)];
				return changeDraft(each, who, draft.summit, [
					move(one, two.start, two.end, two.rooms),
					move(two, one.start, one.end, one.rooms)
				]);
			}
		);
		const words = new Set(answers.map(({ status }) => status));
		expect([...words].filter((word) => !['ok', 'changed_meanwhile', 'conflict'].includes(word))).toEqual([]);
		expect(words).toContain('ok');
		expect(await doubles()).toBe(0);
		expect(
			await readValue(db.owner, 'select count(*)::integer from public.slots where summit_id = $1', [draft.summit])
		).toBe(3);
	});
});

test('only programme organisers of this Summit build the agenda, and an owner neither sees nor moves closed sessions', async () => {
	const world = await makeWorld(db.owner);
	const placed = await scheduleSession(db.owner, draft, 0, 0, at('09:00'), at('10:00'));
	const { programme, owner, stage, delegate } = world.people;
	for (const who of [programme, owner, stage, delegate, null]) {
		const asked = changeDraft(db.owner, who, draft.summit, [move(placed, at('11:00'), at('12:00'))]);
		if (who) expect(await asked).toEqual({ status: 'not_allowed' });
		else await expect(asked).rejects.toThrow('permission denied');
	}
	// A slot of another Summit is not found.
	expect((await changeDraft(db.owner, programme, world.summit, [move(placed, at('11:00'), at('12:00'))])).status).toBe(
		'changed_meanwhile'
	);
	const closed = await readValue<string>(db.owner, 'select id from public.slots where session_id = $1', [
		world.sessions.closed.id
	]);
	const seen = await readValue<Placement>(db.owner, 'select private.read_placement($1, $2)', [world.summit, closed]);
	expect((await changeDraft(db.owner, owner, world.summit, [move(seen, at('11:00'), at('12:00'))])).status).toBe(
		'unknown'
	);
	const taken = await changeDraft(db.owner, owner, world.summit, [
		{ block_reason: 'Cleaning', start: seen.start, end: seen.end, rooms: seen.rooms }
	]);
	expect(taken.by).toMatchObject([{ title: null, block_reason: null }]);
	const builder = await callAs<{ sessions: { id: string }[] }>(db.owner, owner, 'public.read_agenda_builder($1)', [
		world.summit
	]);
	expect(builder.sessions.map(({ id }) => id)).not.toContain(world.sessions.closed.id);
	expect(await callAs(db.owner, stage, 'public.read_agenda_builder($1)', [world.summit])).toBeNull();
	expect((await changeDraft(db.owner, programme, world.summit, [move(seen, at('11:00'), at('12:00'))])).status).toBe(
		'ok'
	);
});

test('names what occupies a room only to people who may see it', async () => {
	const { people, sessions, summit } = await makeWorld(db.owner);
	const named = async (who: TestPerson) => {
		const { rooms } = await callAs<{ rooms: { busy: [string, string, string | null][] }[] }>(
			db.owner,
			who,
			'public.read_move_options($1)',
			[sessions.public.id]
		);
		return rooms.flatMap(({ busy }) => busy.map(([, , session]) => session));
	};
	const all = [sessions.public, sessions.members, sessions.chatham_house, sessions.closed].map(({ id }) => id);
	expect(await named(people.programme)).toEqual(all);
	// An owner builds the agenda too, but sees no closed session: only that the room is taken.
	await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'owner', $2)`, [
		people.newcomer.person,
		summit
	]);
	expect(await named(people.owner)).toEqual([...all.slice(0, 3), null]);
});
