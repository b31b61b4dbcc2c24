import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startStack } from '../../fixtures/summit.ts';
import { expect, test } from '../../fixtures/test.ts';

test('answers while LiveKit is down, and reports it', async ({ request }) => {
	const summit = await startStack({
		env: {
			PATH: '/bin:/usr/bin',
			XDG_CACHE_HOME: '/nowhere/cache',
			GO_COMMAND: '/nowhere/go',
			LIVEKIT_RELEASES: 'http://127.0.0.1:1'
		}
	});
	try {
		expect((await request.get(`${summit.origin}/healthz`)).status()).toBe(200);
		await expect(async () => {
			const answer = await request.get(`${summit.origin}/readyz`);
			const { engines } = (await answer.json()) as { engines: Record<string, { state: string }> };
			expect(engines).toMatchObject({
				postgres: { state: 'ready' },
				supabase: { state: 'ready' },
				livekit: { state: 'off' }
			});
		}).toPass({ timeout: 20_000 });
	} finally {
		await summit.stop();
	}
});

test('logs no address and no key', async ({ request }) => {
	const summit = await startStack();
	try {
		await request.get(`${summit.origin}/sign-in?address=canary@example.org`);
		await request.get(`${summit.origin}/nowhere/canary@example.org`);
		const secrets = JSON.parse(readFileSync(join(summit.dataFolder, 'secrets.json'), 'utf8')) as Record<string, string>;
		for (const secret of ['canary', ...Object.values(secrets)]) expect(summit.output()).not.toContain(secret);
	} finally {
		await summit.stop();
	}
});
