import type { Room } from 'livekit-client';
import type { StageEngine } from '#lib/stage/engine.ts';
import { candidateFrom, endpointOf, passes, relaysOf, withoutOthers, type PathResult, type Path } from './paths.ts';

/** What the tries have found. */
export interface CheckFindings {
	/** The streams' WebSocket answered. */
	answered: boolean;
	/** Addresses of the relays that the streams offer. */
	relays: string[];
	endpoints: string[];
}

const timeoutMs = 8000;

/** Tries one path alone: joins a private room over it, sends silence and checks which path it took. */
export async function tryPath(
	path: Path,
	pass: { url: string; token: string },
	engine: StageEngine,
	findings: CheckFindings
): Promise<PathResult> {
	const nothing = { path, took: null, roundTrip: null };
	if (isRelay(path) && findings.answered && relaysOf(path, findings.relays).length === 0)
		return { ...nothing, outcome: 'absent' };
	const began = performance.now();
	const restore = narrow(path, findings);
	const room = new engine.Room({ reconnectPolicy: { nextRetryDelayInMs: () => null } });
	const context = new AudioContext();
	let answered = false;
	room.once(engine.RoomEvent.SignalConnected, () => (answered = findings.answered = true));
	try {
		const limits = {
			maxRetries: 0,
			websocketTimeout: timeoutMs,
			peerConnectionTimeout: timeoutMs,
			autoSubscribe: false
		};
		await room.connect(pass.url, pass.token, limits);
		const [silence] = context.createMediaStreamDestination().stream.getAudioTracks();
		if (silence) await room.localParticipant.publishTrack(silence, { source: engine.Track.Source.Microphone });
		const used = await usedBy(room);
		if (used?.path !== path) return { ...nothing, outcome: 'blocked' };
		return { path, outcome: 'ok', took: performance.now() - began, roundTrip: used.roundTrip };
	} catch {
		// The signalling worked, and media did not.
		return { ...nothing, outcome: answered ? 'blocked' : 'no_answer' };
	} finally {
		restore();
		await room.disconnect().catch(() => undefined);
		await context.close();
	}
}

/** Adds an address that has to be open, once. */
export function note(findings: CheckFindings, endpoint: string): void {
	if (!findings.endpoints.includes(endpoint)) findings.endpoints.push(endpoint);
}

function isRelay(path: Path): boolean {
	return path === 'turn' || path === 'turn_tls';
}

/** Until the returned function is called, new connections of this page use only one path. */
function narrow(path: Path, findings: CheckFindings): () => void {
	const Native = window.RTCPeerConnection;
	const see = (line: string) => {
		const endpoint = endpointOf(line);
		if (endpoint) note(findings, endpoint);
	};
	const held = (configuration: RTCConfiguration): RTCConfiguration => {
		const offered = (configuration.iceServers ?? []).flatMap(({ urls }) => urls);
		findings.relays = [...new Set([...findings.relays, ...offered])];
		offered.forEach(see);
		const iceServers = (configuration.iceServers ?? [])
			.map((server) => ({ ...server, urls: relaysOf(path, [server.urls].flat()) }))
			.filter(({ urls }) => urls.length > 0);
		return { ...configuration, iceServers, iceTransportPolicy: isRelay(path) ? 'relay' : 'all' };
	};
	window.RTCPeerConnection = class extends Native {
		constructor(configuration: RTCConfiguration = {}) {
			super(held(configuration));
			// The other side would try our candidates of another path.
			const native = Object.getOwnPropertyDescriptor(Native.prototype, 'onicecandidate');
			Object.defineProperty(this, 'onicecandidate', {
				configurable: true,
				get: () => native?.get?.call(this) as unknown,
				set: (listener: ((event: RTCPeerConnectionIceEvent) => void) | null) =>
					native?.set?.call(this, listener && ((event: RTCPeerConnectionIceEvent) => isOurs(event) && listener(event)))
			});
			// The second offer contains them too.
			const offer = Native.prototype.createOffer.bind(this) as (options?: RTCOfferOptions) => Promise<Description>;
			Object.defineProperty(this, 'createOffer', {
				value: async (options?: RTCOfferOptions) => {
					const { type, sdp = '' } = await offer(options);
					return { type, sdp: withoutOthers(path, sdp) };
				}
			});
			const isOurs = ({ candidate }: RTCPeerConnectionIceEvent) =>
				!candidate?.candidate || passes(path, candidate.candidate);
		}
		// The relays arrive with the first answer, after the connection was created.
		override setConfiguration(configuration: RTCConfiguration): void {
			super.setConfiguration(held(configuration));
		}
		override addIceCandidate(candidate?: RTCIceCandidateInit | null): Promise<void> {
			const line = candidate?.candidate ?? '';
			see(line);
			return candidateFrom(line) && !passes(path, line)
				? Promise.resolve()
				: super.addIceCandidate(candidate ?? undefined);
		}
		override setRemoteDescription({ type, sdp = '' }: RTCSessionDescriptionInit): Promise<void> {
			sdp.split('\r\n').forEach(see);
			return super.setRemoteDescription({ type, sdp: withoutOthers(path, sdp) });
		}
	};
	return () => void (window.RTCPeerConnection = Native);
}

type Description = RTCSessionDescriptionInit;

interface Stat {
	type: string;
	state?: string;
	nominated?: boolean;
	bytesSent?: number;
	currentRoundTripTime?: number;
	localCandidateId?: string;
	protocol?: string;
	candidateType?: string;
	relayProtocol?: string;
}

// The path of the silence, once some was sent.
async function usedBy(room: Room): Promise<{ path: Path; roundTrip: number | null } | null> {
	for (const end = performance.now() + timeoutMs; performance.now() < end;) {
		const [publication] = [...room.localParticipant.trackPublications.values()];
		const report = (await publication?.track?.sender?.getStats()) as ReadonlyMap<string, Stat> | undefined;
		for (const pair of report?.values() ?? []) {
			if (pair.type !== 'candidate-pair' || pair.state !== 'succeeded' || !pair.nominated) continue;
			const local = report?.get(pair.localCandidateId ?? '');
			if (!local || !pair.bytesSent) continue;
			const path =
				local.candidateType === 'relay' ? (local.relayProtocol === 'udp' ? 'turn' : 'turn_tls') : local.protocol;
			const seconds = pair.currentRoundTripTime;
			if (path === 'udp' || path === 'tcp' || path === 'turn' || path === 'turn_tls')
				return { path, roundTrip: seconds === undefined ? null : seconds * 1000 };
		}
		await new Promise((done) => setTimeout(done, 200));
	}
	return null;
}
