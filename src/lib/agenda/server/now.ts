import type { DataClient } from '#lib/database/client.ts';
import type { NowAnswer, NowChange, NowSession } from '#lib/agenda/changes/now.ts';
import type { RoomScreen } from '#lib/agenda/room.ts';
import { createHash, randomBytes } from 'node:crypto';
import { rpc } from '#lib/database/server/rpc.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import type { ListedScreen } from '#lib/database/answers/agenda/sessions.ts';

/** The sessions that may be changed on the day; null when not allowed. */
export function readNow(
	client: DataClient,
	summit: string
): Promise<{ number: number | null; sessions: NowSession[] } | null> {
	return rpc(client, 'read_live_changes', { summit });
}

/** Makes a release of selected changes, all of them or none. */
export function changeNow(
	client: DataClient,
	summit: string,
	changes: readonly NowChange[],
	note: TextMap
): Promise<NowAnswer> {
	return rpc(client, 'publish_live_changes', { summit, changes, note });
}

const shape = /^[A-Za-z0-9_-]{32}$/;
const hashOf = (token: string) => createHash('sha256').update(token).digest();

/** The monitors that have a link. */
export function listScreens(client: DataClient, summit: string): Promise<ListedScreen[]> {
	return rpc(client, 'list_room_screens', { summit });
}

/** Makes the link of a monitor: the token is shown once, and only its hash is stored. */
export async function makeScreen(client: DataClient, summit: string, room: string, name: string) {
	const token = randomBytes(24).toString('base64url');
	const token_hash = hashOf(token).toString('hex');
	return { status: await rpc(client, 'make_room_screen', { summit, room, name, token_hash }), token };
}

/** Revokes a monitor's link. */
export function revokeScreen(client: DataClient, screen: string) {
	return rpc(client, 'revoke_room_screen', { screen });
}

/** What everyone may see of a room; null for an unknown one. */
export function readRoom(client: DataClient, summit: string, room: string): Promise<RoomScreen | null> {
	return rpc(client, 'read_public_room_screen', { summit, room });
}

/** What the door of a room may show, by a monitor's secret link; null when it is unknown or revoked. */
export async function readRoomScreen(summit: string, room: string, token: string): Promise<RoomScreen | null> {
	if (!shape.test(token)) return null;
	const [row] = await callPrivate('read_room_screen', [summit, room, hashOf(token)]);
	return row?.read_room_screen ?? null;
}
