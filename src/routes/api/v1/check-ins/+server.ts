import { readBadge } from '#lib/door/server/check.ts';
import { checkInByKey } from '#lib/integrations/server/check-in.ts';
import { refuseMethod, withKey } from '#lib/integrations/server/requests.ts';

export const POST = withKey('check_in', (request) =>
	checkInByKey(request, (place, { code, direction }) => readBadge(place, code, direction, Date.now()))
);
export const fallback = refuseMethod('POST');
