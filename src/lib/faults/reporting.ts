/* Reports errors of a page in the browser: a few for each page, without an address, a person or a text. */
import { makeReference } from './reference.ts';

const mostOfPage = 5;
const reported = new Map<string, string>();

// The line was lost, or a new version was put in place meanwhile: no fault of the page.
const isLost = (message: string) =>
	/^(?:Failed to fetch|Load failed|NetworkError|Network request failed|Importing a module script failed|error loading dynamically)|dynamically imported module|The (?:user|operation) (?:aborted|was aborted)/i.test(
		message
	);

/** Reports an error and answers its reference; null for one that is no fault of the site. */
export function reportFault(thrown: unknown, route: string | null, version: string): string | null {
	const { name: kind, message, stack = '' } = thrown instanceof Error ? thrown : new Error('');
	// Scripts of browsers and their extensions fail on the page too, and are none of ours.
	if (isLost(message) || (stack !== '' && !stack.includes('/_app/'))) return null;
	const same = `${kind} ${message} ${stack.slice(0, 300)}`;
	const known = reported.get(same);
	if (known !== undefined) return known;
	if (reported.size >= mostOfPage) return null;
	const reference = makeReference();
	reported.set(same, reference);
	// The server drops what could hold a value; lines of the stack are cut here already.
	const body = JSON.stringify({
		reference,
		kind,
		message: message.slice(0, 200),
		stack: stack.slice(0, 2000),
		route: route ?? '',
		version
	});
	const headers = { 'content-type': 'application/json' };
	fetch('/api/faults', { method: 'POST', body, headers, keepalive: true }).catch(() => undefined);
	return reference;
}
