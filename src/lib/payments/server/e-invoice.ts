import { withLocale } from '#lib/i18n/server/request-locale.ts';
import { eInvoiceOf, isElectronic, type ElectronicPaper } from '#lib/payments/e-invoice.ts';
import { paperData, paperTemplate, type Paper } from '#lib/payments/invoice.ts';

// Some megabytes of code, for those who read invoices.
const library = () => import('@stackforge-eu/factur-x');

/** A document as CII XML, profile EN 16931 of Factur-X and ZUGFeRD. */
export async function eInvoiceXml(paper: ElectronicPaper): Promise<string> {
	const { buildXml, Flavor, Profile } = await library();
	const { rounding, ...input } = withLocale(paper.locale, () => eInvoiceOf(paper));
	const isOutside = paper.vat.groups.some(({ category }) => category === 'O');
	const xml = buildXml(input as Parameters<typeof buildXml>[0], Profile.EN16931, Flavor.FACTUR_X)
		// The library writes a place and a first line even where an address has none.
		.replace(/\s*<ram:(LineOne|CityName)>\s*<\/ram:\1>/g, '');
	const rated = isOutside ? xml.replace(/\s*<ram:RateApplicablePercent>[^<]*<\/ram:RateApplicablePercent>/g, '') : xml;
	// BT-114, which it does not know.
	return rounding === 0
		? rated
		: rated.replace(
				'<ram:GrandTotalAmount>',
				`<ram:RoundingAmount>${rounding.toFixed(2)}</ram:RoundingAmount><ram:GrandTotalAmount>`
			);
}

/** Sets a document: `renderPdf` of the files. */
type Render = (
	template: string,
	data: ReturnType<typeof paperData>,
	options: { archived: boolean }
) => Promise<Uint8Array>;

/** A document as PDF, in its own language. An e-invoice is PDF/A-3 and holds its XML (Factur-X, ZUGFeRD). */
export async function paperPdf(paper: Paper, render: Render): Promise<Uint8Array<ArrayBuffer>> {
	const data = withLocale(paper.locale, () => paperData(paper));
	const electronic = isElectronic(paper);
	const pdf = await render(paperTemplate, data, { archived: electronic });
	if (!electronic) return new Uint8Array(pdf);
	const { embedFacturX, Profile } = await library();
	const made = await embedFacturX({
		pdf,
		xml: await eInvoiceXml(paper),
		profile: Profile.EN16931,
		unembeddedFonts: 'throw',
		meta: { title: data.title, author: paper.issuer.name }
	});
	return new Uint8Array(made.pdf);
}

/** The files of documents, one after the other: each is made when it is needed. */
export async function* paperFiles(papers: readonly Paper[], render: Render) {
	for (const paper of papers) {
		const lastModified = new Date(`${paper.issued_on}T12:00:00Z`);
		yield { name: `${paper.reference}.pdf`, lastModified, input: await paperPdf(paper, render) };
		if (isElectronic(paper)) yield { name: `${paper.reference}.xml`, lastModified, input: await eInvoiceXml(paper) };
	}
}
