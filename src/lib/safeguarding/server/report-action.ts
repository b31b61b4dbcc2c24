import { clientOf } from '#lib/accounts/client-address.ts';
import { id } from '#lib/forms/fields.ts';
import { acted, formAction, notFound } from '#lib/forms/server/action.ts';
import type { RequestEvent } from '@sveltejs/kit';
import * as v from 'valibot';
import { reportMessage } from './concerns.ts';

/** The form action that reports a message in the chat of a run, or of a workshop, to safeguarding. */
export const reportAction = formAction('chat', v.object({ id: id() }), async ({ id }, event: RequestEvent) => {
	const status = await reportMessage({ person: event.locals.viewer?.personId ?? null, client: clientOf(event) }, id);
	return status === 'not_found' ? notFound() : acted(event);
});
