import { clientOf } from '#lib/accounts/client-address.ts';
import { registeredTopic, requestedTopics } from '#lib/live/topics.ts';
import { guardsOf, canOpenStream, eventStream } from '#lib/live/server/stream.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { claimsOf } from '#lib/database/server/supabase.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import type { DataClient } from '#lib/database/client.ts';
import type { RequestHandler } from './$types';

/**
 * Live events of the topics in `?topics=` that the reader may receive; with `&own` of their own topic too. `since` is
 * the moment the page was rendered.
 */
export const GET: RequestHandler = async (event) => {
	const { url, request, locals } = event;
	const own = url.searchParams.has('own') && locals.viewer?.personId ? `,person:${locals.viewer.personId}` : '';
	const asked = requestedTopics((url.searchParams.get('topics') ?? '') + own);
	if (asked.length === 0) error(400, 'Name the topics: ?topics=summit:…,person:…');
	const holder = { address: clientOf(event), ...claimsOf(locals.token), person: locals.viewer?.personId ?? null };
	if (!canOpenStream(holder)) return tooMany();
	const visible = await rpc(locals.supabase, 'allowed_topics', { topics: asked }).catch(() =>
		error(503, 'Live events are not available at the moment.')
	);
	const allowed = asked.filter((topic) => visible.includes(topic));
	// The answer does not reveal which topics exist: forbidden and unknown ones get the same answer.
	if (allowed.length === 0) error(404, 'Not found');
	if (locals.viewer?.personId) allowed.push(...(await registeredAmong(locals.supabase, allowed)));
	// After a broken stream a browser names the last moment until which it missed nothing.
	const since = Number(request.headers.get('last-event-id') || url.searchParams.get('since') || Number.NaN);
	const guards = await guardsOf(allowed, holder);
	return eventStream(allowed, Number.isFinite(since) ? since : null, holder, guards) ?? tooMany();
};

// Subscribers of a Summit also get its events for registered people, if they may receive them, without naming that
// topic.
async function registeredAmong(client: DataClient, topics: string[]): Promise<string[]> {
	const found = topics.map(async (topic) => {
		const own = registeredTopic(topic);
		if (!own) return [];
		const summit = topic.slice('summit:'.length);
		const isAllowed = await rpc(client, 'may_subscribe_registered', { summit }).catch(() => false);
		return isAllowed ? [own] : [];
	});
	return (await Promise.all(found)).flat();
}

function tooMany(): Response {
	return new Response(m.ui_too_often(), {
		status: 429,
		headers: { 'retry-after': '30', 'content-type': 'text/plain; charset=utf-8' }
	});
}
