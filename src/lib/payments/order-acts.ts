import { isolated } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
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
					label: m.payments_act_sent({ amount: sum }),
					button: m.payments_act_sent_button(),
					about: m.payments_act_sent_about()
				}
			];
		if (state !== 'failed') return [];
		return [
			{
				key: 'retry',
				id,
				label: m.payments_act_retry({ amount: sum }),
				button: m.payments_act_retry_button(),
				about: m.payments_act_retry_about()
			},
			{
				key: 'hand',
				id,
				label: m.payments_act_hand({ amount: sum }),
				button: m.payments_act_hand_button(),
				about: m.payments_act_hand_about()
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
		label: m.payments_act_bank(),
		button: m.payments_act_bank_button(),
		about: open ? m.payments_act_bank_about_open() : m.payments_act_bank_about_closed()
	});
	if (!live && order.can_invoice && (order.balance <= 0 ? order.cash > 0 : open))
		acts.push({
			key: 'invoice',
			label: m.payments_act_invoice(),
			button: m.payments_act_invoice_button(),
			about: m.payments_act_invoice_about()
		});
	if (live)
		acts.push({
			key: 'correct',
			id: live.id,
			label: m.payments_act_correct({ reference: isolated(live.reference) }),
			button: m.payments_act_correct_button(),
			about: m.payments_act_correct_about()
		});
	if (order.balance <= 0 && order.cash > 0)
		acts.push({
			key: 'refund',
			label: m.payments_act_refund(),
			button: m.payments_act_refund_button(),
			about: m.payments_act_refund_about(),
			grave: true
		});
	if (open)
		acts.push({
			key: 'extend',
			label: m.payments_act_extend(),
			button: m.payments_act_extend(),
			about: m.payments_act_extend_about()
		});
	if (!open && order.balance > 0)
		acts.push({
			key: 'write_off',
			label: m.payments_act_write_off(),
			button: m.payments_act_write_off_button(),
			about: m.payments_act_write_off_about(),
			grave: true
		});
	return acts;
}
