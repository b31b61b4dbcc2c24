import { m } from '#lib/i18n/messages.ts';
import type { PaperRow } from './invoice.ts';
import { grounds, type Grounds } from './money.ts';

/** What a payer may do with an order beside paying it by card. */
export type PayerChoices =
	/** A member pays for the reader. */
	| { pays: false }
	| {
			pays: true;
			payer: 'person' | 'member';
			invoices: PaperRow[];
			can_invoice: boolean;
			/** The payer is protected: their documents show the displayed name. */
			has_alias: boolean;
			currencies: string[];
			waiver: {
				id: string;
				state: 'open' | 'approved' | 'refused' | 'withdrawn';
				amount: number | null;
				answer: string;
			} | null;
			registration_id: string | null;
			waivable: boolean;
	  };

const words: Record<Grounds, () => string> = {
	no_budget: m.payment_waiver_no_budget,
	low_income_country: m.payment_waiver_low_income_country,
	small_organisation: m.payment_waiver_small_organisation,
	lived_experience: m.payment_waiver_lived_experience,
	invited: m.payment_waiver_invited,
	other: m.payment_waiver_other
};

/** The grounds to choose from, in the reader's words. */
export const groundsOptions = () => grounds.map((value) => ({ value, label: words[value]() }));
