import { describe, expect, test } from 'vitest';
import { useStageWorld } from '../../fixtures/staging.ts';
import { type TestPerson, type World } from '../../fixtures/world.ts';

const stage = useStageWorld();

describe('the lobby', () => {
	test('on now and next, per room, with the reason of can_enter', async () => {
		const { people, summit, sessions, run } = stage.world;
		expect(await stage.callAs(null, `select public.on_now($1)`, [summit])).toEqual([
			expect.objectContaining({
				run_id: run,
				state: 'live',
				entry: 'ok',
				room: expect.objectContaining({ slug: 'plenary' })
			})
		]);
		const next = (who: TestPerson | null) =>
			stage.callAs<{ session: { code: string } }[]>(who, `select public.up_next($1)`, [summit]);
		expect(await next(null)).toEqual([]);
		expect((await next(people.delegate)).map(({ session }) => session.code)).toEqual([sessions.members.code]);
		expect((await next(people.listed)).map(({ session }) => session.code)).toEqual([sessions.members.code]);
	});

	test('a session in two rooms is next once, where its stage opens', async () => {
		const { people, summit, sessions, room } = stage.world;
		const second = await stage.one(
			stage.owner,
			`insert into public.rooms (summit_id, slug, name, position) values ($1, 'annex', '{"en": "Annex"}', 9) returning id`,
			[summit]
		);
		await stage.owner.query(
			`insert into public.release_slots (release_id, slot_id, room_id, summit_id, session_id, during)
			select release_id, slot_id, $2, summit_id, session_id, during from public.release_slots where session_id = $1`,
			[sessions.members.id, second]
		);
		const next = await stage.callAs<{ room: { slug: string }; session: { id: string } }[]>(
			people.delegate,
			`select public.up_next($1)`,
			[summit]
		);
		expect(next.map((one) => [one.room.slug, one.session.id])).toEqual([['plenary', sessions.members.id]]);
		expect(await stage.one(stage.owner, `select room_id from private.slot_at($1)`, [sessions.members.id])).toBe(room);
	});

	test('the green room is a page for its people only', async () => {
		const { people, summit, sessions } = stage.world;
		const read = (who: TestPerson | null, level: keyof World['sessions']) =>
			stage.callAs<{ role: string; people: object[] } | null>(who, `select public.read_backstage($1, $2)`, [
				summit,
				sessions[level].code
			]);
		expect(await read(stage.chair, 'closed')).toMatchObject({
			role: 'host',
			may_run: true,
			is_near: true,
			me: { no_photographs: false }
		});
		expect(await read(people.speaker, 'closed')).toMatchObject({ role: 'speaker', may_run: false });
		expect(await read(people.listed, 'closed')).toBeNull();
		expect(await read(people.delegate, 'public')).toBeNull();
		expect(await read(people.stage, 'public')).toMatchObject({ role: 'manager', may_run: true });
		await expect(read(null, 'public')).rejects.toThrow(/permission denied/);
	});
});

test('the people on stage are shown to people who may enter or run it, and to nobody else', async () => {
	const { people, sessions, summit } = stage.world;
	const run = await stage.liveMembersRun();
	await stage.owner.query(`update public.sessions set level = 'chatham_house' where id = $1`, [sessions.members.id]);
	await stage.callAs(people.virtual, `select public.raise_hand($1, null, false, null)`, [run]);
	const hand = await stage.one(stage.owner, `select id from private.hands where run_id = $1`, [run]);
	expect(await stage.callAs(stage.chair, `select public.call_hand($1)`, [hand])).toBe('ok');
	const read = async (who: TestPerson) => {
		const shown = await stage.callAs<{ entry: string; on_stage: { display_name: string }[] }>(
			who,
			`select public.read_stage($1, 'plenary')`,
			[summit]
		);
		return [shown.entry, shown.on_stage.map(({ display_name }) => display_name)];
	};
	expect(await read(people.delegate)).toEqual(['ok', [people.virtual.name]]);
	// An owner without a registration runs it, and does not watch.
	expect(await read(people.owner)).toEqual(['not_registered', [people.virtual.name]]);
	expect(await read(people.programme)).toEqual(['not_registered', []]);
	await stage.pass(people.delegate);
	await stage.callAs(stage.chair, `select public.bar_from_session($1, $2, true)`, [
		sessions.members.id,
		await stage.code(people.delegate)
	]);
	expect(await read(people.delegate)).toEqual(['barred', []]);
});
