import { m } from '#lib/i18n/messages.ts';
import { money, utcDate } from '#lib/i18n/time.ts';
import { isolate, momentParam, moneyParam, pageOf, summitName, textParam, type MailContext } from '../context.ts';
import { paragraph, type Letter, type MailPart } from '../letter.ts';

/** Why a payer gets it: a focal point need not be registered. */
export function payerFoot(context: MailContext): string[] {
	return [m.mail_why_payer({ summit: summitName(context) }), m.mail_talk({ url: pageOf(context, '/talk') })];
}

/** The date of a parameter ("2027-06-10") in the venue's calendar, in words. */
function dayParam(context: MailContext, name: string): string | null {
	const date = textParam(context, name);
	return /^\d{4}-\d\d-\d\d$/.test(date) ? isolate(utcDate(date)) : null;
}

const paperOf = (context: MailContext) => isolate(textParam(context, 'invoice'));

function openPaper(context: MailContext, label: string): MailPart {
	return { kind: 'action', label, url: pageOf(context, `/invoices/${textParam(context, 'invoice_id')}`) };
}

function facts(context: MailContext): MailPart {
	const order = textParam(context, 'order');
	const given = [
		{ label: m.mail_fact_invoice(), value: paperOf(context) },
		...(order ? [{ label: m.mail_fact_order(), value: isolate(order) }] : [])
	];
	return { kind: 'facts', facts: given };
}

/** An invoice is ready. */
export function invoiceIssued(context: MailContext): Letter {
	const [invoice, amount, due] = [paperOf(context), moneyParam(context) ?? '', dayParam(context, 'due_on')];
	return {
		subject: m.mail_invoice_issued_subject({ invoice, summit: summitName(context) }),
		parts: [
			paragraph(m.mail_invoice_issued_body({ invoice, amount })),
			...(due ? [paragraph(m.mail_invoice_issued_due({ due }))] : []),
			openPaper(context, m.mail_action_invoice()),
			facts(context)
		],
		foot: payerFoot(context)
	};
}

/** A credit note reduces an invoice. */
export function creditNoteIssued(context: MailContext): Letter {
	const [invoice, amount] = [paperOf(context), moneyParam(context) ?? ''];
	return {
		subject: m.mail_credit_note_subject({ invoice, summit: summitName(context) }),
		parts: [
			paragraph(m.mail_credit_note_body({ invoice, amount })),
			openPaper(context, m.mail_action_credit_note()),
			facts(context)
		],
		foot: payerFoot(context)
	};
}

/** An invoice that is due soon, or overdue. */
export function invoiceReminder(context: MailContext): Letter {
	const after = textParam(context, 'stage') === 'after';
	const [invoice, amount, due] = [paperOf(context), moneyParam(context) ?? '', dayParam(context, 'due_on') ?? ''];
	const summit = summitName(context);
	const until = momentParam(context, 'until');
	return {
		subject: after
			? m.mail_reminder_after_subject({ invoice, summit })
			: m.mail_reminder_before_subject({ invoice, summit }),
		parts: [
			paragraph(
				after
					? m.mail_reminder_after_body({ invoice, amount, due })
					: m.mail_reminder_before_body({ invoice, amount, due })
			),
			...(until ? [paragraph(m.mail_reminder_until({ until }))] : []),
			paragraph(m.mail_reminder_crossed()),
			openPaper(context, m.mail_action_invoice()),
			facts(context)
		],
		foot: payerFoot(context)
	};
}

/** The payer's next page: their own, or the member's orders. */
export function payersPage(context: MailContext): MailPart {
	return textParam(context, 'payer') === 'member'
		? { kind: 'action', label: m.mail_action_orders(), url: pageOf(context, '/delegation/orders') }
		: { kind: 'action', label: m.mail_action_my_page(), url: pageOf(context, '/me') };
}

/** A waiver was approved, wholly or in part. */
export function waiverApproved(context: MailContext): Letter {
	const { owed, currency } = context.params;
	const rest = typeof owed === 'number' && owed > 0 && typeof currency === 'string' ? money(owed, currency) : null;
	const reason = textParam(context, 'reason');
	return {
		subject: m.mail_waiver_approved_subject({ summit: summitName(context) }),
		parts: [
			paragraph(m.mail_waiver_approved_body({ amount: moneyParam(context) ?? '' })),
			paragraph(rest ? m.mail_waiver_approved_owed({ owed: isolate(rest) }) : m.mail_waiver_approved_settled()),
			...(reason ? [paragraph(m.mail_they_wrote()), { kind: 'quote', text: reason } satisfies MailPart] : []),
			payersPage(context)
		],
		foot: payerFoot(context)
	};
}

/** A waiver was declined, with the reason. */
export function waiverRefused(context: MailContext): Letter {
	const reason = textParam(context, 'reason');
	return {
		subject: m.mail_waiver_refused_subject({ summit: summitName(context) }),
		parts: [
			paragraph(m.mail_waiver_refused_body()),
			...(reason ? [paragraph(m.mail_they_wrote()), { kind: 'quote', text: reason } satisfies MailPart] : []),
			payersPage(context)
		],
		foot: payerFoot(context)
	};
}

/** The books differ: for the finance organisers. */
export function booksDiffer(context: MailContext): Letter {
	const summit = summitName(context);
	return {
		subject: m.mail_books_differ_subject({ summit }),
		parts: [
			paragraph(m.mail_books_differ_body({ count: textParam(context, 'count') })),
			{ kind: 'action', label: m.mail_action_books(), url: pageOf(context, '/organise/money/books') }
		],
		foot: [m.mail_why_finance({ summit })]
	};
}
