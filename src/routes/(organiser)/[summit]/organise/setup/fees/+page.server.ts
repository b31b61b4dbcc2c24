import { formAction, FormRefusal, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { feeRows, feesFrom, feeSchema, isBasicFee } from '#lib/summits/fee-form.ts';
import { withFaults } from '#lib/summits/general-form.ts';
import { saveBasicFees } from '#lib/summits/server/fees.ts';
import { readListRows } from '#lib/summits/server/lists.ts';
import { readSummitSettings, saveSummit } from '#lib/summits/server/settings.ts';
import { setupPath } from '#lib/summits/setup.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
	const { id, currency } = await readSummitSettings(locals.supabase, params.summit);
	const rows = await readListRows(locals.supabase, feeRows, id);
	return { currency, rows, finer: rows.filter((row) => !isBasicFee(row)).length };
};

export const actions: Actions = {
	default: formAction(feeSchema, async (input, { locals, params }, given) => {
		const { fees, form } = feesFrom(input, given);
		if (form.issues.length > 0) return new FormRefusal(form.issues, 422);
		const saved = await saveSummit(locals.supabase, locals.summit.id, { currency: input.currency });
		if (saved.status !== 'ok') return new FormRefusal(withFaults(form, saved).issues, 422);
		const isSaved = await saveBasicFees(locals.supabase, locals.summit.id, fees, input.currency);
		return isSaved ? setupPath(params.summit, 'contacts') : refuse('', m.summits_fault_not_allowed());
	})
};
