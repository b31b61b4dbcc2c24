import { toStripe } from './amounts.ts';
import type { Checkout } from '#lib/database/answers/payments/checkout.ts';

/** The page from which a payer comes and to which they return. */
export interface PayerPlace {
	origin: string;
	/** Localised paths. */
	paidPath: string;
	backPath: string;
	/** The item, in the payer's language: the Summit and the kind of seat, never a person. */
	item: string;
	locale: string;
}

// Stripe's page has no Arabic: it then uses the browser's language.
const pageLocales: Record<string, 'en' | 'fr' | 'es' | 'ru' | 'zh' | 'pt'> = {
	en: 'en',
	fr: 'fr',
	es: 'es',
	ru: 'ru',
	zh: 'zh',
	pt: 'pt'
};

/** The parameters of a Checkout Session. No name, address or person id is among them (rule 7): Stripe asks the payer for what it needs. */
export function sessionParams(checkout: Checkout, place: PayerPlace) {
	const metadata = { checkout_id: checkout.checkout_id, order: checkout.reference };
	return {
		mode: 'payment' as const,
		locale: pageLocales[place.locale] ?? ('auto' as const),
		line_items: [
			{
				quantity: 1,
				price_data: {
					currency: checkout.currency.toLowerCase(),
					unit_amount: toStripe(checkout.amount, checkout.currency),
					product_data: { name: place.item.slice(0, 250) }
				}
			}
		],
		client_reference_id: checkout.reference,
		metadata,
		payment_intent_data: { metadata, description: `${place.item.slice(0, 250)} · ${checkout.reference}` },
		// The amount that is paid must equal the requested amount.
		adaptive_pricing: { enabled: false },
		expires_at: Math.floor(Date.parse(checkout.expires_at) / 1000),
		success_url: new URL(place.paidPath, place.origin).href,
		cancel_url: new URL(place.backPath, place.origin).href
	};
}
