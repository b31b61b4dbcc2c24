/* Stripe's API as far as the Summit uses it: which address does what. */
import { decodeForm, textOf, type Form } from './form.ts';
import { StripeRefusal, type Ledger } from './objects.ts';
import type { Payments } from './payments.ts';

/** Stripe's answer to an address that it does not know. */
export function unknown(method: string | undefined, path: string): StripeRefusal {
	return new StripeRefusal(404, { message: `Unrecognized request URL (${method}: ${path}).` });
}

/** Answers one call; throws Stripe's refusal. */
export function answerApi(
	{ ledger, payments }: { ledger: Ledger; payments: Payments },
	method: string,
	url: URL,
	body: string
): object {
	const form = decodeForm(method === 'POST' ? body : url.search.slice(1));
	const path = url.pathname.slice('/v1/'.length);
	const [kind = '', id = '', verb = ''] = path.replace('checkout/sessions', 'sessions').split('/');
	const expanded = (value: object) => expand(ledger, value, form);
	if (method === 'POST' && path === 'checkout/sessions') return expanded(payments.createSession(form));
	if (method === 'POST' && kind === 'sessions' && verb === 'expire') return expanded(payments.expireSession(id));
	if (method === 'POST' && path === 'refunds') return expanded(payments.refund(form));
	if (method === 'GET' && kind === 'sessions' && verb === 'line_items')
		return list(ledger.lineItems[id] ?? [], url, form);
	if (method === 'GET' && id && !verb) return expanded(find(ledger, kind, id));
	if (method === 'GET' && !id) return list(listed(ledger, kind, form), url, form);
	throw unknown(method, url.pathname);
}

function collection(ledger: Ledger, kind: string): Record<string, object> | undefined {
	const kinds: Record<string, Record<string, object>> = {
		sessions: ledger.sessions,
		payment_intents: ledger.intents,
		charges: ledger.charges,
		refunds: ledger.refunds,
		disputes: ledger.disputes
	};
	return kind === 'events' ? Object.fromEntries(ledger.events.map((event) => [event.id, event])) : kinds[kind];
}

const singular: Record<string, string> = {
	sessions: 'checkout.session',
	payment_intents: 'payment_intent',
	charges: 'charge',
	refunds: 'refund',
	disputes: 'dispute',
	events: 'event'
};

function find(ledger: Ledger, kind: string, id: string): object {
	const found = collection(ledger, kind)?.[id];
	if (!found)
		throw new StripeRefusal(404, {
			code: 'resource_missing',
			param: 'id',
			message: `No such ${singular[kind] ?? kind}: '${id}'`
		});
	return found;
}

function listed(ledger: Ledger, kind: string, form: Form): object[] {
	const all = collection(ledger, kind);
	if (!all) throw unknown('GET', `/v1/${kind}`);
	const filters = ['type', 'payment_intent', 'charge'].flatMap((name) =>
		textOf(form[name]) ? [[name, textOf(form[name])] as const] : []
	);
	const since =
		typeof form.created === 'object' && !Array.isArray(form.created) ? Number(textOf(form.created.gte) ?? 0) : 0;
	return Object.values(all)
		.filter((object) => filters.every(([name, value]) => (object as Record<string, unknown>)[name] === value))
		.filter((object) => (object as { created: number }).created >= since)
		.toReversed();
}

function list(objects: object[], url: URL, form: Form): object {
	const limit = Math.min(Math.max(Number(textOf(form.limit) ?? 10), 1), 100);
	const after = textOf(form.starting_after);
	const start = after ? objects.findIndex((object) => (object as { id: string }).id === after) + 1 : 0;
	return {
		object: 'list',
		url: url.pathname,
		has_more: start + limit < objects.length,
		data: objects.slice(start, start + limit)
	};
}

function expand(ledger: Ledger, value: object, form: Form): object {
	const copy = structuredClone(value) as Record<string, unknown>;
	for (const path of Array.isArray(form.expand) ? form.expand : []) {
		let target: Record<string, unknown> | undefined = copy;
		for (const part of String(path).split('.')) {
			if (!target) break;
			if (part === 'line_items')
				target[part] = { object: 'list', has_more: false, data: ledger.lineItems[String(target.id)] ?? [] };
			const id: unknown = target[part];
			if (typeof id === 'string')
				target[part] = structuredClone({ ...ledger.intents, ...ledger.charges, ...ledger.refunds }[id] ?? id);
			target = target[part] as Record<string, unknown> | undefined;
		}
	}
	return copy;
}
