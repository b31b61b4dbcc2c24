import { id, optionalText } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { dayKey } from '#lib/i18n/time.ts';
import { majorUnits } from '#lib/payments/amounts.ts';
import { listFees, readMoneySettings } from '#lib/payments/server/money.ts';
import { feeAmount, feeRows } from '#lib/summits/fee-form.ts';
import { removeRow } from '#lib/summits/server/lists.ts';
import { instantOf } from '#lib/summits/local-time.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import { actFromForm } from '../acts.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase } = locals;
	const [list, settings] = await Promise.all([listFees(supabase, summit.id), readMoneySettings(supabase, summit.id)]);
	if (!list) error(403, m.ui_forbidden());
	const editing = list.fees.find((fee) => fee.id === url.searchParams.get('fee')) ?? null;
	const day = (at: string | null | undefined) => (at ? dayKey(at, summit.zone) : '');
	return {
		list,
		editing,
		hasNoFees: settings.has_no_fees,
		withoutVat: settings.vat === 'added',
		currency: summit.currency,
		amount: editing ? majorUnits(editing.amount, editing.currency) : '',
		from: day(editing?.valid_from),
		until: day(editing?.valid_until)
	};
};

const day = v.pipe(
	optionalText(10),
	v.check(
		(text) => text === '' || /^\d{4}-\d\d-\d\d$/.test(text),
		() => m.payments_wrong_day()
	)
);
const fee = v.pipe(
	v.object({
		fee: v.optional(id()),
		mode: v.picklist(['in_person', 'virtual']),
		sector: optionalText(30),
		category: optionalText(30),
		currency: v.pipe(
			v.string(),
			v.trim(),
			v.toUpperCase(),
			v.regex(/^[A-Z]{3}$/, () => m.payments_wrong_currency())
		),
		amount: optionalText(30),
		valid_from: day,
		valid_until: day
	}),
	v.forward(
		v.rawCheck(({ dataset, addIssue }) => {
			const read = dataset.typed && feeAmount(dataset.value.amount, dataset.value.currency);
			if (typeof read === 'object') addIssue({ message: read.fault });
		}),
		['amount']
	),
	v.forward(
		v.check(
			({ valid_from, valid_until }) => !valid_from || !valid_until || valid_from < valid_until,
			() => m.payments_fee_ends_before()
		),
		['valid_until']
	)
);

export const actions: Actions = {
	save: async (event) => {
		const { summit } = event.locals;
		const begin = (text: string) => (text ? instantOf(`${text}T00:00`, summit.zone) : null);
		return actFromForm(event, {
			form: 'save',
			schema: fee,
			act: 'save_fee',
			args: (input) => ({
				summit: summit.id,
				fee: input.fee ?? null,
				fields: {
					mode: input.mode,
					sector: input.sector || null,
					category: input.category || null,
					currency: input.currency,
					amount: feeAmount(input.amount, input.currency),
					valid_from: begin(input.valid_from),
					valid_until: begin(input.valid_until)
				}
			}),
			refused: {
				overlap: m.payments_fee_overlap(),
				invalid: m.payments_fee_invalid()
			},
			done: () => m.payments_fee_saved()
		});
	},
	none: (event) =>
		actFromForm(event, {
			form: 'none',
			schema: v.object({ none: v.picklist(['yes', 'no']) }),
			act: 'set_no_fees',
			args: ({ none }) => ({ summit: event.locals.summit.id, has_no_fees: none === 'yes' }),
			refused: {},
			done: () => m.payments_no_fees_saved()
		}),
	remove: formAction('remove', v.object({ fee: id() }), async ({ fee }, { locals }) => {
		const removed = await removeRow(locals.supabase, feeRows, locals.summit.id, fee);
		return removed === 'ok' ? { done: m.payments_fee_removed(), name: 'remove' } : refuse('', m.payments_fee_gone());
	})
};
