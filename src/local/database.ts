import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { inspectDataFolder, noteComplete, noteMaking } from './data-folder.ts';
import { migrate, pendingMigrations, readMigrations } from './migrate.ts';
import { clusterFolder } from './postgres-files.ts';
import { startPostgres, type LocalPostgres } from './postgres.ts';
import { createRoles, createSystemSchema, openAppRoles } from './roles.ts';
import { refreshSample } from './sample/refresh.ts';
import type { Secrets } from './secrets.ts';
import type { Supervision } from './supervise.ts';

/** The database of a data folder, migrated and, if it is a sample, seeded. */
interface LocalDatabase {
	postgres: LocalPostgres;
	url: string;
	appUrl: string;
	dataUrl: string;
	liteUrl: string;
	sample: boolean;
}

/** The paths of files in a data folder. */
export const filesFolder = (dataFolder: string) => join(dataFolder, 'files');

interface DatabaseOptions {
	dataFolder: string;
	secrets: Secrets;
	/** The key that the app seals with; a sample's addresses are sealed with it too. */
	sealingKey: string;
	sample: boolean;
	careless?: boolean;
	say: (line: string) => void;
	/** Called as soon as there is a PostgreSQL to stop. */
	onStart: (stop: LocalPostgres['stop']) => void;
	onState: Supervision['onState'];
}

/** Starts Postgres and brings its database up to date; what an ended first start left half made is made again. */
export async function openDatabase(options: DatabaseOptions): Promise<LocalDatabase> {
	const { dataFolder, secrets, say } = options;
	const { folder, moved } = clusterFolder(dataFolder);
	if (moved)
		say(`PostgreSQL does not run as root, and its user may not pass through ${moved}: its files go to ${folder}.`);
	const found = inspectDataFolder(dataFolder);
	const marker = found.state === 'complete' ? found.marker : undefined;
	if (found.state === 'unfinished') say('The first start did not finish making the database: making it again.');
	if (!marker) noteMaking(dataFolder);
	const postgres = await startPostgres({
		folder,
		password: secrets.superuserPassword,
		runFolder: join(dataFolder, 'run'),
		careless: options.careless,
		onStart: options.onStart,
		onState: options.onState
	});
	try {
		if (!marker) await prepare(postgres, secrets);
		const url = postgres.url('postgres', 'postgres', secrets.ownerPassword);
		await withClient(url, (owner) =>
			migrate(owner, readMigrations(), marker ? (file) => say(`Applying ${file}`) : undefined)
		);
		await withClient(postgres.url(), (superuser) =>
			openAppRoles(superuser, { app: secrets.appPassword, data: secrets.dataPassword })
		);
		const sample = marker?.sample ?? (options.sample && (await seed(url, options)));
		if (marker?.sample) await withClient(url, (owner) => refreshSample(owner, { now: new Date() }));
		if (!marker) noteComplete(dataFolder, sample);
		return {
			postgres,
			url,
			appUrl: postgres.url('postgres', 'app_server', secrets.appPassword),
			dataUrl: postgres.url('postgres', 'data_path', secrets.dataPassword),
			liteUrl: postgres.url('postgres', 'lite_login', secrets.litePassword),
			sample
		};
	} catch (error) {
		await postgres.stop();
		throw error;
	}
}

async function prepare(postgres: LocalPostgres, secrets: Secrets): Promise<void> {
	await withClient(postgres.url(), async (superuser) => {
		await createRoles(superuser, { owner: secrets.ownerPassword, lite: secrets.litePassword });
		await createSystemSchema(superuser);
	});
}

async function seed(url: string, { dataFolder, sealingKey, say }: DatabaseOptions): Promise<boolean> {
	say('Making the sample Summit…');
	// In a separate process: the supervisor would keep the memory that this needs.
	await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'seed.ts')], {
		env: { PATH: process.env.PATH, SEED: JSON.stringify({ url, sealingKey, filesFolder: filesFolder(dataFolder) }) }
	}).catch((error: unknown) => {
		const { stderr } = error as { stderr?: string };
		throw new Error(`The sample Summit could not be made:\n${stderr ?? String(error)}`);
	});
	return true;
}

/** What a hosted database lacks, in sentences; empty when it is ready for this build. */
export async function checkHostedDatabase(url: string): Promise<string[]> {
	return withClient(url, async (client) => {
		const missing = await pendingMigrations(client);
		if (missing.length === 0) return [];
		return [
			`DATABASE_URL: ${missing.length} migrations are not applied there (first: ${missing[0]?.file}). Run \`supabase db push\`, or \`node src/local/migrate.ts\`.`
		];
	});
}

const dataPathRoles = ['anon', 'authenticated'];

/** What is wrong with the connection of the data path, in a sentence; null when it signs in and may become no more than callers are. */
export async function checkDataPath(url: string): Promise<string | null> {
	try {
		const roles = await withClient(url, async (client) => {
			const { rows } = await client.query<{ name: string }>(
				`select rolname as name from pg_roles where pg_has_role(current_user, oid, 'member') and rolname <> current_user order by 1`
			);
			return rows.map(({ name }) => name);
		});
		if (roles.join() === dataPathRoles.join()) return null;
		return `DATA_DATABASE_URL signs in as a role that may become ${roles.join(', ') || 'nobody'}: it must be data_path, which may become anon and authenticated and nobody else.`;
	} catch (error) {
		return `DATA_DATABASE_URL does not lead into the database (${(error as { code?: string }).code ?? 'no answer'}). Give data_path a password as docs/operations.md says, or set DATA_PATH=rest.`;
	}
}

/** Proves that a notification comes through; a pooler in transaction mode swallows it in silence. */
export async function provesListen(url: string, timeoutMs = 5000): Promise<boolean> {
	return withClient(url, async (listener) => {
		const received = new Promise<boolean>((resolve) => {
			listener.on('notification', () => resolve(true));
			setTimeout(() => resolve(false), timeoutMs).unref();
		});
		await listener.query('listen listen_proof');
		await withClient(url, (speaker) => speaker.query(`select pg_notify('listen_proof', '')`));
		return received;
	});
}

async function withClient<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
	const client = new pg.Client({ connectionString });
	client.on('error', () => undefined);
	await client.connect();
	try {
		return await work(client);
	} finally {
		await client.end();
	}
}
