/* The check of every room, against a double of LiveKit: one unreachable room does not affect the others. */
import {
	ListParticipantsResponse,
	ListRoomsResponse,
	ParticipantInfo,
	ParticipantInfo_State,
	Room
} from '@livekit/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closePool } from '../../../src/lib/database/server/pool.ts';
import { reconcileAll } from '../../../src/lib/stage/server/reconcile.ts';
import { LiveKitDouble } from '../../fixtures/livekit-double.ts';
import { useStageWorld } from '../../fixtures/staging.ts';

const stage = useStageWorld();
const livekit = new LiveKitDouble();

beforeAll(async () => {
	await livekit.start();
	Object.assign(process.env, {
		LIVEKIT_URL: livekit.url,
		LIVEKIT_API_KEY: livekit.key,
		LIVEKIT_API_SECRET: livekit.secret,
		APP_DATABASE_URL: stage.db.appUrl
	});
});
afterAll(async () => {
	await closePool();
	await livekit.stop();
});

test('reports a room whose node has died, and checks every other room', async () => {
	const { people } = stage.world;
	const { run: other } = await stage.openRun(stage.chair, 'closed');
	const dead = await stage.one<string>(stage.owner, `select private.ensure_livekit_room($1, 'stage')`, [other]);
	const { room, identity } = await stage.pass(people.delegate);
	livekit.handlers['RoomService/ListRooms'] = () =>
		new ListRoomsResponse({ rooms: [dead, room, 'of somebody else'].map((name) => new Room({ name: name ?? '' })) });
	livekit.handlers['RoomService/ListParticipants'] = (body: { room: string }) =>
		body.room === room
			? new ListParticipantsResponse({
					participants: [
						new ParticipantInfo({
							sid: `PA_${stage.world.slug}`,
							identity: identity ?? '',
							state: ParticipantInfo_State.ACTIVE,
							joinedAt: BigInt(Math.floor(Date.now() / 1000))
						})
					]
				})
			: 503;
	await expect(reconcileAll()).rejects.toThrow();
	const { rows } = await stage.owner.query(`select left_at from public.presence where person_id = $1`, [
		people.delegate.person
	]);
	expect(rows).toEqual([{ left_at: null }]);
});
