/* Draws an element of this page on a canvas: flat colours and texts, as the browser has laid them out. */

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Draws what an element shows, and nothing beyond its edges, with its upper left corner at `x`, `y`. */
export function paint(context: CanvasRenderingContext2D, element: Element, x: number, y: number): void {
	const { left, top, width, height } = element.getBoundingClientRect();
	context.save();
	context.translate(x - left, y - top);
	context.beginPath();
	context.rect(left, top, width, height);
	context.clip();
	paintWithin(context, element);
	context.restore();
}

function paintWithin(context: CanvasRenderingContext2D, element: Element): void {
	const style = getComputedStyle(element);
	const { left, top, width, height } = element.getBoundingClientRect();
	context.fillStyle = style.backgroundColor;
	context.fillRect(left, top, width, height);
	for (const child of element.childNodes) {
		if (child instanceof Element) paintWithin(context, child);
		else if (child instanceof Text) write(context, child, style);
	}
}

function write(context: CanvasRenderingContext2D, text: Text, style: CSSStyleDeclaration): void {
	const { color, direction, fontStyle, fontWeight, fontSize, fontFamily } = style;
	Object.assign(context, {
		font: `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`,
		fillStyle: color,
		direction,
		textAlign: 'left',
		textBaseline: 'alphabetic'
	});
	for (const { words, left, top } of linesOf(text))
		context.fillText(words, left, top + context.measureText(words).fontBoundingBoxAscent);
}

interface Line {
	words: string;
	left: number;
	top: number;
}

/** The lines into which the browser has broken a text, without the white space at their ends. */
export function linesOf(text: Text): Line[] {
	const range = document.createRange();
	const lines: Line[] = [];
	for (const { segment, index } of graphemes.segment(text.data)) {
		const line = lines.at(-1);
		if (segment.trim() === '') {
			if (line && !line.words.endsWith(' ')) line.words += ' ';
			continue;
		}
		range.setStart(text, index);
		range.setEnd(text, index + segment.length);
		const { left, top, height } = range.getBoundingClientRect();
		if (line && Math.abs(top - line.top) < height / 2) {
			line.words += segment;
			line.left = Math.min(line.left, left);
		} else lines.push({ words: segment, left, top });
	}
	return lines.map((line) => ({ ...line, words: line.words.trimEnd() }));
}
