/* A PostgreSQL for a while, with a migrated template database: the database tests and `npm run schema` read from it. */
import { randomBytes } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import pg from 'pg';
import { migrate } from './migrate.ts';
import { clusterFolder } from './postgres-files.ts';
import { startPostgres } from './postgres.ts';
import { createRoles, createSystemSchema, openAppRoles } from './roles.ts';
import { temporaryFolder } from './temporary-folders.ts';

/** What it takes to reach a throwaway cluster. */
export interface Cluster {
	port: number;
	template: string;
	passwords: { supabase_admin: string; postgres: string; lite_login: string; app_server: string; data_path: string };
	stop?: () => Promise<void>;
}

/** Starts a cluster in a throwaway folder and migrates its template. */
export async function startCluster(): Promise<Cluster> {
	const base = temporaryFolder('global-summit-test');
	chmodSync(base, 0o711);
	const { folder } = clusterFolder(base);
	const word = () => randomBytes(16).toString('hex');
	const passwords = {
		supabase_admin: word(),
		postgres: word(),
		lite_login: word(),
		app_server: word(),
		data_path: word()
	};
	const postgres = await startPostgres({
		folder,
		password: passwords.supabase_admin,
		careless: true,
		// A test calls a function a few times on a connection of its own: a plan for each call would be most of its work.
		settings: { plan_cache_mode: 'force_generic_plan' }
	});
	async function stop() {
		await postgres.stop();
		rmSync(base, { recursive: true, force: true });
		rmSync(folder, { recursive: true, force: true });
	}
	try {
		await withClient(postgres.url(), async (superuser) => {
			await createRoles(superuser, {
				owner: passwords.postgres,
				lite: passwords.lite_login
			});
			await superuser.query('create database template_summit owner postgres');
		});
		await withClient(postgres.url('template_summit'), createSystemSchema);
		await withClient(postgres.url('template_summit', 'postgres', passwords.postgres), async (owner) => {
			await migrate(owner);
			// Tests of passkeys ask for them; all others act without.
			await owner.query('select private.set_passkeys_required(false)');
		});
		await withClient(postgres.url(), (superuser) =>
			openAppRoles(superuser, { app: passwords.app_server, data: passwords.data_path })
		);
	} catch (error) {
		await stop();
		throw error;
	}
	return { port: postgres.port, template: 'template_summit', passwords, stop };
}

async function withClient<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
	const client = new pg.Client({ connectionString });
	await client.connect();
	try {
		return await work(client);
	} finally {
		await client.end();
	}
}
