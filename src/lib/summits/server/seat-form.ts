import { byStatus } from '#lib/database/by-status.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { seatRulesFrom, seatSchema } from '#lib/summits/seat-rules.ts';
import { saveSeats } from '#lib/summits/server/settings.ts';
import type { Summit } from '#lib/summits/summit.ts';

/** The action that saves seats and quotas, and then goes on to an address. */
export function saveSeatForm(next: (summit: Summit) => string) {
	return formAction(seatSchema, async (input, { locals }) =>
		byStatus(await saveSeats(locals.supabase, locals.summit.id, seatRulesFrom(input)), {
			ok: () => next(locals.summit),
			below_use: ({ detail }) => refuse('', m.summits_setup_seats_below({ detail })),
			invalid: () => refuse('', m.ui_form_wrong()),
			not_allowed: notFound
		})
	);
}
