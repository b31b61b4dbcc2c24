import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { ListedSeat, SpeakerSeat } from '#lib/speakers/seat.ts';

/** The reader's seat as a participant; null for people without a confirmed part. */
export function mySpeakerSeat(client: DataClient, summit: string): Promise<SpeakerSeat | null> {
	return rpc(client, 'my_speaker_seat', { summit });
}

/** Begins the registration that belongs to a part. */
export function startSpeakerRegistration(client: DataClient, summit: string) {
	return rpc(client, 'start_speaker_registration', { summit });
}

/** The seats of all participants, open ones first; nothing for all but programme and registration organisers. */
export function readSpeakerSeats(client: DataClient, summit: string): Promise<ListedSeat[]> {
	return rpc(client, 'read_speaker_seats', { summit });
}
