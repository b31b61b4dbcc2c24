import { readAmount } from './statement.ts';

/** A part of a payment: an order or invoice, and its amount in minor units. */
interface PaymentPart {
	order_reference: string;
	amount: number;
}

/** Reads "ORDER 450.00" line by line; null when a line is invalid, or there are fewer than two. */
export function readParts(text: string, currency: string): PaymentPart[] | null {
	const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
	const parts = lines.map((line) => {
		const [, order = '', figures = ''] = /^\s*(\S.*?)[\s:=;,]+(\S+)\s*$/.exec(line) ?? [];
		const amount = readAmount(figures, currency);
		return order && amount !== null && amount > 0 ? { order_reference: order.slice(0, 40), amount } : null;
	});
	const known = parts.filter((part) => part !== null);
	return known.length === parts.length && known.length >= 2 && known.length <= 20 ? known : null;
}
