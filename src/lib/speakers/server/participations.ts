import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { Debrief, Participation, ParticipationConsents } from '#lib/speakers/participation.ts';

/** The sessions of a Summit in which the reader participates or to which they are invited. */
export async function myParticipations(client: DataClient, summit: string): Promise<Participation[]> {
	return rpc(client, 'my_participations', { summit });
}

/** The debrief that the reader is offered; null for none. */
export function myDebriefs(client: DataClient, summit: string): Promise<Debrief | null> {
	return rpc(client, 'my_debriefs', { summit });
}

/** Confirms or declines. */
export async function answerParticipation(client: DataClient, participation: string, accept: boolean) {
	return rpc(client, 'answer_participation', { participation, accept });
}

/** Gives or withdraws each consent. */
export async function saveParticipationConsents(
	client: DataClient,
	participation: string,
	consents: ParticipationConsents
) {
	return rpc(client, 'save_participation_consents', { participation, ...consents });
}
