import type { SupabaseClient } from '@supabase/supabase-js';
import { ask } from '#lib/database/server/ask.ts';
import type { ListedSeat, SpeakerSeat } from '#lib/speakers/seat.ts';

/** The reader's seat as somebody who takes part; null for whoever has confirmed no part. */
export function mySpeakerSeat(client: SupabaseClient, summit: string): Promise<SpeakerSeat | null> {
	return ask(client, 'my_speaker_seat', { summit });
}

/** Begins the registration that goes with a part. Answers ok or none. */
export function startSpeakerRegistration(client: SupabaseClient, summit: string): Promise<string> {
	return ask(client, 'start_speaker_registration', { summit });
}

/** The seats of all who take part, those who need somebody first; nothing for all but programme and registration organisers. */
export function readSpeakerSeats(client: SupabaseClient, summit: string): Promise<ListedSeat[]> {
	return ask(client, 'read_speaker_seats', { summit });
}
