/* What Stripe checks before it makes a Checkout Session, with its own codes and words. */
import { mapOf, textOf, type Form, type FormValue } from './form.ts';
import { newId, nowInSeconds, StripeRefusal, type LineItem } from './objects.ts';

const known = new Set(
	`mode success_url cancel_url client_reference_id customer_email expires_at line_items locale metadata payment_intent_data payment_method_types
	submit_type billing_address_collection customer_creation custom_text invoice_creation payment_method_options ui_mode expand automatic_tax
	allow_promotion_codes phone_number_collection currency adaptive_pricing`.split(/\s+/)
);

/** The lines and the currency of a session that Stripe would make; throws its refusal otherwise. */
export function checkSession(form: Form): { items: LineItem[]; currency: string } {
	for (const name of Object.keys(form)) {
		if (!known.has(name))
			throw new StripeRefusal(400, {
				code: 'parameter_unknown',
				param: name,
				message: `Received unknown parameter: ${name}`
			});
	}
	if (textOf(form.mode) !== 'payment')
		throw new StripeRefusal(400, { param: 'mode', message: 'Invalid mode: the stand-in knows "payment" only.' });
	for (const name of ['success_url', 'cancel_url']) {
		const value = textOf(form[name]);
		if (value === undefined && name === 'success_url')
			throw new StripeRefusal(400, {
				code: 'parameter_missing',
				param: name,
				message: `Missing required param: ${name}.`
			});
		if (value !== undefined && !URL.canParse(value))
			throw new StripeRefusal(400, { code: 'url_invalid', param: name, message: 'Not a valid URL' });
	}
	const metadata = Object.entries(mapOf(form.metadata));
	if (metadata.length > 50 || metadata.some(([key, value]) => key.length > 40 || value.length > 500)) {
		throw new StripeRefusal(400, {
			param: 'metadata',
			message: 'Metadata has at most 50 keys of 40 characters, with values of 500.'
		});
	}
	const lines = Array.isArray(form.line_items) ? form.line_items : [];
	if (lines.length === 0)
		throw new StripeRefusal(400, {
			code: 'parameter_missing',
			param: 'line_items',
			message: 'Missing required param: line_items.'
		});
	const items = lines.map(lineItem);
	const currency = items[0]?.currency ?? '';
	if (items.some((item) => item.currency !== currency))
		throw new StripeRefusal(400, {
			param: 'line_items',
			message: 'All prices on a Checkout Session must have the same currency.'
		});
	if (items.reduce((sum, item) => sum + item.amount_total, 0) < 50) {
		throw new StripeRefusal(400, {
			code: 'amount_too_small',
			message: "The Checkout Session's total amount due must add up to at least 0.50."
		});
	}
	return { items, currency };
}

function lineItem(line: FormValue, index: number): LineItem {
	const missing = (param: string): StripeRefusal =>
		new StripeRefusal(400, {
			code: 'parameter_missing',
			param: `line_items[${index}]${param}`,
			message: `Missing required param: line_items[${index}]${param}.`
		});
	if (typeof line !== 'object' || Array.isArray(line)) throw missing('');
	const price = line.price_data;
	if (typeof price !== 'object' || Array.isArray(price)) throw missing('[price_data]');
	const currency = textOf(price.currency)?.toLowerCase();
	const amount = Number(textOf(price.unit_amount));
	const name = mapOf(price.product_data).name;
	const quantity = Number(textOf(line.quantity) ?? 1);
	if (!currency || !/^[a-z]{3}$/.test(currency)) throw missing('[price_data][currency]');
	if (!Number.isInteger(amount) || amount < 0) throw missing('[price_data][unit_amount]');
	if (!name) throw missing('[price_data][product_data][name]');
	if (!Number.isInteger(quantity) || quantity < 1) throw missing('[quantity]');
	return {
		id: newId('li'),
		object: 'item',
		description: name,
		quantity,
		currency,
		amount_subtotal: amount * quantity,
		amount_total: amount * quantity,
		price: { object: 'price', currency, unit_amount: amount, type: 'one_time' }
	};
}

/** When the session will end: 30 minutes to 24 hours from now. */
export function expiry(form: Form): number {
	const now = nowInSeconds();
	if (form.expires_at === undefined) return now + 24 * 3600;
	const asked = Number(textOf(form.expires_at));
	const refuse = (message: string) => new StripeRefusal(400, { param: 'expires_at', message });
	if (!Number.isInteger(asked)) throw refuse('Invalid integer: expires_at');
	// Stripe forgives the seconds that a request takes.
	if (asked < now + 30 * 60 - 5)
		throw refuse('The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.');
	if (asked > now + 24 * 3600 + 5)
		throw refuse('The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.');
	return asked;
}
