import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { comesFromOurPages } from './origin.ts';

const site = 'https://summit.example.org';

test('refuses writes from other origins, by every method', () => {
	const senders = [site, null, 'null', 'https://evil.example', `${site}.evil.example`, 'http://summit.example.org'];
	for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'BREW'])
		expect(senders.filter((sender) => comesFromOurPages(method, '/api/push', sender, site))).toEqual([site]);
	expect(['GET', 'HEAD', 'OPTIONS'].filter((method) => !comesFromOurPages(method, '/api/push', null, site))).toEqual(
		[]
	);
});

test('opens exactly these routes to other origins', () => {
	const folder = join(import.meta.dirname, '../../routes');
	const ids = readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((path) => /\+(?:server|page\.server)\.ts$/.test(path))
		.map((path) => `/${path.replace(/\/?\+[\w.]+$/, '')}`);
	expect(ids.length).toBeGreaterThan(200);
	expect(ids.filter((id) => comesFromOurPages('POST', id, null, site)).sort()).toEqual([
		'/(account)/unsubscribe/[token]/one-click',
		'/(stage)/[summit]/live/[room]/hall/whip',
		'/(stage)/[summit]/live/[room]/hall/whip/[participant]',
		'/(stage)/live/recorder/[key]/parts',
		'/(stage)/live/recorder/[key]/parts/[part=ordinal]',
		'/(stage)/live/recorder/[key]/parts/[part=ordinal]/[number=ordinal]',
		'/(stage)/live/recorder/[key]/parts/[part=ordinal]/languages/[language]/[number=ordinal]',
		'/(stage)/live/recorder/[key]/pass',
		'/(stage)/live/recorder/[key]/slides/[version]/[page=ordinal]',
		'/(stage)/live/recorder/[key]/sound',
		'/(stage)/live/recorder/[key]/view',
		'/api/captions',
		'/api/v1/[...rest]',
		'/api/v1/agenda',
		'/api/v1/check-ins',
		'/api/v1/checkpoints',
		'/api/v1/commitments',
		'/api/v1/documents',
		'/api/v1/key',
		'/api/v1/members',
		'/api/v1/openapi.json',
		'/api/v1/presence',
		'/api/v1/presence/counts',
		'/api/v1/registrations',
		'/api/v1/registrations/counts',
		'/api/v1/sessions',
		'/api/v1/speakers',
		'/api/wallet/v1/devices/[device]/registrations/[passtype]',
		'/api/wallet/v1/devices/[device]/registrations/[passtype]/[badge]',
		'/api/wallet/v1/log',
		'/api/wallet/v1/passes/[passtype]/[badge]',
		'/webhooks/livekit',
		'/webhooks/mail',
		'/webhooks/stripe'
	]);
});
