import { createHash } from 'node:crypto';
import { AccessToken } from 'livekit-server-sdk';
import { beforeAll, expect, test } from 'vitest';
import { readLivekitEvent } from './server/livekit.ts';

const key = 'APIkey';
const secret = 'a-secret-of-more-than-thirty-two-letters';
const body = JSON.stringify({ event: 'room_started', room: { name: 'x' } });

beforeAll(() => {
	Object.assign(process.env, { LIVEKIT_URL: 'ws://127.0.0.1:7880', LIVEKIT_API_KEY: key, LIVEKIT_API_SECRET: secret });
});

async function signed(ttl: number, of = body): Promise<string> {
	const token = new AccessToken(key, secret, { ttl });
	token.sha256 = createHash('sha256').update(of).digest('base64');
	return token.toJwt();
}

test('accepts a LiveKit event while its signature is fresh, and none with a long-lived one', async () => {
	const outcome = async (authorization: string | null) =>
		readLivekitEvent(body, authorization).then(
			({ room }) => room,
			() => 'refused'
		);
	expect(await outcome(await signed(300))).toBe('x');
	expect(await outcome(await signed(-120))).toBe('refused');
	expect(await outcome(await signed(86_400))).toBe('refused');
	expect(await outcome(await signed(300, '{}'))).toBe('refused');
	expect(await outcome(null)).toBe('refused');
});
