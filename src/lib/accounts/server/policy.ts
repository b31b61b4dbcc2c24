import { isIP } from 'node:net';
import { callPrivate } from '#lib/database/server/pool.ts';
import { isLocalSample } from './sample.ts';

/**
 * Whether strong roles need passkeys: as PASSKEYS_REQUIRED says, otherwise everywhere but in a local sample, and where
 * browsers make none: on a host without a name.
 */
export function arePasskeysRequired(): boolean {
	const said = process.env['PASSKEYS_REQUIRED'];
	if (said) return said === 'yes';
	const origin = process.env['ORIGIN'] ?? '';
	const host = URL.canParse(origin) ? new URL(origin).hostname.replace(/^\[|\]$/g, '') : '';
	return !isLocalSample() && isIP(host) === 0;
}

/** Tells the database, which decides. */
export async function savePolicy(): Promise<void> {
	await callPrivate('set_passkeys_required', [arePasskeysRequired()]);
}
