import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openWays } from '../hosted-auth.ts';
import { deployments, interpolations, readDeployment } from './compose-files.ts';

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
		expect(existsSync(`deploy/${name}/Caddyfile`)).toBe(true);
	});
});

describe('one server', () => {
	test('keeps the database, Auth and REST where nobody else reaches them', () => {
		expect(one.networks?.['inside']).toEqual({ internal: true });
		for (const id of ['database', 'auth', 'rest', 'gateway', 'migrate', 'backup'])
			expect([id, one.services[id]?.networks, one.services[id]?.ports]).toEqual([id, ['inside'], undefined]);
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
