/* A session whose place or people change while its stage is open. */
import { expect, test } from 'vitest';
import { useStageWorld } from '../../fixtures/staging.ts';

const stage = useStageWorld();

/** Another room, where the members' session takes place from the next release on. */
async function moveToAnotherRoom(): Promise<string> {
	const { summit, sessions, people } = stage.world;
	const room = await stage.one<string>(
		stage.owner,
		`insert into public.rooms (summit_id, slug, name) values ($1, 'other', '{"original":"en","en":"Other room"}') returning id`,
		[summit]
	);
	await stage.owner.query(
		`update public.slot_rooms set room_id = $2 from public.slots where slots.id = slot_rooms.slot_id and slots.session_id = $1`,
		[sessions.members.id, room]
	);
	expect(await stage.callAs(people.programme, `select public.publish_release($1)`, [summit])).toMatchObject({
		status: 'ok'
	});
	return room;
}
const roomOf = (run: string | undefined) =>
	stage.one<string>(stage.owner, `select room_id from public.runs where id = $1`, [run]);

test('a waiting run begins in the agenda’s new place, and a live one stays', async () => {
	const { people, summit, room } = stage.world;
	await stage.callAs(people.programme, `select public.publish_release($1)`, [summit]);
	const { run } = await stage.openRun(stage.chair, 'members');
	expect(await roomOf(run)).toBe(room);
	const other = await moveToAnotherRoom();
	expect(await roomOf(run)).toBe(other);
	// The former room is occupied, but the session starts all the same.
	expect(await stage.setState(stage.chair, run, 'live')).toBe('ok');
	await stage.owner.query(
		`update public.slot_rooms set room_id = $2 from public.slots where slots.id = slot_rooms.slot_id and slots.session_id = $1`,
		[stage.world.sessions.members.id, room]
	);
	await stage.callAs(people.programme, `select public.publish_release($1)`, [summit]);
	expect(await roomOf(run)).toBe(other);
});

test('a run that a stage organiser opened elsewhere stays there', async () => {
	const { people, summit, sessions } = stage.world;
	await stage.callAs(people.programme, `select public.publish_release($1)`, [summit]);
	const elsewhere = await stage.one<string>(
		stage.owner,
		`insert into public.rooms (summit_id, slug, name) values ($1, 'elsewhere', '{"original":"en","en":"Elsewhere"}') returning id`,
		[summit]
	);
	const { run } = await stage.callAs<{ run: string }>(people.stage, `select public.open_run($1, $2)`, [
		sessions.members.id,
		elsewhere
	]);
	await moveToAnotherRoom();
	expect(await roomOf(run)).toBe(elsewhere);
});

test('a person who withdraws is off the stage and out of the queue, and a new registration does not bring them back', async () => {
	const { people, summit, registrations, member } = stage.world;
	const run = await stage.liveMembersRun();
	const leave = async (registration: string) => {
		await stage.owner.query('begin');
		await stage.owner.query(
			`update public.seats set state = 'released', released_at = now(), release_reason = 'withdrawn' where registration_id = $1`,
			[registration]
		);
		await stage.owner.query(
			`update public.badges set revoked_at = now(), revoked_reason = 'withdrawn' where registration_id = $1`,
			[registration]
		);
		await stage.owner.query(`update public.registrations set state = 'withdrawn' where id = $1`, [registration]);
		await stage.owner.query('commit');
	};
	for (const who of [people.virtual, people.listed]) await stage.callAs(who, `select public.raise_hand($1)`, [run]);
	const hand = (who: { person: string }) =>
		stage.one<string>(stage.owner, `select id from private.hands where run_id = $1 and person_id = $2`, [
			run,
			who.person
		]);
	expect(await stage.callAs(stage.chair, `select public.call_hand($1)`, [await hand(people.virtual)])).toBe('ok');
	expect((await stage.pass(people.virtual)).publish).toEqual(['microphone']);
	await leave(registrations.virtual);
	await leave(registrations.listed);
	expect(
		(await stage.owner.query(`select state from private.hands where run_id = $1 order by state`, [run])).rows
	).toEqual([{ state: 'done' }, { state: 'lowered' }]);
	await stage.owner.query(
		`with made as (insert into public.registrations (summit_id, person_id, member_id, mode, state, submitted_at) values ($1, $2, $3, 'virtual', 'confirmed', now()) returning *)
		insert into public.seats (summit_id, registration_id, mode, member_id, state) select summit_id, id, mode, member_id, 'taken' from made`,
		[summit, people.virtual.person, member]
	);
	expect(await stage.pass(people.virtual)).toMatchObject({ status: 'ok', publish: [] });
	expect(await stage.one(stage.owner, `select count(*)::int from private.on_stage($1)`, [run])).toBe(0);
});
