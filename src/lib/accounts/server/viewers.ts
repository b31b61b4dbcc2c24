import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { createHash } from 'node:crypto';
import { dataClient } from '#lib/database/server/supabase.ts';
import { LiveCache } from '#lib/live/server/live-cache.ts';
import { viewerFrom, type Viewer } from '#lib/accounts/viewer.ts';

/** The holder of a token, and the client that uses it. */
interface TokenReading {
	viewer: Viewer | null;
	client: DataClient;
}

const readings = new LiveCache<TokenReading>({
	entries: 5000,
	ttl: 5000,
	cachesWithoutEvents: true,
	// A right that was removed ends at once, not five seconds later.
	onEvent: ({ topic, kind }, cache) => {
		if (kind === 'rights' || topic === 'site' || topic === 'sessions') cache.clear();
	}
});

// Tokens themselves are not kept in memory longer than a request needs them.
function keyOf(token: string): string {
	return createHash('sha256').update(token).digest('base64url');
}

async function readToken(token: string): Promise<TokenReading> {
	const client = dataClient(token);
	try {
		return { viewer: viewerFrom(await rpc(client, 'who_am_i')), client };
	} catch (error) {
		// A forged or expired token belongs to nobody.
		if ((error as { status?: unknown }).status === 401) return { viewer: null, client };
		throw error;
	}
}

/** The holder of this token, read at most every five seconds: nobody once its session has ended. */
export function readingOf(token: string): Promise<TokenReading> {
	return readings.get(keyOf(token), () => readToken(token));
}

/** Removes what is cached about a token: at sign-out, and when its person changed. */
export function forgetViewer(token: string | null | undefined): void {
	if (token) readings.delete(keyOf(token));
}

/** Removes what is cached about everyone: when roles changed. */
export function forgetViewers(): void {
	readings.clear();
}
