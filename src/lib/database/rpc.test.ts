import type { DataClient } from '#lib/database/client.ts';
import { expect, test } from 'vitest';
import { callPrivate } from './server/pool.ts';
import { rpc } from './server/rpc.ts';

const failing = (code: string) =>
	({
		rpc: () => Promise.resolve({ data: null, error: { code, message: 'secret words' } })
	}) as unknown as DataClient;
const outcomeOf = (code: string) =>
	rpc(failing(code), 'who_am_i').catch((thrown: { status?: number; message?: string; code?: string }) => thrown);

test('blames the caller for a missing right and an invalid value, and the server for everything else', async () => {
	expect(await outcomeOf('42501')).toMatchObject({ status: 403 });
	expect(await outcomeOf('PT423')).toMatchObject({ status: 423 });
	for (const code of ['22P02', '22003', '22008', '22021']) expect(await outcomeOf(code)).toMatchObject({ status: 400 });
	for (const code of ['23505', 'P0001', '57014', '22012', ''])
		expect(await outcomeOf(code)).toMatchObject({
			code,
			message: `who_am_i was refused (${code || 'no answer'}).`
		});
});

// The compiler tests these: each line below must be an error.
export const mistakes = (client: DataClient) => [
	// @ts-expect-error no function has this name
	rpc(client, 'start_registrations', { summit: '' }),
	// @ts-expect-error no argument has this name
	rpc(client, 'my_registration', { summit_id: '' }),
	// @ts-expect-error an argument is missing
	rpc(client, 'my_registration'),
	// @ts-expect-error an argument of another type
	rpc(client, 'my_registration', { summit: 1 }),
	// @ts-expect-error no state has this name
	rpc(client, 'set_run_state', { run: '', state: 'begun' }),
	// @ts-expect-error the answer is no number
	rpc(client, 'set_run_state', { run: '', state: 'live' }) satisfies Promise<number>,
	// @ts-expect-error no function of the app has this name
	callPrivate('claim_mails', [1, '']),
	// @ts-expect-error another order
	callPrivate('claim_mail', ['', 1]),
	// @ts-expect-error no row has this column
	callPrivate('extend_mail_claim', ['', '']) satisfies Promise<{ extended: boolean }[]>
];
