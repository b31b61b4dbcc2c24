import { rpc } from '#lib/database/server/rpc.ts';
import { notFound } from '#lib/forms/server/action.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => ({
	endpoints: (await rpc(locals.supabase, 'list_webhooks', { summit: locals.summit.id })) ?? notFound(),
	isRemoved: url.searchParams.get('done') === 'removed'
});
