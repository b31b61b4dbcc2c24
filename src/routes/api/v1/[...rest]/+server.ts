import { apiHeaders, answerProblem } from '#lib/integrations/server/responses.ts';
import type { RequestHandler } from './$types';

export const fallback: RequestHandler = ({ url }) =>
	answerProblem({ origin: url.origin, headers: apiHeaders() }, 'not_found');
