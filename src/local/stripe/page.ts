import { digitsAtStripe } from '../../lib/payments/amounts.ts';
import type { LineItem, CheckoutSession } from './objects.ts';

const style = `
	:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
	body { max-inline-size: 30rem; margin: 8vh auto; padding: 0 1.25rem; }
	.note { border: 1px solid; border-radius: .25rem; padding: .5rem .75rem; font-size: .9rem; }
	table { inline-size: 100%; border-collapse: collapse; margin-block: 1.5rem; }
	td, th { padding: .35rem 0; text-align: start; font-weight: normal; border-block-end: 1px solid #8885; }
	td { text-align: end; font-variant-numeric: tabular-nums; }
	tfoot * { font-weight: 600; }
	form { display: grid; gap: .75rem; }
	button { font: inherit; padding: .7rem 1rem; border: 1px solid; border-radius: .25rem; background: none; color: inherit; cursor: pointer; }
	button:first-child { background: #14365c; color: #fff; border-color: #14365c; }
	[role=alert] { color: #b3261e; font-weight: 600; }`;

/** Escapes text for HTML. */
export function escapeHtml(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function frame(title: string, body: string): string {
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>${style}</style></head><body>
<p class="note">A stand-in for Stripe on this machine. No card is asked for and no money moves.</p>${body}</body></html>`;
}

/** A page like Stripe's hosted one. */
export function payPage(session: CheckoutSession, items: LineItem[], declined: boolean): string {
	const money = (amount: number) =>
		new Intl.NumberFormat('en', { style: 'currency', currency: session.currency }).format(
			amount / 10 ** digitsAtStripe(session.currency)
		);
	const rows = items.map(
		(item) =>
			`<tr><th scope="row">${escapeHtml(item.description)}${item.quantity > 1 ? ` × ${item.quantity}` : ''}</th><td>${money(item.amount_total)}</td></tr>`
	);
	return frame(
		'Payment (stand-in)',
		`<main><h1>Payment</h1>${declined ? '<p role="alert">Your card was declined. Try another one.</p>' : ''}
<table><tbody>${rows.join('')}</tbody><tfoot><tr><th scope="row">Total</th><td>${money(session.amount_total)}</td></tr></tfoot></table>
<form method="post">
<button name="act" value="pay">Pay ${money(session.amount_total)}</button>
<button name="act" value="slow">Pay by bank debit (settles later)</button>
<button name="act" value="decline">Let the card be declined</button>
<button name="act" value="cancel">Go back without paying</button>
</form></main>`
	);
}

/** What is shown for a session that can no longer be paid. */
export function closedPage(session: CheckoutSession | undefined): string {
	const sentence = !session
		? 'There is no such payment.'
		: session.status === 'complete'
			? 'This payment was made already.'
			: 'This payment page has expired. Go back to the Summit and start the payment again.';
	return frame('Payment (stand-in)', `<main><h1>Payment</h1><p>${sentence}</p></main>`);
}
