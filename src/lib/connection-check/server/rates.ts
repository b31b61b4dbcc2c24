import { Buckets } from '#lib/accounts/buckets.ts';

// A check takes four passes and three megabytes each way; a delegation behind one address makes a dozen at once.
const tries = new Buckets({ burst: 120, perSecond: 1 });

/** Whether this address has tried its line too often. */
export function triesTooOften(address: string, now = Date.now()): boolean {
	return !tries.take(address, now);
}
