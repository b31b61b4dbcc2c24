import { execFileSync, spawnSync } from 'node:child_process';
import { createHmac, createPrivateKey } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { pushKeys } from '#lib/live/server/push.ts';
import { readEnvironment } from '../environment.ts';
import { temporaryFolder } from '../temporary-folders.ts';
import { deployments, environmentOf, interpolations, readDeployment } from './compose-files.ts';

const folder = temporaryFolder('make-env');
afterAll(() => rmSync(folder, { recursive: true }));

function make(kind: string, ...values: string[]): Record<string, string | undefined> {
	const file = join(folder, `${kind}-${Math.random()}.env`);
	execFileSync('deploy/make-env', ['--to', file, kind, ...values]);
	expect(statSync(file).mode & 0o777).toBe(0o600);
	return parseEnv(readFileSync(file, 'utf8'));
}

const filled = {
	ACME_EMAIL: 'it@example.org',
	OWNER_EMAIL: 'owner@example.org',
	STRIPE_SECRET_KEY: 'sk_live_x',
	STRIPE_WEBHOOK_SECRET: 'whsec_x',
	SMTP_URL: 'smtps://user:word@smtp.example.org:465',
	MAIL_FROM: 'Summit <summit@example.org>'
};
const one = make('one-server', 'summit.example.org', '203.0.113.7');

test('makes what the app accepts, once the lines are filled that only people know', () => {
	const { POSTGRES_PASSWORD, APP_PASSWORD, LIVEKIT_HOST } = one;
	expect(LIVEKIT_HOST).toBe('live.summit.example.org');
	const app = {
		...Object.fromEntries(Object.entries(one).map(([name, value]) => [name, value || undefined])),
		...filled,
		HOST: '0.0.0.0',
		ADDRESS_HEADER: 'X-Forwarded-For',
		SUPABASE_URL: 'http://gateway:8000',
		DATABASE_URL: `postgres://postgres:${POSTGRES_PASSWORD}@database:5432/postgres?sslmode=disable`,
		APP_DATABASE_URL: `postgres://app_server:${APP_PASSWORD}@database:5432/postgres?sslmode=disable`,
		LIVEKIT_URL: `wss://${LIVEKIT_HOST}`
	};
	expect(readEnvironment(app).problems).toEqual([]);
	expect(
		createPrivateKey({ key: Buffer.from(one['BADGE_KEY']?.slice(3) ?? '', 'base64'), format: 'der', type: 'pkcs8' })
			.asymmetricKeyType
	).toBe('ed25519');
	expect(pushKeys({ PUSH_KEY: one['PUSH_KEY'] ?? '' })?.publicKey).toHaveLength(87);
});

describe.each(deployments().filter((name) => name !== 'livekit'))('the containers of %s', (name) => {
	test('get what the app accepts, with single sign-on', () => {
		const made = name === 'one-server' ? one : make(name, 'summit.example.org');
		const database = (role: string) => `postgres://${role}:word@db.example.org:5432/postgres?sslmode=disable`;
		const hosted = {
			SUPABASE_URL: 'https://abc.supabase.co',
			SUPABASE_PUBLISHABLE_KEY: 'sb_publishable_x',
			SUPABASE_SECRET_KEY: 'sb_secret_x',
			DATABASE_URL: database('postgres'),
			APP_DATABASE_URL: database('app_server'),
			DATA_DATABASE_URL: database('data_path'),
			LIVEKIT_URL: 'wss://live.example.org',
			LIVEKIT_API_KEY: 'APIx',
			LIVEKIT_API_SECRET: 'x'.repeat(32)
		};
		const values = { ...made, ...filled, ...(name === 'hosted' && hosted), SSO: 'ministry' };
		const issuer = {
			SSO_MINISTRY_ISSUER: 'https://login.ministry.example',
			SSO_MINISTRY_CLIENT_ID: 'summit',
			SSO_MINISTRY_CLIENT_SECRET: 'a secret',
			SSO_MINISTRY_NAME: 'Ministry',
			SSO_MINISTRY_DOMAINS: 'ministry.example'
		};
		for (const [id, service] of Object.entries(readDeployment(name).services)) {
			if (!service.image?.startsWith('global-summit:') || id === 'migrate') continue;
			const env = { ...environmentOf(service, values), ...(service.env_file && issuer) };
			expect([id, readEnvironment(env).problems]).toEqual([id, []]);
		}
	});
});

test('signs the keys of Auth and REST with their secret', () => {
	for (const [name, role] of [
		['SUPABASE_PUBLISHABLE_KEY', 'anon'],
		['SUPABASE_SECRET_KEY', 'service_role']
	] as const) {
		const [head = '', body = '', signature] = (one[name] ?? '').split('.');
		expect(JSON.parse(Buffer.from(body, 'base64url').toString())).toMatchObject({ role, iss: 'supabase' });
		const own = createHmac('sha256', one['SUPABASE_JWT_SECRET'] ?? '').update(`${head}.${body}`);
		expect(signature).toBe(own.digest('base64url'));
	}
});

test('makes other secrets each time', () => {
	const other = make('one-server', 'summit.example.org', '203.0.113.7');
	const secrets = Object.keys(one).filter((name) => /PASSWORD|SECRET|KEY/.test(name) && one[name]);
	expect(secrets.length).toBeGreaterThan(12);
	expect(secrets.filter((name) => one[name] === other[name])).toEqual([]);
	const values = secrets.map((name) => one[name]);
	expect(new Set(values).size).toBe(values.length);
});

describe('has a line for everything that its deployment demands', () => {
	test.each([
		['one-server', ['summit.example.org', '203.0.113.7']],
		['hosted', ['summit.example.org']],
		['livekit', ['live.example.org', '203.0.113.7', 'https://summit.example.org']]
	])('%s', (kind, values) => {
		const made = make(kind, ...values);
		const own = readFileSync(`deploy/${kind}/compose.yaml`, 'utf8');
		// Compose demands the values of a whole file that is extended.
		const files = new Set([...own.matchAll(/file: \.\.\/(\S+)/g)].map(([, file]) => `deploy/${file}`));
		const texts = [own, ...[...files].map((file) => readFileSync(file, 'utf8'))];
		const demanded = texts.flatMap(interpolations).map(({ name }) => name);
		expect(demanded.length).toBeGreaterThan(6);
		expect([...new Set(demanded)].filter((name) => !(name in made))).toEqual([]);
	});
});

test('shows no secret in arguments, and leaves nothing behind when a program fails', () => {
	const bin = join(folder, 'bin');
	const asked = join(folder, 'asked');
	mkdirSync(bin, { recursive: true });
	// An openssl that writes down its arguments, and knows no Ed25519 where it is told so.
	const real = execFileSync('sh', ['-c', 'command -v openssl'], { encoding: 'utf8' }).trim();
	writeFileSync(
		join(bin, 'openssl'),
		`#!/bin/sh\necho "$@" >>'${asked}'\n[ "$OLD$2$3" != yes-algorithmed25519 ] || exit 1\nexec ${real} "$@"\n`,
		{ mode: 0o755 }
	);
	const values = ['one-server', 'summit.example.org', '203.0.113.7'];
	const run = (name: string, env: Record<string, string>) =>
		spawnSync('deploy/make-env', ['--to', join(folder, 'made', name), ...values], {
			encoding: 'utf8',
			env: { ...process.env, PATH: `${bin}:${process.env['PATH']}`, ...env }
		});
	mkdirSync(join(folder, 'made'));
	expect(run('whole.env', { OLD: '' }).status).toBe(0);
	const secrets = Object.values(parseEnv(readFileSync(join(folder, 'made/whole.env'), 'utf8')));
	const shown = readFileSync(asked, 'utf8');
	expect(shown).toContain('dgst -sha256');
	expect(secrets.filter((secret = '') => secret.length > 20 && shown.includes(secret))).toEqual([]);
	const { status, stderr } = run('none.env', { OLD: 'yes' });
	expect([status, stderr]).toEqual([1, expect.stringContaining('openssl did not make a key by Ed25519')]);
	expect(globSync(join(folder, 'made/*'))).toEqual([join(folder, 'made/whole.env')]);
});

test('takes the address of the site without the slash at its end', () => {
	expect(make('livekit', 'live.example.org', '203.0.113.7', 'https://summit.example.org/')['ORIGIN']).toBe(
		'https://summit.example.org'
	);
});

test('refuses what makes no sense, and never overwrites keys', () => {
	const run = (...values: string[]) => spawnSync('deploy/make-env', values, { encoding: 'utf8' });
	expect(run('all').stderr).toBe('Say what is deployed: one-server, hosted or livekit.\n');
	expect(run('hosted', 'https://summit.example.org').stderr).toContain('Give a name alone');
	expect(run('one-server', 'summit.example.org').stderr).toContain('public IPv4 address');
	const [there = ''] = globSync(join(folder, '*.env'));
	const before = readFileSync(there, 'utf8');
	const again = run('--to', there, 'hosted', 'summit.example.org');
	expect([again.status, again.stderr]).toEqual([1, expect.stringContaining('is there already')]);
	expect(readFileSync(there, 'utf8')).toBe(before);
});
