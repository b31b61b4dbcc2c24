/* How many requests wait for this process: background work that can wait gives way to them. */
import type { Handle } from '@sveltejs/kit';

// More than the connections to Postgres: each request after these waits for another.
const many = 8;

let waiting = 0;

/** Whether so many requests wait for their page that other work should let them pass. */
export const hasManyRequests = (): boolean => waiting > many;

/** Counts a request until its response begins; an open stream of events does not count. */
export const countRequests: Handle = async ({ event, resolve }) => {
	waiting += 1;
	try {
		return await resolve(event);
	} finally {
		waiting -= 1;
	}
};
