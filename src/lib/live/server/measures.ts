/*
 * What a running process measures, under the names of OpenTelemetry. Attributes are routes, methods, states and names of jobs and
 * functions, never an address, a person or a text: there are few of them, and none says who did something.
 */
import { metrics, SpanStatusCode, trace, type Counter, type Histogram } from '@opentelemetry/api';
import type { IncomingMessage } from 'node:http';
import { requestTally } from './request-tally.ts';

const scope = 'global-summit';

interface Measures {
	/** Seconds until the last byte, by method, route and status. */
	requests: Histogram;
	/** Seconds that a job took, by its name and whether it failed. */
	jobs: Histogram;
	/** Faults of the site itself, by route. Each has a reference in the log. */
	faults: Counter;
	/** Errors of pages in browsers, by route. */
	browserFaults: Counter;
}

let made: Measures | undefined;

// Buckets for a site whose pages take from a millisecond to some seconds.
const seconds = {
	unit: 's',
	advice: { explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] }
};

// Not before the first use: what is made before a provider is there measures nothing.
function measures(): Measures {
	if (made) return made;
	const meter = metrics.getMeter(scope);
	made = {
		requests: meter.createHistogram('http.server.request.duration', {
			...seconds,
			description: 'Requests, until the last byte; without streams of events'
		}),
		jobs: meter.createHistogram('summit.job.duration', { ...seconds, description: 'Work behind the pages' }),
		faults: meter.createCounter('summit.faults', { description: 'Requests that failed by a fault of the site' }),
		browserFaults: meter.createCounter('summit.browser.faults', { description: 'Errors of pages in browsers' })
	};
	return made;
}

// The http server and the app are separate builds in one process.
const place = Symbol.for('global-summit.route');
type Routed = IncomingMessage & { [place]?: string };

/** Notes the route of a request, as the app knows it. */
export function noteRoute(request: IncomingMessage | undefined, route: string | null): void {
	if (request && route !== null) (request as Routed)[place] = route;
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

// Pages, their data and what the API answers; a redirect has no type.
const isPage = (type: string) =>
	type === '' || /^(?:text\/html|application\/(?:\w+\+)?json|text\/sveltekit-data)\b/.test(type);

/** Records a request that was answered, with the type of its content. Without a route it was a file, a page from the cache, or refused early. */
export function recordRequest(
	request: IncomingMessage,
	{ status, type }: { status: number; type: string },
	milliseconds: number
): void {
	const method = methods.has(request.method ?? '') ? (request.method as string) : '_OTHER';
	const route = isPage(type) ? ((request as Routed)[place] ?? null) : null;
	requestTally().count(route, status, milliseconds, Date.now());
	measures().requests.record(milliseconds / 1000, {
		'http.request.method': method,
		'http.response.status_code': status,
		'http.route': route ?? 'none'
	});
}

/** Records a job that ended. */
export function recordJob(task: string, failed: boolean, milliseconds: number): void {
	measures().jobs.record(milliseconds / 1000, { 'summit.job.name': task, 'summit.job.failed': failed });
}

/** Counts a fault of the site. */
export function recordFault(route: string | null): void {
	measures().faults.add(1, { 'http.route': route ?? 'none' });
}

/** Counts an error of a page in a browser. */
export function recordBrowserFault(route: string): void {
	measures().browserFaults.add(1, { 'http.route': route });
}

/** Does the work as a part of a trace, which learns that it failed, but not what was thrown: a message may repeat personal text. */
export function traced<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
	return trace.getTracer(scope).startActiveSpan(name, async (span) => {
		try {
			return await work();
		} catch (error) {
			span.setStatus({ code: SpanStatusCode.ERROR });
			throw error;
		} finally {
			span.end();
		}
	});
}
