/* The backup of each night: one process makes it, each run leaves what became of it, and owners are alarmed when the last good one is old. */
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { backupJobs, makeBackup } from '#lib/backup/server/nightly.ts';
import { log } from '#lib/audit/server/log.ts';
import { backupForms, readBackupSettings } from '#lib/backup/settings.ts';
import type { BackupOverview } from '#lib/database/answers/backup.ts';
import { closePool } from '#lib/database/server/pool.ts';
import { beginDrain } from '#lib/live/server/drain.ts';
import { listBackups } from '../../../src/local/backup/manifest.ts';
import { recordRun, recordVerification } from '../../../src/local/backup/runs.ts';
import { statusOf } from '../../../src/local/backup/status.ts';
import { hostedVariables, makeBackupWorld, type BackupWorld } from '../../fixtures/backing-up.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let world: BackupWorld;
let owner: TestPerson;
let summitOwner: TestPerson;

beforeAll(async () => {
	process.env['APP_DATABASE_URL'] = db.appUrl;
	world = await makeBackupWorld();
	[owner, summitOwner] = [await makePerson(db.owner, 'Owner of all'), await makePerson(db.owner, 'Owner of one')];
	const { rows } = await db.owner.query<{ id: string }>(
		`insert into public.summits (slug, name, zone, starts_on, ends_on, languages)
		values ('one', '{"original": "en", "en": "One"}', 'UTC', current_date, current_date, '{en}') returning id`
	);
	for (const [person, summit] of [
		[owner, null],
		[summitOwner, rows[0]?.id]
	] as const) {
		await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'owner', $2)`, [
			person.person,
			summit
		]);
		await db.owner.query(
			`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id) values ($1::uuid, sha256($1::text::bytea), '\\x01', 'k')`,
			[person.person]
		);
	}
});
beforeEach(() =>
	db.owner.query('delete from private.backup_runs; delete from private.backup_settings; delete from private.outbox')
);
afterAll(async () => {
	world.drop();
	await closePool();
});

const noon = new Date('2026-12-01T12:00:00Z');
const after = (hours: number, from = noon) => new Date(from.getTime() + hours * 3_600_000);

/** The settings, in force since a while. */
async function set({
	isNightly = true,
	isExpected = false,
	oldAfter = '30 hours' as string | null,
	since = after(-1000)
} = {}) {
	const values = [isNightly, '03:00', oldAfter, isNightly || isExpected];
	await db.app.query('select private.set_backup_settings($1, $2, $3, $4)', values);
	await db.owner.query('update private.backup_settings set nightly_since = $1 where is_nightly', [since]);
	await db.owner.query('update private.backup_settings set expected_since = $1 where expected_since is not null', [
		since
	]);
}

async function claim(now: Date, client = db.app): Promise<string | null> {
	const { rows } = await client.query<{ id: string | null }>('select private.claim_backup($1) as id', [now]);
	return rows[0]?.id ?? null;
}

const addGood = (begun: Date) =>
	db.owner.query(
		`insert into private.backup_runs (begun_at, ended_at, outcome, backup, size, files, files_size)
		values ($1, $1, 'good', to_char($1::timestamptz at time zone 'UTC', 'YYYY-MM-DD"T"HH24-MI-SS"Z"'), 1, 1, 1)`,
		[begun]
	);
const fail = (id: string | null, fault: string, ended: Date) =>
	db.owner.query(`update private.backup_runs set outcome = 'failed', fault = $2, ended_at = $3 where id = $1`, [
		id,
		fault,
		ended
	]);

async function runs() {
	const { rows } = await db.owner.query<{ outcome: string; fault: string | null; nightly: boolean }>(
		'select outcome, fault, night is not null as nightly from private.backup_runs order by begun_at, attempt'
	);
	return rows;
}

const overview = (who: TestPerson) => callAs<BackupOverview | null>(db.owner, who, 'public.read_backups()', []);

test('of several processes one makes the backup of a night, once', async () => {
	await set();
	let claimed: (string | null)[] = [];
	// A new connection plans each statement as it comes to it, so that others commit between two of them.
	for (let round = 0; round < 6; round++) {
		const others = await Promise.all([1, 2, 3, 4, 5, 6].map(() => db.connect(db.appUrl)));
		await db.owner.query('delete from private.backup_runs');
		claimed = await Promise.all(others.map((client) => claim(noon, client)));
		expect(claimed.filter(Boolean)).toHaveLength(1);
	}
	expect(await claim(after(1))).toBe(null);
	await db.owner.query(`select private.record_backup($1, '2026-12-01T03-00-00Z', 5, 2, 7)`, [claimed.find(Boolean)]);
	expect(await claim(after(2))).toBe(null);
	expect(await claim(after(15))).not.toBe(null);
});

test('none is due before the first night, without a place, or after a good one by the command', async () => {
	await set({ since: after(-1) });
	expect(await claim(noon)).toBe(null);
	expect(await claim(after(15))).not.toBe(null);
	await set({ isNightly: false });
	expect(await claim(after(40))).toBe(null);
	await db.owner.query('delete from private.backup_runs');
	await set();
	await addGood(after(-2));
	expect(await claim(noon)).toBe(null);
	expect(await claim(after(15))).not.toBe(null);
});

test('a failed one is tried again after half an hour, three times in all', async () => {
	await set();
	const claims: number[] = [];
	for (let minute = 0; minute < 300; minute += 10) {
		const id = await claim(after(minute / 60));
		if (id === null) continue;
		claims.push(minute);
		await fail(id, 'place', after(minute / 60));
	}
	expect(claims).toEqual([0, 30, 60]);
	expect(await claim(after(15))).not.toBe(null);
});

test('a run that was killed is ended once nobody holds its lock', async () => {
	await set();
	const holder = await db.connect();
	await holder.query('select pg_advisory_lock(20261201, 1)');
	expect(await claim(noon)).not.toBe(null);
	expect(await claim(after(2))).toBe(null);
	expect(await runs()).toEqual([{ outcome: 'running', fault: null, nightly: true }]);
	await holder.query('select pg_advisory_unlock(20261201, 1)');
	// It is ended now, and tried again after half an hour.
	expect(await claim(after(2))).toBe(null);
	expect(await runs()).toEqual([{ outcome: 'failed', fault: 'killed', nightly: true }]);
	expect(await claim(after(2.6))).not.toBe(null);
});

const alarm = async (now: Date, client = db.app) =>
	(await client.query<{ since: Date | null }>('select private.alarm_old_backups($1) as since', [now])).rows[0]?.since;

async function alarmed(): Promise<string[]> {
	const { rows } = await db.owner.query<{ person: string }>(
		`select person_id as person from private.outbox where template = 'backups_old' order by created_at`
	);
	return rows.map(({ person }) => person);
}

test('owners of the installation are alarmed once a day while the last good backup is old', async () => {
	await set();
	await addGood(after(-29));
	expect(await alarm(noon)).toBe(null);
	const others = await Promise.all([1, 2, 3].map(() => db.connect(db.appUrl)));
	const said = await Promise.all(others.map((client) => alarm(after(2), client)));
	expect(said.filter(Boolean)).toEqual([after(-29)]);
	expect(await alarmed()).toEqual([owner.person]);
	for (const hours of [2.1, 10, 25.9]) expect(await alarm(after(hours))).toBe(null);
	expect(await alarm(after(26))).toEqual(after(-29));
	expect(await alarmed()).toHaveLength(2);
	await addGood(after(27));
	expect(await alarm(after(28))).toBe(null);
	// The next time it is old it is not a day ago.
	expect(await alarm(after(58))).toEqual(after(27));
	expect(await alarmed()).toHaveLength(3);
});

test('nobody is alarmed before the first night, who makes none, or who wants no alarm', async () => {
	expect(await alarm(noon)).toBe(null);
	await set({ isNightly: false });
	expect(await alarm(noon)).toBe(null);
	await set({ since: after(-20) });
	expect(await alarm(noon)).toBe(null);
	await set({ since: after(-31) });
	expect(await alarm(noon)).toEqual(after(-31));
	await set({ oldAfter: null, since: after(-100) });
	expect(await alarm(after(48))).toBe(null);
	// Made by hand or by cron alone: what there was may be too old too.
	await set({ isNightly: false });
	await addGood(after(-40));
	expect(await alarm(after(48))).toEqual(after(-40));
});

test('owners are alarmed where cron or a timer should make them and makes none', async () => {
	await set({ isNightly: false, isExpected: true, since: after(-29) });
	expect(await overview(owner)).toMatchObject({ is_nightly: false, is_expected: true, next_at: null });
	expect(await alarm(noon)).toBe(null);
	expect(await alarm(after(2))).toEqual(after(-29));
	expect(await alarmed()).toEqual([owner.person]);
	// The clock does not begin again while the setting stays.
	await db.app.query(`select private.set_backup_settings(false, '03:00', '30 hours', true)`);
	expect(await alarm(after(26))).toEqual(after(-29));
	await set({ isNightly: false });
	expect(await alarm(after(60))).toBe(null);
	expect(await overview(owner)).toMatchObject({ is_expected: false });
});

test('only owners of the installation read it, and what waits for them names it', async () => {
	await set();
	await addGood(after(-1, new Date()));
	const read = await overview(owner);
	expect(read).toMatchObject({ is_nightly: true, old_since: null, holder: null, last_good: { size: 1, files: 1 } });
	expect(await overview(summitOwner)).toBe(null);
	const waiting = async (who: TestPerson) =>
		Object.keys(
			await callAs<object>(db.owner, who, `public.list_waiting((select id from public.summits where slug = 'one'))`, [])
		);
	expect(await waiting(owner)).not.toContain('backups');
	await db.owner.query(`update private.backup_runs set begun_at = now() - interval '31 hours'`);
	expect(await waiting(owner)).toContain('backups');
	expect(await waiting(summitOwner)).not.toContain('backups');
	expect((await overview(owner))?.old_since).not.toBe(null);
});

const variables = (more: Record<string, string> = {}) => ({
	...hostedVariables(db.url, join(world.folder, 'files')),
	BACKUP_TO: world.place.address,
	BACKUP_RECIPIENTS: world.recipient,
	...more
});

function command(
	args: string[] = [],
	more: Record<string, string> = {}
): Promise<{ code: number | null; output: string }> {
	const child = spawn(process.execPath, ['src/local/backup/backup.ts', ...args], {
		cwd: resolve(import.meta.dirname, '../../..'),
		env: variables(more)
	});
	let output = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (output += part.toString()));
	return new Promise((done) => child.on('close', (code) => done({ code, output })));
}

test(
	'the command leaves what became of it, and its status ends with 1 when there is no good one',
	{ timeout: 300_000 },
	async () => {
		expect(await command(['--status'])).toMatchObject({
			code: 1,
			output: expect.stringContaining('No backup was made')
		});
		expect(await command([], { BACKUP_TO: resolve(import.meta.filename, 'below-a-file') })).toMatchObject({ code: 1 });
		expect(await runs()).toEqual([{ outcome: 'failed', fault: 'place', nightly: false }]);
		expect(await command()).toMatchObject({ code: 0 });
		const [name] = (await listBackups(world.place)).whole.slice(-1);
		expect((await overview(owner))?.last_good).toMatchObject({ backup: name, outcome: 'good', fault: null, files: 0 });
		expect(await command(['--status'])).toMatchObject({ code: 0, output: expect.stringContaining(name ?? '-') });
		await db.owner.query(`update private.backup_runs set begun_at = begun_at - interval '31 hours'`);
		expect(await command(['--status'])).toMatchObject({
			code: 1,
			output: expect.stringContaining('older than 30 hours')
		});
		expect(await recordVerification(db.url, name ?? '', 2)).toBe(true);
		expect(await recordVerification(db.url, '2020-01-01T00-00-00Z', 0)).toBe(false);
		expect((await overview(owner))?.last_verified).toMatchObject({ backup: name, faults: 2 });
		// A row has no path, key or message.
		const { rows } = await db.owner.query<{ row: string }>('select r::text as row from private.backup_runs as r');
		for (const { row } of rows) expect(row).not.toMatch(/\/|age1|error|folder/i);
	}
);

async function claimed(): Promise<string> {
	await set();
	const id = await claim(new Date());
	if (id === null) throw new Error('nothing was claimed');
	return id;
}

/** Calls the job of the app once. */
async function runJob(more: Record<string, string> = {}): Promise<void> {
	const before = { ...process.env };
	Object.assign(process.env, variables(more));
	try {
		await backupJobs(log)[0]?.run(null, async () => undefined);
	} finally {
		for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
		Object.assign(process.env, before);
	}
}

test('the job makes it in a process of its own', { timeout: 120_000 }, async () => {
	await runJob();
	// It was set up just now: the first one is made when it is due.
	expect(await runs()).toEqual([]);
	await db.owner.query(`update private.backup_settings set nightly_since = now() - interval '3 days'`);
	await runJob();
	await expect.poll(runs, { timeout: 100_000 }).toEqual([{ outcome: 'good', fault: null, nightly: true }]);
	// Its process holds the lock until it ends, and while it does no run is taken for killed.
	await expect.poll(() => readValue(db.owner, 'select private.is_backup_running()'), { timeout: 30_000 }).toBe(false);
});

test('a command that was killed is ended, and old runs are deleted, where the app makes none', async () => {
	await db.owner.query(`insert into private.backup_runs (begun_at) values (now() - interval '6 minutes')`);
	await addGood(after(-401 * 24, new Date()));
	await runJob({ BACKUP_AT: 'no' });
	expect(await runs()).toEqual([{ outcome: 'failed', fault: 'killed', nightly: false }]);
	expect(await overview(owner)).toMatchObject({ is_nightly: false, is_expected: true, last_good: null });
});

test('a process that drains begins none', async () => {
	await set({ since: after(-72, new Date()) });
	beginDrain(60_000);
	try {
		await runJob();
		expect(await runs()).toEqual([]);
	} finally {
		// As a new process has it.
		Reflect.deleteProperty(globalThis, Symbol.for('global-summit.drain'));
	}
});

test('one that hangs is ended, one that was killed or does not begin is named', async () => {
	const hanging = ['-e', 'process.on("SIGTERM", () => 0); setInterval(() => 0, 1000)'];
	await makeBackup(await claimed(), log, { command: hanging, limitMs: 300, graceMs: 300 });
	expect(await runs()).toEqual([{ outcome: 'failed', fault: 'too_long', nightly: true }]);
	await db.owner.query('delete from private.backup_runs');
	await makeBackup(await claimed(), log, { command: ['-e', 'process.kill(process.pid, "SIGKILL")'] });
	expect(await runs()).toEqual([{ outcome: 'failed', fault: 'killed', nightly: true }]);
	await db.owner.query('delete from private.backup_runs');
	await makeBackup(await claimed(), log, { command: ['-e', 'process.exit(1)'] });
	expect(await runs()).toEqual([{ outcome: 'failed', fault: 'settings', nightly: true }]);
	await db.owner.query('delete from private.backup_runs');
	// It made one, and could not write that it did.
	await makeBackup(await claimed(), log, { command: ['-e', ''] });
	expect(await runs()).toEqual([{ outcome: 'failed', fault: 'database', nightly: true }]);
});

test('what a nightly backup says is in the log', async () => {
	const lines: { level: string; facts: object }[] = [];
	const note = (level: string) => (facts: object) => void lines.push({ level, facts });
	const kept = { info: note('info'), warn: note('warn'), error: note('error') };
	const failing = `for (let at = 0; at < 50; at += 1) console.log('line ' + at); console.error('There is no folder.'); process.exitCode = 1`;
	await makeBackup(await claimed(), kept, { command: ['-e', failing] });
	expect(lines).toEqual([
		{
			level: 'error',
			facts: {
				fault: 'settings',
				code: 1,
				said: Array.from({ length: 20 }, (_, at) => `line ${at + 30}`),
				warned: ['There is no folder.']
			}
		}
	]);
	await db.owner.query('delete from private.backup_runs');
	const id = await claimed();
	await db.owner.query(`select private.record_backup($1, '2026-12-01T03-00-00Z', 5, 2, 7, 1, 2)`, [id]);
	await makeBackup(id, kept, { command: ['-e', `console.error('1 files are not in the store')`] });
	expect(lines[1]).toEqual({ level: 'warn', facts: { run: id, said: [], warned: ['1 files are not in the store'] } });
});

test('an empty folder where backups went is no place, until that is confirmed', { timeout: 120_000 }, async () => {
	expect(await command()).toMatchObject({ code: 0 });
	await world.place.remove(['place.json']);
	expect(await command()).toMatchObject({ code: 1, output: expect.stringContaining('is its disk mounted?') });
	expect((await runs()).map(({ fault }) => fault)).toEqual([null, 'place']);
	expect(await world.place.read('place.json')).toBeNull();
	expect(await command(['--new-place'])).toMatchObject({ code: 0 });
	expect(await command()).toMatchObject({ code: 0 });
});

test('a good run keeps what it warned of', { timeout: 120_000 }, async () => {
	const name = 'd'.repeat(32);
	await db.owner.query(
		`insert into private.stored_objects (name, media_type, size, sha256, state, scan) values ($1, 'text/plain', 1, sha256('x'), 'kept', 'clean')`,
		[name]
	);
	await world.place.put('2020-01-01T00-00-00Z/backup.json', '{');
	try {
		expect(await command()).toMatchObject({
			code: 0,
			output: expect.stringMatching(
				/1 files that the database names are not in the store[^]*older ones could not be deleted/
			)
		});
		expect((await overview(owner))?.last_good).toMatchObject({ missing: 1, damaged: 0, rotation_failed: true });
		expect(await command(['--status'])).toMatchObject({
			code: 0,
			output: expect.stringMatching(/1 files were not in the store[^]*Older backups could not be deleted/)
		});
	} finally {
		await world.place.remove(['2020-01-01T00-00-00Z/']);
		await db.owner.query('delete from private.stored_objects where name = $1', [name]);
	}
});

test('one that hangs gives itself up, and one whose app is gone goes on', { timeout: 120_000 }, async () => {
	const hanging = () => new Promise<never>(() => undefined);
	const limited = recordRun(db.url, { address: '/backup', onStop: () => undefined, limitMs: 300 }, hanging);
	await expect(limited).rejects.toThrow('It took longer than');
	expect(await runs()).toEqual([{ outcome: 'failed', fault: 'too_long', nightly: false }]);
	await db.owner.query('delete from private.backup_runs');
	const child = spawn(process.execPath, ['src/local/backup/backup.ts'], {
		cwd: resolve(import.meta.dirname, '../../..'),
		env: variables(),
		stdio: ['ignore', 'pipe', 'pipe']
	});
	child.stdout.destroy();
	child.stderr.destroy();
	await new Promise((done) => child.once('exit', done));
	expect(await runs()).toEqual([{ outcome: 'good', fault: null, nightly: false }]);
});

test('a process of the command ends whatever hangs in it', async () => {
	const file = resolve(import.meta.dirname, '../../../src/local/backup/command.ts');
	const script = `import { endAfter } from '${file}'; endAfter(300); setInterval(() => 0, 1000);`;
	const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
	expect(await new Promise((done) => child.once('exit', done))).toBe(1);
});

test('reads the settings of the environment', () => {
	const place = { BACKUP_TO: '/backup', BACKUP_RECIPIENTS: 'age1' };
	expect(readBackupSettings({})).toEqual({
		isNightly: false,
		isExpected: false,
		at: '03:00',
		oldAfter: 30,
		limit: 12
	});
	expect(readBackupSettings({ ...place, BACKUP_AT: '23:15', BACKUP_OLD_AFTER: '50', BACKUP_LIMIT: '3' })).toEqual({
		isNightly: true,
		isExpected: true,
		at: '23:15',
		oldAfter: 50,
		limit: 3
	});
	expect(readBackupSettings({ ...place, BACKUP_AT: 'no', BACKUP_OLD_AFTER: 'no' })).toMatchObject({
		isNightly: false,
		isExpected: true,
		oldAfter: null
	});
	// A timer of Node that is longer than 24 days fires at once.
	expect(readBackupSettings({ BACKUP_LIMIT: '168' }).limit).toBe(168);
	expect(readBackupSettings({ BACKUP_LIMIT: '169' }).limit).toBe(12);
	expect(backupForms.BACKUP_LIMIT.test('597')).toBe(false);
});

const wal = async () =>
	(await db.owner.query<{ overview: BackupOverview }>('select private.backup_overview(now()) as overview')).rows[0]
		?.overview.wal;
const walAge = async () =>
	(
		await db.app.query<{ value: number }>(`select value from private.read_measures() where name = 'wal_age_seconds'`)
	).rows.map(({ value }) => Math.round(value));

test('an archive of the log that fails, or says nothing, is seen by owners, commands and monitors', async () => {
	await db.app.query('select private.expect_wal_archiving(false)');
	expect(await wal()).toBeNull();
	expect(await walAge()).toEqual([]);
	// One that never began is seen too.
	await db.app.query('select private.expect_wal_archiving(true)');
	expect(await wal()).toEqual({ archived_at: null, failing_since: null, fault: null, silent_since: null });
	await db.owner.query(`update private.wal_archiving set expected_since = now() - interval '11 minutes'`);
	expect((await wal())?.silent_since).not.toBeNull();
	expect(await walAge()).toEqual([660]);
	await db.owner.query('select private.record_wal_archiving()');
	expect(await wal()).toMatchObject({ failing_since: null, silent_since: null });
	expect(await walAge()).toEqual([0]);
	await db.owner.query(`select private.record_wal_archiving('no_space')`);
	const failing = await wal();
	expect(failing).toMatchObject({ fault: 'no_space', silent_since: null });
	await db.owner.query(`select private.record_wal_archiving('place')`);
	expect(await wal()).toMatchObject({ fault: 'place', failing_since: failing?.failing_since });
	const overview = (
		await db.owner.query<{ overview: BackupOverview }>('select private.backup_overview(now()) as overview')
	).rows[0]?.overview;
	const { lines, isOld } = statusOf(overview ?? null, readBackupSettings({}), new Date());
	expect(isOld).toBe(true);
	expect(lines.join('\n')).toContain(`The log is not archived since ${failing?.failing_since ?? ''} (place)`);
	await db.owner.query('select private.record_wal_archiving()');
	expect(await wal()).toMatchObject({ fault: null, failing_since: null });
	await db.app.query('select private.expect_wal_archiving(false)');
	expect(await wal()).toBeNull();
	await expect(db.app.query('select private.record_wal_archiving()')).rejects.toThrow('permission denied');
});
