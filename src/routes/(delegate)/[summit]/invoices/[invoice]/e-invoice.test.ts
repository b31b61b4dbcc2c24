import { extractXml, Profile, validateXsd } from '@stackforge-eu/factur-x';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { readPdf } from '../../../../../../tests/fixtures/pdf.ts';
import { vatFaults } from '../../../../../../tests/fixtures/vat.ts';
import { renderPdf } from '#lib/files/server/pdf.ts';
import { isElectronic, type ElectronicPaper } from '#lib/payments/e-invoice.ts';
import { eInvoiceXml, paperFiles, paperPdf } from '#lib/payments/server/e-invoice.ts';

const paper: ElectronicPaper = {
	id: '1',
	summit_id: '2',
	order_id: '3',
	kind: 'invoice',
	state: 'due',
	reference: 'GS-2027-0042',
	issued_on: '2027-03-01',
	due_on: '2027-03-31',
	locale: 'en',
	answers: null,
	reason: '',
	summit: { original: 'en', en: 'Global Summit 2027' },
	order: 'QRST678923',
	currency: 'EUR',
	amount: 45_000,
	paid: 10_000,
	issuer: {
		name: 'Summit Secretariat <& friends>',
		address: '1 Quay Street\n10115 Berlin',
		tax_number: '37/123/45678',
		country: 'DE',
		vat_id: 'DE123456789',
		registration: 'HRB 12345'
	},
	bank: { name: 'Bank of the Quay', iban: 'DE89370400440532013000', bic: 'COBADEFF' },
	note: 'Thank you.',
	buyer: {
		name: 'Ministère de la Justice',
		address: '2 Main Road\nParis\nFloor 3\nDoor 4',
		tax_number: '',
		purchase_order: 'PO-77',
		country: 'FR',
		vat_id: 'FR12345678901'
	},
	lines: [],
	vat: {
		shown: 'included',
		reverse_charge: false,
		lines: [
			{ registration: 'ABCD2345', mode: 'in_person', net: 37_815, amount: 45_000, category: 'S', percent: 19 },
			{ registration: 'EFGH6789', mode: 'virtual', net: 8403, amount: 10_000, category: 'S', percent: 19 }
		],
		allowances: [{ net: 8403, amount: 10_000, category: 'S', percent: 19 }],
		groups: [
			{
				net: 37_815,
				tax: 7185,
				amount: 45_000,
				category: 'S',
				percent: 19,
				exemption_code: '',
				exemption_reason: ''
			}
		],
		net: 37_815,
		tax: 7185,
		rounding: 0
	}
};

const exempt = (category: 'E' | 'O' | 'AE', reason: string, code: string): ElectronicPaper => ({
	...paper,
	paid: 0,
	vat: {
		...paper.vat,
		lines: [{ registration: 'ABCD2345', mode: 'virtual', net: 45_000, amount: 45_000, category, percent: 0 }],
		allowances: [],
		groups: [
			{ net: 45_000, tax: 0, amount: 45_000, category, percent: 0, exemption_code: code, exemption_reason: reason }
		],
		net: 45_000,
		tax: 0
	}
});
const note: ElectronicPaper = {
	...paper,
	kind: 'credit_note',
	due_on: null,
	answers: 'GS-2027-0040',
	paid: 0,
	vat: { ...paper.vat, lines: [], allowances: [] }
};

interface Element {
	name: string;
	text: string;
	children: Element[];
	attributes: Record<string, string>;
}
function parse(xml: string): Element {
	const root: Element = { name: '', text: '', children: [], attributes: {} };
	const path = [root];
	const parser = new SaxesParser({});
	parser.on('opentag', ({ name, attributes }) => {
		const element = {
			name: name.split(':')[1] ?? name,
			text: '',
			children: [],
			attributes: attributes as Record<string, string>
		};
		path.at(-1)?.children.push(element);
		path.push(element);
	});
	parser.on('text', (text) => ((path.at(-1) as Element).text += text.trim()));
	parser.on('closetag', () => path.pop());
	parser.write(xml).close();
	return root;
}
const deep = (from: Element, name: string): Element[] =>
	from.children.flatMap((child) => (child.name === name ? [child] : deep(child, name)));
const all = (from: Element, ...names: string[]): Element[] =>
	names.reduce<Element[]>((found, name) => found.flatMap((one) => deep(one, name)), [from]);
const textOf = (from: Element, ...names: string[]) => all(from, ...names)[0]?.text ?? '';
// Two decimals become whole cents without a fraction of a binary number.
const cents = (text: string) => Math.round(Number(text || '0') * 100);
const sum = (list: number[]) => list.reduce((total, each) => total + each, 0);

/** The rules of EN 16931 that a document breaks, read from its XML alone. */
function faultsOf(xml: string): string[] {
	const root = parse(xml);
	const totals = all(root, 'SpecifiedTradeSettlementHeaderMonetarySummation')[0] as Element;
	const total = (name: string) => cents(textOf(totals, name));
	const lines = all(root, 'IncludedSupplyChainTradeLineItem');
	const header = all(root, 'ApplicableHeaderTradeSettlement')[0] as Element;
	const offs = header.children.filter(({ name }) => name === 'SpecifiedTradeAllowanceCharge');
	const isCharge = (one: Element) => textOf(one, 'ChargeIndicator', 'Indicator') === 'true';
	const off = (charge: boolean) =>
		sum(offs.filter((one) => isCharge(one) === charge).map((one) => cents(textOf(one, 'ActualAmount'))));
	const groups = header.children.filter(({ name }) => name === 'ApplicableTradeTax');
	const net = (line: Element) => cents(textOf(line, 'LineTotalAmount'));
	const seller = all(root, 'SellerTradeParty')[0] as Element;
	const buyer = all(root, 'BuyerTradeParty')[0] as Element;
	const vatId = (party: Element) => all(party, 'ID').find(({ attributes }) => attributes['schemeID'] === 'VA')?.text;
	const categories = groups.map((group) => textOf(group, 'CategoryCode'));
	const rateOf = (one: Element) =>
		`${textOf(one, 'CategoryCode')} ${Number(textOf(one, 'RateApplicablePercent') || '0')}`;
	const checks: [boolean, string][] = [
		[textOf(root, 'GuidelineSpecifiedDocumentContextParameter', 'ID') === 'urn:cen.eu:en16931:2017', 'BR-1'],
		[textOf(root, 'ExchangedDocument', 'ID') !== '', 'BR-2'],
		[/^\d{8}$/.test(textOf(root, 'ExchangedDocument', 'IssueDateTime', 'DateTimeString')), 'BR-3'],
		[['380', '381'].includes(textOf(root, 'ExchangedDocument', 'TypeCode')), 'BR-4'],
		[/^[A-Z]{3}$/.test(textOf(root, 'InvoiceCurrencyCode')), 'BR-5'],
		[textOf(seller, 'Name') !== '' && textOf(buyer, 'Name') !== '', 'BR-6, BR-7'],
		[/^[A-Z]{2}$/.test(textOf(seller, 'CountryID')) && /^[A-Z]{2}$/.test(textOf(buyer, 'CountryID')), 'BR-9, BR-11'],
		[lines.length > 0, 'BR-16'],
		[lines.every((line) => cents(textOf(line, 'ChargeAmount')) >= 0), 'BR-27'],
		[offs.every((one) => textOf(one, 'Reason') !== ''), 'BR-33, BR-38'],
		[sum(lines.map(net)) === total('LineTotalAmount'), 'BR-CO-10'],
		[off(false) === total('AllowanceTotalAmount') && off(true) === total('ChargeTotalAmount'), 'BR-CO-11, BR-CO-12'],
		[
			total('LineTotalAmount') - total('AllowanceTotalAmount') + total('ChargeTotalAmount') ===
				total('TaxBasisTotalAmount'),
			'BR-CO-13'
		],
		[sum(groups.map((group) => cents(textOf(group, 'CalculatedAmount')))) === total('TaxTotalAmount'), 'BR-CO-14'],
		[total('TaxBasisTotalAmount') + total('TaxTotalAmount') === total('GrandTotalAmount'), 'BR-CO-15'],
		[
			total('GrandTotalAmount') - total('TotalPrepaidAmount') + total('RoundingAmount') === total('DuePayableAmount'),
			'BR-CO-16'
		],
		[
			groups.every((group) => {
				const exact = cents(textOf(group, 'BasisAmount')) * Number(textOf(group, 'RateApplicablePercent') || '0');
				return Math.abs(cents(textOf(group, 'CalculatedAmount')) * 100 - exact) <= 50;
			}),
			'BR-CO-17'
		],
		[
			groups.every((group) => {
				const mine = (list: Element[]) => list.filter((one) => rateOf(one) === rateOf(group));
				const offOf = sum(mine(offs).map((one) => cents(textOf(one, 'ActualAmount')) * (isCharge(one) ? 1 : -1)));
				return sum(mine(lines).map(net)) + offOf === cents(textOf(group, 'BasisAmount'));
			}),
			'BR-S-8, BR-E-8, BR-AE-8'
		],
		[
			total('DuePayableAmount') <= 0 ||
				textOf(header, 'SpecifiedTradePaymentTerms', 'DueDateDateTime', 'DateTimeString') !== '' ||
				textOf(header, 'SpecifiedTradePaymentTerms', 'Description') !== '',
			'BR-CO-25'
		],
		[Boolean(vatId(seller)) || textOf(seller, 'SpecifiedLegalOrganization', 'ID') !== '', 'BR-CO-26'],
		[[vatId(seller), vatId(buyer)].every((id) => !id || /^[A-Z]{2}/.test(id)), 'BR-CO-9'],
		[!categories.includes('S') || all(seller, 'SpecifiedTaxRegistration').length > 0, 'BR-S-2'],
		[!categories.includes('AE') || Boolean(vatId(seller) && vatId(buyer)), 'BR-AE-2'],
		[
			!categories.includes('O') ||
				(!vatId(seller) && !vatId(buyer) && all(root, 'RateApplicablePercent').length === 0 && categories.length === 1),
			'BR-O-2, BR-O-5, BR-O-11'
		],
		[
			groups.every(
				(group) =>
					['S', 'Z'].includes(textOf(group, 'CategoryCode')) ===
					(textOf(group, 'ExemptionReason') + textOf(group, 'ExemptionReasonCode') === '')
			),
			'BR-S-10, BR-E-10, BR-AE-10, BR-O-10'
		],
		[!/<ram:(\w+)>\s*<\/ram:\1>/.test(xml), 'no element is empty']
	];
	return checks.filter(([holds]) => !holds).map(([, rule]) => rule);
}
const schemaFaults = async (xml: string) =>
	(await validateXsd(xml, Profile.EN16931)).errors.map(({ message }) => message);

describe.each<[string, ElectronicPaper]>([
	['an invoice with a reduction, partly paid', paper],
	['a credit note', note],
	['an exempt invoice', exempt('E', 'Education', 'VATEX-EU-132')],
	['reverse charge', exempt('AE', '', 'VATEX-EU-AE')],
	['an invoice outside the scope of VAT', exempt('O', 'Not subject to VAT', '')],
	['an invoice with rounding', { ...paper, amount: 45_001, vat: { ...paper.vat, rounding: 1 } }],
	['yen', { ...exempt('AE', '', 'VATEX-EU-AE'), currency: 'JPY' }],
	['a payer who is protected', { ...paper, buyer: { name: 'Alias', address: '', tax_number: '', purchase_order: '' } }],
	['an Arabic document', { ...paper, locale: 'ar' }]
])('%s', (_, one) => {
	test('follows the schema and the rules of EN 16931', async () => {
		const xml = await eInvoiceXml(one);
		expect(await schemaFaults(xml)).toEqual([]);
		expect(faultsOf(xml)).toEqual([]);
		expect(await eInvoiceXml(one)).toBe(xml);
	});
});

test('the XML says what the document says', async () => {
	const root = parse(await eInvoiceXml(paper));
	expect(textOf(root, 'ExchangedDocument', 'ID')).toBe('GS-2027-0042');
	expect(textOf(root, 'SellerTradeParty', 'Name')).toBe('Summit Secretariat <& friends>');
	expect(textOf(root, 'BuyerOrderReferencedDocument', 'IssuerAssignedID')).toBe('PO-77');
	expect(textOf(root, 'IBANID')).toBe('DE89370400440532013000');
	expect(textOf(root, 'TotalPrepaidAmount')).toBe('100.00');
	expect(textOf(root, 'DuePayableAmount')).toBe('350.00');
	expect(textOf(root, 'BuyerTradeParty', 'LineThree')).toBe('Floor 3 Door 4');
	const credit = parse(await eInvoiceXml(note));
	expect(textOf(credit, 'ExchangedDocument', 'TypeCode')).toBe('381');
	expect(textOf(credit, 'InvoiceReferencedDocument', 'IssuerAssignedID')).toBe('GS-2027-0040');
	expect(all(credit, 'IBANID')).toEqual([]);
});

test('whatever the lines, rates and reductions, the XML follows the rules', async () => {
	const line = fc.record({
		net: fc.integer({ min: 0, max: 9_999_999 }),
		percent: fc.constantFrom(5.5, 7, 19, 21, 25.5),
		off: fc.integer({ min: 0, max: 100 }),
		mode: fc.constantFrom('in_person', 'virtual')
	});
	await fc.assert(
		fc.asyncProperty(
			fc.array(line, { minLength: 1, maxLength: 12 }),
			fc.integer({ min: -2, max: 2 }),
			fc.nat(100),
			async (lines, rounding, paidShare) => {
				const rates = [...new Set(lines.map(({ percent }) => percent))];
				const at = (percent: number) => lines.filter((one) => one.percent === percent);
				const groups = rates.map((percent) => {
					const off = sum(at(percent).map((one) => Math.floor((one.net * one.off) / 100)));
					const net = sum(at(percent).map((one) => one.net)) - off;
					const tax = Number((BigInt(net) * BigInt(percent * 100) + 5000n) / 10_000n);
					return { percent, off, net, tax };
				});
				const [net, tax] = [sum(groups.map((g) => g.net)), sum(groups.map((g) => g.tax))];
				const amount = net + tax + rounding;
				const vat: ElectronicPaper['vat'] = {
					shown: 'added',
					reverse_charge: false,
					lines: lines.map((one, n) => ({
						registration: `R${n}`,
						mode: one.mode as 'virtual',
						net: one.net,
						amount: one.net,
						category: 'S',
						percent: one.percent
					})),
					allowances: groups
						.filter(({ off }) => off > 0)
						.map(({ off, percent }) => ({ net: off, amount: off, category: 'S', percent })),
					groups: groups.map((g, n) => ({
						net: g.net,
						tax: g.tax,
						amount: g.net + g.tax + (n === 0 ? rounding : 0),
						category: 'S',
						percent: g.percent,
						exemption_code: '',
						exemption_reason: ''
					})),
					net,
					tax,
					rounding
				};
				expect(vatFaults(vat, amount)).toEqual([]);
				const xml = await eInvoiceXml({ ...paper, amount, paid: Math.floor((amount * paidShare) / 100), vat });
				expect(faultsOf(xml)).toEqual([]);
			}
		),
		{ numRuns: 60 }
	);
});

test('the PDF is PDF/A-3 with the XML in it, and reads like the document', async () => {
	const pdf = Buffer.from(await paperPdf(paper, renderPdf));
	const raw = pdf.toString('latin1');
	expect(raw).toMatch(/pdfaid:part[^3]{1,5}3/);
	expect(raw).toContain('urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#');
	expect(raw).toContain('EN 16931');
	const { xml, filename } = await extractXml(pdf);
	expect([filename, xml]).toEqual(['factur-x.xml', await eInvoiceXml(paper)]);
});

test('a document without tax, or in a currency of three decimals, stays a plain PDF', async () => {
	const { vat: _, ...before } = paper;
	expect(isElectronic(before)).toBe(false);
	expect(isElectronic({ ...paper, currency: 'KWD' })).toBe(false);
	const plain = Buffer.from(await paperPdf(before, renderPdf));
	expect(readPdf(plain).text).toContain('GS-2027-0042');
	expect(plain.toString('latin1')).not.toContain('factur-x.xml');
	const names: string[] = [];
	for await (const { name } of paperFiles([before, note], renderPdf)) names.push(name);
	expect(names).toEqual(['GS-2027-0042.pdf', 'GS-2027-0042.pdf', 'GS-2027-0042.xml']);
});
