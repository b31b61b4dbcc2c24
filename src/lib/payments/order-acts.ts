import { money } from '#lib/i18n/time.ts';
import type { WholeOrder } from './money.ts';

/** An act of finance that is possible for an order now. */
export interface OrderAct {
	key: 'bank' | 'invoice' | 'correct' | 'refund' | 'sent' | 'retry' | 'hand' | 'extend' | 'write_off';
	/** The link that opens its form. */
	label: string;
	button: string;
	/** Its effect. */
	about: string;
	/** The refund or invoice concerned. */
	id?: string;
	grave?: boolean;
}

function refundActs(order: WholeOrder): OrderAct[] {
	return order.refunds.flatMap(({ id, state, amount, by_hand }): OrderAct[] => {
		const sum = money(amount, order.currency);
		if (state === 'due' && by_hand)
			return [
				{
					key: 'sent',
					id,
					label: `${sum} sent back by bank`,
					button: 'Mark as sent',
					about: 'Send the money first; this writes it into the ledger.'
				}
			];
		if (state !== 'failed') return [];
		return [
			{
				key: 'retry',
				id,
				label: `Ask Stripe again for ${sum}`,
				button: 'Ask Stripe again',
				about: 'Stripe refused it; it is still owed.'
			},
			{
				key: 'hand',
				id,
				label: `Give ${sum} back by bank instead`,
				button: 'Give it back by bank',
				about: 'Stripe is not asked again. You send it by bank, and then mark it as sent.'
			}
		];
	});
}

/** The possible acts for an order; never none, since a late transfer can always be recorded. */
export function actsOf(order: WholeOrder): OrderAct[] {
	const open = order.closed_at === null;
	const live = order.invoices.find(({ kind, state }) => kind === 'invoice' && state !== 'credited');
	const acts: OrderAct[] = [...refundActs(order)];
	acts.push({
		key: 'bank',
		label: 'Record a bank transfer',
		button: 'Record the transfer',
		about: open
			? 'It pays the order, or a part of it; what is too much goes back by hand.'
			: 'The order is closed: it gets its seat back if there is one, else the money goes back by hand.'
	});
	if (!live && order.can_invoice && (order.balance <= 0 ? order.cash > 0 : open))
		acts.push({
			key: 'invoice',
			label: 'Make out an invoice',
			button: 'Issue the invoice',
			about: 'It gets the next number and is never changed. The order waits until it is due.'
		});
	if (live)
		acts.push({
			key: 'correct',
			id: live.id,
			label: `Correct invoice ${live.reference}`,
			button: 'Credit it and issue a new one',
			about: 'A credit note answers it whole, and a new invoice takes its place.'
		});
	if (order.balance <= 0 && order.cash > 0)
		acts.push({
			key: 'refund',
			label: 'Give money back',
			button: 'Give it back',
			about: 'It goes back the way that it came. A credit note follows where there is an invoice. The seat stays.',
			grave: true
		});
	if (open)
		acts.push({
			key: 'extend',
			label: 'Wait longer',
			button: 'Wait longer',
			about: 'The order and its seats wait until the end of that day.'
		});
	if (!open && order.balance > 0)
		acts.push({
			key: 'write_off',
			label: 'Write off what is owed',
			button: 'Write it off',
			about: 'Nothing more is asked of the payer. To take the seat away, decline the registration.',
			grave: true
		});
	return acts;
}
