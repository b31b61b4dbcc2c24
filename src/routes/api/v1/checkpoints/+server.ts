import { callPrivate } from '#lib/database/server/pool.ts';
import { readWhole } from '#lib/integrations/server/lists.ts';
import { refuseMethod } from '#lib/integrations/server/requests.ts';

export const GET = readWhole(
	'check_in',
	async (hash) => (await callPrivate('api_checkpoints', [hash]))[0]?.api_checkpoints
);
export const fallback = refuseMethod('GET', 'HEAD');
