import type { RequestEvent } from '@sveltejs/kit';
import { expect, it } from 'vitest';
import { triesTooOften } from './rates.ts';

it('counts by person where somebody is signed in, and by address where nobody is', () => {
	const now = Date.now();
	const allowed = (account: string | null, tries: number) => {
		const event = {
			getClientAddress: () => '203.0.113.77',
			locals: { viewer: account && { accountId: account } }
		} as unknown as RequestEvent;
		return Array.from({ length: tries }, () => triesTooOften(event, now)).filter((refused) => !refused).length;
	};
	expect(allowed(null, 200)).toBe(120);
	expect(allowed('delegate', 90)).toBe(60);
	expect(allowed('another', 90)).toBe(60);
});
