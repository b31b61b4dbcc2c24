/* A commitment on one page, for a minister. No I/O. */
import type { CommitmentPage } from '#lib/database/answers/commitments.ts';
import { joinList } from '#lib/i18n/list.ts';
import { locale, text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { money, number, utcDate } from '#lib/i18n/time.ts';
import { countryWords, sourceWord, statusWord, targetWords } from './words.ts';

const cut = (words: string, most: number) => (words.length > most ? `${words.slice(0, most - 1).trimEnd()}…` : words);

/** The data of the template, in the present language. */
export function commitmentPaper(one: CommitmentPage, address: string) {
	const latest = one.reports[0];
	const facts = [
		[m.commitments_theme(), text(one.theme.name).text],
		[m.commitments_beneficiaries(), cut(text(one.beneficiaries).text, 300)],
		[m.commitments_measure(), text(one.indicator).text],
		[m.commitments_target(), targetWords(one)],
		[m.commitments_reached(), one.value === null ? '' : `${number(one.value)} (${text(one.unit).text})`],
		[m.commitments_countries(), cut(countryWords(one.countries), 300)],
		[m.commitments_partners(), cut(joinList(one.partners.map(({ name }) => name)), 300)],
		[m.commitments_budget(), one.budget === null || one.currency === null ? '' : money(one.budget, one.currency)],
		[m.commitments_announced(), utcDate(one.announced_at)]
	];
	return {
		lang: locale(),
		title: text(one.title).text,
		member: one.member.name,
		status: statusWord(one.status),
		source: latest ? sourceWord(one) : '',
		summary: cut(text(one.summary).text, 1400),
		facts: facts.filter(([, value]) => value !== ''),
		progress: m.commitments_progress(),
		report: latest ? cut(text(latest.body).text, 900) : m.commitments_no_reports(),
		reported: latest ? utcDate(latest.written_at) : '',
		withdrawn: one.withdrawn_at
			? m.commitments_withdrawn_because({ date: utcDate(one.withdrawn_at), reason: cut(one.withdrawn_reason, 300) })
			: '',
		address
	};
}

/** The page in typst, A4. */
export const commitmentTemplate = `
#let ink = rgb("#12263d")
#let muted = rgb("#4c5f74")
#set text(fill: ink, size: 10.5pt)
#set par(leading: 0.7em, spacing: 1em)
#text(size: 12pt, fill: muted, mark(data.member))
#v(1mm)
#text(size: if data.title.len() > 90 { 17pt } else { 22pt }, weight: 600, mark(data.title))
#v(1mm)
#text(weight: 600)[#data.status] #if data.source != "" [#text(fill: muted)[ · #data.source]]
#if data.withdrawn != "" [#par[#data.withdrawn]]
#v(3mm)
#data.summary
#v(3mm)
#line(length: 100%, stroke: 0.5pt + muted)
#grid(columns: (38mm, 1fr), column-gutter: 4mm, row-gutter: 3mm,
  ..data.facts.map(fact => (text(fill: muted)[#fact.at(0)], text[#fact.at(1)])).flatten())
#line(length: 100%, stroke: 0.5pt + muted)
#text(weight: 600)[#data.progress] #if data.reported != "" [#text(fill: muted)[ · #data.reported]]
#par[#data.report]
#place(bottom + start, text(size: 9pt, fill: muted)[#data.address])
`;
