import type { RequestEvent } from '@sveltejs/kit';
import { Buckets } from '#lib/accounts/buckets.ts';
import { clientOf } from '#lib/accounts/client-address.ts';

// A check takes four tokens and three megabytes each way. A delegation behind one address makes a dozen at once.
const triesOfPerson = new Buckets({ burst: 60, perSecond: 0.5 });
const triesOfClient = new Buckets({ burst: 120, perSecond: 1 });

/** Whether this person, or the address of a signed-out reader, has tested the connection too often. */
export function triesTooOften(event: RequestEvent, now = Date.now()): boolean {
	const account = event.locals.viewer?.accountId;
	return account ? !triesOfPerson.take(account, now) : !triesOfClient.take(clientOf(event), now);
}
