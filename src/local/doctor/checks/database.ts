import pg from 'pg';
import { checkDataPath, checkHostedDatabase, provesListen, withClient } from '../../hosted-database.ts';
import { fault, notAsked, ok, reasonOf, warning, type Check, type Context, type Diagnosis } from '../check.ts';

const extensions = ['btree_gist', 'pg_trgm', 'pgcrypto', 'unaccent'];

interface Facts {
	version: string;
	number: number;
	at: Date;
	size: string;
	most: number;
	open: number;
	extensions: string[];
}

async function factsOf(client: pg.Client): Promise<Facts> {
	const { rows } = await client.query<Facts>(`
		select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
			clock_timestamp() as at, pg_size_pretty(pg_database_size(current_database())) as size,
			current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as most,
			(select count(*)::int from pg_stat_activity where backend_type = 'client backend') as open,
			(select array_agg(extname::text) from pg_extension) as extensions`);
	return rows[0] as Facts;
}

function judge({ version, number, at, size, most, open, extensions: there }: Facts, now: number): Diagnosis[] {
	const off = Math.abs(at.getTime() - now);
	const missing = extensions.filter((name) => !there.includes(name));
	return [
		number >= 150_000
			? ok(`PostgreSQL ${version}, ${size}`)
			: fault(`PostgreSQL ${version}`, 'Upgrade it: 15 is the oldest that works.'),
		...missing.map((name) =>
			fault(`the extension ${name} is missing`, 'Apply the migrations; they make it in the schema extensions.')
		),
		off < 5000
			? ok('its clock agrees with this machine')
			: fault(`its clock is ${Math.round(off / 1000)} s apart`, 'Let NTP set both clocks.'),
		open < most * 0.8
			? ok(`${open} of ${most} connections are open`)
			: warning(
					`${open} of ${most} connections are open`,
					'Raise max_connections, or run fewer processes: each opens up to 26.'
				)
	];
}

function migrationsDiagnosis({ problem, warning: newer }: Awaited<ReturnType<typeof checkHostedDatabase>>): Diagnosis {
	// The first sentence alone.
	const short = (text: string) => text.replace(/^DATABASE_URL: |\. .*$/gs, '');
	if (problem) return fault(short(problem), 'Run node src/local/migrate.ts of the version that is running.');
	return newer
		? warning(short(newer), 'Start the newer version in every process; until then backups are its work too.')
		: ok('every migration is applied');
}

async function ownConnections({ env }: Context): Promise<Diagnosis[]> {
	const { APP_DATABASE_URL: app, DATA_DATABASE_URL: data, DATA_PATH: path } = env;
	const found: Diagnosis[] = [];
	if (!app)
		found.push(
			warning('the app uses the connection of the owner', 'Give app_server a login, and set APP_DATABASE_URL.')
		);
	else {
		const role = await withClient(
			app,
			async (client) => (await client.query<{ name: string }>('select current_user::text as name')).rows[0]?.name
		).catch((error: unknown) => ({ why: reasonOf(error) }));
		if (role === 'app_server') found.push(ok('the app signs in as app_server'));
		else
			found.push(
				fault(
					typeof role === 'string'
						? `APP_DATABASE_URL signs in as ${role}`
						: `APP_DATABASE_URL does not lead into the database (${role?.why})`,
					'Let node src/local/migrate.ts set the password of app_server.'
				)
			);
	}
	if (!data || path === 'rest')
		found.push(warning('pages call functions by REST', 'Set DATA_DATABASE_URL: it takes half the processor time.'));
	else {
		const problem = await checkDataPath(data);
		found.push(
			problem
				? fault(problem.replace(/\. .*|\.$/s, ''), 'See docs/operations.md, The data path.')
				: ok('pages call functions as data_path')
		);
	}
	return found;
}

/** PostgreSQL: version, migrations, notifications, connections and clock. */
export const database: Check = {
	name: 'database',
	limitMs: 30_000,
	async run(context) {
		const { env, now } = context;
		const url = env['DATABASE_URL'];
		if (!url) return [notAsked('DATABASE_URL is not set')];
		let facts: Facts;
		try {
			facts = await withClient(url, factsOf);
		} catch (error) {
			return [
				fault(
					`no way in by DATABASE_URL (${reasonOf(error)})`,
					'Start it; check host, password, sslmode and the firewall.'
				)
			];
		}
		const [migrations, listens] = await Promise.all([
			checkHostedDatabase(url).catch((error: unknown) => ({
				problem: error instanceof Error ? error.message : 'migrations',
				warning: null
			})),
			provesListen(url)
		]);
		return [
			...judge(facts, now()),
			migrationsDiagnosis(migrations),
			listens
				? ok('notifications come through')
				: fault('notifications are swallowed', 'Use a direct connection, or the pooler in session mode (port 5432).'),
			...(await ownConnections(context))
		];
	}
};
