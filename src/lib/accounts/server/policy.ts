import { callPrivate } from '#lib/database/server/pool.ts';
import { isLocalSample } from './sample.ts';

/** Whether strong roles need passkeys: as PASSKEYS_REQUIRED says, otherwise everywhere but in a local sample. */
export function arePasskeysRequired(): boolean {
	const said = process.env['PASSKEYS_REQUIRED'];
	return said ? said === 'yes' : !isLocalSample();
}

/** Tells the database, which decides. */
export async function savePolicy(): Promise<void> {
	await callPrivate('set_passkeys_required', [arePasskeysRequired()]);
}
