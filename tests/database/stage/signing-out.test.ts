/* Who signs out, or is signed out, leaves live rooms as well: against a double of LiveKit. */
import { randomUUID } from 'node:crypto';
import {
	ListParticipantsResponse,
	ListRoomsResponse,
	ParticipantInfo,
	RemoveParticipantResponse,
	Room
} from '@livekit/protocol';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { closePool } from '../../../src/lib/database/server/pool.ts';
import { reconcileAll } from '../../../src/lib/stage/server/reconcile.ts';
import { permissionFor } from '../../../src/lib/stage/rights.ts';
import { LiveKitDouble } from '../../fixtures/livekit-double.ts';
import { useStageWorld, type GivenPass } from '../../fixtures/staging.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const stage = useStageWorld();
const livekit = new LiveKitDouble();
/** Who is in the room, by identity. */
const connected = new Set<string>();
let room = '';

beforeAll(async () => {
	await livekit.start();
	Object.assign(process.env, {
		LIVEKIT_URL: livekit.url,
		LIVEKIT_API_KEY: livekit.key,
		LIVEKIT_API_SECRET: livekit.secret,
		APP_DATABASE_URL: stage.db.appUrl
	});
	const { sources: _, ...permission } = permissionFor([]);
	Object.assign(livekit.handlers, {
		'RoomService/ListRooms': () => new ListRoomsResponse({ rooms: [new Room({ name: room })] }),
		'RoomService/ListParticipants': () =>
			new ListParticipantsResponse({
				participants: [...connected].map((identity) => new ParticipantInfo({ sid: identity, identity, permission }))
			}),
		'RoomService/RemoveParticipant': ({ identity }: { identity: string }) => {
			connected.delete(identity);
			return new RemoveParticipantResponse();
		}
	});
});
beforeEach(() => connected.clear());
afterAll(async () => {
	await closePool();
	await livekit.stop();
});

async function signIn(who: TestPerson): Promise<string> {
	const session = randomUUID();
	await stage.owner.query(`insert into auth.sessions (id, user_id) values ($1, $2)`, [session, who.account]);
	return session;
}

const signOut = (...sessions: string[]) =>
	stage.owner.query(`delete from auth.sessions where id = any ($1)`, [sessions]);

/** A browser asks for a pass and joins with it. */
async function join(who: TestPerson, session: string): Promise<string> {
	const pass = await stage.one<GivenPass>(
		stage.app,
		`select private.stage_pass($1, $2, 'plenary', p_has_said => true, p_auth_session => $3)`,
		[who.person, stage.world.summit, session]
	);
	room = pass.room ?? '';
	connected.add(pass.identity ?? '');
	return pass.identity ?? '';
}

async function reconcile(): Promise<string[]> {
	await stage.owner.query(`update private.livekit_rooms set reconciled_at = '-infinity'`);
	await reconcileAll();
	return [...connected];
}

test('who signs out everywhere leaves the stage, and may not come back with a token of before', async () => {
	const { delegate, virtual } = stage.world.people;
	const session = await signIn(delegate);
	const left = await join(delegate, session);
	const stays = await join(virtual, await signIn(virtual));
	expect(await reconcile()).toEqual([left, stays]);
	await signOut(session);
	expect(await reconcile()).toEqual([stays]);
	const back = await join(delegate, await signIn(delegate));
	connected.add(left);
	expect(await reconcile()).toEqual([stays, back]);
});

test('a browser that is still signed in gets another identity, and keeps it', async () => {
	const { delegate } = stage.world.people;
	const [phone, computer] = [await signIn(delegate), await signIn(delegate)];
	const shared = await join(delegate, phone);
	expect(await join(delegate, computer)).toBe(shared);
	await signOut(phone);
	expect(await reconcile()).toEqual([]);
	const own = await join(delegate, computer);
	expect(own).not.toBe(shared);
	expect([await join(delegate, computer), await reconcile()]).toEqual([own, [own]]);
});

test('the desk of somebody who signs out hears nothing any more', async () => {
	const { people, run, summit } = stage.world;
	const listen = (session: string) =>
		stage.one<GivenPass>(stage.app, `select private.desk_pass($1, $2, $3, $4)`, [
			people.stage.person,
			summit,
			run,
			session
		]);
	const session = await signIn(people.stage);
	const before = await listen(session);
	await signOut(session);
	const after = await listen(await signIn(people.stage));
	const { rights } = await stage.rights(after.room, before.identity, after.identity);
	expect(rights).toEqual({ [before.identity ?? '']: null, [after.identity ?? '']: [] });
});
