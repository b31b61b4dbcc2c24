/* A public run as HLS by LiveKit Egress: who turns it on, who gets which of its files, and what ends it. */
import { createHash, randomBytes } from 'node:crypto';
import { EgressStatus } from '@livekit/protocol';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { closePool } from '../../../src/lib/database/server/pool.ts';
import { syncEgresses } from '../../../src/lib/recording/server/egress-keeping.ts';
import { openStream } from '../../../src/lib/recording/server/large.ts';
import { Bucket } from '../../fixtures/bucket.ts';
import { LiveKitDouble } from '../../fixtures/livekit-double.ts';
import { useStageWorld } from '../../fixtures/staging.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const stage = useStageWorld();
const livekit = new LiveKitDouble();
const bucket = new Bucket();
const store = {
	open: async () => null,
	put: async () => '',
	abandon: async () => undefined,
	folder: async () => ''
};
const round = () => syncEgresses('https://summit.example.org', store);
const turn = (who: TestPerson | null, isOn = true, run = stage.world.run) =>
	stage.callAs<string>(who, `select public.set_large_audience($1, $2)`, [run, isOn]);
const state = async (who: TestPerson | null) =>
	(await stage.callAs<{ state: string } | null>(who, `select public.large_audience_state($1)`, [stage.world.run]))
		?.state;
const text = async (who: TestPerson | null, name: string, confirmed?: string) => {
	const bytes = await openStream(who?.person ?? null, stage.world.summit, 'plenary', name, confirmed);
	return bytes && Buffer.from(bytes).toString();
};

beforeAll(async () => {
	await Promise.all([livekit.start(), bucket.start()]);
	Object.assign(process.env, bucket.environment, {
		LIVEKIT_URL: livekit.url,
		LIVEKIT_API_KEY: livekit.key,
		LIVEKIT_API_SECRET: livekit.secret,
		LIVEKIT_EGRESS: '1',
		APP_DATABASE_URL: stage.db.appUrl
	});
});
beforeEach(async () => {
	await stage.owner.query(`delete from private.large_audiences`);
	await stage.owner.query(`delete from private.egresses`);
	livekit.egresses.length = 0;
	bucket.objects.clear();
});
afterAll(async () => {
	await closePool();
	await Promise.all([livekit.stop(), bucket.stop()]);
});

/** Turned on, and written by Egress: its place in the bucket. */
async function begin(): Promise<string> {
	expect(await turn(stage.chair)).toBe('ok');
	await round();
	const { info, request } = livekit.egresses.at(-1) ?? {};
	if (!info || !request) throw new Error('No egress was asked for.');
	info.status = EgressStatus.EGRESS_ACTIVE;
	await round();
	const [segments] = request.segmentOutputs.length > 0 ? request.segmentOutputs : [request.output.value as never];
	const key = (segments as { livePlaylistName: string }).livePlaylistName.replace('/live.m3u8', '');
	bucket.objects.set(`${key}/live.m3u8`, Buffer.from('#EXTM3U'));
	bucket.objects.set(`${key}/piece_00001.ts`, Buffer.from('media'));
	bucket.objects.set(`${key}/secret.txt`, Buffer.from('not of the stream'));
	return key;
}

test('people who run a public session turn it on; each file is for people who may watch', async () => {
	const { people } = stage.world;
	for (const who of [people.delegate, people.speaker, people.door]) expect(await turn(who)).toBe('not_found');
	await expect(turn(null)).rejects.toThrow(/permission denied/);
	expect(await text(null, 'live.m3u8')).toBeNull();
	const key = await begin();
	expect(await turn(stage.chair)).toBe('already');
	expect([await state(null), await state(stage.chair)]).toEqual(['on', 'on']);
	expect([await text(null, 'live.m3u8'), await text(people.virtual, 'piece_00001.ts')]).toEqual(['#EXTM3U', 'media']);
	for (const name of ['secret.txt', '../x', `${key}/live.m3u8`, 'all.m3u8', 'piece_1.ts.map', ''])
		expect(await text(null, name)).toBeNull();
	await stage.pass(people.virtual);
	const barred = await stage.callAs(people.stage, `select public.bar_from_session($1, $2, true)`, [
		stage.world.sessions.public.id,
		await stage.code(people.virtual)
	]);
	expect(barred).toBe('ok');
	expect(await text(people.virtual, 'live.m3u8')).toBeNull();
	// The page that Egress opens can watch, and its key opens nothing else.
	const page = /recorder\/([\w-]{43})\?by=egress$/.exec(livekit.egresses[0]?.request.url ?? '')?.[1] ?? '';
	const hash = createHash('sha256').update(page).digest();
	const view = await stage.one<{ identity: string; room: string; on_stage: object[] }>(
		stage.app,
		`select private.rendered_view($1)`,
		[hash]
	);
	expect((await stage.rights(view.room, view.identity)).rights).toEqual({ [view.identity]: [] });
	expect(await stage.one(stage.app, `select private.begin_recording_part($1)`, [hash])).toBeNull();
	expect(await stage.one(stage.app, `select private.rendered_view($1)`, [randomBytes(32)])).toBeNull();
});

test('no file is available before the session’s notice was read, at any address', async () => {
	const { people, sessions } = stage.world;
	await begin();
	await stage.owner.query(
		`update public.sessions set content_note = '{"original":"en","en":"Abuse is described."}' where id = $1`,
		[sessions.public.id]
	);
	for (const who of [null, people.virtual])
		for (const confirmed of ['', sessions.members.code, sessions.public.code, 'yes'])
			expect([await text(who, 'live.m3u8', confirmed), await text(who, 'piece_00001.ts', confirmed)]).toEqual([
				null,
				null
			]);
	const note = await stage.one<string>(stage.owner, `select private.shown_note_version($1)`, [sessions.public.id]);
	const said = `${sessions.public.code}.${note}`;
	for (const who of [null, people.virtual]) expect(await text(who, 'live.m3u8', said)).toBe('#EXTM3U');
	await stage.owner.query(
		`update public.sessions set content_note = '{"original":"en","en":"Abuse is shown."}' where id = $1`,
		[sessions.public.id]
	);
	for (const who of [null, people.virtual]) expect(await text(who, 'live.m3u8', said)).toBeNull();
	// People who confirmed the notice on the stage page have read it, and people of the session know it.
	expect(await stage.callAs(people.delegate, `select public.confirm_notice($1)`, [sessions.public.id])).toBe('ok');
	for (const who of [people.delegate, stage.chair]) expect(await text(who, 'piece_00001.ts')).toBe('media');
});

test('the recorded page shows a visible poll with counts only, while it is shown', async () => {
	const { run, sessions, people } = stage.world;
	await begin();
	const page = /recorder\/([\w-]{43})\?by=egress$/.exec(livekit.egresses.at(-1)?.request.url ?? '')?.[1] ?? '';
	const drawn = async () =>
		(
			await stage.one<{ poll: { options: { id: string; votes: number }[] } | null }>(
				stage.app,
				`select private.rendered_view($1)`,
				[createHash('sha256').update(page).digest()]
			)
		).poll;
	expect(
		await stage.callAs(stage.chair, `select public.create_poll($1, $2, 'single', $3, true, true, true)`, [
			sessions.public.id,
			'What comes first?',
			['Hotlines', 'Schools']
		])
	).toBe('ok');
	const { rows } = await stage.owner.query<{ id: string }>(`select id from private.polls where session_id = $1`, [
		sessions.public.id
	]);
	const id = rows[0]?.id;
	const show = (poll: string | null) => stage.callAs(stage.chair, `select public.show_poll($1, $2)`, [run, poll]);
	expect(await drawn()).toBeNull();
	expect(await show(id ?? null)).toBe('ok');
	const [first, second] = (await drawn())?.options ?? [];
	expect(await stage.callAs(people.virtual, `select public.vote_in_poll($1, $2)`, [id, [first?.id]])).toBe('ok');
	expect(await stage.callAs(stage.chair, `select public.set_poll_state($1, 'closed')`, [id])).toBe('ok');
	expect(await drawn()).toEqual({
		id,
		question: 'What comes first?',
		kind: 'single',
		state: 'closed',
		by_sector: true,
		may_change: true,
		results_at_end: false,
		at: expect.any(String) as string,
		voters: 1,
		options: [
			{ id: first?.id, label: 'Hotlines', votes: 1 },
			{ id: second?.id, label: 'Schools', votes: 0 }
		],
		sectors: null
	});
	await stage.setState(stage.chair, run, 'paused');
	expect(await drawn()).toBeNull();
	await stage.setState(stage.chair, run, 'live');
	expect(await drawn()).not.toBeNull();
	expect(await show(null)).toBe('ok');
	expect(await drawn()).toBeNull();
	await show(id ?? null);
	await stage.owner.query(`update public.sessions set level = 'members', audience = 'registered' where id = $1`, [
		sessions.public.id
	]);
	expect(await drawn()).toBeNull();
});

test('raising the level ends it at once for everybody, and deletes its files', async () => {
	const { people, sessions } = stage.world;
	const key = await begin();
	expect(await text(people.virtual, 'live.m3u8')).toBe('#EXTM3U');
	await stage.owner.query(`update public.sessions set level = 'members', audience = 'registered' where id = $1`, [
		sessions.public.id
	]);
	expect([await text(people.virtual, 'live.m3u8'), await text(people.virtual, 'piece_00001.ts')]).toEqual([null, null]);
	expect([await turn(stage.chair), await state(stage.chair)]).toEqual(['level', 'off']);
	await round();
	const { info } = livekit.egresses[0] ?? {};
	expect(info?.status).toBe(EgressStatus.EGRESS_ENDING);
	if (info) info.status = EgressStatus.EGRESS_COMPLETE;
	await stage.owner.query(`update private.egresses set asked_at = now() - interval '1 minute'`);
	await round();
	await round();
	expect([...bucket.objects.keys()].filter((name) => name.startsWith(key))).toEqual([]);
	// When the level is lowered it is started again, under other names.
	expect(livekit.egresses).toHaveLength(1);
});

test('it ends when it is turned off and with the run; a failed one is started again', async () => {
	const key = await begin();
	const { info } = livekit.egresses[0] ?? {};
	if (info) info.status = EgressStatus.EGRESS_FAILED;
	await stage.owner.query(`update private.egresses set asked_at = now() - interval '1 minute'`);
	// Checked, cleaned up, started.
	for (let rounds = 0; rounds < 3; rounds++) await round();
	expect(livekit.egresses).toHaveLength(2);
	expect([...bucket.objects.keys()].filter((name) => name.startsWith(key))).toEqual([]);
	expect(await turn(stage.chair, false)).toBe('ok');
	await round();
	expect(livekit.egresses[1]?.info.status).toBe(EgressStatus.EGRESS_ENDING);
	expect(await turn(stage.chair)).toBe('ok');
	await stage.setState(stage.chair, stage.world.run, 'ended');
	expect([await turn(stage.chair), await text(null, 'live.m3u8')]).toEqual(['ended', null]);
});
