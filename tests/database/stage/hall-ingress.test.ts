/*
 * RTMP by LiveKit Ingress, which cannot run here: our side of it, against a double that reads requests with LiveKit's
 * own protocol.
 */
import { IngressInfo, IngressInput } from '@livekit/protocol';
import type { SupabaseClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { closePool } from '../../../src/lib/database/server/pool.ts';
import { hasIngress, openIngress, sweepIngresses } from '../../../src/lib/stage/server/livekit-ingress.ts';
import { LiveKitDouble } from '../../fixtures/livekit-double.ts';
import { useStageWorld } from '../../fixtures/staging.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const stage = useStageWorld();
const livekit = new LiveKitDouble();

beforeAll(async () => {
	await livekit.start();
	Object.assign(process.env, {
		LIVEKIT_URL: livekit.url,
		LIVEKIT_API_KEY: livekit.key,
		LIVEKIT_API_SECRET: livekit.secret,
		LIVEKIT_INGRESS: '1',
		APP_DATABASE_URL: stage.db.appUrl
	});
});
beforeEach(() => {
	livekit.ingresses.length = 0;
	livekit.asked.length = 0;
	livekit.isBroken = false;
});
afterAll(async () => {
	await closePool();
	await livekit.stop();
});

/** The data API as a person, over the database itself. */
const as = (who: TestPerson) =>
	({
		rpc: async (name: string, values: Record<string, string>) => ({
			data: await stage.callAs(
				who,
				`select public.${name}(${Object.keys(values).map((key, index) => `"${key}" => $${index + 1}`)})`,
				Object.values(values)
			),
			error: null
		})
	}) as unknown as SupabaseClient;

const seat = (room: string, identity: string) =>
	stage.one<boolean>(stage.app, `select private.assign_ingress($1, $2)`, [room, identity]);

test('an address is made for organisers of all stages, in the room of the run, and for nobody else', async () => {
	const { people, run } = stage.world;
	for (const who of [people.delegate, people.speaker, people.programme, stage.chair])
		expect(await openIngress(as(who), run)).toBe('not_found');
	expect(livekit.asked).toEqual([]);
	const opened = await openIngress(as(people.stage), run);
	const [ingress] = livekit.ingresses;
	expect(opened).toEqual({ url: 'rtmp://ingress.example.org/live', key: ingress?.streamKey });
	expect(livekit.asked[0]).toEqual({ method: 'Ingress/CreateIngress', grants: { ingressAdmin: true } });
	const { room } = await stage.pass(people.virtual);
	expect(ingress).toMatchObject({
		inputType: IngressInput.RTMP_INPUT,
		roomName: room,
		participantName: '',
		name: 'hall'
	});
	// The incoming stream is the hall, with the rights of any hall.
	const identity = ingress?.participantIdentity ?? '';
	expect((await stage.rights(room, identity)).rights).toEqual({ [identity]: null });
	expect([await seat('elsewhere', identity), await seat(room ?? '', identity)]).toEqual([false, true]);
	expect((await stage.rights(room, identity)).rights).toEqual({ [identity]: ['camera', 'microphone', 'screen'] });
	// The next one replaces it, at LiveKit too.
	await openIngress(as(people.stage), run);
	expect(livekit.ingresses.map(({ participantIdentity }) => participantIdentity)).not.toContain(identity);
	expect(livekit.ingresses).toHaveLength(1);
	expect((await stage.rights(room, identity)).rights).toEqual({ [identity]: null });
});

test('it ends with the run, with a raised level and when it is withdrawn; addresses of others are left alone', async () => {
	const { people, run, sessions } = stage.world;
	const theirs = new IngressInfo({ ingressId: 'IN_other', roomName: 'another', participantIdentity: 'somebody' });
	livekit.ingresses.push(theirs);
	const ends: (() => Promise<unknown>)[] = [
		() => stage.callAs(people.stage, `select public.end_encoder($1, 'ingress')`, [run]),
		() =>
			stage.owner.query(`update public.sessions set level = 'members', audience = 'registered' where id = $1`, [
				sessions.public.id
			]),
		() => stage.owner.query(`update private.hall_devices set expires_at = now() where kind = 'ingress'`),
		() => stage.setState(stage.chair, run, 'ended')
	];
	for (const end of ends) {
		await openIngress(as(people.stage), run);
		await sweepIngresses();
		expect(livekit.ingresses).toHaveLength(2);
		await end();
		await sweepIngresses();
		expect(livekit.ingresses).toEqual([theirs]);
	}
	expect(await openIngress(as(people.stage), run)).toBe('ended');
});

test('nothing is stored when LiveKit Ingress does not answer or does not exist', async () => {
	const { people, run } = stage.world;
	livekit.isBroken = true;
	expect(await openIngress(as(people.stage), run)).toBe('away');
	const held = `select from private.hall_devices where kind = 'ingress' and revoked_at is null and run_id = $1`;
	expect((await stage.owner.query(held, [run])).rowCount).toBe(0);
	process.env['LIVEKIT_INGRESS'] = '';
	expect(hasIngress()).toBe(false);
	await sweepIngresses();
	process.env['LIVEKIT_INGRESS'] = '1';
});
