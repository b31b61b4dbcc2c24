import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { openWays } from '../hosted-auth.ts';
import { deployments, interpolations, readDeployment, type Deployment, type Service } from './compose-files.ts';

const texts = globSync('deploy/**/*.yaml').map((file) => readFileSync(file, 'utf8'));
const one = readDeployment('one-server');

test('there are three deployments, and no other compose files', () => {
	expect(deployments()).toEqual(['hosted', 'livekit', 'one-server']);
	expect(globSync('*compose*.{yaml,yml}')).toEqual([]);
});

test('has no default passwords, keys or addresses, and fails where one is unset', () => {
	const used = texts.flatMap(interpolations);
	expect(used.length).toBeGreaterThan(30);
	expect(used.filter(({ rest }) => !rest.startsWith(':?')).map(({ name }) => name)).toEqual([]);
});

describe.each(deployments())('%s', (name) => {
	const { services, networks, volumes = {} } = readDeployment(name);
	const all = Object.entries(services);
	const lasting = all.filter(([, service]) => service.restart !== 'no');

	test('pins each image by a version', () => {
		for (const [id, { image = '' }] of all)
			expect(`${id} ${image}`).toMatch(/:(v?\d+\.\d+[\w.-]*|\$\{SUMMIT_VERSION:\?[^}]*\})$/);
	});

	test('restarts and watches what lasts, and bounds its memory and its log', () => {
		const built = new Set(['app-1', 'app-2']);
		for (const [id, service] of lasting) {
			expect([id, service.restart]).toEqual([id, 'unless-stopped']);
			// The image of the app has its own.
			expect([id, service.healthcheck !== undefined || built.has(id)]).toEqual([id, true]);
		}
		for (const [id, service] of all) {
			expect([id, service.mem_limit]).toEqual([id, expect.stringMatching(/^\d+[mg]$/)]);
			expect([id, service.logging?.options['max-size']]).toEqual([id, '10m']);
			expect([id, service.security_opt]).toEqual([id, ['no-new-privileges:true']]);
			expect([id, service.privileged]).toEqual([id, undefined]);
		}
	});

	test('publishes nothing beyond this machine but the proxy and media, which are on the network of the host', () => {
		for (const [id, { ports = [], network_mode }] of all) {
			expect([id, ports.filter((port) => !port.startsWith('127.0.0.1:'))]).toEqual([id, []]);
			expect([id, network_mode === 'host']).toEqual([id, id === 'proxy' || id === 'livekit']);
		}
	});

	test('lets everything out that asks others: mail, Stripe, buckets, certificates, signatures', () => {
		const asks = ({ environment = {}, image = '' }: Service) =>
			['SMTP_URL', 'STRIPE_SECRET_KEY', 'BACKUP_TO', 'ACME_EMAIL'].some((variable) => variable in environment) ||
			image.startsWith('clamav/');
		const asking = all.filter(([, service]) => asks(service));
		expect(asking.length).toBeGreaterThan(0);
		for (const [id, { networks: own }] of asking)
			expect([id, !own || own.some((each) => !networks?.[each]?.internal)]).toEqual([id, true]);
	});

	test('gives the variables that SSO names to each service that gets SSO', () => {
		const named = all.filter(([, { environment = {} }]) => 'SSO' in environment);
		expect(named.map(([id]) => id)).toEqual(
			name === 'livekit' ? [] : ['app-1', 'app-2', 'backup', 'restore', 'doctor']
		);
		for (const [id, { env_file = [] }] of named)
			expect([id, env_file.map(({ path }) => path)]).toEqual([id, ['../sso.env']]);
	});

	test('lets the app know that backups are made elsewhere, without the keys to them', () => {
		const apps = all.filter(([id]) => id.startsWith('app-'));
		expect(apps).toHaveLength(name === 'livekit' ? 0 : 2);
		for (const [id, { environment = {} }] of apps) {
			const named = Object.keys(environment).filter((variable) => variable.startsWith('BACKUP_'));
			expect([id, named.sort()]).toEqual([
				id,
				['BACKUP_AT', 'BACKUP_LIMIT', 'BACKUP_OLD_AFTER', 'BACKUP_RECIPIENTS', 'BACKUP_TO']
			]);
			expect([id, environment['BACKUP_AT']]).toEqual([id, 'no']);
		}
	});

	test('gives a process longer to end than it takes', () => {
		const short = all.filter(([, { environment = {}, stop_grace_period = '10s' }]) => {
			const needed = Number(environment['DRAIN_SECONDS']) + Number(environment['SHUTDOWN_TIMEOUT']) + 5;
			return parseInt(stop_grace_period) < needed;
		});
		// These have the variables too, and serve nobody.
		const commands = ['backup', 'restore', 'doctor'];
		expect(short.map(([id]) => id).filter((id) => !commands.includes(id))).toEqual([]);
	});

	test('takes what is asked of a command behind its name', () => {
		const words = all.flatMap(([, { profiles, entrypoint }]) => (profiles ? [entrypoint ?? []] : []));
		expect(words.filter(([node, file = '']) => node !== 'node' || !existsSync(file))).toEqual([]);
	});

	test('states each volume and network that it names', () => {
		const named = all.flatMap(([, service]) =>
			(service.volumes ?? []).flatMap((volume) => (typeof volume === 'string' ? [volume.split(':')[0] ?? ''] : []))
		);
		expect(named.filter((source) => !source.startsWith('.') && !(source in volumes))).toEqual([]);
		expect(Object.keys(volumes).filter((volume) => !named.includes(volume))).toEqual([]);
		const asked = all.flatMap(([, service]) => service.networks ?? []);
		expect([...new Set(asked)].sort()).toEqual(Object.keys(networks ?? {}).sort());
		for (const [, { depends_on = {} }] of all)
			for (const id of Object.keys(depends_on)) expect(Object.keys(services)).toContain(id);
	});

	test('mounts files that exist', () => {
		const found = globSync(['deploy/services/*.yaml', `deploy/${name}/compose.yaml`]).flatMap((file) =>
			[...readFileSync(file, 'utf8').matchAll(/^ +- (\.{1,2}\/[\w./-]+):\/(?!run\/secrets)/gm)].map(([, path = '']) =>
				join(dirname(file), path)
			)
		);
		expect(found.length).toBeGreaterThan(1);
		expect(found.filter((path) => !existsSync(path))).toEqual([]);
		expect(existsSync(`deploy/${name}/caddy/Caddyfile`)).toBe(true);
	});
});

test('a container that reads a changed file only when it is made again has the sum of its files in a label', () => {
	const made = globSync('deploy/**/*.yaml').flatMap((file) => {
		const { services = {} } = load(readFileSync(file, 'utf8')) as Partial<Deployment>;
		return Object.entries(services).flatMap(([id, { volumes = [], labels }]) => {
			const mounted = volumes
				.map((volume) => (typeof volume === 'string' ? volume : '').split(':'))
				// What the database reads once, when it is made, is not read again by another container.
				.filter(([source, target]) => source?.startsWith('.') && !target?.startsWith('/docker-entrypoint-initdb.d/'))
				.map(([source = '']) => join(dirname(file), source))
				.filter((path) => existsSync(path));
			const files = mounted.flatMap((path) => (statSync(path).isDirectory() ? globSync(`${path}/*`) : [path])).sort();
			const texts = files.map((path) => readFileSync(path, 'utf8'));
			const isRead =
				mounted.every((path) => statSync(path).isDirectory()) && !texts.some((text) => /admin off/.test(text));
			if (isRead) return [];
			return [
				[id, labels?.['global-summit.files'], createHash('sha256').update(texts.join('')).digest('hex').slice(0, 12)]
			];
		});
	});
	expect(made.map(([id]) => id).sort()).toEqual(['clamav', 'gateway']);
	for (const [id, label, sum] of made) expect([id, label]).toEqual([id, sum]);
});

describe('one server', () => {
	test('keeps the database, Auth and REST where nobody else reaches them', () => {
		expect(one.networks?.['inside']).toEqual({ internal: true });
		for (const id of ['database', 'auth', 'rest', 'gateway', 'migrate'])
			expect([id, one.services[id]?.networks, one.services[id]?.ports]).toEqual([id, ['inside'], undefined]);
	});

	test('asks REST whether it is ready at an address, as it refuses its default, which is a special name', () => {
		const { healthcheck, environment = {} } = one.services['rest'] ?? {};
		expect(healthcheck?.test).toEqual(['CMD', 'postgrest', '--ready']);
		expect(environment['PGRST_ADMIN_SERVER_HOST']).toBe('127.0.0.1');
		expect(environment['PGRST_ADMIN_SERVER_PORT']).toBe('3001');
		// REST itself is asked by the gateway, from another container.
		expect(environment['PGRST_SERVER_HOST']).toBe('0.0.0.0');
	});

	test('sets Auth so that the start accepts it, with the settings of supabase/config.toml', () => {
		const auth = one.services['auth']?.environment ?? {};
		const isOn = (name: string) => auth[name] === 'true';
		expect(
			openWays({
				disable_signup: isOn('GOTRUE_DISABLE_SIGNUP'),
				external: {
					email: isOn('GOTRUE_EXTERNAL_EMAIL_ENABLED') || !('GOTRUE_EXTERNAL_EMAIL_ENABLED' in auth),
					phone: isOn('GOTRUE_EXTERNAL_PHONE_ENABLED') || !('GOTRUE_EXTERNAL_PHONE_ENABLED' in auth),
					anonymous_users: isOn('GOTRUE_EXTERNAL_ANONYMOUS_USERS_ENABLED')
				},
				saml_enabled: isOn('GOTRUE_SAML_ENABLED'),
				passkeys_enabled: isOn('GOTRUE_PASSKEY_ENABLED')
			})
		).toEqual([]);
		const config = readFileSync('supabase/config.toml', 'utf8');
		const stated = (name: string) => new RegExp(`^${name} = (\\S+)`, 'm').exec(config)?.[1];
		expect(auth['GOTRUE_JWT_EXP']).toBe(stated('jwt_expiry'));
		expect(auth['GOTRUE_RATE_LIMIT_VERIFY']).toBe(stated('token_verifications'));
		expect(auth['GOTRUE_RATE_LIMIT_OTP']).toBe(stated('sign_in_sign_ups'));
		expect(auth['GOTRUE_RATE_LIMIT_TOKEN_REFRESH']).toBe(stated('token_refresh'));
		expect(auth['GOTRUE_SECURITY_REFRESH_TOKEN_ROTATION_ENABLED']).toBe(stated('enable_refresh_token_rotation'));
		expect(one.services['rest']?.environment?.['PGRST_DB_MAX_ROWS']).toBe(stated('max_rows'));
	});

	test('has room for the connections of all of its processes', () => {
		const command = readFileSync('deploy/one-server/compose.yaml', 'utf8');
		const most = Number(/max_connections=(\d+)/.exec(command)?.[1]);
		const { auth, rest } = one.services;
		// A process has 10 for the app, 10 for the data path, 4 and 1 for the worker, 1 that listens, and the start's own.
		const needed =
			2 * 30 + Number(auth?.environment?.['GOTRUE_DB_MAX_POOL_SIZE']) + Number(rest?.environment?.['PGRST_DB_POOL']);
		expect(most).toBeGreaterThanOrEqual(needed + 50);
	});

	test('gives LiveKit a relay whose TLS the proxy ends, and browsers its own address', () => {
		const config = one.services['livekit']?.environment?.['LIVEKIT_CONFIG'] ?? '';
		expect(config).toContain('external_tls: true');
		expect(config).toContain(`bind_addresses: ['127.0.0.1']`);
		expect(config).toMatch(/urls: \['\$\{ORIGIN:\?[^}]*\}\/webhooks\/livekit'\]/);
		const turn = readFileSync('deploy/proxy/turn.caddy', 'utf8');
		expect(turn).toContain(`proxy 127.0.0.1:${/tls_port: (\d+)/.exec(config)?.[1]}`);
	});
});

test('processes of the app share files and the log of erasures, and nothing else', () => {
	const volumesOf = (name: string, id: string) => readDeployment(name).services[id]?.volumes ?? [];
	const shared = (name: string) =>
		volumesOf(name, 'app-1').filter((volume) => volumesOf(name, 'app-2').includes(volume));
	expect(shared('one-server')).toEqual(['erasures:/erasures', 'files:/files']);
	expect(shared('hosted')).toEqual(['erasures:/erasures', './certificates:/run/secrets:ro']);
});
