import { byStatus } from '#lib/database/by-status.ts';
import { checkbox, optionalLines, optionalText, wholeNumber } from '#lib/forms/fields.ts';
import { formAction, FormRefusal, notFound } from '#lib/forms/server/action.ts';
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

const faults: Record<string, string> = {
	iban: 'Give the IBAN whole; its check digits do not fit.',
	bic: 'A BIC has 8 or 11 letters and digits.',
	invoice_prefix: 'Two to eight capital letters or digits, a letter first.',
	terms_days: 'Between 1 and 120 days.',
	grace_days: 'Between 0 and 30 days.',
	issuer_name: 'Invoices need a name to be issued by.',
	issuer_address: 'Invoices need an address to be issued from.'
};

export const actions: Actions = {
	default: formAction(settings, async (input, { locals }) => {
		const answer = await actOnMoney(locals.supabase, 'save_money_settings', {
			summit: locals.summit.id,
			fields: input
		});
		return byStatus(answer, {
			ok: () => ({ done: 'Saved. Invoices that are issued keep what they say.' }),
			not_allowed: notFound,
			invalid: ({ faults: found }) => {
				const wrong = [...new Set(found)];
				return new FormRefusal(
					wrong.map((path) => ({ path, message: faults[path] ?? 'This is not right.' })),
					422
				);
			}
		});
	})
};
