import { sendBackSchema } from '#lib/commitments/forms.ts';
import { answerLink, readLink } from '#lib/commitments/server/commitments.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ params, setHeaders, url }) => {
	// The link is a secret, so no cache may store the page.
	setHeaders({ 'cache-control': 'no-store' });
	const link = await readLink(params.token);
	if (!link) error(404, m.ui_not_found());
	const done = url.searchParams.get('done');
	return { link, done: done === 'agreed' || done === 'back' ? done : null };
};

async function answer(token: string, agrees: boolean, reason: string) {
	const back = `/community/commitments/agree/${token}`;
	return byStatus(await answerLink(token, agrees, reason), {
		ok: () => `${back}?done=${agrees ? 'agreed' : 'back'}`,
		// The page itself says that the link is over.
		over: () => back,
		reason_needed: () => refuse('reason', m.ui_form_missing(), 422),
		invalid: () => refuse('', m.ui_form_wrong(), 422)
	});
}

export const actions: Actions = {
	agree: formAction('agree', v.object({}), (_, { params }) => answer(params.token ?? '', true, '')),
	send_back: formAction('send_back', sendBackSchema, ({ reason }, { params }) =>
		answer(params.token ?? '', false, reason)
	)
};
