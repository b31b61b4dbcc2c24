import { callPrivate } from '#lib/database/server/pool.ts';
import { muteConnected } from './livekit.ts';

/** Mutes in LiveKit whom the hosts of a meeting have just muted. The page of each keeps the microphone off. */
export async function muteMeeting(code: string): Promise<void> {
	const muted = await callPrivate('list_muted', [code]);
	// Somebody may have left a moment before; who stays is muted by their own page too.
	await Promise.allSettled(muted.map(({ room, identity }) => muteConnected(room, identity)));
}
