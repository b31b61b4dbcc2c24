import { callPrivate } from '#lib/database/server/pool.ts';
import { readWhole } from '#lib/integrations/server/lists.ts';
import { refuseMethod } from '#lib/integrations/server/requests.ts';

export const GET = readWhole(
	'registrations',
	async (hash) => (await callPrivate('api_registration_counts', [hash]))[0]?.api_registration_counts
);
export const fallback = refuseMethod('GET', 'HEAD');
