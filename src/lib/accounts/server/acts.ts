import type { RequestEvent } from '@sveltejs/kit';
import { sessionOf } from '#lib/accounts/device.ts';
import { callPrivate } from '#lib/database/server/pool.ts';

const minute = 60_000;
const most = 5000;
const last = new Map<string, { at: number; path: string }>();

/**
 * Records, once a minute, that the holder of a strong role does something: without an act for half an hour safeguarding
 * confirms again. What a page asks for by itself is no act: the streams of /api, and the same page loaded again.
 */
export function noteAct({ locals, route, isDataRequest, url }: RequestEvent, now = Date.now()): void {
	if (!locals.viewer?.hasPasskey || locals.viewer.roles.length === 0 || route.id?.startsWith('/api')) return;
	const session = locals.token === null ? null : sessionOf(locals.token);
	if (session === null) return;
	const before = last.get(session);
	if (before && (now - before.at < minute || (isDataRequest && before.path === url.pathname))) return;
	last.delete(session);
	last.set(session, { at: now, path: url.pathname });
	const [oldest] = last.keys();
	if (last.size > most && oldest !== undefined) last.delete(oldest);
	// The request does not wait for it, and goes on without.
	callPrivate('record_act', [session]).catch(() => undefined);
}
