/*
 * Amounts in fields and in Stripe's units. Ours are minor units of ISO 4217; Stripe's differ for three currencies, and must be multiples of a step where
 * cards cannot express less. Source: docs.stripe.com/currencies, zero-decimal, three-decimal and special cases.
 */
import { minorDigits } from '#lib/i18n/currency.ts';

// Whole in ISO, hundredths at Stripe (which accepts whole ones only); and the other way round.
const exceptions: Record<string, number> = { ISK: 2, UGX: 2, MGA: 0 };

/** Digits of Stripe's unit of a currency. */
export function digitsAtStripe(currency: string): number {
	return exceptions[currency.toUpperCase()] ?? minorDigits(currency);
}

function shift(currency: string): number {
	return digitsAtStripe(currency) - minorDigits(currency);
}

/** The smallest step of an amount, in our minor units: 10 for KWD, 100 for MGA, 1 for most. */
export function currencyStep(currency: string): number {
	if (minorDigits(currency) === 3) return 10;
	return 10 ** Math.max(0, -shift(currency));
}

/** The value of an amount's field: 45000 → "450.00". */
export function majorUnits(amount: number, currency: string): string {
	const digits = minorDigits(currency);
	return (amount / 10 ** digits).toFixed(digits);
}

/** An amount that Stripe could not charge or pay back exactly. */
export class AmountTooPreciseError extends RangeError {}

/** Our minor units in Stripe's. Throws an AmountTooPreciseError when Stripe could not charge exactly that. */
export function toStripe(amount: number, currency: string): number {
	if (amount % currencyStep(currency) !== 0)
		throw new AmountTooPreciseError(`Stripe cannot charge ${amount} minor units of ${currency}.`);
	return Math.round(amount * 10 ** shift(currency));
}

/** An amount of Stripe's in our minor units. */
function fromStripe(amount: number, currency: string): number {
	return Math.round(amount / 10 ** shift(currency));
}

/** An object of Stripe's with its amounts (`amount`, `amount_total` …) in our minor units. */
export function inOurUnits(object: Record<string, unknown>): Record<string, unknown> {
	const { currency } = object;
	if (typeof currency !== 'string') return object;
	return Object.fromEntries(
		Object.entries(object).map(([name, value]) => [
			name,
			name.startsWith('amount') && typeof value === 'number' ? fromStripe(value, currency) : value
		])
	);
}
