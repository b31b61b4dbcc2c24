import { m } from '#lib/i18n/messages.ts';
import { grounds, type Grounds } from './money.ts';

export type { PayerChoices } from '#lib/database/answers/payments/orders.ts';

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
