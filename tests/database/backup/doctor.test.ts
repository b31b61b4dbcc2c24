/* What npm run doctor says of the backups and of the database itself. */
import { expect, test } from 'vitest';
import { contexts, Sealer } from '#lib/people/sealing.ts';
import type { Context } from '../../../src/local/doctor/check.ts';
import { backups } from '../../../src/local/doctor/checks/backups.ts';
import { database } from '../../../src/local/doctor/checks/database.ts';
import { keys } from '../../../src/local/doctor/checks/keys.ts';
import { Bucket } from '../../fixtures/bucket.ts';
import { useDatabase } from '../../fixtures/database.ts';

const db = useDatabase();

const context = (env: Context['env'], now = Date.now()): Context => ({
	env: { DATABASE_URL: db.url, ...env },
	origin: new URL('https://summit.example.org'),
	isLocal: false,
	dns: {} as Context['dns'],
	now: () => now
});

test('knows the last good backup from the runs in the database, wherever it lies', async () => {
	const bucket = await new Bucket().start();
	const env = { BACKUP_TO: `s3://${bucket.name}/summit`, BACKUP_RECIPIENTS: 'age1x', ...bucket.settings('BACKUP_S3') };
	expect(await backups.run(context(env))).toMatchObject([{ level: 'fault', found: 'there is no good backup' }]);
	// Without runs in the database, what lies in the bucket counts.
	bucket.objects.set('summit/2026-11-30T03-00-00Z/backup.json', Buffer.from('{}'));
	expect(await backups.run(context(env, Date.parse('2026-11-30T20:00:00Z')))).toEqual([
		{ level: 'ok', found: 'the last one is 17 hours old' }
	]);
	const { rows } = await db.owner.query<{ id: string }>('select private.begin_backup() as id');
	const at = `${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}Z`;
	await db.owner.query('select private.record_backup($1, $2, 1, 1, 1)', [rows[0]?.id, at]);
	expect(await backups.run(context(env))).toMatchObject([
		{ level: 'fault', found: 'the last good backup is not in BACKUP_TO any more' }
	]);
	bucket.objects.set(`summit/${at}/backup.json`, Buffer.from('{}'));
	// One that went to another place says nothing about this one.
	const { rows: other } = await db.owner.query<{ id: string }>('select private.begin_backup() as id');
	await db.owner.query(`select private.record_backup($1, '2026-11-30T09-00-00Z', 1, 1, 1)`, [other[0]?.id]);
	await db.owner.query(`update private.backup_runs set place = repeat('0', 16) where id = $1`, [other[0]?.id]);
	expect(await backups.run(context(env))).toMatchObject([{ level: 'ok' }, { level: 'warning' }]);
	await bucket.stop();
	expect(await backups.run(context(env))).toMatchObject([
		{ level: 'ok', found: 'the last one is 0 hours old' },
		{ level: 'warning', found: 'no backup was ever verified' }
	]);
	await db.owner.query('select private.record_backup_verification($1, 0)', [at]);
	const later = Date.now() + 4 * 86_400_000;
	expect(await backups.run(context(env, later))).toMatchObject([
		{ level: 'fault', found: 'the last one is 4 days old' },
		{ level: 'ok', found: 'one was verified 4 days ago' }
	]);
});

test('tries whether the sealing key opens what is sealed', async () => {
	const [own, other] = [1, 2].map((byte) => `k1:${Buffer.alloc(32, byte).toString('base64')}`) as [string, string];
	const person = (
		await db.owner.query<{ id: string }>(`insert into public.people (display_name) values ('Somebody') returning id`)
	).rows[0]?.id;
	const { sealed, keyId } = new Sealer(own).seal('somebody@example.org', contexts.address);
	await db.owner.query(
		'insert into private.person_addresses (person_id, address_hash, address_sealed, key_id) values ($1, $2, $3, $4)',
		[person, Buffer.alloc(32), sealed, keyId]
	);
	const levelsWith = async (key: string) =>
		(await keys.run(context({ SEALING_KEY: key, BADGE_KEY: 'x' }))).map(({ level }) => level);
	expect(await levelsWith(own)).toEqual(['ok']);
	expect(await levelsWith(other)).toEqual(['fault']);
});

test('looks at version, migrations, notifications, connections and roles', async () => {
	const good = await database.run(context({ APP_DATABASE_URL: db.appUrl, DATA_DATABASE_URL: db.dataUrl }));
	expect(good.map(({ level, found }) => [level, found])).toEqual([
		['ok', expect.stringMatching(/^PostgreSQL \d+/)],
		['ok', 'its clock agrees with this machine'],
		['ok', expect.stringMatching(/^\d+ of \d+ connections are open$/)],
		['ok', 'every migration is applied'],
		['ok', 'notifications come through'],
		['ok', 'the app signs in as app_server'],
		['ok', 'pages call functions as data_path']
	]);
});

test('names a migration that is missing, a role that is too strong, a clock that is wrong and a database that is away', async () => {
	await db.owner.query(
		'delete from supabase_migrations.schema_migrations where version = (select max(version) from supabase_migrations.schema_migrations)'
	);
	const bad = await database.run(context({ APP_DATABASE_URL: db.url, DATA_DATABASE_URL: db.url }, Date.now() - 60_000));
	expect(bad.filter(({ level }) => level === 'fault').map(({ found }) => found)).toEqual([
		expect.stringMatching(/^its clock is (59|60|61) s apart$/),
		expect.stringMatching(/^1 migrations are not applied there/),
		'APP_DATABASE_URL signs in as postgres',
		expect.stringMatching(/^DATA_DATABASE_URL signs in as a role that may become /)
	]);
	const away = Object.assign(new URL(db.url), { port: '1' }).href;
	expect(await database.run(context({ DATABASE_URL: away }))).toMatchObject([
		{ level: 'fault', found: 'no way in by DATABASE_URL (ECONNREFUSED)' }
	]);
});
