import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import { direction } from '#lib/i18n/locale.ts';

/** What every document is made from; a template reads the rest of the fields as `data.…`. */
export interface PdfData {
	/** BCP 47 tag: decides direction, hyphenation and what a screen reader speaks. */
	lang: string;
	/** The document's title, as a reader's tab shows it. */
	title: string;
}

// Sets what all our papers share; `mark` keeps a value's own direction inside a line that runs the other way.
const prelude = `#let data = json(bytes(sys.inputs.data))
#let mark(value) = "\\u{2068}" + value + "\\u{2069}"
#set document(title: data.title, date: none)
#set page(paper: "a4", margin: (x: 22mm, top: 20mm, bottom: 22mm))
#set text(font: ("Noto Sans", "Noto Sans Arabic"), size: 10pt, lang: data.lang, dir: if sys.inputs.dir == "rtl" { rtl } else { ltr })
`;

const fonts = [
	'@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf',
	'@expo-google-fonts/noto-sans/600SemiBold/NotoSans_600SemiBold.ttf',
	'@expo-google-fonts/noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf',
	'@expo-google-fonts/noto-sans-arabic/600SemiBold/NotoSansArabic_600SemiBold.ttf'
];

let kept: Promise<NodeCompiler> | undefined;

// 50 MB of native code: loaded with the first paper, not with the site.
async function makeCompiler(): Promise<NodeCompiler> {
	const { NodeCompiler } = await import('@myriaddreamin/typst-ts-node-compiler');
	const { resolve } = createRequire(import.meta.url);
	const fontPaths = [...new Set(fonts.map((font) => dirname(resolve(font))))];
	// An empty folder of its own: a template reads no file.
	return NodeCompiler.create({ workspace: mkdtempSync(join(tmpdir(), 'papers-')), fontArgs: [{ fontPaths }] });
}

// The compiler keeps what is wrong with a template in the code of its error.
function faultOf(error: unknown): string {
	return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

/**
 * A paper as PDF: `template` is typst markup, in which `data` holds the fields, all of them text and never markup. A fault in
 * the template throws. It takes 40 ms at first, then a few.
 */
export async function renderPdf(template: string, data: PdfData & Record<string, unknown>): Promise<Buffer> {
	const compiler = await (kept ??= makeCompiler());
	const inputs = { data: JSON.stringify(data), dir: direction(data.lang) };
	try {
		// The same data gives the same bytes.
		return compiler.pdf({ mainFileContent: prelude + template, inputs }, { creationTimestamp: 0 });
	} catch (error) {
		throw new Error(`This paper cannot be set: ${faultOf(error)}`, { cause: error });
	} finally {
		compiler.evictCache(10);
	}
}
