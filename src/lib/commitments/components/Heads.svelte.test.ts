import type { CommitmentWork } from '#lib/database/answers/commitments.ts';
import { page } from 'vitest/browser';
import { expect, it } from 'vitest';
import { render } from 'vitest-browser-svelte';
import Heads from './Heads.svelte';

type Member = CommitmentWork['members'][number];
const member = (id: string, given: Partial<Member> = {}) =>
	({ id, name: `Member ${id}`, agreed: false, asked: null, may_ask: true, ...given }) as Member;
const commitment = (...members: Member[]) =>
	({ id: 'c', version: 1, state: 'asked', members, steps: [] }) as unknown as CommitmentWork;

it('keeps the address that is typed for one head when another is asked', async () => {
	const { rerender } = await render(Heads, { commitment: commitment(member('A'), member('B')), result: undefined });
	const [first, second] = [page.getByLabelText(/Member A/), page.getByLabelText(/Member B/)];
	await first.fill('a@example.org');
	await second.fill('b@example.org');
	await rerender({ commitment: commitment(member('A', { asked: 'a…@example.org' }), member('B')) });
	await expect.element(page.getByText(/a…@example\.org/)).toBeVisible();
	await expect.element(first).toHaveValue('');
	await expect.element(second).toHaveValue('b@example.org');
});
