/* Asks a TURN server for a relay, as a browser does (RFC 8489, RFC 8656): over UDP, TCP or TLS. */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

const cookie = 0x2112a442;
const types = { allocate: 0x0003, allocated: 0x0103, refused: 0x0113, refresh: 0x0004 };
const attributes = {
	username: 0x06,
	integrity: 0x08,
	error: 0x09,
	lifetime: 0x0d,
	realm: 0x14,
	nonce: 0x15,
	relayed: 0x16,
	transport: 0x19
};

/** Where a relay is, from `turn:host:port?transport=udp` or `turns:…`. */
export interface TurnAddress {
	host: string;
	port: number;
	over: 'udp' | 'tcp' | 'tls';
}

/** Reads the address of an ICE server; null for STUN. */
export function readTurnAddress(url: string): TurnAddress | null {
	const [, scheme, host = '', port, transport] =
		/^(turns?):(\[[0-9a-f:]+\]|[\w.-]+)(?::(\d+))?(?:\?transport=(udp|tcp))?$/i.exec(url) ?? [];
	if (!scheme) return null;
	const isTls = scheme.toLowerCase() === 'turns';
	return {
		host: host.replace(/^\[|\]$/g, ''),
		port: Number(port ?? (isTls ? 5349 : 3478)),
		over: isTls ? 'tls' : transport === 'tcp' ? 'tcp' : 'udp'
	};
}

function attribute(type: number, value: Buffer): Buffer {
	const head = Buffer.alloc(4);
	head.writeUInt16BE(type);
	head.writeUInt16BE(value.length, 2);
	return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
}

function message(type: number, parts: Buffer[], key?: Buffer): Buffer {
	const body = Buffer.concat(parts);
	const head = Buffer.alloc(8);
	head.writeUInt16BE(type);
	// The length that is signed counts the signature too.
	head.writeUInt16BE(body.length + (key ? 24 : 0), 2);
	head.writeUInt32BE(cookie, 4);
	const whole = Buffer.concat([head, randomBytes(12), body]);
	return key
		? Buffer.concat([whole, attribute(attributes.integrity, createHmac('sha1', key).update(whole).digest())])
		: whole;
}

/** A message: its type, and its attributes by number. */
interface Answer {
	type: number;
	values: Map<number, Buffer>;
}

function read(bytes: Buffer): Answer {
	const values = new Map<number, Buffer>();
	for (let at = 20; at + 4 <= bytes.length;) {
		const length = bytes.readUInt16BE(at + 2);
		values.set(bytes.readUInt16BE(at), bytes.subarray(at + 4, at + 4 + length));
		at += 4 + length + ((4 - (length % 4)) % 4);
	}
	return { type: bytes.readUInt16BE(0), values };
}

/** Sends a message, and waits for the one that answers it. */
interface TurnConnection {
	ask: (bytes: Buffer) => Promise<Answer>;
	close: () => void;
}

const late = () => Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' });

function byUdp({ host, port }: TurnAddress): TurnConnection {
	const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
	// A packet that was sent again may fail when nobody waits any more, and an error that nobody hears ends the process.
	socket.on('error', () => undefined);
	return {
		close: () => socket.close(),
		ask: (bytes) =>
			new Promise((done, refuse) => {
				// UDP loses packets: three tries.
				const again = setInterval(() => socket.send(bytes, port, host), 700);
				const end = setTimeout(() => (clearInterval(again), refuse(late())), 2500);
				const over = () => (clearInterval(again), clearTimeout(end));
				socket.once('error', (error) => (over(), refuse(error)));
				socket.once('message', (answer: Buffer) => (over(), done(read(answer))));
				socket.send(bytes, port, host);
			})
	};
}

async function byStream({ host, port, over }: TurnAddress, ca: string | undefined): Promise<TurnConnection> {
	const socket: Socket = over === 'tls' ? connectTls({ host, port, servername: host, ca }) : connectTcp({ host, port });
	socket.setTimeout(5000, () => socket.destroy(late()));
	await new Promise((done, refuse) => {
		socket.once(over === 'tls' ? 'secureConnect' : 'connect', done);
		socket.once('error', refuse);
	});
	return {
		close: () => socket.destroy(),
		ask: (bytes) =>
			new Promise((done, refuse) => {
				let held = Buffer.alloc(0);
				const take = (piece: Buffer) => {
					held = Buffer.concat([held, piece]);
					if (held.length < 20 || held.length < 20 + held.readUInt16BE(2)) return;
					socket.off('data', take);
					done(read(held));
				};
				socket.on('data', take);
				socket.once('error', refuse);
				socket.once('close', () => refuse(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
				socket.write(bytes);
			})
	};
}

const udp = attribute(attributes.transport, Buffer.from([17, 0, 0, 0]));

function relayedIn({ values }: Answer): string {
	const value = values.get(attributes.relayed);
	if (!value || value[1] !== 1) return 'an address';
	const port = value.readUInt16BE(2) ^ (cookie >>> 16);
	const address = (value.readUInt32BE(4) ^ cookie) >>> 0;
	return `${[24, 16, 8, 0].map((by) => (address >>> by) & 255).join('.')}:${port}`;
}

/** Takes a relay and gives it back; answers its address. Throws with a code where it cannot. */
export async function allocate(
	address: TurnAddress,
	user: { username: string; credential: string },
	ca?: string
): Promise<string> {
	const connection = address.over === 'udp' ? byUdp(address) : await byStream(address, ca);
	try {
		const first = await connection.ask(message(types.allocate, [udp]));
		const [realm, nonce] = [first.values.get(attributes.realm), first.values.get(attributes.nonce)];
		if (!realm || !nonce) throw Object.assign(new Error('no challenge'), { code: 'NO_TURN_SERVER' });
		const key = createHash('md5').update(`${user.username}:${realm.toString()}:${user.credential}`).digest();
		const signed = [
			attribute(attributes.username, Buffer.from(user.username)),
			attribute(attributes.realm, realm),
			attribute(attributes.nonce, nonce)
		];
		const answer = await connection.ask(message(types.allocate, [udp, ...signed], key));
		if (answer.type !== types.allocated) {
			const error = answer.values.get(attributes.error);
			throw Object.assign(new Error('refused'), {
				code: `TURN ${error ? (error[2] ?? 0) * 100 + (error[3] ?? 0) : 'refused'}`
			});
		}
		const ends = attribute(attributes.lifetime, Buffer.alloc(4));
		await connection.ask(message(types.refresh, [ends, ...signed], key)).catch(() => undefined);
		return relayedIn(answer);
	} finally {
		connection.close();
	}
}
