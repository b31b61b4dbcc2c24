/* The runbook of docs/deployment.md: the commands of deploy/one-server, with the variables that its containers get, on a database that is lost and restored. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readIdentities } from '../../../src/local/backup/encryption.ts';
import { readKeys } from '../../../src/local/backup/keys.ts';
import { environmentOf, readDeployment } from '../../../src/local/deployment/compose-files.ts';
import { temporaryFolder } from '../../../src/local/temporary-folders.ts';
import { withEmptyDatabase } from '../../fixtures/backing-up.ts';
import { useDatabase } from '../../fixtures/database.ts';

const db = useDatabase();
const folder = temporaryFolder('deployment');
const { services } = readDeployment('one-server');
const at = (name: string) => join(folder, name);
let values: Record<string, string | undefined>;

beforeAll(async () => {
	for (const name of ['backup', 'files', 'erasures', 'keys']) mkdirSync(at(name));
	values = {
		...newEnv('made.env'),
		...{ OWNER_EMAIL: 'owner@example.org', ACME_EMAIL: 'it@example.org', MAIL_FROM: 'Summit <summit@example.org>' },
		...{
			STRIPE_SECRET_KEY: 'sk_live_x',
			STRIPE_WEBHOOK_SECRET: 'whsec_x',
			SMTP_URL: 'smtps://me:word@smtp.example.org'
		}
	};
	await db.owner.query(`insert into auth.users (id, email) values (gen_random_uuid(), 'somebody@example.org')`);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What make-env writes for a new server, or these of its lines. */
function newEnv(name: string, ...lines: string[]): Record<string, string | undefined> {
	execFileSync('deploy/make-env', ['--to', at(name), 'one-server', 'summit.example.org', '203.0.113.7']);
	const all = parseEnv(readFileSync(at(name), 'utf8'));
	return lines.length > 0 ? Object.fromEntries(lines.map((line) => [line, all[line]])) : all;
}

/** Gives a command of the deployment, on a database and on folders of this machine; answers its code and what it says. */
function command(name: string, url: string, ...words: string[]): Promise<{ code: number; said: string }> {
	const service = services[name] ?? {};
	const env = environmentOf(service, values);
	const local = Object.fromEntries(
		Object.entries(env).map(([key, value]) => [
			key,
			value?.replace(/^\/(?=(?:backup|files|erasures|tmp)\b)/, `${folder}/`)
		])
	);
	const [program = '', ...before] = [...(service.entrypoint ?? []), ...(service.command ?? [])];
	// The roles of the app belong to the whole cluster, which other tests use.
	const own = {
		PATH: process.env['PATH'],
		DATABASE_URL: `${url}?sslmode=disable`,
		APP_DATABASE_URL: undefined,
		DATA_DATABASE_URL: undefined
	};
	return new Promise((done) => {
		execFile(program, [...before, ...words], { env: { ...local, ...own } }, (error, out, err) =>
			done({ code: error ? Number(error.code ?? 1) : 0, said: out + err })
		);
	});
}

test('keys, backup, status, a new database, restore, migrations, status', { timeout: 300_000 }, async () => {
	const identity = at('keys/summit-identity.txt');
	const made = await command('backup', db.url, '--make-key', identity);
	values['BACKUP_RECIPIENTS'] = /age1\w+/.exec(made.said)?.[0];
	expect(await command('backup', db.url, '--status')).toMatchObject({
		code: 1,
		said: expect.stringContaining('No backup was made')
	});
	expect(await command('backup', db.url, '--keys', at('keys/summit-keys.age'))).toMatchObject({ code: 0 });
	expect(await command('backup', db.url)).toMatchObject({
		code: 0,
		said: expect.stringMatching(/tables with \d+ rows/)
	});
	expect(readdirSync(at('backup')).filter((name) => /^\d{4}-/.test(name))).toHaveLength(1);
	expect(await command('backup', db.url, '--status')).toMatchObject({
		code: 0,
		said: expect.stringContaining('Last good backup')
	});
	// One that has rows is left alone.
	expect(await command('restore', db.url, '--identity', identity)).toMatchObject({
		code: 1,
		said: expect.stringContaining('The database has data already')
	});
	await withEmptyDatabase(db, async (client, url) => {
		// A new server, whose .env was lost too: the keys come from their file.
		values = { ...values, ...newEnv('other.env', 'SEALING_KEY', 'BADGE_KEY', 'PUSH_KEY') };
		expect(await command('restore', url, '--identity', identity)).toMatchObject({
			code: 1,
			said: expect.stringContaining('was not written by the installation that these keys belong to')
		});
		values = { ...values, ...(await readKeys(at('keys/summit-keys.age'), readIdentities(identity))) };
		expect(await command('restore', url, '--identity', identity)).toMatchObject({
			code: 0,
			said: expect.stringContaining('Restored as of')
		});
		expect((await client.query('select email from auth.users')).rows).toEqual([{ email: 'somebody@example.org' }]);
		expect(await command('migrate', url)).toEqual({ code: 0, said: '' });
		expect(await command('backup', url)).toMatchObject({ code: 0 });
		expect(await command('backup', url, '--status')).toMatchObject({ code: 0 });
	});
});
