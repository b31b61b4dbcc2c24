import { createHash, randomBytes } from 'node:crypto';
import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import type { Locale } from '#lib/i18n/locale.ts';
import { contexts, normaliseAddress, theSealer } from '#lib/people/sealing.ts';
import { maskAddress, type RegistrationInvitation } from '#lib/registration/invitation.ts';

/**
 * The values that the database needs for one mail: all of them hashed or sealed, as hex (`private.create_invitation`).
 */
export interface SealedLetter {
	address_hash: string;
	address_sealed: string;
	key_id: string;
	address_mask: string;
	token_hash: string;
	secret: string;
	note_sealed: string | null;
	locale: Locale;
}

const shape = /^[A-Za-z0-9_-]{32}$/;
const hashOf = (token: string) => createHash('sha256').update(token).digest('hex');

/** Seals an address, a new token and a personal note; only the mail contains the token. */
export function sealLetter(typed: string, note: string, locale: Locale): SealedLetter {
	const sealer = theSealer();
	const address = normaliseAddress(typed);
	const token = randomBytes(24).toString('base64url');
	const { sealed, keyId } = sealer.seal(address, contexts.address);
	return {
		address_hash: sealer.hashAddress(address).toString('hex'),
		address_sealed: sealed.toString('hex'),
		key_id: keyId,
		address_mask: maskAddress(address),
		token_hash: hashOf(token),
		secret: sealer.seal(JSON.stringify({ token, note }), contexts.mail).sealed.toString('hex'),
		note_sealed: note ? sealer.seal(note, contexts.mail).sealed.toString('hex') : null,
		locale
	};
}

/** The values of an invitation for another mail; null when its address is gone. Only for readers who may send it. */
export async function letterAgain(invitation: string): Promise<SealedLetter | null> {
	const [row] = await callPrivate('sealed_invitation', [invitation]);
	if (!row) return null;
	const sealer = theSealer();
	const note = row.note_sealed ? sealer.open(row.note_sealed, row.key_id, contexts.mail) : '';
	return sealLetter(sealer.open(row.address_sealed, row.key_id, contexts.address), note, row.locale);
}

/** The invitation behind a link; null for an unknown, forged or replaced link. */
export async function readInvitation(client: DataClient, token: string): Promise<RegistrationInvitation | null> {
	return shape.test(token) ? rpc(client, 'read_invitation', { token_hash: hashOf(token) }) : null;
}

/** Records that the person continued from the link. */
export async function openInvitation(token: string): Promise<void> {
	await callPrivate('open_invitation', [hashOf(token)]);
}

/** Accepts an invitation. */
export async function acceptInvitation(client: DataClient, token: string): Promise<AnswerOf<'accept_invitation'>> {
	return rpc(client, 'accept_invitation', { token_hash: hashOf(token) });
}
