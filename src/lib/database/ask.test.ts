import type { SupabaseClient } from '@supabase/supabase-js';
import { expect, test } from 'vitest';
import { ask } from './server/ask.ts';

const failing = (code: string) =>
	({
		rpc: () => Promise.resolve({ data: null, error: { code, message: 'secret words' } })
	}) as unknown as SupabaseClient;
const outcomeOf = (code: string) =>
	ask(failing(code), 'do_something').catch((thrown: { status?: number; message?: string; code?: string }) => thrown);

test('a right that is lacking and a value that is none are the asker’s, everything else is ours', async () => {
	expect(await outcomeOf('42501')).toMatchObject({ status: 403 });
	for (const code of ['22P02', '22003', '22008', '22021']) expect(await outcomeOf(code)).toMatchObject({ status: 400 });
	for (const code of ['23505', 'P0001', '57014', '22012', ''])
		expect(await outcomeOf(code)).toMatchObject({
			code,
			message: `do_something was refused (${code || 'no answer'}).`
		});
});
