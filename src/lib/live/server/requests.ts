/* Each request of this process: how many wait, since background work that can wait gives way to them, and what is measured of each. */
import type { Handle } from '@sveltejs/kit';
import { trace } from '@opentelemetry/api';
import { noteRoute, traced } from './measures.ts';

// More than the connections to Postgres: each request after these waits for another.
const many = 8;

let waiting = 0;

/** Whether so many requests wait for their page that other work should let them pass. */
export const hasManyRequests = (): boolean => waiting > many;

/** Counts a request until its response begins, and traces it; an open stream of events does not count. */
export const countRequests: Handle = async ({ event, resolve }) => {
	const { route, request, platform, isSubRequest } = event;
	if (!isSubRequest) noteRoute(platform?.req, route.id);
	waiting += 1;
	try {
		return await traced(`${request.method} ${route.id ?? 'none'}`, async () => {
			const response = await resolve(event);
			trace.getActiveSpan()?.setAttribute('http.response.status_code', response.status);
			return response;
		});
	} finally {
		waiting -= 1;
	}
};
