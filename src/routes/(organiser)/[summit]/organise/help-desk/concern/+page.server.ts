import { writeAction } from '#lib/safeguarding/server/reporting.ts';
import type { Actions, PageServerLoad } from './$types';

/** Where staff write down what somebody says by phone or at a desk. They do not see it again. */
export const load: PageServerLoad = ({ url, setHeaders }) => {
	setHeaders({ 'cache-control': 'no-store' });
	return { origin: url.origin };
};

export const actions: Actions = { default: writeAction(true) };
