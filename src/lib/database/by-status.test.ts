import { expect, test } from 'vitest';
import { byStatus } from './by-status.ts';

type Saved = { status: 'ok'; id: string } | { status: 'invalid' } | { status: 'gone' };

test('takes the case of the status, with what that status carries', () => {
	const said = (answer: Saved) =>
		byStatus(answer, { ok: ({ id }) => id, invalid: () => 'Not like this.', gone: () => null });
	expect([said({ status: 'ok', id: 'A1' }), said({ status: 'invalid' }), said({ status: 'gone' })]).toEqual([
		'A1',
		'Not like this.',
		null
	]);
	expect(byStatus('ok' as 'ok' | 'late', { ok: () => 1, late: () => 2 })).toBe(1);
});

test('does not compile where a status is missing, or a case is of none', () => {
	const answer = { status: 'ok', id: 'A1' } as Saved;
	// @ts-expect-error gone is missing
	expect(byStatus(answer, { ok: ({ id }) => id, invalid: () => '' })).toBe('A1');
	// @ts-expect-error late is no status of it
	expect(byStatus(answer, { ok: ({ id }) => id, invalid: () => '', gone: () => '', late: () => '' })).toBe('A1');
});
