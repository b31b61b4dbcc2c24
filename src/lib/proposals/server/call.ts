import { randomBytes } from 'node:crypto';
import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { hashOfToken } from '#lib/people/links.ts';
import type { Call, CallSettings } from '#lib/proposals/call.ts';

/** The call of a Summit; null when there is none. */
export async function readCall(client: DataClient, summit: string): Promise<Call | null> {
	return rpc(client, 'read_call', { summit });
}

/** For programme organisers; null for others. */
export async function readCallSettings(client: DataClient, summit: string): Promise<CallSettings | null> {
	return rpc(client, 'read_call_settings', { summit });
}

/** Saves the call, unless somebody else saved since `version`. */
export async function saveCall(client: DataClient, summit: string, fields: Record<string, unknown>, version: number) {
	return rpc(client, 'save_call', { summit, fields, version });
}

/** Saves a question of the call; null: a new one. */
export async function saveQuestion(
	client: DataClient,
	summit: string,
	question: string | null,
	fields: Record<string, unknown>
): Promise<AnswerOf<'save_call_question'>['status']> {
	return (await rpc(client, 'save_call_question', { summit, question, fields })).status;
}

/** Retires a question of the call, with its answers. */
export async function retireQuestion(client: DataClient, summit: string, question: string) {
	return rpc(client, 'retire_call_question', { summit, question });
}

/** Makes a late link for after the deadline: the token is shown once, and stored hashed. */
export async function makeLateLink(client: DataClient, summit: string, note: string, until: string) {
	const token = randomBytes(24).toString('base64url');
	const status = await rpc(client, 'make_late_link', { summit, token_hash: hashOfToken(token), note, until });
	return { status, token };
}

/** Revokes a late link. */
export async function revokeLateLink(client: DataClient, link: string) {
	return rpc(client, 'revoke_late_link', { link });
}

/** Gives a late link to the reader. */
export async function takeLateLink(client: DataClient, summit: string, token: string) {
	const hash = hashOfToken(token);
	return hash === null ? 'not_found' : rpc(client, 'use_late_link', { summit, token_hash: hash });
}
