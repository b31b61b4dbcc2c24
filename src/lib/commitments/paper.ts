/* A commitment on one page, for a minister. No I/O. */
import type { CommitmentPage } from '#lib/database/answers/commitments.ts';
import { joinList } from '#lib/i18n/list.ts';
import { locale, text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { money, number, utcDate } from '#lib/i18n/time.ts';
import { countryWords, sourceWord, statusWord, targetWords } from './words.ts';

// How long a text may be, in what readers see as characters: whole, and where that does not fit, shorter and shorter.
const lengths = [Infinity, 1400, 1150, 950, 780, 640, 520, 430, 350, 280, 220, 160, 110, 70];

const signs = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** A text of at most so many characters. A shortened one has no paragraphs. */
function cut(words: string, most: number): string {
	if (most === Infinity) return words.trim().replace(/\n{3,}/g, '\n\n');
	const all = [...signs.segment(words.replace(/\s+/g, ' ').trim())].map(({ segment }) => segment);
	if (all.length <= most) return all.join('');
	return `${all
		.slice(0, most - 1)
		.join('')
		.trimEnd()}…`;
}

// A word that is longer than a column may be broken; Chinese and Japanese are broken anyway.
const breakable = (words: string) => words.replace(/[^\s\p{scx=Han}\p{scx=Hira}\p{scx=Kana}]{24}/gu, '$&\u200b');

// Arabic numbers have a mark of direction before a hyphen. A PDF has one text for each sign, so that the hyphens of the
// address would be copied with this mark: a minus sign takes their place.
const withMinus = (words: string) => words.replace(/([\u200e\u200f\u061c])-/g, '$1\u2212');

/** What the page says, with no text longer than so many characters. */
function contentOf(one: CommitmentPage, most: number) {
	const latest = one.reports[0];
	const short = (words: string) => breakable(withMinus(cut(words, most)));
	const facts = [
		[m.commitments_theme(), text(one.theme.name).text],
		[m.commitments_beneficiaries(), text(one.beneficiaries).text],
		[m.commitments_measure(), text(one.indicator).text],
		[m.commitments_target(), targetWords(one)],
		[m.commitments_reached(), one.value === null ? '' : `${number(one.value)} (${text(one.unit).text})`],
		[m.commitments_countries(), countryWords(one.countries)],
		[m.commitments_partners(), joinList(one.partners.map(({ name }) => name))],
		[m.commitments_budget(), one.budget === null || one.currency === null ? '' : money(one.budget, one.currency)],
		[m.commitments_announced(), utcDate(one.announced_at)]
	] as const;
	return {
		title: short(text(one.title).text),
		member: short(one.member.name),
		summary: short(text(one.summary).text),
		facts: facts.filter(([, value]) => value !== '').map(([name, value]) => [name, short(value)]),
		report: latest ? short(text(latest.body).text) : m.commitments_no_reports(),
		withdrawn: one.withdrawn_at
			? m.commitments_withdrawn_because({ date: utcDate(one.withdrawn_at), reason: short(one.withdrawn_reason) })
			: ''
	};
}

/** The parts of an address, between which a line may end. */
const partsOf = (address: string) => address.match(/[^/]+\/*|\/+/g) ?? [];

/**
 * The data of the template, in the present language: the content whole, and shorter and shorter. The template takes the
 * longest that fits.
 */
export function commitmentPaper(one: CommitmentPage, address: string) {
	const latest = one.reports[0];
	return {
		lang: locale(),
		title: text(one.title).text,
		status: statusWord(one.status),
		source: latest ? sourceWord(one) : '',
		contents: lengths.map((most) => contentOf(one, most)),
		progress: m.commitments_progress(),
		reported: latest ? utcDate(latest.written_at) : '',
		shortened: m.commitments_paper_shortened(),
		address,
		parts: partsOf(address)
	};
}

/**
 * Finds, in typst, the first try that fits: `whole` tries of the whole content, each smaller, and then `cuts`, each
 * shorter; if none fits, the last. It halves the one or the other, so that few are laid out. Answers how many it asked
 * for too.
 */
export const firstFit = `
#let first-fit(whole, cuts, fits) = {
  if fits(0) { return (0, 1) }
  let (low, high) = if fits(whole - 1) { (1, whole - 1) } else { (whole, whole + cuts - 1) }
  let asked = 2
  while low < high {
    let middle = calc.quo(low + high, 2)
    asked += 1
    if fits(middle) { high = middle } else { low = middle + 1 }
  }
  (low, asked)
}
`;

/** The page in typst, A4. It never has a second one: the letters become smaller, and then the texts are cut. */
export const commitmentTemplate = `${firstFit}
#let ink = rgb("#12263d")
#let muted = rgb("#4c5f74")
#set text(fill: ink)

#let said(one, size) = {
  set text(size: size)
  set par(leading: 0.7em, spacing: 1em)
  text(size: 1.15em, fill: muted, mark(one.member))
  v(0.3em)
  {
    set text(size: if one.title.len() > 90 { 1.6em } else { 2.1em }, weight: 600)
    set par(leading: 0.55em)
    par(mark(one.title))
  }
  v(0.3em)
  [#text(weight: 600)[#data.status] #if data.source != "" [#text(fill: muted)[ · #data.source]]]
  if one.withdrawn != "" { par(one.withdrawn) }
  v(0.8em)
  one.summary
  v(0.8em)
  line(length: 100%, stroke: 0.5pt + muted)
  grid(columns: (38mm, 1fr), column-gutter: 4mm, row-gutter: 1.1em,
    ..one.facts.map(fact => (text(fill: muted)[#fact.at(0)], text[#fact.at(1)])).flatten())
  line(length: 100%, stroke: 0.5pt + muted)
  [#text(weight: 600)[#data.progress] #if data.reported != "" [#text(fill: muted)[ · #data.reported]]]
  par(one.report)
}

#let foot(is-cut) = {
  set text(size: 9pt, fill: muted)
  set par(leading: 0.6em)
  if is-cut { par(data.shortened) }
  // In the script of addresses whatever the language is. A line of it ends after a slash alone.
  set text(dir: ltr, lang: "en")
  set align(if sys.inputs.dir == "rtl" { right } else { left })
  par(link(data.address, data.parts.map(part => box(part)).join()))
}

#layout(room => {
  let sizes = (10.5pt, 10pt, 9.5pt, 9pt, 8.5pt, 8pt)
  let high(content) = measure(block(width: room.width, content)).height
  let tries = sizes.map(size => (0, size)) + range(1, data.contents.len()).map(at => (at, 8.5pt))
  let fits(n) = {
    let (at, size) = tries.at(n)
    high(said(data.contents.at(at), size)) + high(foot(at > 0)) + 6mm <= room.height
  }
  let (at, size) = tries.at(first-fit(sizes.len(), tries.len() - sizes.len(), fits).first())
  block(width: room.width, height: room.height, breakable: false, {
    block(width: 100%, height: room.height - high(foot(at > 0)) - 3mm, clip: true, said(data.contents.at(at), size))
    place(bottom + start, foot(at > 0))
  })
})
`;
