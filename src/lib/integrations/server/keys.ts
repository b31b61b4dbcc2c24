import { createHash, randomBytes } from 'node:crypto';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { ApiScope } from '../scopes.ts';

/** What an owner says of a new key. */
interface KeyRequest {
	/** The system that uses it. */
	name: string;
	scopes: readonly ApiScope[];
	days: number;
}

// Secret scanners find a key by how it begins.
const shape = /^gs_[A-Za-z0-9_-]{43}$/;

/** SHA-256 of a key: 256 random bits need no slower hash. Null for what cannot be one of our keys. */
export function hashOfKey(key: string): Buffer | null {
	return shape.test(key) ? createHash('sha256').update(key).digest() : null;
}

/** The keys of a Summit, for owners. */
export function listApiKeys(client: DataClient, summit: string) {
	return rpc(client, 'list_api_keys', { summit });
}

/** Makes a key: it is shown once, and only its hash is stored. */
export async function makeApiKey(client: DataClient, summit: string, request: KeyRequest) {
	const key = `gs_${randomBytes(32).toString('base64url')}`;
	const key_hash = createHash('sha256').update(key).digest('hex');
	const status = await rpc(client, 'make_api_key', { summit, ...request, key_hash, hint: key.slice(-4) });
	return { status, key };
}

/** Revokes a key: its next request is refused. */
export function revokeApiKey(client: DataClient, api_key: string) {
	return rpc(client, 'revoke_api_key', { api_key });
}
