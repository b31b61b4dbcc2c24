import type { SupabaseClient } from '@supabase/supabase-js';
import { ask } from '#lib/database/server/ask.ts';
import type { Participation, ParticipationConsents } from '#lib/speakers/participation.ts';

/** The sessions of a Summit in which the reader takes part or is invited to. */
export async function myParticipations(client: SupabaseClient, summit: string): Promise<Participation[]> {
	return ask(client, 'my_participations', { summit });
}

/** Confirms or declines: ok, already, declined, cancelled, not_found. */
export async function answerParticipation(
	client: SupabaseClient,
	participation: string,
	accept: boolean
): Promise<string> {
	return ask(client, 'answer_participation', { participation, accept });
}

/** Gives or takes back each consent: ok, declined, not_found. */
export async function saveParticipationConsents(
	client: SupabaseClient,
	participation: string,
	consents: ParticipationConsents
): Promise<string> {
	return ask(client, 'save_participation_consents', { participation, ...consents });
}
