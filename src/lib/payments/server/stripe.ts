import { AmountTooPreciseError, inOurUnits } from '#lib/payments/amounts.ts';
import Stripe from 'stripe';

let cached: { key: string; address: string; client: Stripe } | undefined;

// The stand-in's address is set on a local stack only.
function configFor(address: string): Stripe.StripeConfig {
	// Three tries in all, within the time that a person waits after a click.
	const config: Stripe.StripeConfig = { maxNetworkRetries: 2, timeout: 10_000, telemetry: false };
	if (!address) return config;
	const { hostname, port, protocol } = new URL(address);
	const secure = protocol === 'https:';
	return { ...config, host: hostname, protocol: secure ? 'https' : 'http', port: port || (secure ? 443 : 80) };
}

/** The process's Stripe client. Only this file imports the package. */
function stripe(): Stripe {
	const key = process.env['STRIPE_SECRET_KEY'];
	if (!key) throw new Error('STRIPE_SECRET_KEY is needed to take payments.');
	const address = process.env['STRIPE_API_URL'] ?? '';
	if (cached?.key !== key || cached.address !== address)
		cached = { key, address, client: new Stripe(key, configFor(address)) };
	return cached.client;
}

/** The parameters of a Checkout Session. */
type SessionParams = Stripe.Checkout.SessionCreateParams;

/** A Stripe event, with the fields that the database needs. */
interface StripeEvent {
	id: string;
	type: string;
	created: Date;
	/** Amounts in our minor units. */
	object: Record<string, unknown>;
}

/** Opens a Checkout Session. The same `key` opens the same session, however often it is called. */
export async function openSession(params: SessionParams, key: string): Promise<Stripe.Checkout.Session> {
	return stripe().checkout.sessions.create(params, { idempotencyKey: key });
}

/** Refunds a payment. The same `key` refunds it once. */
export async function createRefund(params: Stripe.RefundCreateParams, key: string): Promise<Stripe.Refund> {
	return stripe().refunds.create(params, { idempotencyKey: key });
}

/** Reads a webhook's body and verifies its signature; null when it is not Stripe's, or older than five minutes. */
export function readStripeEvent(body: Buffer, signature: string | null): StripeEvent | null {
	const secret = process.env['STRIPE_WEBHOOK_SECRET'];
	if (!secret) throw new Error('STRIPE_WEBHOOK_SECRET is needed to read webhooks.');
	if (!signature) return null;
	try {
		const { id, type, created, data } = stripe().webhooks.constructEvent(body, signature, secret, 300);
		return {
			id,
			type,
			created: new Date(created * 1000),
			object: inOurUnits(data.object as unknown as Record<string, unknown>)
		};
	} catch {
		return null;
	}
}

/**
 * The meaning of a failed call. `known`: the error is Stripe's, or of the connection to it; `final`: Stripe understood
 * and refused, or was not asked, because it has no such amount. The code may be logged.
 */
export function stripeRefusalOf(error: unknown): { known: boolean; final: boolean; code: string } {
	if (error instanceof AmountTooPreciseError) return { known: true, final: true, code: 'amount_too_precise' };
	if (!(error instanceof Stripe.errors.StripeError)) return { known: false, final: false, code: 'unknown' };
	const { StripeInvalidRequestError, StripeCardError, StripeIdempotencyError } = Stripe.errors;
	const final = [StripeInvalidRequestError, StripeCardError, StripeIdempotencyError].some(
		(kind) => error instanceof kind
	);
	return { known: true, final, code: error.code ?? error.type };
}
