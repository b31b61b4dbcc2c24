import type { ConnectionQuality, Room } from 'livekit-client';
import type { StageEngine } from './engine.ts';

/** LiveKit's rating of a person's connection. */
export type SignalQuality = 'good' | 'poor' | 'lost';

/** Keeps the ratings of all participants of a room in a map by identity. */
export function followQuality(
	{ RoomEvent, ConnectionQuality: quality }: StageEngine,
	room: Room,
	lines: Map<string, SignalQuality>
) {
	const words: Partial<Record<ConnectionQuality, SignalQuality>> = {
		[quality.Excellent]: 'good',
		[quality.Good]: 'good',
		[quality.Poor]: 'poor',
		[quality.Lost]: 'lost'
	};
	room.on(RoomEvent.ConnectionQualityChanged, (found, { identity }) => {
		const word = words[found];
		if (word) lines.set(identity, word);
		else lines.delete(identity);
	});
	room.on(RoomEvent.ParticipantDisconnected, ({ identity }) => lines.delete(identity));
}
