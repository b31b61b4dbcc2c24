import { createHash, randomBytes } from 'node:crypto';
import type { DataClient } from '#lib/database/client.ts';
import type { DraftPreview } from '#lib/database/answers/agenda/previews.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { chosenReader, type ReaderPreviewQuery } from '#lib/agenda/reader-preview.ts';
import type { Locale } from '#lib/i18n/locale.ts';

/** For whom a preview is, and for how long. */
interface PreviewRequest {
	name: string;
	role: 'public' | 'registered';
	language: Locale;
	days: number;
}

const shape = /^[A-Za-z0-9_-]{32}$/;
const hashOf = (token: string) => createHash('sha256').update(token).digest();

/** The links that still open something. */
export function listPreviews(client: DataClient, summit: string) {
	return rpc(client, 'list_draft_previews', { summit });
}

/** Makes a link: the token is shown once, and only its hash is stored. */
export async function makePreview(client: DataClient, summit: string, request: PreviewRequest) {
	const token = randomBytes(24).toString('base64url');
	const token_hash = hashOf(token).toString('hex');
	return { status: await rpc(client, 'make_draft_preview', { summit, ...request, token_hash }), token };
}

/** Revokes a link. */
export function revokePreview(client: DataClient, preview: string) {
	return rpc(client, 'revoke_draft_preview', { preview });
}

/** The draft as a chosen reader would see it if it were released now. */
export function previewDraft(client: DataClient, summit: string, query: ReaderPreviewQuery) {
	return rpc(client, 'preview_draft', { summit, ...chosenReader(query) });
}

/** What a link shows; null when it is unknown, expired or revoked. The reading is noted. */
export async function readPreview(token: string): Promise<DraftPreview | null> {
	if (!shape.test(token)) return null;
	const [row] = await callPrivate('read_draft_preview', [hashOf(token)]);
	return row?.read_draft_preview ?? null;
}
