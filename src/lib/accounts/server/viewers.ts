import type { DataClient } from '#lib/database/client.ts';
import { createHash } from 'node:crypto';
import { dataClient } from '#lib/database/server/supabase.ts';
import { subscribe } from '#lib/live/server/listener.ts';
import { viewerFrom, type Viewer } from '#lib/accounts/viewer.ts';

const keptFor = 5000;
const most = 5000;
/** Who holds a token, and the client that asks with it. */
export interface Reading {
	viewer: Viewer | null;
	client: DataClient;
}

const kept = new Map<string, { reading: Promise<Reading>; until: number }>();

let hearing = false;

// A right that was taken is gone at once, not five seconds later.
function hear() {
	if (hearing) return;
	hearing = true;
	subscribe({
		onEvent: ({ topic, kind }) => {
			if (kind === 'rights' || topic === 'site' || topic === 'sessions') forgetViewers();
		},
		resync: forgetViewers
	});
}

// Tokens themselves are not kept in memory longer than a request needs them.
function keyOf(token: string): string {
	return createHash('sha256').update(token).digest('base64url');
}

async function ask(token: string): Promise<Reading> {
	const client = dataClient(token);
	const { data, error, status } = await client.rpc('who_am_i');
	// A token that is forged or has run out is nobody's.
	if (status === 401) return { viewer: null, client };
	if (error) throw new Error(`who_am_i was refused (${error.code}).`);
	return { viewer: viewerFrom(data), client };
}

/** Who holds this token, asked at most every five seconds: nobody when its session has ended. */
export function readingOf(token: string, now = Date.now()): Promise<Reading> {
	hear();
	const key = keyOf(token);
	const found = kept.get(key);
	if (found && found.until > now) return found.reading;
	if (kept.size >= most) kept.clear();
	const fresh = { reading: ask(token), until: now + keptFor };
	kept.set(key, fresh);
	fresh.reading.catch(() => kept.get(key) === fresh && kept.delete(key));
	return fresh.reading;
}

/** Drops what is kept about a token: at sign-out, and when its person changed. */
export function forgetViewer(token: string | null | undefined): void {
	if (token) kept.delete(keyOf(token));
}

/** Drops what is kept about everyone: when roles changed. */
export function forgetViewers(): void {
	kept.clear();
}
