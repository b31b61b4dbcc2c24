/* The content and the layout of certificates. No I/O. */
import { readCode } from '#lib/forms/code.ts';
import { joinFacts } from '#lib/i18n/list.ts';
import { text, type Locale, type TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { dateRange, day } from '#lib/i18n/time.ts';
import type {
	CertificateHead,
	CertificateKind,
	SealedCertificate,
	SealedCertificates,
	SealedContent
} from '#lib/database/answers/presence.ts';

export type { CertificateKind, CertificateSettings } from '#lib/database/answers/presence.ts';

/** The encrypted content of a certificate. */
export interface CertificateContent {
	name: string;
	locale: Locale;
	code: string;
}

/** The reader's own valid certificate. */
export type OwnCertificate = Omit<SealedCertificate, keyof SealedContent> & { content: CertificateContent };

/** The certificates that a person may have, and has. */
export type OwnCertificates = Omit<SealedCertificates, 'certificates'> & { certificates: OwnCertificate[] };

/** The measures of attendance. */
export const bases = ['minutes', 'sessions', 'days'] as const;
type Basis = (typeof bases)[number];

/** What a person with the code sees. */
export interface ShownCertificate {
	kind: CertificateKind;
	issued_at: string;
	titles: TextMap[];
	summit: { name: TextMap; starts_on: string; ends_on: string; city: TextMap; zone: string };
	issuer_name: string;
	content: CertificateContent;
}

/** The length of a certificate's code. */
export const certificateCodeLength = 12;

/** A code in groups of four, "7Q4M-XK29-BD3F"; it is not broken over lines. */
export function groupedCertificate(code: string): string {
	return code.replace(/(.{4})(?=.)/g, '$1\u2011');
}

/** The code in a typed text, or null. */
export function readCertificateCode(typed: string): string | null {
	return readCode(typed, certificateCodeLength);
}

/** The kind in words. */
export function certificateWord(kind: CertificateKind): string {
	return kind === 'speaker' ? m.presence_certificate_of_speaking() : m.presence_certificate_of_attendance();
}

/** The threshold, in a sentence. */
export function thresholdWords(basis: Basis, threshold: number): string {
	if (basis === 'days') return m.presence_certificate_asks_days({ count: threshold });
	return basis === 'sessions'
		? m.presence_certificate_asks_sessions({ count: threshold })
		: m.presence_certificate_asks_minutes({ count: threshold });
}

/** The data of the template, in the present language; `picture` is the address as SVG. */
export function certificatePaper(
	{ kind, issued_at, titles, content }: Omit<OwnCertificate, 'id'>,
	head: CertificateHead,
	summit: { name: TextMap; starts_on: string; ends_on: string; city: TextMap; zone: string },
	address: string,
	picture: string
) {
	const name = text(summit.name).text;
	const place = [dateRange(summit.starts_on, summit.ends_on), text(summit.city).text].filter((part) => part !== '');
	return {
		lang: content.locale,
		title: joinFacts([certificateWord(kind), name]),
		heading: certificateWord(kind),
		certifies: m.presence_certificate_certifies(),
		name: content.name,
		took:
			kind === 'speaker'
				? m.presence_certificate_spoke({ summit: name })
				: m.presence_certificate_took_part({ summit: name }),
		place: place.join(' · '),
		titles: titles.map((title) => text(title).text),
		sessions: m.presence_certificate_sessions(),
		overleaf: m.presence_certificate_overleaf(),
		statement: text(head.statement).text,
		issuer: head.issuer_name,
		signatory: head.signatory_name,
		office: head.signatory_office,
		issued: m.presence_certificate_issued({ date: day(issued_at, summit.zone, { weekday: 'none', year: true }) }),
		check: m.presence_certificate_check({ code: groupedCertificate(content.code) }),
		address,
		picture
	};
}

/** The certificate in typst, on A4 landscape. */
export const certificateTemplate = `
#set page(paper: "a4", flipped: true, margin: (x: 30mm, y: 22mm))
#let ink = rgb("#12263d")
#let muted = rgb("#4c5f74")
#set text(fill: ink)
#set par(leading: 0.7em, spacing: 1em)
#place(top + left, dx: -16mm, dy: -10mm, rect(width: 100% + 32mm, height: 100% + 20mm, stroke: 0.8pt + ink))
#text(size: 13pt, fill: muted)[#data.issuer]
#v(1fr)
#text(size: 32pt, weight: 600)[#data.heading]
#v(5mm)
#text(size: 13pt)[#data.certifies]
#v(2mm)
#text(size: if data.name.len() > 60 { 22pt } else { 34pt }, weight: 600, mark(data.name))
#v(2mm)
#text(size: 16pt)[#data.took]
#v(1mm)
#text(size: 13pt, fill: muted)[#data.place]
// As many as leave room for the signature.
#let few = data.titles.len() == 0 or data.titles.len() <= 6 and data.titles.join("").clusters().len() + data.statement.clusters().len() <= 400
#let listed = for title in data.titles [#text(size: 11pt)[– #mark(title)] \\ ]
#if data.titles.len() > 0 { v(2mm); if few { listed } else { text(size: 11pt, data.overleaf) } }
#if data.statement != "" [ #v(3mm) #text(size: 11pt)[#data.statement] ]
#v(1fr)
#grid(columns: (1fr, auto, 26mm), column-gutter: 6mm, align: (start + bottom, end + bottom, end + bottom),
  [#line(length: 70mm, stroke: 0.5pt) #v(-2mm) #text(weight: 600)[#mark(data.signatory)] \\ #text(size: 9.5pt, fill: muted)[#data.office \\ #data.issued]],
  text(size: 9pt, fill: muted)[#data.check \\ #mark(data.address)],
  image(bytes(data.picture), format: "svg", width: 26mm))
// A speaker of more sessions has them all on a second page, as the verification page shows them.
#if not few {
  pagebreak()
  text(size: 16pt, weight: 600)[#data.sessions]
  parbreak()
  text(size: 13pt, mark(data.name))
  v(3mm)
  columns(2, gutter: 8mm, listed)
}
`;
