import { byStatus } from '#lib/database/by-status.ts';
import { formAction, notFound } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { answerUnsubscribeLink, readUnsubscribeLink } from '#lib/mail/server/unsubscribing.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ params, setHeaders }) => {
	// The link is a secret, so no cache may store the page.
	setHeaders({ 'cache-control': 'no-store' });
	const link = await readUnsubscribeLink(params.token);
	if (!link) error(404, m.ui_not_found());
	return { isOut: link.is_out, canReturn: link.can_return };
};

const answer = (isOut: boolean) =>
	formAction(v.object({}), async (_, { params }) => {
		const token = params['token'] ?? '';
		return byStatus(await answerUnsubscribeLink(token, isOut), {
			ok: () => `/unsubscribe/${token}`,
			not_found: notFound
		});
	});

export const actions: Actions = { leave: answer(true), return: answer(false) };
