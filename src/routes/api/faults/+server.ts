import { Buckets } from '#lib/accounts/buckets.ts';
import { clientOf } from '#lib/accounts/client-address.ts';
import { log } from '#lib/audit/server/log.ts';
import { browserFacts } from '#lib/faults/facts.ts';
import { isReference } from '#lib/faults/reference.ts';
import { noteBrowserFault } from '#lib/faults/server/recording.ts';
import { jsonBody } from '#lib/forms/server/request-body.ts';
import { recordBrowserFault } from '#lib/live/server/measures.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { RequestHandler } from './$types';

const short = (most: number) => v.pipe(v.string(), v.maxLength(most));
const report = v.strictObject({
	reference: v.pipe(v.string(), v.check(isReference)),
	kind: short(60),
	message: short(200),
	stack: short(2000),
	route: short(160),
	version: short(60)
});

// A page reports five at most. Many people may have one address, so there is a limit for all as well.
const ofClient = new Buckets({ burst: 30, perSecond: 0.2 });
const ofAll = new Buckets({ burst: 100, perSecond: 2 });

// Only routes that there are: anybody can send anything.
const routes = new Set(
	Object.keys(import.meta.glob('/src/routes/**/+page.svelte')).map(
		(file) => file.replace('/src/routes', '').replace('/+page.svelte', '') || '/'
	)
);

/** An error of a page in a browser. Of what it says only what can hold no personal value is kept. */
export const POST: RequestHandler = async (event) => {
	const given = v.safeParse(report, await jsonBody(event.request));
	if (!given.success) error(422, 'This is no report of an error.');
	const now = Date.now();
	if (!ofClient.take(clientOf(event), now) || !ofAll.take('all', now)) error(429, 'Too many reports.');
	const { kind, message, stack, version, reference } = given.output;
	const route = routes.has(given.output.route) ? given.output.route : 'none';
	recordBrowserFault(route);
	const facts = browserFacts(kind, message, stack);
	noteBrowserFault(facts, route, version, reference);
	log.warn({ reference, route, kind: facts.kind, at: facts.stack.slice(0, 3) }, 'a page failed in a browser');
	return new Response(null, { status: 204 });
};
