import { callPrivate } from '#lib/database/server/pool.ts';

/** Whether strong roles need passkeys here. */
export function arePasskeysRequired(): boolean {
	return process.env['PASSKEYS_REQUIRED'] === 'yes';
}

/** Tells the database, which decides. */
export async function savePolicy(): Promise<void> {
	await callPrivate('set_passkeys_required', [arePasskeysRequired()]);
}
