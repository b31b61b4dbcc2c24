import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';

/** The duties to report of a Summit; null for everybody but its safeguarding leads. */
export function readDuties(client: DataClient, summit: string) {
	return rpc(client, 'read_duties', { summit });
}

/** Adds a duty to report. */
export function addDuty(
	client: DataClient,
	summit: string,
	duty: { authority: string; address: string; hours: number; categories: string[]; note: string }
) {
	return rpc(client, 'add_duty', { summit, ...duty });
}

/** Ends a duty to report. */
export function endDuty(client: DataClient, duty: string) {
	return rpc(client, 'end_duty', { duty });
}

/** Notes that a case was reported to an authority. */
export function referCase(client: DataClient, id: string, duty: string) {
	return rpc(client, 'refer_case', { this_case: id, duty });
}
