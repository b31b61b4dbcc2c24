import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';

/** How long each class of data is kept, of a Summit or in general. */
export function readPeriods(client: DataClient, summit?: string) {
	return rpc(client, 'retention_periods', summit === undefined ? {} : { summit });
}

/** The page of data retention of a Summit, or of all; null for readers who may not see it. */
export function readRetention(client: DataClient, summit: string, forAll: boolean) {
	return rpc(client, 'retention_settings', { summit, for_all: forAll });
}

/** Sets how long a class is kept; `summit` null: at all Summits, `days` null: by default. */
export function setPeriod(
	client: DataClient,
	change: { summit: string | null; class: string; days: number | null; confirmed: boolean }
) {
	return rpc(client, 'set_retention_period', change);
}

/** Places a hold on a class of a Summit, or on the person of a registration. */
export function placeHold(
	client: DataClient,
	hold: { summit: string; class: string; reference: string; reason: string; until: string | null }
) {
	return rpc(client, 'place_legal_hold', hold);
}

/** Ends a hold. */
export function endHold(client: DataClient, hold: string) {
	return rpc(client, 'end_legal_hold', { hold });
}
