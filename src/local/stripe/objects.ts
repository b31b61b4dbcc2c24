/* Stripe's objects as far as the Summit reads them, with Stripe's names. Amounts are in minor units, times in seconds. */
import { randomBytes } from 'node:crypto';

export interface LineItem {
	id: string;
	object: 'item';
	description: string;
	quantity: number;
	currency: string;
	amount_subtotal: number;
	amount_total: number;
	price: { object: 'price'; currency: string; unit_amount: number; type: 'one_time' };
}

export interface CheckoutSession {
	id: string;
	object: 'checkout.session';
	amount_subtotal: number;
	amount_total: number;
	cancel_url: string | null;
	client_reference_id: string | null;
	created: number;
	currency: string;
	customer: null;
	customer_details: { email: string | null } | null;
	customer_email: string | null;
	expires_at: number;
	livemode: false;
	locale: string | null;
	metadata: Record<string, string>;
	mode: 'payment';
	payment_intent: string | null;
	payment_method_types: string[];
	payment_status: 'unpaid' | 'paid';
	status: 'open' | 'complete' | 'expired';
	success_url: string;
	ui_mode: string;
	url: string | null;
}

export interface Intent {
	id: string;
	object: 'payment_intent';
	amount: number;
	amount_received: number;
	created: number;
	currency: string;
	last_payment_error: { code: string; decline_code: string; message: string; type: 'card_error' } | null;
	latest_charge: string | null;
	livemode: false;
	metadata: Record<string, string>;
	status: 'requires_payment_method' | 'processing' | 'succeeded' | 'canceled';
}

export interface Charge {
	id: string;
	object: 'charge';
	amount: number;
	amount_captured: number;
	amount_refunded: number;
	captured: boolean;
	created: number;
	currency: string;
	disputed: boolean;
	failure_code: string | null;
	livemode: false;
	metadata: Record<string, string>;
	paid: boolean;
	payment_intent: string;
	payment_method_details: { type: string };
	refunded: boolean;
	status: 'succeeded' | 'failed';
}

export interface Refund {
	id: string;
	object: 'refund';
	amount: number;
	charge: string;
	created: number;
	currency: string;
	failure_reason?: string;
	metadata: Record<string, string>;
	payment_intent: string;
	reason: string | null;
	status: 'pending' | 'succeeded' | 'failed';
}

export interface Dispute {
	id: string;
	object: 'dispute';
	amount: number;
	charge: string;
	created: number;
	currency: string;
	livemode: false;
	metadata: Record<string, string>;
	payment_intent: string;
	reason: string;
	status: 'needs_response' | 'won' | 'lost';
}

export interface StripeEventObject {
	id: string;
	object: 'event';
	api_version: string;
	created: number;
	data: { object: object };
	livemode: false;
	pending_webhooks: number;
	request: { id: null; idempotency_key: string | null };
	type: string;
}

/** Everything that the stand-in remembers; one JSON file. */
export interface Ledger {
	sessions: Record<string, CheckoutSession>;
	lineItems: Record<string, LineItem[]>;
	/** Metadata that a session's payment will get. */
	intentMetadata: Record<string, Record<string, string>>;
	intents: Record<string, Intent>;
	charges: Record<string, Charge>;
	refunds: Record<string, Refund>;
	disputes: Record<string, Dispute>;
	events: StripeEventObject[];
	answers: Record<string, { fingerprint: string; status: number; body: object }>;
}

/** A ledger with nothing in it. */
export function emptyLedger(): Ledger {
	return {
		sessions: {},
		lineItems: {},
		intentMetadata: {},
		intents: {},
		charges: {},
		refunds: {},
		disputes: {},
		events: [],
		answers: {}
	};
}

/** A new id with Stripe's prefix. */
export function newId(prefix: string): string {
	return `${prefix}_${randomBytes(18).toString('base64url').replaceAll(/[-_]/g, 'x')}`;
}

/** Seconds since 1970, as Stripe counts. */
export function nowInSeconds(): number {
	return Math.floor(Date.now() / 1000);
}

/** A refusal in Stripe's form. */
export class StripeRefusal extends Error {
	readonly status: number;
	readonly body: object;
	constructor(status: number, error: { type?: string; code?: string; param?: string; message: string }) {
		super(error.message);
		this.status = status;
		this.body = { error: { type: 'invalid_request_error', ...error } };
	}
}
