import { callPrivate } from '#lib/database/server/pool.ts';
import { closeRoom, type LiveKitEvent } from './livekit.ts';
import { sweepIngresses } from './livekit-ingress.ts';
import { endHallConnection, reconcileJoin } from './reconcile.ts';

/** Records presence, and checks the rights of people who join. Events may arrive late, twice or in any order. */
export async function applyEvent({ kind, room, participant, at }: LiveKitEvent): Promise<void> {
	if (kind === 'participant_joined' && participant) {
		// Rights first: presence can wait a millisecond.
		await reconcileJoin(room, participant);
		await note(room, participant, null);
	} else if (kind === 'participant_left' && participant) {
		await note(room, participant, at);
		await endHallConnection(room, participant);
	} else if (kind === 'track_published' && participant) {
		// A token from before a demotion would allow publishing until the next check.
		await reconcileJoin(room, participant);
	} else if (kind === 'room_started') {
		const rows = await callPrivate('claim_livekit_rooms', [[room], '0 seconds']);
		if (rows[0]?.is_open === false) await closeRoom(room);
	} else if (kind.startsWith('ingress_')) {
		// The event may be old, so LiveKit's list is read.
		await sweepIngresses();
	}
}

function note(
	room: string,
	{ sid, identity, joinedAt }: { sid: string; identity: string; joinedAt: number },
	leftAt: number | null
) {
	return callPrivate('apply_livekit_event', [
		room,
		sid,
		identity,
		new Date(joinedAt).toISOString(),
		leftAt === null ? null : new Date(leftAt).toISOString()
	]);
}
