import { byStatus } from '#lib/database/by-status.ts';
import { checkbox, optionalLines, optionalText, wholeNumber } from '#lib/forms/fields.ts';
import { formAction, FormRefusal, notFound } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { actOnMoney, readMoneySettings } from '#lib/payments/server/money.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	return { settings: await readMoneySettings(locals.supabase, locals.summit.id) };
};

const settings = v.object({
	transfer_allowed: checkbox(),
	issuer_name: optionalText(200),
	issuer_address: optionalLines(500),
	issuer_tax_number: optionalText(60),
	bank_name: optionalText(200),
	iban: optionalText(60),
	bic: optionalText(20),
	invoice_prefix: optionalText(8),
	terms_days: wholeNumber(1, 120),
	grace_days: wholeNumber(0, 30),
	invoice_note: optionalLines(1000)
});

const faults: Record<string, () => string> = {
	iban: m.payments_setting_iban,
	bic: m.payments_setting_bic,
	invoice_prefix: m.payments_setting_prefix_wrong,
	terms_days: m.payments_setting_terms_wrong,
	grace_days: m.payments_setting_grace_wrong,
	issuer_name: m.payments_setting_issuer_missing,
	issuer_address: m.payments_setting_address_missing
};

export const actions: Actions = {
	default: formAction(settings, async (input, { locals }) => {
		const answer = await actOnMoney(locals.supabase, 'save_money_settings', {
			summit: locals.summit.id,
			fields: input
		});
		return byStatus(answer, {
			ok: () => ({ done: m.payments_setting_done() }),
			not_allowed: notFound,
			invalid: ({ faults: found }) => {
				const wrong = [...new Set(found)];
				return new FormRefusal(
					wrong.map((path) => ({ path, message: faults[path]?.() ?? m.payments_setting_wrong() })),
					422
				);
			}
		});
	})
};
