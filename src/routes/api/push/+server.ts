import { jsonBody } from '#lib/forms/server/request-body.ts';
import { isPushService, pushKeys } from '#lib/live/server/push.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { error, json } from '@sveltejs/kit';
import * as v from 'valibot';
import type { RequestHandler } from './$types';

const endpoint = v.pipe(v.string(), v.maxLength(1000));
const agreed = v.object({ endpoint, keys: v.object({ p256dh: v.string(), auth: v.string() }) });

/** A browser that subscribes to push: `PushSubscription.toJSON()`. */
export const POST: RequestHandler = async ({ request, locals }) => {
	const given = v.safeParse(agreed, await jsonBody(request));
	if (!given.success || !pushKeys() || !isPushService(given.output.endpoint))
		error(422, 'This is no subscription of a browser whose push service we call.');
	const { endpoint, keys } = given.output;
	const status = await rpc(locals.supabase, 'save_push_subscription', {
		endpoint,
		p256dh: keys.p256dh,
		auth: keys.auth
	});
	if (status === 'not_allowed') error(401, 'Sign in first.');
	if (status !== 'ok') error(422, 'The keys of this subscription are not in their form.');
	return json({ status });
};

/** A browser that unsubscribes. */
export const DELETE: RequestHandler = async ({ request, locals }) => {
	const given = v.safeParse(v.object({ endpoint }), await jsonBody(request));
	if (!given.success) error(422, 'Name the endpoint.');
	await rpc(locals.supabase, 'delete_push_subscription', { endpoint: given.output.endpoint });
	return json({ status: 'ok' });
};
