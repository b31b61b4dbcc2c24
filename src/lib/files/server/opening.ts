/* Whether a request opens a file, for counts that keep nothing about its reader. No I/O. */
import { requestedRange, type Served } from './serve.ts';

/** How every browser begins to name itself; curl, libraries and previews of messengers do not. */
const browser = /^(?:Mozilla|Opera)\//;

/** What programs that read pages by themselves have in a browser's name; a phone by Cubot is none. */
const robots =
	/(?<!\bcu)bot(?![a-z])|crawl|spider\b|slurp|preview|archiver|monitor|externalhit|externalagent|mediapartners|googleother|inspectiontool|lighthouse|headless|https?:\/\//i;

// A browser that asks whether parts are served gets a few bytes first, and then the whole.
const leastPart = 1024;

/**
 * Whether a request gets a file from its beginning: not one for its headers, for a later part, or by a robot, another
 * program that is no browser, or a browser that loads it in advance.
 */
export function isOpening(
	request: Pick<Request, 'method' | 'headers'>,
	served: Pick<Served, 'sha256' | 'size'>
): boolean {
	const { method, headers } = request;
	const agent = headers.get('user-agent') ?? '';
	const isAhead = /prefetch|prerender/i.test(headers.get('sec-purpose') ?? headers.get('purpose') ?? '');
	if (method !== 'GET' || !browser.test(agent) || robots.test(agent) || isAhead) return false;
	const range = requestedRange(request, served);
	if (range === 'none') return false;
	return range === null || (range.start === 0 && range.end + 1 >= Math.min(leastPart, served.size));
}
