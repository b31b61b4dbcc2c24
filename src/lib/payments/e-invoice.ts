import { minorDigits } from '#lib/i18n/currency.ts';
import { m } from '#lib/i18n/messages.ts';
import { seatLineWord, exemptionWord, type Paper, type PaperVat } from './invoice.ts';

/** Whether a document can be an e-invoice: it says what its tax is, and EN 16931 writes its currency. */
export function isElectronic(paper: Paper): paper is ElectronicPaper {
	return Boolean(paper.vat) && Boolean(paper.issuer.country) && minorDigits(paper.currency) <= 2;
}
/** A document with tax. */
export type ElectronicPaper = Paper & { vat: PaperVat };

const lines = (address: string) => {
	const [line1 = '', line2, ...rest] = address.split('\n').filter((line) => line.trim() !== '');
	return { line1, ...(line2 && { line2 }), ...(rest.length > 0 && { line3: rest.join(' ') }) };
};

/** The address of a party. It is free text, so that the place is one of its lines. */
const addressOf = (address: string, country: string) => ({ ...lines(address), city: '', postalCode: '', country });

/** The content of an e-invoice by EN 16931, in the present language (the document's own). Amounts in major units. */
export function eInvoiceOf(paper: ElectronicPaper) {
	const { vat, issuer, buyer } = paper;
	const scale = 10 ** minorDigits(paper.currency);
	const major = (minor: number) => minor / scale;
	// Outside the scope of the tax, no party has a VAT id (BR-O-2) and no line a rate (BR-O-5).
	const isOutside = vat.groups.some(({ category }) => category === 'O');
	const rate = (percent: number) => (isOutside ? {} : { vatRatePercent: percent });
	const isNote = paper.kind === 'credit_note';
	const paid = isNote ? 0 : Math.min(paper.paid, paper.amount);
	const seats = isNote
		? vat.groups.map((group) => ({ ...group, name: m.payments_paper_reduction_of({ invoice: paper.answers ?? '' }) }))
		: vat.lines.map((line) => ({ ...line, name: seatLineWord(line.registration, line.mode) }));
	// An invoice has at least one line (BR-16).
	const items =
		seats.length > 0 ? seats : vat.groups.map((group) => ({ ...group, net: 0, name: m.payments_paper_item() }));
	const sum = (list: number[]) => list.reduce((total, each) => total + each, 0);
	const off = vat.allowances.map(({ net }) => net);
	const bank = !isNote && paper.bank.iban !== '' && paper.amount > paid;
	return {
		document: {
			id: paper.reference,
			issueDate: paper.issued_on,
			typeCode: isNote ? '381' : '380',
			...(paper.due_on && { dueDate: paper.due_on }),
			...(buyer.purchase_order && { buyerReference: buyer.purchase_order }),
			notes: [paper.note, paper.reason].filter(Boolean).map((content) => ({ content }))
		},
		seller: {
			name: issuer.name,
			address: addressOf(issuer.address, issuer.country ?? ''),
			...(issuer.registration && { legalOrganization: { id: issuer.registration } }),
			taxRegistrations: [
				...(issuer.vat_id && !isOutside ? [{ id: issuer.vat_id, schemeId: 'VA' as const }] : []),
				...(issuer.tax_number ? [{ id: issuer.tax_number, schemeId: 'FC' as const }] : [])
			]
		},
		buyer: {
			name: buyer.name,
			// A protected payer is billed without address, at the seller's.
			address: addressOf(buyer.address, buyer.country || (issuer.country ?? '')),
			...(buyer.vat_id && !isOutside && { taxRegistrations: [{ id: buyer.vat_id, schemeId: 'VA' as const }] })
		},
		lines: items.map(({ name, net, category, percent }, n) => ({
			id: String(n + 1),
			name,
			quantity: 1,
			unitCode: 'C62',
			unitPrice: major(net),
			lineTotal: major(net),
			vatCategoryCode: category,
			...rate(percent)
		})),
		allowancesCharges: vat.allowances.map(({ net, category, percent }) => ({
			isCharge: net < 0,
			amount: major(Math.abs(net)),
			reason: m.payments_paper_reductions(),
			vatCategoryCode: category,
			...rate(percent)
		})),
		vatBreakdown: vat.groups.map((group) => ({
			categoryCode: group.category,
			ratePercent: group.percent,
			taxableAmount: major(group.net),
			taxAmount: major(group.tax),
			...(exemptionWord(group) && { exemptionReason: group.exemption_reason || exemptionWord(group) }),
			...(group.exemption_code && { exemptionReasonCode: group.exemption_code })
		})),
		totals: {
			lineTotal: major(sum(items.map(({ net }) => net))),
			allowanceTotal: major(sum(off.filter((net) => net > 0))),
			chargeTotal: major(-sum(off.filter((net) => net < 0))),
			taxBasisTotal: major(vat.net),
			taxTotal: major(vat.tax),
			grandTotal: major(vat.net + vat.tax),
			prepaidAmount: major(paid),
			duePayableAmount: major(paper.amount - paid),
			currency: paper.currency
		},
		// Not a field of the library: `server/e-invoice.ts` writes it.
		rounding: major(vat.rounding),
		payment: {
			...(bank && {
				meansCode: paper.currency === 'EUR' ? '58' : '30',
				iban: paper.bank.iban,
				accountName: issuer.name,
				...(paper.bank.bic && { bic: paper.bank.bic }),
				paymentReference: paper.reference
			}),
			...(paper.due_on ? { dueDate: paper.due_on } : { termsDescription: paper.reference })
		},
		references: [
			...(buyer.purchase_order ? [{ id: buyer.purchase_order, type: 'order' as const }] : []),
			...(paper.answers ? [{ id: paper.answers, type: 'preceding' as const }] : [])
		]
	};
}
