import type { SupabaseClient } from '@supabase/supabase-js';
import { createHash } from 'node:crypto';
import { hearNews } from '#lib/live/server/listener.ts';
import { viewerFrom, type Viewer } from '#lib/accounts/viewer.ts';

const keptFor = 5000;
const most = 5000;
const kept = new Map<string, { viewer: Promise<Viewer | null>; until: number }>();

let hearing = false;

// A right that was taken is gone at once, not five seconds later.
function hear() {
	if (hearing) return;
	hearing = true;
	hearNews({
		news: ({ topic, kind }) => {
			if (kind === 'rights' || topic === 'site') forgetViewers();
		},
		missed: forgetViewers
	});
}

// Tokens themselves are not kept in memory longer than a request needs them.
function keyOf(token: string): string {
	return createHash('sha256').update(token).digest('base64url');
}

async function ask(client: SupabaseClient, token: string): Promise<Viewer | null> {
	// The data API believes a signed token until it ends; only Auth knows that its session was ended.
	const [user, answer] = await Promise.all([client.auth.getUser(token), client.rpc('who_am_i')]);
	if (user.error || !user.data.user) return null;
	if (answer.error) throw new Error(`who_am_i was refused (${answer.error.code}).`);
	return viewerFrom(answer.data);
}

/** Who holds this token, asked at most every five seconds. */
export function viewerOf(client: SupabaseClient, token: string, now = Date.now()): Promise<Viewer | null> {
	hear();
	const key = keyOf(token);
	const found = kept.get(key);
	if (found && found.until > now) return found.viewer;
	if (kept.size >= most) kept.clear();
	const viewer = ask(client, token);
	kept.set(key, { viewer, until: now + keptFor });
	viewer.catch(() => kept.delete(key));
	return viewer;
}

/** Drops what is kept about a token: at sign-out, and when its person changed. */
export function forgetViewer(token: string | null | undefined): void {
	if (token) kept.delete(keyOf(token));
}

/** Drops what is kept about everyone: when roles changed. */
export function forgetViewers(): void {
	kept.clear();
}
