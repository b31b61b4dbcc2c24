/* The report as a PDF: data and template for `renderPdf`. No I/O. */
import { joinLabel } from '#lib/i18n/list.ts';
import { direction, locale, text, type TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { languageName } from '#lib/i18n/names.ts';
import { landPath, worldSize } from '#lib/members/world.ts';
import { lineSize } from './pictures.ts';
import type { ReportPicture } from './report-pictures.ts';
import type { ReportFigure, ReportView } from './view.ts';

const svg = (size: { wide: number; high: number }, inner: string) =>
	`<svg xmlns="http://www.w3.org/2000/svg" viewBox="-8 -8 ${size.wide + 16} ${size.high + 16}">${inner}</svg>`;

const ink = '#12263d';
const strokes = [`stroke="#c8721a" stroke-width="3"`, `stroke="${ink}" stroke-width="2.5" stroke-dasharray="7 5"`];

/** A picture without words, so that it needs no font: its words are in the table. */
function pictureSvg({ kind, circles, lines }: ReportPicture): string {
	if (kind === 'map') {
		const dots = circles.map(
			({ x, y, r }) => `<circle cx="${x}" cy="${y}" r="${r}" fill="${ink}" fill-opacity="0.75" stroke="#ffffff"/>`
		);
		return svg(worldSize, `<path d="${landPath}" fill="#d3dbe3"/>${dots.join('')}`);
	}
	const { wide, high } = lineSize;
	const paths = lines.map(({ path }, index) => `<path d="${path}" fill="none" ${strokes[index] ?? ''}/>`);
	return svg(lineSize, `<path d="M0 ${high}L${wide} ${high}" stroke="#76879a"/>${paths.join('')}`);
}

/** What somebody wrote, in its own language and direction; one that is not the reader's is named. */
function written(map: TextMap | null) {
	const { text: words, lang, fallback } = text(map);
	return {
		paragraphs: words.split(/\n{2,}/).filter((part) => part.trim() !== ''),
		lang: lang.split('-')[0] ?? lang,
		dir: direction(lang),
		note: fallback ? m.ui_written_in({ language: languageName(lang) }) : ''
	};
}

const figureData = (before: string) => (figure: ReportFigure) => ({
	name: figure.name,
	value: figure.value,
	more: [
		...figure.parts.map((part) => joinLabel(part.name, part.value)),
		...(figure.before ? [joinLabel(before, figure.before)] : []),
		...(figure.target ? [joinLabel(m.impact_target(), figure.target)] : [])
	],
	how: joinLabel(figure.source, figure.how)
});

const pictureData = (picture: ReportPicture) => ({
	kind: picture.kind,
	title: picture.title,
	head: picture.head,
	columns: picture.columns,
	rows: picture.rows,
	svg: picture.kind === 'bars' ? '' : pictureSvg(picture),
	ends: [picture.rows[0]?.label ?? '', picture.rows.at(-1)?.label ?? '']
});

/** What the first page says of the report. */
interface Head {
	summit: string;
	/** Where and when the Summit was. */
	facts: string;
	release: string;
	/** What it corrects, and that there is a later one; '' where that is not so. */
	corrects: string;
	old: string;
	/** Where this release stays. */
	address: string;
}

/** The data of the template, in the present language. */
export function impactPaper(view: ReportView, head: Head) {
	return {
		...head,
		lang: locale(),
		title: joinLabel(head.summit, m.impact_title()),
		heading: m.impact_title(),
		intro: written(view.intro),
		sections: view.sections.map((section) => ({
			title: section.title,
			lead: section.lead,
			words: written(section.text),
			figures: section.figures.map(figureData(view.before)),
			pictures: section.pictures.map(pictureData)
		})),
		closing: written(view.closing),
		notes: view.notes
	};
}

/** The report in typst, A4. Pictures of times and places run in one direction in every language. */
export const impactTemplate = `
#let ink = rgb("#12263d")
#let muted = rgb("#4c5f74")
#let hairline = 0.5pt + rgb("#d3dbe3")
#set text(fill: ink, size: 10pt)
#set par(leading: 0.68em, spacing: 1em)
#set page(footer: context text(size: 8pt, fill: muted)[#mark(data.summit) #h(1fr) #counter(page).display("1/1", both: true)])
#let quiet(body) = text(size: 8.5pt, fill: muted, body)
#let written(words) = if words.paragraphs.len() > 0 {
  {
    set text(lang: words.lang, dir: if words.dir == "rtl" { rtl } else { ltr })
    set align(start)
    for each in words.paragraphs { par(each) }
  }
  if words.note != "" { par(quiet(words.note)) }
}

#v(6mm)
#text(size: 12pt, fill: muted, mark(data.summit))
#v(1mm)
#text(size: 26pt, weight: 600, data.heading)
#v(1mm)
#quiet[#data.facts]
#linebreak()
#quiet[#data.release]
#for each in (data.corrects, data.old).filter(each => each != "") [#linebreak() #quiet(each)]
#v(4mm)
#line(length: 100%, stroke: 0.8pt + ink)
#v(2mm)
#{ set text(size: 11pt); written(data.intro) }

#let figure-box(one) = block(width: 100%, breakable: false, inset: (top: 2.5mm), stroke: (top: 0.6pt + muted), {
  set par(leading: 0.5em)
  stack(spacing: 2.7mm,
    text(weight: 600, one.name),
    text(size: if one.value.len() > 12 { 12pt } else { 19pt }, mark(one.value)),
    ..one.more.map(each => text(size: 9pt, each)),
    text(size: 7.5pt, fill: muted, one.how))
})

#let bar(share) = rect(width: calc.max(share, 0.5) * 1%, height: 5pt, fill: ink, stroke: none)

#let numbers(picture, rows) = {
  let bars = picture.kind == "bars"
  let cells = picture.columns.len()
  set text(size: 9pt)
  // The line that a column is about, as it is drawn.
  let key(at) = if picture.kind != "lines" { none } else {
    box(baseline: -2.5pt, line(length: 8mm, stroke: if at == 0 { 1.6pt + rgb("#c8721a") } else { (paint: ink, thickness: 1.2pt, dash: "dashed") }))
    h(1.5mm)
  }
  table(
    columns: (if bars { 5.2cm } else { 1fr }, ..if bars { (1fr,) } else { () }, ..range(cells).map(_ => if bars { 2.4cm } else { auto })),
    stroke: (x, y) => (bottom: if y == 0 { 0.6pt + muted } else { hairline }),
    inset: (x: 3.5pt, y: 3.6pt),
    align: (x, y) => if x == 0 { start + horizon } else if bars and x == 1 { start + horizon } else { end + horizon },
    table.header(text(weight: 600, size: 8pt, picture.head), ..if bars { ([],) } else { () },
      ..picture.columns.enumerate().map(((at, each)) => [#key(at)#text(weight: 600, size: 8pt, each)])),
    ..rows.map(row => (
      mark(row.label), ..if bars { (bar(row.share),) } else { () },
      ..row.values.map(value => if value == "" { [–] } else { mark(value) }),
    )).flatten()
  )
}

#let drawn(picture) = {
  set text(dir: ltr)
  image(bytes(picture.svg), format: "svg", width: 100%)
  if picture.kind == "lines" { v(-2mm); quiet[#mark(picture.ends.at(0)) #h(1fr) #mark(picture.ends.at(1))] }
}

#let drawn-with-numbers(picture) = {
  block(sticky: true, above: 6mm, below: 2.5mm, text(size: 11pt, weight: 600, picture.title))
  if picture.kind == "bars" { numbers(picture, picture.rows) } else if picture.kind == "lines" {
    block(breakable: false, width: 100%, { drawn(picture); v(1mm); numbers(picture, picture.rows) })
  } else {
    block(breakable: false, width: 100%, drawn(picture))
    let half = if picture.rows.len() > 8 { calc.ceil(picture.rows.len() / 2) } else { picture.rows.len() }
    grid(columns: if half < picture.rows.len() { (1fr, 1fr) } else { (1fr,) }, column-gutter: 8mm,
      ..(picture.rows.slice(0, half), picture.rows.slice(half)).filter(rows => rows.len() > 0).map(rows => numbers(picture, rows)))
  }
}

// A short picture stays on one page with its title.
#let shown(picture) = {
  let is-short = picture.kind != "map" and picture.rows.len() <= 14
  block(breakable: not is-short, above: 6mm, width: 100%, drawn-with-numbers(picture))
}

#for section in data.sections [
  #block(sticky: true, above: 11mm, below: 3.5mm, text(size: 17pt, weight: 600, section.title))
  #block(sticky: true, below: 4mm, text(fill: muted, section.lead))
  #written(section.words)
  #v(2mm)
  #grid(columns: (1fr, 1fr), column-gutter: 8mm, row-gutter: 5mm, ..section.figures.map(figure-box))
  #for picture in section.pictures { shown(picture) }
]
#if data.closing.paragraphs.len() > 0 [ #v(8mm) #line(length: 100%, stroke: 0.8pt + ink) #written(data.closing) ]
#v(8mm)
#block(breakable: false, width: 100%)[
  #line(length: 100%, stroke: hairline)
  #for note in data.notes { par(quiet(note)) }
  #quiet(mark(data.address))
]
`;
