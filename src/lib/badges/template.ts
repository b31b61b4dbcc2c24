/* The typst template of a sheet of badges. */

const noPhotographs = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='#12263d' stroke-width='2' stroke-linecap='round' stroke-linejoin='round'><path d='M14.564 14.558a3 3 0 1 1-4.122-4.121'/><path d='m2 2 20 20'/><path d='M20 20H4a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2h1.997a2 2 0 0 0 .819-.175'/><path d='M9.695 4.024A2 2 0 0 1 10.004 4h3.993a2 2 0 0 1 1.76 1.05l.486.9A2 2 0 0 0 18.003 7H20a2 2 0 0 1 2 2v7.344'/></svg>`;

/**
 * For `renderPdf` with `paperOf`. The name is the largest element: it gets the largest size at which it fits on two lines (or, where that
 * is small, on more), no word is broken, and everything else fits above the code.
 */
export const badgesTemplate = `
#let kind = data.layout
#let (card-width, card-height) = kind.card.map(side => side * 1mm)
#let small = card-width < 90mm
#let ink = rgb("#12263d")
#let muted = rgb("#4c5f74")
#set page(width: kind.page.at(0) * 1mm, height: kind.page.at(1) * 1mm, margin: 0mm)
#set text(fill: ink)
#set par(leading: 0.35em, spacing: 0.5em)
#let inset = if small { 3.5mm } else { 6mm }
#let code-side = kind.code * 1mm
#let fonts-of(card) = card.fonts
#let name-of(card, size) = {
  // A Latin or Arabic letter has its own space above and below; one of Chinese, Japanese or Korean fills its square.
  set par(leading: if card.rtl { -0.5em } else if card.isSquare { 0.12em } else { -0.16em }, justify: false)
  // Marks above and below the letters do not touch other elements.
  text(font: fonts-of(card), top-edge: "ascender", bottom-edge: "descender", weight: 600, size: size, lang: card.lang, dir: if card.rtl { rtl } else { ltr }, hyphenate: false, card.name)
}
#let beside(body, size, weight: 400, fill: ink) = text(font: fonts, size: size, weight: weight, fill: fill, body)
#let who(card, size) = {
  let second = calc.min(size * 0.62, if small { 9.5pt } else if kind.isWide { 10pt } else { 14pt })
  let parts = (name-of(card, size),)
  if card.affiliation != "" { parts.push(beside(card.affiliation, second, weight: 600)) }
  if card.office != "" { parts.push(beside(card.office, second * 0.86, fill: muted)) }
  if card.line != "" { parts.push(beside(card.line, second * 0.86)) }
  stack(spacing: second * 0.6, ..parts)
}
#let fits(card, size, width, height) = {
  let one = measure(name-of((..card, name: "Åg"), size)).height
  // A name that would be small on two lines gets more of them.
  ((size <= kind.largest * 0.42pt or measure(block(width: width, name-of(card, size))).height <= one * 2.2)
    and measure(block(width: width, who(card, size))).height <= height)
}
// Binary search between the smallest and the largest size: what fits at one size fits at every smaller one.
#let largest-of(card, width, height) = {
  let widest = calc.max(1pt, ..card.words.map(word => measure(text(font: fonts-of(card), weight: 600, size: 10pt, lang: card.lang, word)).width))
  let (low, high) = (7, calc.max(7, calc.min(kind.largest, calc.floor(width / widest * 10))))
  while low < high {
    let middle = calc.ceil((low + high) / 2)
    if fits(card, middle * 1pt, width, height) { low = middle } else { high = middle - 1 }
  }
  low * 1pt
}
#let marks(card) = {
  let size = if small { 7.5pt } else { 10pt }
  let parts = card.languages.map(code => box(stroke: 0.7pt + ink, radius: 2pt, inset: (x: 3pt, y: 2pt), beside(code, size, weight: 600)))
  if card.photo != "" {
    parts.push(box(stroke: 1.2pt + ink, radius: 2pt, inset: (x: 4pt, y: 2pt), baseline: 0pt,
      [#box(height: size, baseline: 10%, image(bytes(${JSON.stringify(noPhotographs)}), format: "svg", height: size * 1.15)) #h(2pt) #beside(card.photo, size, weight: 600)]))
  }
  set par(leading: 0.9em)
  parts.join(h(3pt, weak: true) + sym.zws)
}
#let band(card) = {
  block(width: 100%, height: if small or kind.isWide { 8mm } else { 13mm }, fill: rgb(card.band.ground), stroke: 1pt + ink, radius: 2pt,
    align(center + horizon, beside(card.category, if small or kind.isWide { 11pt } else { 17pt }, weight: 600, fill: rgb(card.band.letter))))
}
#let code(card) = {
  set align(center)
  stack(spacing: 0.8mm, image(bytes(card.code), format: "svg", width: code-side),
    text(font: "Noto Sans", size: if small or kind.isWide { 8pt } else { 10pt }, weight: 600, dir: ltr, tracking: 0.04em, card.badge_code))
}
#let head = {
  let size = if small or kind.isWide { 7pt } else { 9pt }
  set align(center)
  stack(spacing: size * 0.5, beside(data.summit, size, weight: 600), beside(data.place, size, fill: muted))
}
#let filled(card) = layout(space => {
  let size = largest-of(card, space.width, space.height)
  align(center + horizon, block(width: space.width, align(center, who(card, size))))
})
#let tall(card) = block(width: card-width, height: card-height, inset: (x: inset, top: if small { 4mm } else { 10mm }, bottom: inset), breakable: false,
  grid(columns: 1fr, rows: (auto, 1fr, auto, auto, auto), row-gutter: if small { 1.8mm } else { 3mm }, align: center + horizon,
    head, filled(card), marks(card), code(card), band(card)))
#let wide(card) = block(width: card-width, height: card-height, inset: inset, breakable: false,
  grid(columns: (1fr, code-side), rows: (auto, 1fr, auto), column-gutter: 3mm, row-gutter: 2mm, align: center + horizon,
    grid.cell(colspan: 2, head),
    grid(columns: 1fr, rows: (1fr, auto), row-gutter: 2mm, filled(card), align(center, marks(card))), code(card),
    grid.cell(colspan: 2, band(card))))
#let face(card) = if kind.isWide { wide(card) } else { tall(card) }
#let inside = block(width: card-width, height: card-height, inset: 12mm, align(horizon, {
  set par(leading: 0.6em, spacing: 1.4em)
  beside(data.summit, 13pt, weight: 600)
  parbreak()
  for line in data.inside { beside(line, 10pt); parbreak() }
}))
#let hair = 0.3pt + rgb("#a5b5c5")
#let columns = calc.floor(kind.page.at(0) / kind.card.at(0))
#let rows = calc.floor(kind.page.at(1) / kind.card.at(1))
#if kind.isFolded {
  for card in data.cards {
    page(grid(columns: (card-width,) * 2, rows: (card-height,) * 2, stroke: hair,
      rotate(180deg, inside), rotate(180deg, block(width: card-width, height: card-height, align(center + horizon, beside(data.fold, 8pt, fill: muted)))),
      face(card), face(card)))
  }
} else {
  let each = columns * rows
  for sheet in data.cards.chunks(each) {
    page(grid(columns: (card-width,) * columns, rows: (card-height,) * rows, stroke: if each > 1 { hair } else { none }, ..sheet.map(face)))
  }
}
`;
