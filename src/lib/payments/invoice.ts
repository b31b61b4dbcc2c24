import { joinLabel } from '#lib/i18n/list.ts';
import { text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { money, number, utcDate } from '#lib/i18n/time.ts';
import { countryName } from '#lib/members/countries.ts';
import type { Paper, PaperState, PaperVat } from '#lib/database/answers/payments/orders.ts';

export type { Paper, PaperState, PaperVat } from '#lib/database/answers/payments/orders.ts';

/** A calendar date, "2027-06-10", in words. */
export function dayOf(date: string): string {
	return utcDate(date);
}

/** An IBAN in groups of four. */
export function ibanInFours(iban: string): string {
	return iban.replace(/(.{4})(?=.)/g, '$1 ');
}

/** The kind of document, in the reader's words. */
export function paperWord(kind: Paper['kind']): string {
	return kind === 'invoice' ? m.payments_paper_invoice() : m.payments_paper_credit_note();
}

/** A document's state for its payer. */
export function paperStateWord(state: PaperState): string {
	const words: Record<PaperState, () => string> = {
		due: m.payments_paper_state_due,
		overdue: m.payments_paper_state_overdue,
		paid: m.payments_paper_state_paid,
		credited: m.payments_paper_state_credited,
		credit_note: m.payments_paper_credit_note
	};
	return words[state]();
}

/** The item for one delegate, in the present language. */
export const seatLineWord = (reference: string, mode: Paper['lines'][number]['mode']): string =>
	mode === 'in_person' ? m.payments_paper_one_in_person({ reference }) : m.payments_paper_one_virtual({ reference });

const percentWord = (percent: number) => number(percent / 100, { style: 'percent', maximumFractionDigits: 2 });

// Without the tax, which the totals say.
function taxedRows(paper: Paper, vat: PaperVat): [string, string][] {
	const amount = (minor: number) => money(minor, paper.currency);
	return [
		...vat.lines.map(({ registration, mode, net }): [string, string] => [
			seatLineWord(registration, mode),
			amount(net)
		]),
		...vat.allowances.map(({ net }): [string, string] => [m.payments_paper_reductions(), amount(-net)])
	];
}

function taxTotals(paper: Paper, vat: PaperVat): [string, string][] {
	const amount = (minor: number) => money(minor, paper.currency);
	return [
		[m.payments_paper_net(), amount(vat.net)],
		...vat.groups.map(({ percent, net, tax }): [string, string] => [
			m.payments_paper_vat_of({ percent: percentWord(percent), net: amount(net) }),
			amount(tax)
		]),
		...(vat.rounding === 0 ? [] : [[m.payments_paper_rounding(), amount(vat.rounding)] satisfies [string, string]])
	];
}

/** Why a rate has no tax, in the present language; '' where it has some or is zero. */
export function exemptionWord({ category, exemption_reason, exemption_code }: PaperVat['groups'][number]): string {
	if (category === 'AE') return m.payments_paper_reverse();
	const reason = exemption_reason || exemption_code;
	return reason ? m.payments_paper_exempt({ reason }) : '';
}

/** The document's rows: the charge for each delegate, never by name, and the reductions by earlier documents. */
function rowsOf(paper: Paper): [string, string][] {
	const amount = (minor: number) => money(minor, paper.currency);
	if (paper.kind === 'credit_note')
		return [[m.payments_paper_reduction_of({ invoice: paper.answers ?? '' }), amount(paper.amount)]];
	if (paper.vat) return taxedRows(paper, paper.vat);
	const rows = paper.lines.map(({ registration: reference, mode, amount: minor }): [string, string] => [
		seatLineWord(reference, mode),
		amount(minor)
	]);
	const rest = paper.amount - paper.lines.reduce((sum, line) => sum + line.amount, 0);
	return rest === 0 ? rows : [...rows, [m.payments_paper_reductions(), amount(rest)]];
}

function totalsOf(paper: Paper): [string, string][] {
	const amount = (minor: number) => money(minor, paper.currency);
	const total: [string, string][] = [
		...(paper.vat ? taxTotals(paper, paper.vat) : []),
		[m.payments_paper_total(), amount(paper.amount)]
	];
	if (paper.kind === 'credit_note' || paper.paid === 0) return total;
	return [
		...total,
		[m.payments_paper_paid(), amount(paper.paid)],
		[m.payments_paper_to_pay(), amount(Math.max(0, paper.amount - paper.paid))]
	];
}

const filled = (rows: [string, string | null][]) => rows.filter((row): row is [string, string] => Boolean(row[1]));

/** The data of the template, in the present language (the document's own). */
export function paperData(paper: Paper) {
	const { issuer, bank, buyer } = paper;
	const labelled = (label: string, value = '') => (value ? joinLabel(label, value) : '');
	const tax = (number: string) => labelled(m.payments_paper_tax_number(), number);
	const vatId = (id = '') => labelled(m.payments_paper_vat_id(), id);
	const exemptions = (paper.vat?.groups ?? []).map(exemptionWord).filter(Boolean);
	const isOpen = paper.kind === 'invoice' && paper.amount > paper.paid && bank.iban !== '';
	return {
		lang: paper.locale,
		title: `${paperWord(paper.kind)} ${paper.reference}`,
		heading: paperWord(paper.kind),
		summit: text(paper.summit).text,
		date: paper.issued_on,
		issuer: [
			issuer.name,
			...issuer.address.split('\n'),
			countryName(issuer.country),
			tax(issuer.tax_number),
			vatId(issuer.vat_id),
			labelled(m.payments_paper_registration(), issuer.registration)
		].filter(Boolean),
		to: m.payments_paper_to(),
		buyer: [
			buyer.name,
			...buyer.address.split('\n'),
			countryName(buyer.country),
			tax(buyer.tax_number),
			vatId(buyer.vat_id)
		].filter(Boolean),
		facts: filled([
			[m.payments_paper_number(), paper.reference],
			[m.payments_paper_issued(), dayOf(paper.issued_on)],
			[m.payments_paper_due(), paper.due_on && dayOf(paper.due_on)],
			[m.payments_paper_answers(), paper.answers],
			[m.payments_paper_order(), paper.order],
			[m.payments_paper_purchase_order(), buyer.purchase_order]
		]),
		item: m.payments_paper_item(),
		amount: m.payments_paper_amount(),
		rows: rowsOf(paper),
		totals: totalsOf(paper),
		account: isOpen ? m.payments_paper_account() : '',
		bank: isOpen
			? filled([
					[m.payments_paper_bank(), bank.name],
					['IBAN', ibanInFours(bank.iban)],
					['BIC', bank.bic],
					[m.payments_paper_quote(), paper.reference]
				])
			: [],
		note: [...new Set(exemptions), paper.note].filter(Boolean).join('\n')
	};
}

/** The document's template, for `renderPdf` with `paperData`. Numbers and codes keep their own direction in an Arabic line. */
export const paperTemplate = `
#let day = data.date.split("-").map(int)
#set document(date: datetime(year: day.at(0), month: day.at(1), day: day.at(2)))
#set par(leading: 0.6em, spacing: 0.9em)
#set page(footer: context align(center, text(size: 8pt, fill: rgb("#4C5F74"))[#mark(data.title) · #counter(page).display("1 / 1", both: true)]))
#let quiet(body) = text(size: 9pt, fill: rgb("#4C5F74"), body)
#let pairs(rows) = grid(columns: (auto, 1fr), column-gutter: 14pt, row-gutter: 7pt, ..rows.map(((name, value)) => (quiet(name), mark(value))).flatten())
#quiet(data.summit)
#v(2pt)
#text(size: 21pt, weight: 600, fill: rgb("#12263D"))[#data.heading]
#v(10pt)
#grid(columns: (1fr, 1fr), column-gutter: 18pt,
  stack(spacing: 6pt, quiet(data.to), ..data.buyer.map(line => mark(line))),
  stack(spacing: 6pt, ..data.issuer.map(line => quiet(mark(line)))))
#v(14pt)
#pairs(data.facts)
#v(14pt)
#table(columns: (1fr, auto), stroke: none, inset: (x: 0pt, y: 6pt), align: (start, end),
  table.hline(stroke: 0.7pt),
  table.header(strong(data.item), strong(data.amount)),
  table.hline(stroke: 0.4pt),
  ..data.rows.map(((name, value)) => (name, mark(value))).flatten(),
  table.hline(stroke: 0.7pt),
  ..data.totals.map(((name, value)) => (text(weight: 600, name), text(weight: 600, mark(value)))).flatten())
#if data.account != "" [
  #v(14pt)
  #block(breakable: false)[#text(weight: 600, data.account) #v(4pt) #pairs(data.bank)]
]
#if data.note != "" [ #v(12pt) #for line in data.note.split("\\n") [#line #linebreak()] ]
`;
