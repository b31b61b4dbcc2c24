import { openApiDocument } from '#lib/integrations/openapi.ts';
import { refuseMethod } from '#lib/integrations/server/requests.ts';
import { answerJson } from '#lib/integrations/server/responses.ts';
import type { RequestHandler } from './$types';

/** The description of the API, which needs no key. */
export const GET: RequestHandler = ({ request, url }) => {
	const headers = new Headers({ 'cache-control': 'no-cache', 'access-control-allow-origin': '*' });
	return answerJson(
		{ request, origin: url.origin, headers },
		openApiDocument(url.origin),
		'application/vnd.oai.openapi+json;version=3.1'
	);
};
export const fallback = refuseMethod('GET', 'HEAD');
