import type { OnCall } from '#lib/database/answers/safeguarding/on-call.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { contexts, theSealer } from '#lib/people/sealing.ts';

/** The rota; null for everybody but safeguarding leads. */
export function readOnCall(client: DataClient, summit: string): Promise<OnCall | null> {
	return rpc(client, 'read_on_call', { summit });
}

/** Adds a shift of a lead; instants in ISO. */
export function addShift(
	client: DataClient,
	summit: string,
	shift: { person: string; starts_at: string; ends_at: string; position: number }
) {
	const { position: rank, ...times } = shift;
	return rpc(client, 'add_shift', { summit, ...times, rank });
}

/** Removes a shift. */
export function removeShift(client: DataClient, shift: string) {
	return rpc(client, 'remove_shift', { shift });
}

/** Sets after how many minutes an alarm goes on to the next. */
export function saveOnCall(client: DataClient, summit: string, minutes: number) {
	return rpc(client, 'save_on_call', { summit, minutes });
}

/** Saves the reader's number, sealed; '' deletes it. */
export function saveOnCallPhone(client: DataClient, summit: string, number: string) {
	if (number === '') return rpc(client, 'save_on_call_phone', { summit });
	const { sealed, keyId } = theSealer().seal(number, contexts.onCallPhone);
	return rpc(client, 'save_on_call_phone', { summit, number_sealed: sealed.toString('hex'), key_id: keyId });
}

/** Says that the reader has a concern. */
export function acknowledgeConcern(client: DataClient, concern: string) {
	return rpc(client, 'acknowledge_concern', { concern });
}
