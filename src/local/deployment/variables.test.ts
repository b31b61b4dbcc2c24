import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { interpolations, readDeployment } from './compose-files.ts';

const documented = new Set(
	[...readFileSync('.env.example', 'utf8').matchAll(/^#?([A-Z][A-Z0-9_]+)=/gm)].map(([, name = '']) => name)
);
const sources = globSync('src/**/*.{ts,js,svelte}').filter((file) => !/\.test\.ts$|\/generated\//.test(file));
const code = sources.map((file) => readFileSync(file, 'utf8'));

/** What the site's own processes tell each other, and what only those who develop it set. */
const internal = new Set(
	[
		'BACKUP_RUN BODY_SIZE_LIMIT CARELESS CHECK_ANSWERS GO_COMMAND LITE LIVEKIT_RELEASES LOCAL_INBOX_URL LOCAL_SAMPLE LOCAL_STATE',
		'LOCAL_WAL DEV PSEUDO SEED START_BEGAN START_PARENT START_SUPERVISOR DEBIAN_FRONTEND LIVEKIT_CONFIG WAL_ARCHIVER WAL_EVERY_MS',
		// Of the system and of npm.
		'HOME INIT_CWD LC_MESSAGES NODE_ENV NODE_OPTIONS PATH TZ XDG_CACHE_HOME'
	].flatMap((names) => names.split(' '))
);

/** Every variable that a text reads: env.X, env['X'] and const { X } = env. */
function readsOf(text: string): string[] {
	const direct = [...text.matchAll(/\benv(?:\.|\[['"])([A-Z][A-Z0-9_]+)\b/g)].map(([, name = '']) => name);
	const taken = [...text.matchAll(/\{([^{}]*)\}\s*=\s*(?:process\.)?env\b/g)].flatMap(([, names = '']) =>
		[...names.matchAll(/(?:^|,)\s*([A-Z][A-Z0-9_]+)/g)].map(([, name = '']) => name)
	);
	return [...direct, ...taken];
}

const reads = new Set(code.flatMap(readsOf));
const inFiles = globSync('deploy/**/*.{yaml,caddy,sql}', { exclude: ['**/node_modules/**'] }).concat(
	globSync('deploy/**/Caddyfile')
);
const ofFiles = new Set(
	inFiles.flatMap((file) => {
		const text = readFileSync(file, 'utf8');
		return [
			...interpolations(text).map(({ name }) => name),
			...[...text.matchAll(/\{\$([A-Z_]+)\}/g)].map(([, name = '']) => name)
		];
	})
);

test('finds what code reads, in each of its forms', () => {
	expect(readsOf(`process.env.A1; env['B2']; const { C3: url = '', D4 } = process.env; given.E5`)).toEqual([
		'A1',
		'B2',
		'C3',
		'D4'
	]);
	expect([...reads]).toEqual(expect.arrayContaining(['ORIGIN', 'SMTP_URL', 'LIVEKIT_EGRESS', 'SMS_BODY', 'CLAMD_URL']));
});

test('.env.example documents every variable that the site or a deployment reads', () => {
	const undocumented = [...reads, ...ofFiles].filter((name) => !documented.has(name) && !internal.has(name));
	expect([...new Set(undocumented)].sort()).toEqual([]);
});

test('everything that .env.example documents is read, by the site, its tests or a deployment', () => {
	const tests = globSync('tests/**/*.ts').map((file) => readFileSync(file, 'utf8'));
	const everywhere = new Set([...reads, ...ofFiles, ...tests.flatMap(readsOf)]);
	const unread = [...documented].filter((name) => !everywhere.has(name) && !/^SSO_MINISTRY_/.test(name));
	expect(unread).toEqual([]);
	const issuer = readFileSync('src/lib/accounts/issuers.ts', 'utf8');
	for (const name of [...documented].filter((each) => each.startsWith('SSO_MINISTRY_')))
		expect(issuer).toContain(`'${name.slice('SSO_MINISTRY_'.length)}'`);
});

test('the containers of the app pass on every variable of it', () => {
	const passed = new Set(Object.keys(readDeployment('hosted').services['backup']?.environment ?? {}));
	const elsewhere = new Set([
		// Only for local engines, or for tests.
		...['SAMPLE_BROADCAST', 'STRIPE_API_URL', 'POSTGRES_BIN', 'BACKUP_WAL', 'BACKUP_WAL_DAYS'],
		// In the image (Dockerfile).
		'RECORDER_SANDBOX'
	]);
	const app = [...documented].filter((name) => reads.has(name) && !elsewhere.has(name) && !name.startsWith('SSO_'));
	expect(app.filter((name) => !passed.has(name))).toEqual([]);
	expect([...passed].filter((name) => !documented.has(name))).toEqual([]);
});
