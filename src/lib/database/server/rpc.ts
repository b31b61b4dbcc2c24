import type { AnswerOf, RpcArgs, RpcCall, RpcName } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { m } from '#lib/i18n/messages.ts';
import type { SupabaseClient } from '@supabase/supabase-js';
import { error as refuse } from '@sveltejs/kit';
import { checkAnswer } from './check-answer.ts';
import { afterDeadlock, sqlState } from './deadlock.ts';
import { refuseMalformed } from './malformed.ts';

// A right that the reader lacks.
const forbidden = '42501';
// An act that a passkey has to confirm: private.require_confirmation().
const confirmFirst = 'PT428';
// A write to a closed Summit: private.refuse_when_closed().
const summitClosed = 'PT423';

/** Calls a function of the database as the reader and gives back its answer. A failure names the function and the code only. */
export async function rpc<Name extends RpcName>(
	client: DataClient,
	name: Name,
	...args: RpcArgs<Name>
): Promise<AnswerOf<Name>> {
	return (await callRpc(client, name, args[0])) as AnswerOf<Name>;
}

/** The same for a call that was chosen elsewhere, of one of several functions: `rpcOf<'a' | 'b'>(client, ...call)`. */
export async function rpcOf<Names extends RpcName>(
	client: DataClient,
	...[name, values]: RpcCall<Names>
): Promise<AnswerOf<Names>> {
	return (await callRpc(client, name, values)) as AnswerOf<Names>;
}

async function callRpc(client: DataClient, name: string, values: object = {}): Promise<unknown> {
	// Its own types would go through all functions again for each call, and the call is checked already.
	const untyped: SupabaseClient = client;
	return afterDeadlock(async () => {
		const { data, error, status } = await untyped.rpc(name, values);
		if (error) throw failure(name, error, status);
		await checkAnswer(name, data);
		return data as unknown;
	});
}

function failure(name: string, error: { code: string; message: string }, status: number): Error {
	const code = sqlState(error);
	if (code === forbidden) refuse(403, m.ui_forbidden());
	if (code === confirmFirst) refuse(428, m.accounts_confirm_first());
	if (code === summitClosed) refuse(423, m.summits_closed_refused());
	refuseMalformed(code);
	return Object.assign(new Error(`${name} was refused (${error.code || 'no answer'}).`), { code, status });
}
