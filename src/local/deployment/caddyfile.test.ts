import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { deployments, readDeployment } from './compose-files.ts';

const read = (file: string) => readFileSync(`deploy/${file}`, 'utf8');

/** A Caddyfile with what it imports, which lies in /etc/proxy. */
const whole = (name: string) =>
	read(`${name}/caddy/Caddyfile`).replace(/import \/etc\/(proxy\/\S+)/g, (_, file: string) => read(file));

describe.each(deployments())('%s', (name) => {
	const { services } = readDeployment(name);

	test('finds what its Caddyfile imports where the compose file mounts it', () => {
		expect(services['proxy']?.volumes).toEqual(
			expect.arrayContaining(['../proxy:/etc/proxy:ro', './caddy:/etc/caddy:ro'])
		);
		expect(whole(name)).not.toContain('import ');
	});

	test('gives the proxy each variable that its Caddyfile names, and no other', () => {
		const named = [...whole(name).matchAll(/\{\$([A-Z_]+)\}/g)].map(([, variable = '']) => variable);
		expect([...new Set(named)].sort()).toEqual(Object.keys(services['proxy']?.environment ?? {}).sort());
	});

	test('proxies to ports where something of it listens', () => {
		const listening = Object.values(services).flatMap(({ ports = [] }) => ports.map((port) => port.split(':')[1]));
		const media = services['livekit'] ? ['7880', '5349'] : [];
		const asked = [...whole(name).matchAll(/(?<!http:\/\/)127\.0\.0\.1:(\d+)/g)].map(([, port]) => port);
		expect(asked.length).toBeGreaterThan(0);
		expect(asked.filter((port) => ![...listening, ...media].includes(port))).toEqual([]);
	});
});

describe('the site', () => {
	const site = read('proxy/site.caddy');

	test('sends every address to the app: pages, webhooks, streams, uploads', () => {
		expect(site).not.toMatch(/handle|route|@|path|respond|rewrite/);
		const ports = ['app-1', 'app-2'].map((id) => readDeployment('one-server').services[id]?.ports?.[0]);
		expect(ports.map((port) => port?.split(':').slice(0, 2).join(':'))).toEqual(['127.0.0.1:3001', '127.0.0.1:3002']);
		expect(site).toContain('reverse_proxy 127.0.0.1:3001 127.0.0.1:3002 {');
	});

	test('passes live events on as they come, and takes the largest upload', () => {
		expect(site).toContain('flush_interval -1');
		expect(site).not.toMatch(/encode|read_timeout|write_timeout/);
		const limit = Number(
			/uploadLimit = ([\d_]+)/.exec(readFileSync('src/server.ts', 'utf8'))?.[1]?.replaceAll('_', '')
		);
		expect(Number(/max_size (\d+)MB/.exec(site)?.[1]) * 1e6).toBeGreaterThan(limit);
	});

	test('asks for what says that a process leaves, and not for its engines', () => {
		expect(site).toContain('health_uri /healthz');
	});

	test('names the client in the header that the app reads, and takes it from nobody else', () => {
		const { environment = {} } = readDeployment('one-server').services['app-1'] ?? {};
		expect([environment['ADDRESS_HEADER'], environment['XFF_DEPTH']]).toEqual(['X-Forwarded-For', '1']);
		// Caddy sets the header itself, and without trusted proxies it forgets what a client sent.
		for (const file of globSync('deploy/**/{Caddyfile,*.caddy}'))
			expect(readFileSync(file, 'utf8')).not.toMatch(/trusted_proxies|X-Forwarded|header_up/i);
	});
});

test('the gateway has Auth and REST where a Supabase project has them', () => {
	const gateway = read('one-server/gateway/Caddyfile');
	expect(gateway).toMatch(/handle_path \/auth\/v1\/\* \{\s+reverse_proxy auth:9999\s+\}/);
	expect(gateway).toMatch(/handle_path \/rest\/v1\/\* \{\s+reverse_proxy rest:3000\s+\}/);
	const { services } = readDeployment('one-server');
	expect(services['app-1']?.environment?.['SUPABASE_URL']).toBe('http://gateway:8000');
	expect(services['auth']?.environment?.['GOTRUE_API_PORT']).toBe('9999');
});

test('the scanner takes files as large as the app', () => {
	const conf = read('clamd.conf');
	for (const name of ['StreamMaxLength', 'MaxFileSize'])
		expect(Number(new RegExp(`^${name} (\\d+)M$`, 'm').exec(conf)?.[1])).toBeGreaterThanOrEqual(105);
});
