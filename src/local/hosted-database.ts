/* What a database elsewhere must have before the site starts. It needs none of the local engines. */
import pg from 'pg';
import { compareMigrations, type Migration } from './migrate.ts';

/**
 * What a hosted database lacks, in a sentence, or null when it is ready for this build; and, as a warning, that a newer version has migrated it,
 * as while an upgrade goes on. Throws a sentence where this build cannot work with it.
 */
export async function checkHostedDatabase(
	url: string,
	migrations?: Migration[]
): Promise<{ problem: string | null; warning: string | null }> {
	return withClient(url, async (client) => {
		const { pending, newer } = await compareMigrations(client, migrations);
		const problem =
			pending.length > 0
				? `DATABASE_URL: ${pending.length} migrations are not applied there (first: ${pending[0]?.file}). Run \`supabase db push\`, or \`node src/local/migrate.ts\`.`
				: null;
		return { problem, warning: newer?.sentence ?? null };
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

/** Works with a connection of its own. */
export async function withClient<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
	const client = new pg.Client({ connectionString });
	client.on('error', () => undefined);
	await client.connect();
	try {
		return await work(client);
	} finally {
		await client.end();
	}
}
