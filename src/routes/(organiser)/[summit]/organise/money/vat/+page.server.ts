import { byStatus } from '#lib/database/by-status.ts';
import { checkbox, id, optionalText } from '#lib/forms/fields.ts';
import { formAction, FormRefusal, notFound } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { sortedCountries } from '#lib/members/server/countries.ts';
import { actOnMoney, listVatRates, readMoneySettings } from '#lib/payments/server/money.ts';
import { readPercent, vatCategories } from '#lib/payments/vat.ts';
import * as v from 'valibot';
import { actFromForm } from '../acts.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase } = locals;
	const [settings, rates] = await Promise.all([
		readMoneySettings(supabase, summit.id),
		listVatRates(supabase, summit.id)
	]);
	const editing = rates.find((rate) => rate.id === url.searchParams.get('rate')) ?? null;
	return { settings, rates, editing, countries: sortedCountries() };
};

const settings = v.object({
	vat: v.picklist(['off', 'included', 'added']),
	issuer_country: optionalText(2),
	issuer_vat_id: optionalText(30),
	issuer_registration: optionalText(60),
	reverse_charge: checkbox()
});

const faults: Record<string, { path: string; words: () => string }> = {
	vat_rates: { path: 'vat', words: m.payments_vat_rates_missing },
	issuer_name: { path: 'vat', words: m.payments_vat_issuer_missing },
	issuer_address: { path: 'vat', words: m.payments_vat_issuer_missing },
	issuer_country: { path: 'issuer_country', words: m.payments_vat_country_missing },
	issuer_registration: { path: 'issuer_registration', words: m.payments_vat_registration_missing },
	reverse_charge: { path: 'reverse_charge', words: m.payments_vat_reverse_wrong }
};

const percent = v.pipe(
	optionalText(10),
	v.rawTransform(({ dataset, addIssue, NEVER }) => {
		const read = dataset.value === '' ? 0 : readPercent(dataset.value);
		if (read !== null) return read;
		addIssue({ message: m.payments_vat_percent_wrong() });
		return NEVER;
	})
);
const rate = v.pipe(
	v.object({
		rate: v.optional(id()),
		mode: optionalText(20),
		category: optionalText(30),
		vat_category: v.picklist(vatCategories),
		percent,
		exemption_code: optionalText(40),
		exemption_reason: optionalText(200),
		correction: checkbox()
	}),
	v.forward(
		v.check(
			(input) => (input.vat_category === 'S') === input.percent > 0,
			() => m.payments_vat_percent_wrong()
		),
		['percent']
	),
	v.forward(
		v.check(
			(input) =>
				['E', 'O'].includes(input.vat_category) === (input.exemption_code !== '' || input.exemption_reason !== ''),
			() => m.payments_vat_why_wrong()
		),
		['exemption_reason']
	),
	v.forward(
		v.check(
			(input) => /^(VATEX-[A-Z]{2}[A-Z0-9-]{1,30})?$/i.test(input.exemption_code),
			() => m.payments_vat_why_wrong()
		),
		['exemption_code']
	)
);

export const actions: Actions = {
	settings: formAction('settings', settings, async (input, { locals }) => {
		const answer = await actOnMoney(locals.supabase, 'save_money_settings', {
			summit: locals.summit.id,
			fields: input
		});
		return byStatus(answer, {
			ok: () => ({ done: m.payments_vat_saved(), name: 'settings' }),
			not_allowed: notFound,
			invalid: ({ faults: found }) => {
				// A VAT id is missing, or has not the form of its country.
				const idWords = input.issuer_vat_id === '' ? m.payments_vat_seller_number_missing : m.payments_vat_id_wrong;
				const issues = found.map((name) => {
					const known = name === 'issuer_vat_id' ? { path: name, words: idWords } : faults[name];
					return { path: known?.path ?? name, message: (known?.words ?? m.payments_setting_wrong)() };
				});
				return new FormRefusal([...new Map(issues.map((issue) => [issue.path, issue])).values()], 422);
			}
		});
	}),
	save: (event) =>
		actFromForm(event, {
			form: 'save',
			schema: rate,
			act: 'save_vat_rate',
			args: ({ rate: changed, mode, category, ...fields }) => ({
				summit: event.locals.summit.id,
				rate: changed ?? null,
				fields: { ...fields, mode: mode || null, category: category || null }
			}),
			refused: {
				overlap: m.payments_vat_rate_overlap(),
				mixed: `vat_category: ${m.payments_vat_rate_mixed()}`,
				needed: m.payments_vat_rate_needed(),
				invalid: `exemption_reason: ${m.payments_vat_why_wrong()}`
			},
			done: (_, { correction }) => (correction ? m.payments_vat_rate_corrected() : m.payments_vat_rate_saved())
		}),
	remove: (event) =>
		actFromForm(event, {
			form: 'remove',
			schema: v.object({ rate: id() }),
			act: 'remove_vat_rate',
			args: (input) => input,
			refused: { needed: m.payments_vat_rate_needed() },
			done: () => m.payments_vat_rate_removed()
		})
};
