import { randomBytes } from 'node:crypto';
import type { SupabaseClient } from '@supabase/supabase-js';
import { ask } from '#lib/database/server/ask.ts';
import { hashOfToken } from '#lib/people/links.ts';
import type { Call, CallSettings } from '#lib/proposals/call.ts';

/** The call of a Summit; null when there is none. */
export async function readCall(client: SupabaseClient, summit: string): Promise<Call | null> {
	return ask(client, 'read_call', { summit });
}

/** For programme organisers; null for others. */
export async function readCallSettings(client: SupabaseClient, summit: string): Promise<CallSettings | null> {
	return ask(client, 'read_call_settings', { summit });
}

/** Answers ok | not_allowed | conflict | invalid | late. */
export async function saveCall(
	client: SupabaseClient,
	summit: string,
	fields: Record<string, unknown>,
	version: number
): Promise<string> {
	return ask(client, 'save_call', { summit, fields, version });
}

/** Answers ok | not_allowed | not_found | invalid | promised. */
export async function saveQuestion(
	client: SupabaseClient,
	summit: string,
	question: string | null,
	fields: Record<string, unknown>
): Promise<string> {
	return (await ask<{ status: string }>(client, 'save_call_question', { summit, question, fields })).status;
}

/** Answers ok | not_found. */
export async function retireQuestion(client: SupabaseClient, summit: string, question: string): Promise<string> {
	return ask(client, 'retire_call_question', { summit, question });
}

/** Makes a personal way in after the close: the token is shown once, and kept hashed. */
export async function makeLateLink(
	client: SupabaseClient,
	summit: string,
	note: string,
	until: string
): Promise<{ status: string; token: string }> {
	const token = randomBytes(24).toString('base64url');
	const status = await ask<string>(client, 'make_late_link', { summit, token_hash: hashOfToken(token), note, until });
	return { status, token };
}

/** Answers ok | not_found. */
export async function revokeLateLink(client: SupabaseClient, link: string): Promise<string> {
	return ask(client, 'revoke_late_link', { link });
}

/** Answers ok | expired | revoked | used | not_found. */
export async function takeLateLink(client: SupabaseClient, summit: string, token: string): Promise<string> {
	const hash = hashOfToken(token);
	return hash === null ? 'not_found' : ask(client, 'use_late_link', { summit, token_hash: hash });
}
