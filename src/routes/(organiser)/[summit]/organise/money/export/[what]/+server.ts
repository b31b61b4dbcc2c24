import { writeCsv } from '#lib/files/csv.ts';
import { minorDigits } from '#lib/i18n/currency.ts';
import { m } from '#lib/i18n/messages.ts';
import { orderStates } from '#lib/payments/order.ts';
import { exportMoney } from '#lib/payments/server/money.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

const columns: Record<string, readonly string[]> = {
	orders: [
		'order',
		'payer',
		'payer_kind',
		'state',
		'currency',
		'charged',
		'paid',
		'returned',
		'balance',
		'created_at',
		'due_at',
		'closed_at',
		'registrations'
	],
	entries: [
		'at',
		'order',
		'kind',
		'entry',
		'registration',
		'amount',
		'currency',
		'provider',
		'provider_ref',
		'booked_on',
		'reason'
	],
	invoices: ['number', 'kind', 'answers', 'order', 'payer', 'amount', 'currency', 'issued_on', 'due_on', 'state']
};
const amounts = new Set(['charged', 'paid', 'returned', 'balance', 'amount']);

type Value = string | number | null;

// Amounts as spreadsheets expect them: 450.5, not 45050.
function written(name: string, value: Value, currency: string): Value {
	return amounts.has(name) && typeof value === 'number' ? value / 10 ** minorDigits(currency) : value;
}

/** Orders, ledger entries or invoices as CSV. The database logs each download. */
export const GET: RequestHandler = async ({ locals, params, url }) => {
	const { summit, supabase } = locals;
	const names = Object.hasOwn(columns, params.what) ? columns[params.what] : undefined;
	if (!names) error(404, m.ui_not_found());
	const state = orderStates.find((known) => known === url.searchParams.get('state')) ?? null;
	const rows = await exportMoney(supabase, summit.id, params.what, state);
	if (!rows) error(404, m.ui_not_found());
	const cells = rows.map((row) => names.map((name) => written(name, row[name] ?? null, String(row['currency'] ?? ''))));
	return new Response(writeCsv([[...names], ...cells]), {
		headers: {
			'content-type': 'text/csv; charset=utf-8',
			'content-disposition': `attachment; filename="${summit.slug}-${params.what}.csv"`,
			'cache-control': 'no-store'
		}
	});
};
