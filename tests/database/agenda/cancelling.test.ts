/* A session that organisers cancel is cancelled for readers with the release that says so, and on every path at the same moment. */
import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs } from '../../fixtures/registering.ts';
import { documentsOf, filesOf, upload } from '../../fixtures/uploading.ts';
import { actAs, makeWorld, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let session: World['sessions']['public'];

interface Listed {
	sessions: { id: string; is_cancelled: boolean }[];
}

beforeAll(async () => {
	world = await makeWorld(db.owner);
	session = world.sessions.public;
	const { people } = world;
	await callAs(db.owner, people.programme, `public.set_session_places($1, 5, 5, null, 'none')`, [session.id]);
	await callAs(db.owner, people.virtual, 'public.mark_session($1, true)', [session.id]);
	await upload(db.owner, people.speaker, { session: session.id });
	await db.owner.query('update public.runs set state = $2, ended_at = now() where session_id = $1', [
		session.id,
		'ended'
	]);
});

const publish = () => callAs(db.owner, world.people.programme, 'public.publish_release($1)', [world.summit]);
const setState = (state: string) =>
	db.owner.query('update public.sessions set state = $2 where id = $1', [session.id, state]);

/** What each path says of the session: true where it is cancelled. */
async function cancelledOn(): Promise<Record<string, boolean>> {
	const { people, summit } = world;
	const inAgenda = ({ sessions }: Listed) => sessions.find(({ id }) => id === session.id)?.is_cancelled ?? true;
	const slug = (await db.owner.query<{ slug: string }>('select slug from public.rooms where id = $1', [world.room]))
		.rows[0]?.slug;
	const screen = await callAs<{ entries: { title: { en: string }; is_cancelled: boolean }[] }>(
		db.owner,
		null,
		'public.read_public_room_screen($1, $2)',
		[summit, slug]
	);
	const [row] = await actAs<{ is_cancelled: boolean }>(
		db.owner,
		null,
		'select is_cancelled from public.agenda_sessions_v1 where code = $1',
		[session.code]
	);
	const [slot] = await actAs<{ is_cancelled: boolean }>(
		db.owner,
		null,
		'select is_cancelled from public.agenda_slots_v1 where session = $1',
		[session.code]
	);
	const mine = await db.owner.query<{ agenda: Listed }>('select private.read_agenda_for($1, $2, true) as agenda', [
		people.virtual.person,
		summit
	]);
	const signUp = await callAs<{ status: string }>(db.owner, people.virtual, `public.sign_up($1, 'online')`, [
		session.id
	]);
	await callAs(db.owner, people.virtual, 'public.cancel_sign_up($1)', [session.id]);
	return {
		agenda: inAgenda(await callAs<Listed>(db.owner, null, 'public.read_agenda($1)', [summit])),
		session: (
			await callAs<{ is_cancelled: boolean }>(db.owner, null, 'public.read_session($1, $2)', [summit, session.code])
		).is_cancelled,
		mine: inAgenda(mine.rows[0]?.agenda ?? { sessions: [] }),
		screen: screen.entries.find(({ title }) => title.en === session.title)?.is_cancelled ?? true,
		rest: row?.is_cancelled ?? true,
		times: slot?.is_cancelled ?? true,
		signUp: signUp.status === 'cancelled',
		files: (await documentsOf(db.owner, null, session.id)).length === 0
	};
}

const everywhere = (value: boolean) =>
	Object.fromEntries(
		['agenda', 'session', 'mine', 'screen', 'rest', 'times', 'signUp', 'files'].map((path) => [path, value])
	);

test('is held for readers until the release, then cancelled for all of them', async () => {
	expect(await cancelledOn()).toEqual(everywhere(false));
	await setState('cancelled');
	expect(await cancelledOn()).toEqual(everywhere(false));
	await publish();
	expect(await cancelledOn()).toEqual(everywhere(true));
	expect(await filesOf(db.owner, world.people.speaker, session.id)).toMatchObject({
		is_cancelled: true,
		files: [expect.anything()]
	});
});

test('stays cancelled for readers until a release restores it', async () => {
	await setState('confirmed');
	await db.owner.query(
		`with slot as (insert into public.slots (session_id, summit_id, during)
			select $1, $2, during from public.release_slots where session_id = $1 and is_cancelled returning id, during)
		insert into public.slot_rooms (slot_id, room_id, summit_id, during) select id, $3, $2, during from slot`,
		[session.id, world.summit, world.room]
	);
	expect(await cancelledOn()).toEqual(everywhere(true));
	await publish();
	expect(await cancelledOn()).toEqual(everywhere(false));
});

test('has no stage from the moment of the cancellation', async () => {
	const { people } = world;
	const open = () =>
		callAs<{ status: string; run?: string }>(db.owner, people.stage, 'public.open_run($1)', [session.id]);
	const { run } = await open();
	await setState('cancelled');
	const { rows } = await db.owner.query<{ state: string }>('select state from public.runs where id = $1', [run]);
	expect([rows[0]?.state, (await open()).status]).toEqual(['ended', 'cancelled']);
	await setState('confirmed');
});
