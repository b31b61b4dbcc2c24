/* LiveKit: its API with the keys, and what it gives browsers for their connections. */
import { randomBytes } from 'node:crypto';
import { SignalResponse, type ICEServer } from '@livekit/protocol';
import { AccessToken, RoomServiceClient } from 'livekit-server-sdk';
import { fault, notAsked, ok, reasonOf, warning, type Check, type Context, type Diagnosis } from '../check.ts';
import { allocate, readTurnAddress } from '../turn.ts';

/** Joins a room of its own as a browser does, and answers the servers that it is told. */
async function iceServersOf(url: string, token: string): Promise<ICEServer[]> {
	const address = new URL('/rtc', url);
	address.search = new URLSearchParams({ access_token: token, protocol: '15', auto_subscribe: '0' }).toString();
	const socket = new WebSocket(address);
	socket.binaryType = 'arraybuffer';
	try {
		return await new Promise((done, refuse) => {
			const late = setTimeout(refuse, 8000, Object.assign(new Error('late'), { code: 'ETIMEDOUT' }));
			late.unref();
			socket.onmessage = ({ data }) => {
				const { message } = SignalResponse.fromBinary(new Uint8Array(data as ArrayBuffer));
				if (message.case === 'join') done(message.value.iceServers);
			};
			socket.onerror = () => refuse(Object.assign(new Error('refused'), { code: 'NO_WEBSOCKET' }));
			socket.onclose = socket.onerror;
		});
	} finally {
		socket.close();
	}
}

async function relays(servers: ICEServer[], { ca }: Context): Promise<Diagnosis[]> {
	const urls = servers.flatMap(({ urls: all, username, credential }) =>
		all.map((url) => ({ url, username, credential }))
	);
	const found: Diagnosis[] = [];
	const others = urls.filter(({ url }) => /^stun:.*(?:google|twilio|cloudflare)/.test(url));
	if (others.length > 0)
		found.push(
			warning(
				'browsers are sent to public STUN servers',
				'Turn the relay on (turn.udp_port), or set rtc.stun_servers to your own.'
			)
		);
	const turns = urls.flatMap(({ url, ...user }) => {
		const address = readTurnAddress(url);
		return address ? [{ address, user }] : [];
	});
	if (turns.length === 0)
		return [
			...found,
			warning(
				'there is no relay',
				'Set turn in the configuration of LiveKit: networks that let no UDP out get no picture without it.'
			)
		];
	if (!turns.some(({ address }) => address.over === 'tls'))
		found.push(
			warning('there is no relay over TLS', 'Set turn.tls_port and turn.domain: some networks let nothing else out.')
		);
	const tried = turns.map(async ({ address, user }) => {
		const where = `${address.host}:${address.port} over ${address.over.toUpperCase()}`;
		try {
			return ok(`the relay ${where} gave ${await allocate(address, user, ca)}`);
		} catch (error) {
			return fault(
				`the relay ${where} gives nothing (${reasonOf(error)})`,
				'Open its port, and check turn.domain and its certificate.'
			);
		}
	});
	return [...found, ...(await Promise.all(tried))];
}

export const livekit: Check = {
	name: 'livekit',
	limitMs: 30_000,
	async run(context) {
		const { LIVEKIT_URL: url, LIVEKIT_API_KEY: key, LIVEKIT_API_SECRET: secret } = context.env;
		if (!url || !key || !secret) return [warning('LIVEKIT_URL is not set', 'Without LiveKit there are no live rooms.')];
		const service = new RoomServiceClient(url.replace(/^ws/, 'http'), key, secret, { requestTimeout: 8 });
		try {
			await service.listRooms(['-']);
		} catch (error) {
			const isRefused = (error as { status?: unknown }).status === 401;
			return isRefused
				? [
						fault(
							'LiveKit refuses the keys',
							'Give the app and LiveKit the same LIVEKIT_API_KEY and LIVEKIT_API_SECRET, and set the clocks.'
						)
					]
				: [
						fault(`LiveKit does not answer (${reasonOf(error)})`, 'Start it, and let the proxy lead LIVEKIT_URL to it.')
					];
		}
		const room = `doctor-${randomBytes(8).toString('hex')}`;
		const token = new AccessToken(key, secret, { identity: room, ttl: 60 });
		token.addGrant({
			room,
			roomJoin: true,
			hidden: true,
			canPublish: false,
			canPublishData: false,
			canSubscribe: false
		});
		try {
			const servers = await iceServersOf(url, await token.toJwt());
			return [ok('LiveKit takes the keys, and browsers reach it'), ...(await relays(servers, context))];
		} catch (error) {
			return [
				ok('LiveKit takes the keys'),
				fault(
					`browsers reach no room (${reasonOf(error)})`,
					'Let the proxy pass WebSockets to LiveKit, at the name of LIVEKIT_URL.'
				)
			];
		} finally {
			await service.deleteRoom(room).catch(() => undefined);
		}
	}
};

/** Which of the rooms have what they need beside LiveKit. */
export const egress: Check = {
	name: 'egress',
	async run({ env }) {
		if (env['LIVEKIT_EGRESS'] !== '1') return [notAsked('LiveKit Egress is not set')];
		const missing = ['EGRESS_S3_BUCKET', 'EGRESS_S3_KEY', 'EGRESS_S3_SECRET'].filter((name) => !env[name]);
		return missing.length === 0
			? [ok('Egress has its bucket')]
			: [fault(`${missing.join(', ')} missing`, 'Egress records into a bucket: set all of them.')];
	}
};
