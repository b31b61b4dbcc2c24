/* Recording by LiveKit Egress, which cannot run here: our side of it, against doubles of its API and of its bucket. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EgressInfo, EgressStatus, FileInfo } from '@livekit/protocol';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { closePool } from '../../../src/lib/database/server/pool.ts';
import { egressReport } from '../../../src/lib/recording/server/egress.ts';
import { noteEgress } from '../../../src/lib/recording/server/egress-keeping.ts';
import { RecordingJob } from '../../../src/lib/recording/server/keeping.ts';
import { findView } from '../../../src/lib/recording/server/recorder.ts';
import { Bucket } from '../../fixtures/bucket.ts';
import { LiveKitDouble } from '../../fixtures/livekit-double.ts';
import { makeRecordable, setOnStage } from '../../fixtures/recording.ts';
import { readValue } from '../../fixtures/registering.ts';
import { startDatabase, type TestDatabase } from '../../fixtures/stack.ts';
import { actAs, type TestPerson, type World } from '../../fixtures/world.ts';

const livekit = new LiveKitDouble();
const bucket = new Bucket();
let db: TestDatabase;
let owner: pg.Client;
let world: World;
let chair: TestPerson;
let keeping: RecordingJob;
let folder: string;
const stored = new Map<string, Buffer>();

beforeAll(async () => {
	db = await startDatabase();
	owner = await db.connect();
	const app = await db.connect(db.appUrl);
	folder = await mkdtemp(join(tmpdir(), 'global-summit-egress-'));
	await Promise.all([livekit.start(), bucket.start()]);
	Object.assign(process.env, bucket.environment, {
		LIVEKIT_URL: livekit.url,
		LIVEKIT_API_KEY: livekit.key,
		LIVEKIT_API_SECRET: livekit.secret,
		LIVEKIT_EGRESS: '1',
		APP_DATABASE_URL: db.appUrl
	});
	const store = {
		open: async () => null,
		put: async (path: string, mediaType: string) => {
			const [object, bytes] = [randomBytes(16).toString('hex'), await readFile(path)];
			const sum = createHash('sha256').update(bytes).digest('hex');
			await app.query(`select private.begin_object($1, $2, $3, $4, 'clean')`, [object, mediaType, bytes.length, sum]);
			stored.set(object, bytes);
			return object;
		},
		abandon: async (object: string) => void stored.delete(object),
		folder: async () => folder
	};
	keeping = new RecordingJob({ origin: 'https://summit.example.org', store, report: () => undefined });
});
beforeEach(async () => {
	await owner.query(`delete from private.recordings`);
	await owner.query(`delete from private.egresses`);
	livekit.egresses.length = 0;
	bucket.objects.clear();
	({ world, chair } = await makeRecordable(owner));
	await setOnStage(owner, chair, world.run, world.people.speaker);
	await actAs(owner, chair, `select public.start_recording($1)`, [world.run]);
});
afterAll(async () => {
	await closePool();
	await Promise.all([db.stop(), livekit.stop(), bucket.stop(), rm(folder, { recursive: true })]);
});

const recordings = async () =>
	(
		await owner.query<{ state: string; reason: string; object_name: string | null; length_ms: number | null }>(
			`select state, reason, object_name, length_ms from private.recordings where run_id = $1 order by started_at`,
			[world.run]
		)
	).rows;
const mine = () => {
	const last = livekit.egresses.at(-1);
	if (!last) throw new Error('No egress was asked for.');
	return last;
};
const move = async (status: EgressStatus) => {
	mine().info.status = status;
	await keeping.round();
};
/** Ends as Egress does, with its file in the bucket. */
async function end(bytes: Buffer, seconds = 12): Promise<string> {
	const { info, request } = mine();
	const path =
		request.fileOutputs[0]?.filepath ?? (request.output.case === 'file' ? request.output.value.filepath : '');
	bucket.objects.set(path, bytes);
	info.status = EgressStatus.EGRESS_COMPLETE;
	info.fileResults = [
		new FileInfo({
			filename: path,
			startedAt: BigInt(Date.now()) * 1_000_000n,
			duration: BigInt(seconds) * 1_000_000_000n
		})
	];
	await keeping.round();
	await keeping.round();
	return path;
}

test('records our own page into the bucket, and takes over the file when it has ended', async () => {
	await keeping.round();
	await keeping.round();
	expect(livekit.egresses).toHaveLength(1);
	const { request } = mine();
	const key = /^https:\/\/summit\.example\.org\/live\/recorder\/([\w-]{43})\?by=egress$/.exec(request.url)?.[1] ?? '';
	expect(await findView(key)).toMatchObject({ due: true, on_stage: [{ display_name: world.people.speaker.name }] });
	expect(request.awaitStartSignal).toBe(true);
	expect(JSON.stringify(request.toJson())).toContain(bucket.url);
	expect(livekit.asked.find(({ method }) => method === 'Egress/StartWebEgress')?.grants).toEqual({ roomRecord: true });
	expect((await recordings())[0]?.state).toBe('wanted');
	await move(EgressStatus.EGRESS_ACTIVE);
	expect((await recordings())[0]?.state).toBe('running');
	await actAs(owner, chair, `select public.stop_recording($1)`, [world.run]);
	await keeping.round();
	expect(mine().info.status).toBe(EgressStatus.EGRESS_ENDING);
	const bytes = randomBytes(40_000);
	await end(bytes);
	const [recording] = await recordings();
	expect(recording).toMatchObject({ state: 'ready', length_ms: 12_000 });
	expect(stored.get(recording?.object_name ?? '')?.equals(bytes)).toBe(true);
	expect([...bucket.objects.keys()]).toEqual([]);
	expect(bucket.asked.filter((line) => line.endsWith('unsigned'))).toEqual([]);
	// A repeated or older event changes nothing.
	await noteEgress(
		egressReport(new EgressInfo({ egressId: mine().info.egressId, status: EgressStatus.EGRESS_ACTIVE }))
	);
	expect(await recordings()).toEqual([recording]);
});

test('raising the level stops it at once; its files are deleted and fetched by nobody', async () => {
	await keeping.round();
	await move(EgressStatus.EGRESS_ACTIVE);
	const key = /recorder\/([\w-]+)/.exec(mine().request.url)?.[1] ?? '';
	await owner.query(
		`update public.sessions set level = 'chatham_house', audience = 'registered', is_recorded = false where id = $1`,
		[world.sessions.public.id]
	);
	expect(await findView(key)).toBeNull();
	await keeping.round();
	expect(mine().info.status).toBe(EgressStatus.EGRESS_ENDING);
	bucket.asked.length = 0;
	const path = await end(randomBytes(1000));
	expect((await recordings())[0]).toMatchObject({ state: 'sealed', reason: 'level', object_name: null });
	expect(bucket.asked).not.toContain(`GET ${path}`);
	expect([bucket.objects.size, (await owner.query(`select from private.egresses`)).rowCount]).toEqual([0, 0]);
});

test('a pause shows it nothing; one that fails later continues in another recording, one that cannot begin does not', async () => {
	await keeping.round();
	await move(EgressStatus.EGRESS_ACTIVE);
	const key = /recorder\/([\w-]+)/.exec(mine().request.url)?.[1] ?? '';
	await actAs(owner, chair, `select public.set_run_state($1, 'paused')`, [world.run]);
	expect(await findView(key)).toMatchObject({ due: false, room: null });
	await keeping.round();
	expect(mine().info.status).toBe(EgressStatus.EGRESS_ACTIVE);
	await actAs(owner, chair, `select public.set_run_state($1, 'live')`, [world.run]);
	await owner.query(`update private.recordings set started_at = now() - interval '1 minute' where run_id = $1`, [
		world.run
	]);
	await end(randomBytes(1000), 50);
	expect((await recordings()).map(({ state, reason }) => [state, reason])).toEqual([
		['ready', 'egress'],
		['wanted', '']
	]);
	await keeping.round();
	expect(livekit.egresses).toHaveLength(2);
	await move(EgressStatus.EGRESS_FAILED);
	await keeping.round();
	expect((await recordings()).map(({ state }) => state)).toEqual(['ready', 'failed']);
	expect(livekit.egresses).toHaveLength(2);
});

test('an egress of others is ignored, and one that LiveKit does not start is requested again', async () => {
	livekit.isBroken = true;
	await expect(keeping.round()).rejects.toThrow();
	expect((await owner.query(`select from private.egresses`)).rowCount).toBe(0);
	livekit.isBroken = false;
	await keeping.round();
	expect(livekit.egresses).toHaveLength(1);
	const theirs = new EgressInfo({ egressId: 'EG_theirs', status: EgressStatus.EGRESS_COMPLETE });
	await noteEgress(egressReport(theirs));
	expect(await readValue(owner, `select count(*)::int from private.egresses`)).toBe(1);
	expect((await recordings())[0]?.state).toBe('wanted');
});
