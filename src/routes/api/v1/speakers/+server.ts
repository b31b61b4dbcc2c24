import { answerList } from '#lib/integrations/server/lists.ts';
import { refuseMethod } from '#lib/integrations/server/requests.ts';

export const GET = answerList('speakers');
export const fallback = refuseMethod('GET', 'HEAD');
