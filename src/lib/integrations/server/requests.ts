/* What each address of /api/v1 does first: it reads the key, counts the request, and answers refusals as RFC 9457 says. */
import { Buckets } from '#lib/accounts/buckets.ts';
import { clientOf } from '#lib/accounts/client-address.ts';
import type { BegunApiRequest } from '#lib/database/answers/integrations.ts';
import { isOutage } from '#lib/database/server/outage.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { isHttpError, type RequestEvent, type RequestHandler } from '@sveltejs/kit';
import type { ProblemCode } from '../problems.ts';
import type { ApiScope } from '../scopes.ts';
import { hashOfKey } from './keys.ts';
import { answerProblem, apiHeaders, type Answering } from './responses.ts';

type Begun = Extract<BegunApiRequest, { status: 'ok' }>;

/** A request whose key may be used for it. */
export interface ApiRequest extends Answering {
	url: URL;
	/** The hash of the key, which each function of the database asks again. */
	hash: Buffer;
	summit: string;
	key: Begun['key'];
}

// Keys are too long to be guessed; who tries all the same is slowed down.
const unknownOfClient = new Buckets({ burst: 60, perSecond: 1 });

const refusals: Record<Exclude<BegunApiRequest['status'], 'ok'>, ProblemCode> = {
	unknown: 'key_unknown',
	revoked: 'key_revoked',
	expired: 'key_expired',
	not_entitled: 'key_not_entitled',
	limited: 'too_many_requests',
	wrong_scope: 'scope_missing'
};

function refuseUnknown(event: RequestEvent, answering: Answering, code: ProblemCode): Response {
	if (unknownOfClient.take(clientOf(event), Date.now())) return answerProblem(answering, code);
	answering.headers.set('retry-after', '60');
	return answerProblem(answering, 'too_many_requests');
}

// draft-ietf-httpapi-ratelimit-headers.
function setLimits(headers: Headers, { rate, left, reset }: { rate: number; left: number; reset: number }): void {
	headers.set('ratelimit-policy', `"key";q=${rate};w=60`);
	headers.set('ratelimit', `"key";r=${left};t=${reset}`);
}

async function begin(
	event: RequestEvent,
	answering: Answering,
	scope: ApiScope | null
): Promise<ApiRequest | Response> {
	const sent = /^Bearer +(\S+)$/i.exec(event.request.headers.get('authorization') ?? '')?.[1];
	if (sent === undefined) return refuseUnknown(event, answering, 'key_missing');
	const hash = hashOfKey(sent);
	const [row] = hash ? await callPrivate('begin_api_request', [hash, scope]) : [];
	const begun = row?.begin_api_request;
	if (!hash || !begun || begun.status === 'unknown') return refuseUnknown(event, answering, 'key_unknown');
	setLimits(answering.headers, begun);
	if (begun.status === 'limited') answering.headers.set('retry-after', String(begun.reset));
	if (begun.status !== 'ok')
		return answerProblem(answering, refusals[begun.status], begun.status === 'wrong_scope' && scope ? { scope } : {});
	return { ...answering, url: event.url, hash, summit: begun.summit, key: begun.key };
}

/** The handler of an address that needs a key with a scope (null: any key). */
export function withKey(scope: ApiScope | null, act: (request: ApiRequest) => Promise<Response>): RequestHandler {
	return async (event) => {
		const answering = { request: event.request, origin: event.url.origin, headers: apiHeaders() };
		try {
			const begun = await begin(event, answering, scope);
			return begun instanceof Response ? begun : await act(begun);
		} catch (thrown) {
			if (isOutage(thrown)) return answerProblem(answering, 'unavailable');
			if (isHttpError(thrown, 415)) return answerProblem(answering, 'not_json');
			if (isHttpError(thrown) && thrown.status < 500) return answerProblem(answering, 'invalid_body');
			throw thrown;
		}
	};
}

/** The handler of methods that an address does not take. */
export function refuseMethod(...allowed: string[]): RequestHandler {
	return ({ url }) => {
		const headers = apiHeaders();
		headers.set('allow', allowed.join(', '));
		return answerProblem({ origin: url.origin, headers }, 'method_not_allowed');
	};
}
