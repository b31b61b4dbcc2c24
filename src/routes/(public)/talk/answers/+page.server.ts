import { clientOf } from '#lib/accounts/client-address.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { optionalLines, requiredText, sentForm } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { addByCode, openByCode } from '#lib/safeguarding/server/concerns.ts';
import type { RequestEvent } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, setHeaders }) => {
	setHeaders({ 'cache-control': 'no-store' });
	return { zone: locals.shownSummit?.zone ?? 'UTC' };
};

const typed = () => requiredText(60);
const senderOf = (event: RequestEvent) => ({ person: event.locals.viewer?.personId ?? null, client: clientOf(event) });
const unknown = () => refuse('code', m.safeguarding_back_unknown(), 422);
const tooOften = () => refuse('', m.safeguarding_back_too_often(), 429);

/** The concern of a code, as the answer of the form: the code is never part of an address. */
async function opened(code: string, event: RequestEvent, added: boolean) {
	const thread = await openByCode(code, senderOf(event));
	if (thread === 'unknown') return unknown();
	return thread === 'too_often' ? tooOften() : { thread, code, added };
}

export const actions: Actions = {
	open: formAction('open', v.object({ code: typed() }), ({ code }, event) => opened(code, event, false)),
	add: formAction(
		'add',
		v.object({ code: typed(), form: sentForm(), words: optionalLines(4000) }),
		async ({ code, form, words }, event) => {
			// An empty form shows what there is now.
			if (words === '') return opened(code, event, false);
			return byStatus(await addByCode(code, form, words, senderOf(event)), {
				ok: () => opened(code, event, true),
				already: () => opened(code, event, true),
				unknown,
				too_often: tooOften,
				full: () => refuse('', m.safeguarding_thread_full())
			});
		}
	)
};
