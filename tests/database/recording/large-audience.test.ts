/* A public run as HLS by LiveKit Egress: who turns it on, who gets which of its files, and what ends it. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { EgressStatus } from '@livekit/protocol';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { closePool } from '../../../src/lib/database/server/pool.ts';
import { syncEgresses } from '../../../src/lib/recording/server/egress-keeping.ts';
import { closeListener, eventListener } from '../../../src/lib/live/server/listener.ts';
import { openPiece, openPlaylist, openStream } from '../../../src/lib/recording/server/large-stream.ts';
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
const words = (bytes: Uint8Array | null) => bytes && Buffer.from(bytes).toString();

/** The address behind a reader's pass; null for one who gets none. */
async function passOf(who: TestPerson | null, confirmed = ''): Promise<{ id: string; pass: string } | null> {
	const reader = { person: who?.person ?? null, confirmed };
	const list = await openStream(reader, { summit: stage.world.summit, room: 'plenary' });
	const [, id = '', pass = ''] = /\/live\/large\/([\w-]+)\/live\.m3u8\?pass=(\S+)/.exec(list ?? '') ?? [];
	return list === null ? null : { id, pass };
}

/** What a player reads that knows a pass: the playlist. */
const listed = (own: { id: string; pass: string } | null) => own && openPlaylist(own.id, own.pass);

/** The address of the first piece of a playlist. */
function pieceOf(list: string | null) {
	const [, id = '', name = '', until = '', signature = ''] =
		/^\/live\/large\/([\w-]+)\/(\S+)\?until=(\d+)&signature=(\S+)$/m.exec(list ?? '') ?? [];
	return { id, name, until, signature };
}

/** The first piece that a reader is shown; null for one who is shown none. */
async function watch(who: TestPerson | null, confirmed = ''): Promise<string | null> {
	const { id, name, ...signed } = pieceOf(await listed(await passOf(who, confirmed)));
	return words(await openPiece(id, name, signed));
}

beforeAll(async () => {
	await Promise.all([livekit.start(), bucket.start()]);
	Object.assign(process.env, bucket.environment, {
		LIVEKIT_URL: livekit.url,
		LIVEKIT_API_KEY: livekit.key,
		LIVEKIT_API_SECRET: livekit.secret,
		LIVEKIT_EGRESS: '1',
		APP_DATABASE_URL: stage.db.appUrl,
		SEALING_KEY: `test:${randomBytes(32).toString('base64')}`
	});
});
beforeEach(async () => {
	await stage.owner.query(`delete from private.large_audiences`);
	await stage.owner.query(`delete from private.egresses`);
	livekit.egresses.length = 0;
	bucket.objects.clear();
});
afterAll(async () => {
	await closeListener();
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
	bucket.objects.set(`${key}/live.m3u8`, Buffer.from('#EXTM3U\n#EXTINF:4.0,\npiece_00001.ts\n'));
	bucket.objects.set(`${key}/piece_00001.ts`, Buffer.from('media'));
	bucket.objects.set(`${key}/secret.txt`, Buffer.from('not of the stream'));
	return key;
}

test('people who run a public session turn it on; each file is for people who may watch', async () => {
	const { people } = stage.world;
	for (const who of [people.delegate, people.speaker, people.door]) expect(await turn(who)).toBe('not_found');
	await expect(turn(null)).rejects.toThrow(/permission denied/);
	expect(await watch(null)).toBeNull();
	const key = await begin();
	expect(await turn(stage.chair)).toBe('already');
	expect([await state(null), await state(stage.chair)]).toEqual(['on', 'on']);
	expect([await watch(null), await watch(people.virtual)]).toEqual(['media', 'media']);
	const list = (await listed(await passOf(null))) ?? '';
	expect(list).not.toContain(key);
	const { id, name, ...signed } = pieceOf(list);
	for (const other of ['secret.txt', '../x', `${key}/live.m3u8`, 'all.m3u8', 'piece_1.ts.map', 'piece_00002.ts', ''])
		expect(await openPiece(id, other, signed)).toBeNull();
	expect(await openPiece(randomUUID(), name, signed)).toBeNull();
	for (const wrong of [{ until: '9999999999999' }, { signature: '' }, { signature: 'AAAA' }])
		expect(await openPiece(id, name, { ...signed, ...wrong })).toBeNull();
	await stage.pass(people.virtual);
	const before = await passOf(people.virtual);
	expect(await listed(before)).not.toBeNull();
	const barred = await stage.callAs(people.stage, `select public.bar_from_session($1, $2, true)`, [
		stage.world.sessions.public.id,
		await stage.code(people.virtual)
	]);
	expect(barred).toBe('ok');
	expect(await passOf(people.virtual)).toBeNull();
	await expect.poll(() => listed(before)).toBeNull();
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

test('a pass is of its reader and its stream, and the address of a piece expires', async () => {
	const { people } = stage.world;
	await begin();
	const own = await passOf(people.virtual);
	if (!own) throw new Error('There is no pass.');
	expect(own.pass).not.toContain(people.virtual.person);
	expect(await openPlaylist(randomUUID(), own.pass)).toBeNull();
	const [sealed = '', keyId = ''] = own.pass.split('.');
	const changed = `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`;
	for (const pass of ['', '.', 'x', sealed, `${sealed}.other`, `${changed}.${keyId}`, `${sealed}.${keyId}.${keyId}`])
		expect(await openPlaylist(own.id, pass)).toBeNull();
	const [first, again] = [await listed(own), await listed(await passOf(null))];
	expect(again).toBe(first);
	const { id, name, ...signed } = pieceOf(first);
	const left = Number(signed.until) - Date.now();
	expect([left > 59_000, left <= 90_000]).toEqual([true, true]);
	const now = vi.spyOn(Date, 'now').mockReturnValue(Number(signed.until) + 1);
	const late = await openPiece(id, name, signed);
	now.mockRestore();
	expect([late, words(await openPiece(id, name, signed))]).toEqual([null, 'media']);
});

test('one check of a reader serves many playlists, until their rights change', async () => {
	const { people, sessions } = stage.world;
	await begin();
	const own = await passOf(people.delegate);
	await listed(own);
	await expect.poll(() => eventListener()?.connected()).toBe(true);
	const list = async () => (await listed(own)) !== null;
	expect(await list()).toBe(true);
	const asked = vi.spyOn(pg.Pool.prototype, 'query');
	for (let n = 0; n < 20; n++) expect(await list()).toBe(true);
	// The state of the stream is read again each second.
	expect(asked.mock.calls.filter(([sql]) => String(sql).includes('may_watch'))).toEqual([]);
	asked.mockRestore();
	await stage.pass(people.delegate);
	const barred = await stage.callAs(people.stage, `select public.bar_from_session($1, $2, true)`, [
		sessions.public.id,
		await stage.code(people.delegate)
	]);
	expect(barred).toBe('ok');
	await expect.poll(list).toBe(false);
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
			expect(await passOf(who, confirmed)).toBeNull();
	const note = await stage.one<string>(stage.owner, `select private.shown_note_version($1)`, [sessions.public.id]);
	const said = `${sessions.public.code}.${note}`;
	const passes = await Promise.all([passOf(null, said), passOf(people.virtual, said)]);
	for (const own of passes) expect(await listed(own)).toContain('piece_00001.ts');
	await stage.owner.query(
		`update public.sessions set content_note = '{"original":"en","en":"Abuse is shown."}' where id = $1`,
		[sessions.public.id]
	);
	for (const who of [null, people.virtual]) expect(await passOf(who, said)).toBeNull();
	for (const own of passes) await expect.poll(() => listed(own)).toBeNull();
	// A refusal is not kept: who confirms this notice goes on at once.
	expect(await stage.callAs(people.virtual, `select public.confirm_notice($1)`, [sessions.public.id])).toBe('ok');
	expect(await listed(passes[1] ?? null)).toContain('piece_00001.ts');
	// People who confirmed the notice on the stage page have read it, and people of the session know it.
	expect(await stage.callAs(people.delegate, `select public.confirm_notice($1)`, [sessions.public.id])).toBe('ok');
	for (const who of [people.delegate, stage.chair]) expect(await watch(who)).toBe('media');
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
	const own = await passOf(people.virtual);
	const { id, name, ...signed } = pieceOf(await listed(own));
	expect(words(await openPiece(id, name, signed))).toBe('media');
	await stage.owner.query(`update public.sessions set level = 'members', audience = 'registered' where id = $1`, [
		sessions.public.id
	]);
	expect(await passOf(people.virtual)).toBeNull();
	await expect.poll(() => listed(own)).toBeNull();
	expect(await openPiece(id, name, signed)).toBeNull();
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
	expect([await turn(stage.chair), await passOf(null)]).toEqual(['ended', null]);
});
