import {
	AccessToken,
	ParticipantInfo_State,
	RoomConfiguration,
	RoomServiceClient,
	TrackSource,
	WebhookReceiver,
	type EgressInfo,
	type ParticipantInfo
} from 'livekit-server-sdk';
import { permissionFor, type Permission, type PublishSource } from '#lib/stage/rights.ts';

/** A participant in a LiveKit room. Times in milliseconds. */
export interface Connected {
	identity: string;
	sid: string;
	joinedAt: number;
	/** Media flows, or is about to; otherwise they are still connecting. */
	isActive: boolean;
	permission: Permission | null;
	/** Their published tracks that are not muted. */
	sends: PublishSource[];
}

/** A webhook with a valid signature. */
export interface LiveKitEvent {
	kind: string;
	room: string;
	participant: Connected | null;
	/** Milliseconds. */
	at: number;
	/** The content of a webhook about Egress, unchanged. */
	egress: EgressInfo | null;
}

interface Settings {
	/** As browsers reach it: ws:// or wss://. */
	url: string;
	key: string;
	secret: string;
}

const timeoutSeconds = 5;

/** LiveKit's address and keys, or null when this installation has none. */
export function livekitSettings(): Settings | null {
	const { LIVEKIT_URL: url, LIVEKIT_API_KEY: key, LIVEKIT_API_SECRET: secret } = process.env;
	return url && key && secret ? { url, key, secret } : null;
}

function settings(): Settings {
	const found = livekitSettings();
	if (!found) throw new Error('LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET are needed for live rooms.');
	return found;
}

let client: { service: RoomServiceClient; of: string } | undefined;

function service(): RoomServiceClient {
	const { url, key, secret } = settings();
	if (client?.of !== url) {
		client = {
			service: new RoomServiceClient(httpAddress(url), key, secret, { requestTimeout: timeoutSeconds }),
			of: url
		};
	}
	return client.service;
}

/** LiveKit's address for HTTP requests. */
export function httpAddress(url: string): string {
	return url.replace(/^ws/, 'http');
}

const sources: Record<PublishSource, TrackSource> = {
	camera: TrackSource.CAMERA,
	microphone: TrackSource.MICROPHONE,
	screen: TrackSource.SCREEN_SHARE,
	screen_sound: TrackSource.SCREEN_SHARE_AUDIO
};

function sourcesFrom(listed: TrackSource[]): PublishSource[] {
	return (Object.keys(sources) as PublishSource[]).filter((source) => listed.includes(sources[source]));
}

function connectedFrom(info: ParticipantInfo): Connected {
	const { permission } = info;
	return {
		identity: info.identity,
		sid: info.sid,
		joinedAt: info.joinedAtMs > 0n ? Number(info.joinedAtMs) : Number(info.joinedAt) * 1000,
		isActive: info.state === ParticipantInfo_State.ACTIVE,
		permission: permission
			? {
					canSubscribe: permission.canSubscribe,
					canPublish: permission.canPublish,
					canPublishData: permission.canPublishData,
					canUpdateMetadata: permission.canUpdateMetadata,
					hidden: permission.hidden,
					sources: sourcesFrom(permission.canPublishSources)
				}
			: null,
		sends: sourcesFrom(info.tracks.filter(({ muted }) => !muted).map(({ source }) => source))
	};
}

/** A token for one identity in one room, with these rights and no name. `life` in seconds. */
export async function mintToken(
	identity: string,
	room: string,
	rights: readonly string[],
	life: number,
	isEncoder = false
): Promise<string> {
	const { key, secret } = settings();
	const {
		canSubscribe,
		canPublish,
		canPublishData,
		canUpdateMetadata,
		hidden,
		sources: allowed
	} = permissionFor(rights, isEncoder);
	const token = new AccessToken(key, secret, { identity, ttl: life });
	token.addGrant({
		roomJoin: true,
		room,
		canSubscribe,
		canPublish,
		canPublishData,
		canUpdateOwnMetadata: canUpdateMetadata,
		hidden,
		...(canPublish && { canPublishSources: allowed.map((source) => sources[source]) })
	});
	return token.toJwt();
}

/**
 * A token for a room that holds nobody else, and ends shortly after they have left: it tests whether video and audio
 * get through. It opens no other room. `life` in seconds.
 */
export async function mintTrialToken(room: string, life: number): Promise<string> {
	const { key, secret } = settings();
	const token = new AccessToken(key, secret, { identity: room, ttl: life });
	token.roomConfig = new RoomConfiguration({ maxParticipants: 1, emptyTimeout: 20, departureTimeout: 5 });
	token.addGrant({
		roomJoin: true,
		room,
		canSubscribe: false,
		canPublish: true,
		canPublishData: false,
		canUpdateOwnMetadata: false,
		canPublishSources: [TrackSource.MICROPHONE]
	});
	return token.toJwt();
}

/** Whether LiveKit answers at all. */
export async function isLivekitAnswering(): Promise<boolean> {
	const found = livekitSettings();
	if (!found) return false;
	try {
		return (await fetch(httpAddress(found.url), { signal: AbortSignal.timeout(1500) })).ok;
	} catch {
		return false;
	}
}

/** Names of LiveKit's open rooms; of these only, when given. Throws when LiveKit is unavailable. */
export async function listRooms(names?: string[]): Promise<string[]> {
	return (await service().listRooms(names)).map(({ name }) => name);
}

/** Everyone in a room, hidden ones too. */
export async function listConnected(room: string): Promise<Connected[]> {
	return (await service().listParticipants(room)).map(connectedFrom);
}

/** Sets a participant's permissions from now on. */
export async function setRights(
	room: string,
	identity: string,
	rights: readonly string[],
	isEncoder = false
): Promise<void> {
	const { sources: allowed, ...flags } = permissionFor(rights, isEncoder);
	await gone(
		service().updateParticipant(room, identity, {
			permission: { ...flags, canPublishSources: allowed.map((source) => sources[source]) }
		})
	);
}

/** Removes a participant. Where LiveKit can, tokens made before this moment end too. */
export async function removeConnected(room: string, identity: string): Promise<void> {
	await gone(service().removeParticipant(room, identity, { revokeTokenTs: BigInt(Math.floor(Date.now() / 1000)) }));
}

/** Mutes a participant's microphone; they may unmute it. */
export async function muteConnected(room: string, identity: string): Promise<void> {
	const { tracks } = await service().getParticipant(room, identity);
	const sent = tracks.filter(({ source, muted }) => source === TrackSource.MICROPHONE && !muted);
	await Promise.all(sent.map(({ sid }) => gone(service().mutePublishedTrack(room, identity, sid, true))));
}

/** Closes a room for everybody. */
export async function closeRoom(room: string): Promise<void> {
	await gone(service().deleteRoom(room));
}

// The participant may have left a moment before; then there is nothing to do.
async function gone(request: Promise<unknown>): Promise<void> {
	try {
		await request;
	} catch (error) {
		if (!(error instanceof Error && 'status' in error && error.status === 404)) throw error;
	}
}

// LiveKit signs each delivery again, for five minutes. Stripe's tolerance is the same:
// src/lib/payments/server/stripe.ts.
const longestSignature = 10 * 60_000;

function expiryOf(token: string): number {
	const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
	return typeof claims === 'object' && claims !== null && 'exp' in claims ? Number(claims.exp) * 1000 : Number.NaN;
}

/**
 * Reads a webhook. Throws when the signature, its age or the body's digest is wrong, or when it would be valid for
 * long, because then it could be replayed.
 */
export async function readLivekitEvent(body: string, authorization: string | null): Promise<LiveKitEvent> {
	const { key, secret } = settings();
	const event = await new WebhookReceiver(key, secret).receive(body, authorization ?? undefined);
	if (!(expiryOf(authorization ?? '') < Date.now() + longestSignature))
		throw new Error('This signature lasts too long.');
	return {
		kind: event.event,
		room: event.room?.name ?? '',
		participant: event.participant ? connectedFrom(event.participant) : null,
		at: Number(event.createdAt) * 1000,
		egress: event.egressInfo ?? null
	};
}
