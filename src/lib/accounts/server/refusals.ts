import { isHttpError, type Handle, type RequestEvent } from '@sveltejs/kit';
import { Buckets } from '#lib/accounts/buckets.ts';
import { clientOf } from '#lib/accounts/client-address.ts';
import { refusedRequest } from '#lib/accounts/refusal.ts';
import { theSealer } from '#lib/people/sealing.ts';

// A flood is seen by its first lines, and must not fill the log.
const linesOfClient = new Buckets({ burst: 60, perSecond: 1 });

/** The client as limits in the database count it: a keyed hash of its address, shortened. */
const keyOf = (event: RequestEvent) => theSealer().hash(clientOf(event), 'client').toString('hex').slice(0, 16);

/** Writes one line for each refused request: route, status, reason and client, and nothing that somebody typed. */
export function refusals(write: (facts: object) => void): Handle {
	function note(event: RequestEvent, status: number): void {
		const { locals, request, route, isSubRequest } = event;
		// The page of a refusal is made by a request of our own.
		if (isSubRequest) return;
		const facts = refusedRequest({ route: route.id, method: request.method }, status, locals.refusal);
		if (facts && linesOfClient.take(clientOf(event), Date.now())) write({ ...facts, client: keyOf(event) });
	}
	return async ({ event, resolve }) => {
		try {
			const response = await resolve(event);
			note(event, response.status);
			return response;
		} catch (thrown) {
			if (isHttpError(thrown)) note(event, thrown.status);
			throw thrown;
		}
	};
}
