import type { DataClient } from '#lib/database/client.ts';

/** The ids of the sessions in which a person participates; they are in the person's agenda without a mark. */
export async function readParticipations(reader: DataClient, person: string): Promise<Set<string>> {
	const { data, error } = await reader
		.from('session_people')
		.select('session_id')
		.eq('person_id', person)
		.neq('state', 'declined');
	if (error) throw new Error(`session_people could not be read (${error.code}).`);
	return new Set((data as { session_id: string }[]).map((row) => row.session_id));
}
