import { m } from '#lib/i18n/messages.ts';
import { isolate, momentParam, moneyParam, pageOf, summitName, textParam, type MailContext } from '../context.ts';
import { paragraph, type Letter, type MailPart } from '../letter.ts';
import { payerFoot, payersPage } from './invoices.ts';
import { registrationFoot } from './registration.ts';

function orderFact(context: MailContext): MailPart[] {
	const order = textParam(context, 'order', 'order_reference', 'reference');
	return order ? [{ kind: 'facts', facts: [{ label: m.mail_fact_order(), value: isolate(order) }] }] : [];
}

function footOf(context: MailContext): string[] {
	return textParam(context, 'payer') === 'member' ? payerFoot(context) : registrationFoot(context);
}

/** The delegation's order now includes the seat: its delegate pays nothing. */
export function paymentMoved(context: MailContext): Letter {
	return {
		subject: m.mail_payment_moved_subject({ summit: summitName(context) }),
		parts: [
			paragraph(m.mail_payment_moved_body()),
			{ kind: 'action', label: m.mail_action_my_page(), url: pageOf(context, '/me') }
		],
		foot: registrationFoot(context)
	};
}

/** Accredited: the seat is held until it is paid. */
export function paymentDue(context: MailContext): Letter {
	const amount = moneyParam(context);
	const until = momentParam(context, 'until', 'due_at', 'held_until');
	const parts = [paragraph(m.mail_payment_due_body())];
	if (until)
		parts.push(paragraph(amount ? m.mail_payment_due_until({ amount, until }) : m.mail_payment_due_by({ until })));
	return {
		subject: m.mail_payment_due_subject({ summit: summitName(context) }),
		parts: [
			...parts,
			paragraph(m.mail_payment_due_after()),
			{ kind: 'action', label: m.mail_action_pay(), url: pageOf(context, '/me/pay') },
			paragraph(m.mail_payment_due_card()),
			...orderFact(context)
		],
		foot: registrationFoot(context)
	};
}

/** A payment was received. */
export function paymentReceived(context: MailContext): Letter {
	const amount = moneyParam(context);
	const summit = summitName(context);
	return {
		subject: m.mail_payment_received_subject({ summit }),
		parts: [
			paragraph(amount ? m.mail_payment_received_body({ amount, summit }) : m.mail_payment_received_plain({ summit })),
			...orderFact(context),
			payersPage(context)
		],
		foot: footOf(context)
	};
}

/** A refund; with its reason, when the payment came too late for its seat. */
export function paymentRefunded(context: MailContext): Letter {
	const amount = moneyParam(context);
	const summit = summitName(context);
	const late = ['late', 'no_seat'].includes(textParam(context, 'cause', 'reason'));
	return {
		subject: m.mail_payment_refunded_subject({ summit }),
		parts: [
			...(late ? [paragraph(m.mail_payment_refunded_late())] : []),
			paragraph(amount ? m.mail_payment_refunded_body({ amount }) : m.mail_payment_refunded_plain()),
			paragraph(m.mail_payment_refunded_days()),
			...orderFact(context)
		],
		foot: footOf(context)
	};
}
