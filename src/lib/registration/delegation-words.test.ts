import { expect, test } from 'vitest';
import { delegationDone, invitationDone } from './delegation-words.ts';

test('says of each refusal to send an invitation again what happened', () => {
	const said = (status: Parameters<typeof invitationDone>[0]) => delegationDone(invitationDone(status, 'again'), null);
	expect(said('ok')).toMatchObject({ good: true });
	const limited = said('limited');
	expect(limited).toEqual({ text: expect.stringContaining('three times within a day'), good: false });
	const closed = said('closed');
	expect(closed).toEqual({ text: expect.stringContaining('the time for invitations'), good: false });
	for (const status of ['wrong_state', 'invalid', 'not_found'] as const)
		expect(said(status)).toEqual({ text: expect.stringContaining('the state has changed meanwhile'), good: false });
	expect(delegationDone(invitationDone('ok', 'revoke'), null)?.text).toContain('withdrawn');
});

test('names nobody where the person is not known, and ignores an unknown word in the address', () => {
	expect(delegationDone('nominated', null)).toBeNull();
	expect(delegationDone('nominated', 'Ana')).toEqual({ text: 'Ana is nominated.', good: true });
	expect(delegationDone('constructor', 'Ana')).toBeNull();
});
