import { callPrivate } from '#lib/database/server/pool.ts';
import { contexts, theSealer } from '#lib/people/sealing.ts';

/** A person of the sample, for signing in with one click. */
interface SampleSignIn {
	id: string;
	name: string;
	description: string;
}

/** Whether this is a local sample: its data folder was made as one, and only this machine reaches it. */
export function isLocalSample(): boolean {
	if (process.env['LOCAL_SAMPLE'] !== '1') return false;
	try {
		const { hostname } = new URL(process.env['ORIGIN'] ?? '');
		return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
	} catch {
		return false;
	}
}

/** The sample's people, in order. */
export async function samplePeople(): Promise<SampleSignIn[]> {
	const rows = await callPrivate('sample_people');
	return rows.map(({ person_id, display_name, description }) => ({ id: person_id, name: display_name, description }));
}

/** The address of one of the sample's people; null for anybody else. */
export async function sampleAddress(personId: string): Promise<string | null> {
	const found = (await callPrivate('sample_people')).find(({ person_id }) => person_id === personId);
	return found ? theSealer().open(found.address_sealed, found.key_id, contexts.address) : null;
}
