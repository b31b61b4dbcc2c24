import { refuseMethod, withKey } from '#lib/integrations/server/requests.ts';
import { answerJson, answerProblem } from '#lib/integrations/server/responses.ts';

export const GET = withKey(null, async (request) =>
	request.url.searchParams.size > 0 ? answerProblem(request, 'invalid_query') : answerJson(request, request.key)
);
export const fallback = refuseMethod('GET', 'HEAD');
