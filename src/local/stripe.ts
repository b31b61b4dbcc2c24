/*
 * A stand-in for Stripe that the real `stripe` package talks to over HTTP: Checkout Sessions, payments, refunds,
 * disputes, events with signed webhooks, and a page to pay at. Tests steer it under /_test/.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { openDelivery, type Delivery } from './stripe/delivery.ts';
import { answerApi, unknown } from './stripe/api.ts';
import {
	emptyLedger,
	newId,
	nowInSeconds,
	StripeRefusal,
	type Ledger,
	type StripeEventObject
} from './stripe/objects.ts';
import { closedPage, payPage } from './stripe/page.ts';
import { makePayments, type Payments } from './stripe/payments.ts';

interface LocalStripeOptions {
	port: number;
	/** The app's webhook. */
	webhook: string;
	apiKey: string;
	webhookSecret: string;
	/** Where the ledger is kept between starts. */
	file?: string;
}

export interface LocalStripe {
	address: string;
	stop(): Promise<void>;
}

interface StripeContext {
	options: LocalStripeOptions;
	ledger: Ledger;
	payments: Payments;
	delivery: Delivery;
	save: () => void;
}

/** Starts the stand-in on the loopback address. */
export async function startStripe(options: LocalStripeOptions): Promise<LocalStripe> {
	const ledger: Ledger =
		options.file && existsSync(options.file)
			? (JSON.parse(readFileSync(options.file, 'utf8')) as Ledger)
			: emptyLedger();
	const address = `http://127.0.0.1:${options.port}`;
	const delivery = openDelivery(options.webhook, options.webhookSecret);
	function save(): void {
		if (!options.file) return;
		writeFileSync(`${options.file}.new`, JSON.stringify(ledger), { mode: 0o600 });
		renameSync(`${options.file}.new`, options.file);
	}
	function sendEvent(type: string, object: object): void {
		const event: StripeEventObject = {
			id: newId('evt'),
			object: 'event',
			api_version: '2026-10-28.endive',
			created: nowInSeconds(),
			// A copy: the event describes the object at this moment, even if the object changes later.
			data: { object: structuredClone(object) },
			livemode: false,
			pending_webhooks: 1,
			request: { id: null, idempotency_key: null },
			type
		};
		ledger.events.push(event);
		delivery.send(event);
	}
	const context: StripeContext = {
		options,
		ledger,
		payments: makePayments({ ledger, address, sendEvent }),
		delivery,
		save
	};
	const server = createServer((request, response) => {
		answer(context, request, response).catch(() => {
			if (!response.headersSent) response.writeHead(500);
			response.end();
		});
	});
	server.listen(options.port, '127.0.0.1');
	await once(server, 'listening');
	for (const event of ledger.events) if (event.pending_webhooks > 0) delivery.send(event);
	const clock = setInterval(() => expireDue(context), 1000);
	return {
		address,
		async stop() {
			clearInterval(clock);
			delivery.stop();
			save();
			server.close();
			server.closeAllConnections();
		}
	};
}

function expireDue({ ledger, payments, save }: StripeContext): void {
	const due = Object.values(ledger.sessions).filter(
		({ status, expires_at }) => status === 'open' && expires_at <= nowInSeconds()
	);
	for (const { id } of due) payments.expireSession(id);
	if (due.length > 0) save();
}

async function answer(context: StripeContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
	const url = new URL(request.url ?? '/', 'http://stripe.local');
	const body = await text(request);
	const json = (status: number, value: object, headers = {}) => {
		response.writeHead(status, { 'content-type': 'application/json', 'request-id': newId('req'), ...headers });
		response.end(JSON.stringify(value));
	};
	try {
		if (url.pathname.startsWith('/pay/')) return pay(context, url, request, response, body);
		if (url.pathname.startsWith('/_test/')) return json(200, await runTestCommand(context, url.pathname, body));
		if (!url.pathname.startsWith('/v1/')) throw unknown(request.method, url.pathname);
		authorize(request, context.options.apiKey);
		const key = request.headers['idempotency-key'];
		if (request.method !== 'POST' || typeof key !== 'string')
			return json(200, answerApi(context, request.method ?? 'GET', url, body));
		const fingerprint = createHash('sha256').update(`${url.pathname}\n${body}`).digest('hex');
		const { replayed, status, value } = answerOnce(context, key, fingerprint, () =>
			answerApi(context, 'POST', url, body)
		);
		json(status, value, replayed ? { 'idempotent-replayed': 'true' } : {});
	} catch (error) {
		if (!(error instanceof StripeRefusal)) throw error;
		json(error.status, error.body);
	} finally {
		if (request.method === 'POST') context.save();
	}
}

// The same key gives the same answer, also when that was a refusal; with other parameters it is an error.
function answerOnce(
	{ ledger }: StripeContext,
	key: string,
	fingerprint: string,
	act: () => object
): { replayed: boolean; status: number; value: object } {
	const cached = ledger.answers[key];
	if (cached && cached.fingerprint !== fingerprint) {
		throw new StripeRefusal(400, {
			type: 'idempotency_error',
			message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`
		});
	}
	if (cached) return { replayed: true, status: cached.status, value: cached.body };
	const value = structuredClone(act());
	ledger.answers[key] = { fingerprint, status: 200, body: value };
	return { replayed: false, status: 200, value };
}

function authorize(request: IncomingMessage, apiKey: string): void {
	const given = Buffer.from(/^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '');
	const expected = Buffer.from(apiKey);
	if (given.length !== expected.length || !timingSafeEqual(given, expected))
		throw new StripeRefusal(401, { message: 'Invalid API Key provided.' });
}

function pay(
	{ ledger, payments }: StripeContext,
	url: URL,
	request: IncomingMessage,
	response: ServerResponse,
	body: string
): void {
	const session = ledger.sessions[url.pathname.slice('/pay/'.length)];
	const html = (status: number, page: string) => {
		response.writeHead(status, {
			'content-type': 'text/html; charset=utf-8',
			'cache-control': 'no-store',
			'referrer-policy': 'no-referrer'
		});
		response.end(page);
	};
	const go = (to: string) => {
		response.writeHead(303, { location: to });
		response.end();
	};
	if (!session || session.status !== 'open') return html(session ? 200 : 404, closedPage(session));
	if (request.method !== 'POST')
		return html(200, payPage(session, ledger.lineItems[session.id] ?? [], url.searchParams.has('declined')));
	const act = new URLSearchParams(body).get('act');
	if (act === 'cancel') return go(session.cancel_url ?? session.success_url);
	if (act === 'decline') {
		payments.decline(session.id);
		return go(`${url.pathname}?declined`);
	}
	payments.pay(session.id, act === 'slow' ? 'slow' : 'card');
	go(session.success_url.replaceAll('{CHECKOUT_SESSION_ID}', session.id));
}

async function runTestCommand(
	{ ledger, payments, delivery }: StripeContext,
	path: string,
	body: string
): Promise<object> {
	const [, , kind = '', id = '', verb = ''] = path.split('/');
	const given = body ? (JSON.parse(body) as Record<string, string>) : {};
	if (kind === 'hold') delivery.hold();
	if (kind === 'release') await delivery.release(given.order === 'backward' ? 'backward' : 'forward');
	if (kind === 'idle') await delivery.idle();
	if (kind === 'sessions' && verb === 'pay') return payments.pay(id, given.how === 'slow' ? 'slow' : 'card');
	if (kind === 'sessions' && verb === 'settle')
		return payments.settle(id, given.outcome === 'failed' ? 'failed' : 'succeeded');
	if (kind === 'sessions' && verb === 'decline') return payments.decline(id);
	if (kind === 'sessions' && verb === 'expire') return payments.expireSession(id);
	if (kind === 'sessions' && verb === 'dispute') return payments.dispute(id);
	if (kind === 'disputes' && verb === 'close')
		return payments.closeDispute(id, given.status === 'won' ? 'won' : 'lost');
	if (kind === 'refunds' && verb === 'fail') return payments.failRefund(id);
	if (kind === 'events' && verb === 'deliver') {
		const event = ledger.events.find((candidate) => candidate.id === id);
		if (!event) throw new StripeRefusal(404, { message: `No such event: '${id}'` });
		return { status: await delivery.again(event) };
	}
	if (kind === 'events') return { data: ledger.events };
	return {};
}
