/* Amounts of fees, and fees by mode and sector as the set-up asks for them; finance writes finer ones. No I/O. */
import { optionalText } from '#lib/forms/fields.ts';
import { withIssue, type FormResult } from '#lib/forms/parse.ts';
import { m } from '#lib/i18n/messages.ts';
import { sectors, type Sector } from '#lib/members/member.ts';
import { currencyStep, majorUnits } from '#lib/payments/amounts.ts';
import { readAmount } from '#lib/payments/statement.ts';
import { modes, type Mode } from '#lib/registration/registration.ts';
import * as v from 'valibot';
import { currencySchema } from './general-form.ts';
import type { ListRow } from './lists.ts';

/** A fee of everybody in a mode, or of a sector. */
export interface BasicFee {
	mode: Mode;
	sector: Sector | null;
	/** In minor units. */
	amount: number;
}

/** A typed amount in minor units of a currency, or what is wrong with it. */
export function feeAmount(typed: string, currency: string): number | { fault: string } {
	const units = readAmount(typed, currency);
	const step = currencyStep(currency);
	if (units === null || units < 0) return { fault: m.summits_fault_amount() };
	return units % step === 0
		? units
		: { fault: m.summits_fault_amount_step({ currency, step: majorUnits(step, currency) }) };
}

/** Where fees are stored. */
export const feeRows = { table: 'fees' } as const;

/** Whom fees are for: everybody, then each sector. */
export const feeSectors = [null, ...sectors] as const;

/** The name of the field of a fee. */
export const feeField = (sector: Sector | null, mode: Mode): string => `fee.${sector ?? 'everybody'}.${mode}`;

const fields = feeSectors.flatMap((sector) => modes.map((mode) => ({ sector, mode, name: feeField(sector, mode) })));

/** The fields of the form. */
export const feeSchema = v.object({
	charges: v.picklist(['none', 'some']),
	currency: currencySchema,
	...(Object.fromEntries(fields.map(({ name }) => [name, optionalText(20)])) as Record<
		string,
		ReturnType<typeof optionalText>
	>)
});

/** Whether a row is one that this form shows. */
export const isBasicFee = (row: ListRow): boolean =>
	row['category'] === null && row['valid_from'] === null && row['valid_until'] === null;

/** The fees of the form, and its issues. Without fees: none. */
export function feesFrom(output: Record<string, string>, form: FormResult): { fees: BasicFee[]; form: FormResult } {
	if (output['charges'] === 'none') return { fees: [], form };
	let result = form;
	const fees: BasicFee[] = [];
	for (const { name, ...fee } of fields) {
		const typed = output[name] ?? '';
		if (typed === '') continue;
		const read = feeAmount(typed, output['currency'] ?? '');
		if (typeof read === 'number') fees.push({ ...fee, amount: read });
		else result = withIssue(result, name, read.fault);
	}
	if (fees.length === 0 && result.issues.length === 0)
		result = withIssue(result, feeField(null, 'in_person'), m.summits_setup_fees_missing());
	return { fees, form: result };
}

/** The value of a fee's field. */
export function feeValue(rows: readonly ListRow[], sector: Sector | null, mode: Mode): string {
	const row = rows.find((one) => isBasicFee(one) && one['sector'] === sector && one['mode'] === mode);
	return row ? majorUnits(Number(row['amount']), String(row['currency'])) : '';
}
