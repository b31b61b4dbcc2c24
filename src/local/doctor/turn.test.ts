import { createHash, createHmac } from 'node:crypto';
import { createSocket } from 'node:dgram';
import dns from 'node:dns';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test, vi } from 'vitest';
import { allocate, readTurnAddress } from './turn.ts';

const user = { username: 'somebody', credential: 'a word' };
const realm = 'made.example';

const attribute = (type: number, value: Buffer) => {
	const head = Buffer.alloc(4);
	head.writeUInt16BE(type);
	head.writeUInt16BE(value.length, 2);
	return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
};

/** What a TURN server answers: a challenge first, then a relay to whom signed with the password. */
function answer(asked: Buffer): Buffer {
	const reply = (type: number, ...parts: Buffer[]) => {
		const body = Buffer.concat(parts);
		const head = Buffer.from(asked.subarray(0, 20));
		head.writeUInt16BE(type);
		head.writeUInt16BE(body.length, 2);
		return Buffer.concat([head, body]);
	};
	const challenge = [attribute(0x14, Buffer.from(realm)), attribute(0x15, Buffer.from('a nonce'))];
	const signedAt = asked.length - 24;
	if (signedAt < 20 || asked.readUInt16BE(signedAt) !== 0x08)
		return reply(0x0113, attribute(0x09, Buffer.from([0, 0, 4, 1])), ...challenge);
	const key = createHash('md5').update(`${user.username}:${realm}:${user.credential}`).digest();
	const own = createHmac('sha1', key).update(asked.subarray(0, signedAt)).digest();
	if (!own.equals(asked.subarray(signedAt + 4))) return reply(0x0113, attribute(0x09, Buffer.from([0, 0, 4, 41])));
	// 192.0.2.15:50000, each byte over the cookie.
	return reply(0x0103, attribute(0x16, Buffer.from([0, 1, 0xe2, 0x42, 0xe1, 0x12, 0xa6, 0x4d])));
}

test('reads the addresses that LiveKit gives', () => {
	expect(readTurnAddress('turn:192.0.2.1:3478?transport=udp')).toEqual({ host: '192.0.2.1', port: 3478, over: 'udp' });
	expect(readTurnAddress('turns:turn.example.org:443?transport=tcp')).toEqual({
		host: 'turn.example.org',
		port: 443,
		over: 'tls'
	});
	expect(readTurnAddress('turn:[2001:db8::1]:3478?transport=tcp')).toEqual({
		host: '2001:db8::1',
		port: 3478,
		over: 'tcp'
	});
	expect(readTurnAddress('stun:turn.example.org:3478')).toBeNull();
});

test('takes a relay over UDP, and says what a server refuses', async () => {
	const server = createSocket('udp4');
	server.on('message', (asked, { port, address }) => server.send(answer(asked), port, address));
	await new Promise<void>((done) => server.bind(0, '127.0.0.1', done));
	const address = { host: '127.0.0.1', port: server.address().port, over: 'udp' as const };
	expect(await allocate(address, user)).toBe('192.0.2.15:50000');
	await expect(allocate(address, { ...user, credential: 'another' })).rejects.toMatchObject({ code: 'TURN 441' });
	await new Promise<void>((done) => server.close(done));
	await expect(allocate(address, user)).rejects.toMatchObject({
		code: expect.stringMatching(/ETIMEDOUT|ECONNREFUSED/)
	});
});

test('lives on when packets that were sent again fail after the first one', async () => {
	// Each packet looks its host up by itself; the later ones fail when nobody waits any more.
	const lookup = vi.spyOn(dns, 'lookup').mockImplementation(((
		_host: string,
		_family: number,
		done: (error: Error) => void
	) => {
		setTimeout(done, 1500, Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }));
	}) as unknown as typeof dns.lookup);
	await expect(allocate({ host: 'turn.invalid', port: 3478, over: 'udp' }, user)).rejects.toMatchObject({
		code: 'ENOTFOUND'
	});
	expect(lookup.mock.calls.length).toBeGreaterThan(1);
	// A failure that nobody hears would fail this test.
	await new Promise((done) => setTimeout(done, 1600));
	lookup.mockRestore();
});

test('takes a relay over TCP, in pieces as they come', async () => {
	const server = createServer((socket) => {
		socket.on('error', () => undefined);
		socket.on('data', (asked) => {
			const bytes = answer(asked);
			socket.write(bytes.subarray(0, 7));
			setImmediate(() => socket.write(bytes.subarray(7)));
		});
	}).listen(0, '127.0.0.1');
	await new Promise((done) => server.once('listening', done));
	const address = { host: '127.0.0.1', port: (server.address() as AddressInfo).port, over: 'tcp' as const };
	expect(await allocate(address, user)).toBe('192.0.2.15:50000');
	server.close();
});
