import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { readCode } from '#lib/forms/code.ts';
import { newCode } from '#lib/forms/server/new-code.ts';
import { theSealer } from '#lib/people/sealing.ts';

// 118 bits.
const length = 24;
const hashOf = (code: string) => theSealer().hash(code, 'recovery code').toString('hex');

/** Gives the reader ten new recovery codes, in groups of four; null where they have no passkey. */
export async function makeRecoveryCodes(client: DataClient): Promise<string[] | null> {
	const codes = Array.from({ length: 10 }, () => newCode(length));
	const status = await rpc(client, 'save_recovery_codes', { hashes: codes.map(hashOf) });
	return status === 'ok' ? codes.map((code) => (code.match(/.{4}/g) ?? []).join('-')) : null;
}

/** Uses a recovery code, typed in any grouping. */
export async function useRecoveryCode(client: DataClient, typed: string) {
	const code = readCode(typed, length);
	return code === null ? 'wrong' : rpc(client, 'use_recovery_code', { code_hash: hashOf(code) });
}
