import { m } from '#lib/i18n/messages.ts';
import type { Enums } from '#lib/database/types.ts';

/** The categories of EN 16931 that finance chooses from; reverse charge follows from the buyer. */
export const vatCategories = ['S', 'Z', 'E', 'O'] as const;
export type VatCategory = (typeof vatCategories)[number];

/** Which rate applies to which fees; null: to all. */
export interface VatRate {
	id: string;
	mode: Enums<'attendance_mode'> | null;
	category: Enums<'registration_category'> | null;
	vat_category: VatCategory;
	percent: number;
	exemption_code: string;
	exemption_reason: string;
}

const words: Record<VatCategory, () => string> = {
	S: m.payments_vat_kind_s,
	Z: m.payments_vat_kind_z,
	E: m.payments_vat_kind_e,
	O: m.payments_vat_kind_o
};

/** A kind of VAT, in words. */
export const vatCategoryWord = (category: VatCategory): string => words[category]();

/** A percentage as typed, "19", "5,5" or "19 %"; null when it is none. */
export function readPercent(text: string): number | null {
	const figures = text.replace(/[\s\u00a0\u202f%]/g, '').replace(',', '.');
	if (!/^\d{1,3}(\.\d{1,2})?$/.test(figures)) return null;
	const percent = Number(figures);
	return percent <= 100 ? percent : null;
}
