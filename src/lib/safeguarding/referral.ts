/* The letter by which a case is referred to an authority. It holds only what the lead writes. No I/O. */
import { day } from '#lib/i18n/time.ts';
import { categoryWords, type Case } from './cases.ts';

interface Referral {
	case: Pick<Case, 'reference' | 'category'>;
	duty: { authority: string; address: string };
	/** The name of the Summit. */
	summit: string;
	words: string;
	/** Who signs. */
	signatory: string;
	at: string;
	zone: string;
}

/** The data of the template. */
export function referralData({ case: one, duty, summit, words, signatory, at, zone }: Referral) {
	return {
		lang: 'en',
		title: `Referral ${one.reference}`,
		issuer: summit,
		authority: duty.authority,
		address: duty.address,
		number: `Case ${one.reference}`,
		date: day(at, zone, { weekday: 'none', year: true }, 'en'),
		heading: `Referral: ${categoryWords[one.category]({}, { locale: 'en' }).toLowerCase()}`,
		words,
		signatory,
		office: `Safeguarding, ${summit}`,
		mark: 'Confidential'
	};
}

/** The letter in typst. */
export const referralTemplate = `
#set par(leading: 0.75em, spacing: 1.3em)
#grid(columns: (1fr, auto), text(size: 13pt, weight: 600)[#data.issuer], text(weight: 600)[#data.mark])
#line(length: 100%, stroke: 0.5pt)
#v(8mm)
#data.authority
#block(above: 0.6em)[#for line in data.address.split("\\n") [#line \\ ]]
#v(4mm)
#grid(columns: (1fr, auto), mark(data.number), mark(data.date))
#v(6mm)
#text(size: 15pt, weight: 600)[#data.heading]
#v(2mm)
#for part in data.words.split("\\n") [#part #parbreak()]
#v(22mm)
#line(length: 70mm, stroke: 0.5pt)
#mark(data.signatory) \\
#data.office
`;
