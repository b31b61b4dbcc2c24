import { byStatus } from '#lib/database/by-status.ts';
import { requiredText } from '#lib/forms/fields.ts';
import { acted, formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import type { RequestEvent } from '@sveltejs/kit';
import * as v from 'valibot';
import { acceptFinding, reopenFinding } from './checks.ts';

const fingerprint = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const acceptSchema = v.object({ fingerprint, reason: requiredText(300, () => m.agenda_checks_reason_missing()) });

/** The actions of the pages that list the checks. */
export const checkActions = {
	accept: formAction('accept', acceptSchema, async (input, event: RequestEvent) => {
		const { summit, supabase } = event.locals;
		const status = await acceptFinding(supabase, summit.id, input.fingerprint, input.reason);
		return byStatus(status, {
			ok: () => acted(event),
			changed: () => refuse('', m.agenda_checks_changed()),
			blocking: () => refuse('', m.agenda_checks_blocking()),
			invalid: () => refuse('reason', m.agenda_checks_reason_missing()),
			not_allowed: notFound
		});
	}),
	reopen: formAction('reopen', v.object({ fingerprint }), async (input, event: RequestEvent) => {
		const { summit, supabase } = event.locals;
		const status = await reopenFinding(supabase, summit.id, input.fingerprint);
		return byStatus(status, { ok: () => acted(event), not_allowed: notFound });
	})
};
