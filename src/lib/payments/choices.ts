import { m } from '#lib/i18n/messages.ts';
import { grounds, type WaiverGrounds } from './money.ts';

export type { PayerChoices } from '#lib/database/answers/payments/orders.ts';

const words: Record<WaiverGrounds, () => string> = {
	no_budget: m.payments_waiver_no_budget,
	low_income_country: m.payments_waiver_low_income_country,
	small_organisation: m.payments_waiver_small_organisation,
	lived_experience: m.payments_waiver_lived_experience,
	invited: m.payments_waiver_invited,
	other: m.payments_waiver_other
};

/** The grounds to choose from, in the reader's words. */
export const groundsOptions = () => grounds.map((value) => ({ value, label: words[value]() }));
