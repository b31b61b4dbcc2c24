import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { NodeCompiler, PdfStandard } from '@myriaddreamin/typst-ts-node-compiler';
import { direction } from '#lib/i18n/locale.ts';
import { familiesFor, filesOf } from '../scripts.ts';
import { coverageOf } from './coverage.ts';

/** The fields of every document; a template reads the others as `data.…`. */
interface PdfData {
	/** BCP 47 tag: decides direction, hyphenation and the language of a screen reader. */
	lang: string;
	/** The document's title, as a reader's tab shows it. */
	title: string;
}

// Sets what all our documents share; `mark` keeps a value's own direction inside a line that runs the other way.
const prelude = `#let data = json(bytes(sys.inputs.data))
#let families = json(bytes(sys.inputs.families))
#let mark(value) = "\\u{2068}" + value + "\\u{2069}"
#set document(title: data.title, date: none)
#set page(paper: "a4", margin: (x: 22mm, top: 20mm, bottom: 22mm))
// In Chinese, quotation marks and dashes are as wide as a letter.
#let latin = if data.lang == "zh" { (name: "Noto Sans", covers: "latin-in-cjk") } else { "Noto Sans" }
#let fonts = (latin, "Noto Sans Arabic", "Noto Sans S Chinese", "Noto Sans Japanese", "Noto Sans Korean", ..families)
#set text(font: fonts, size: 10pt, lang: data.lang, dir: if sys.inputs.dir == "rtl" { rtl } else { ltr })
`;

const fonts = [
	'@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf',
	'@expo-google-fonts/noto-sans/600SemiBold/NotoSans_600SemiBold.ttf',
	'@expo-google-fonts/noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf',
	'@expo-google-fonts/noto-sans-arabic/600SemiBold/NotoSansArabic_600SemiBold.ttf'
];

// For names in Chinese, Japanese and Korean; read when the first one is set.
const eastern = ['fonts-sc/NotoSansHans', 'fonts-jp/NotoSansJP', 'fonts-kr/NotoSansKR'];

const { resolve } = createRequire(import.meta.url);

let cached: Promise<NodeCompiler> | undefined;

/** The font files for a text: our main fonts, and those of other scripts only if the text has their letters. */
function fontFiles(families: readonly string[]): string[] {
	const folder = (name: string) => join(dirname(resolve(`@embedpdf/${name.split('/')[0] ?? ''}`)), '..', 'fonts');
	return [
		...[...fonts, ...families.flatMap(filesOf)].map((font) => resolve(font)),
		...eastern.flatMap((name) =>
			['Regular', 'Bold'].map((cut) => join(folder(name), `${name.split('/')[1] ?? ''}-${cut}.otf`))
		)
	];
}

function compilerSettings(families: readonly string[]) {
	// An empty folder, so that a template can read no file.
	return {
		workspace: mkdtempSync(join(tmpdir(), 'papers-')),
		fontArgs: [{ fontPaths: fontFiles(families) }]
	};
}

// 50 MB of native code: loaded with the first document, not at the start.
async function makeCompiler(settings: ReturnType<typeof compilerSettings>): Promise<NodeCompiler> {
	const { NodeCompiler } = await import('@myriaddreamin/typst-ts-node-compiler');
	return NodeCompiler.create(settings);
}

const coverages = new Map<string, Promise<Set<number>>>();

function coverageOfFile(file: string): Promise<Set<number>> {
	const coverage = coverages.get(file) ?? readFile(file).then(coverageOf);
	coverages.set(file, coverage);
	return coverage;
}

/** The characters of a text that none of our fonts has, each once: they would be printed as boxes. */
export async function missingSigns(text: string): Promise<string[]> {
	// Invisible characters need no glyph: spaces, direction marks, joiners, variation selectors.
	const signs = [...new Set(text)].filter((sign) => !/[\s\p{Cc}\p{Cf}\u{FE00}-\u{FE0F}]/u.test(sign));
	const coverages = await Promise.all(fontFiles(familiesFor(text)).map(coverageOfFile));
	return signs.filter((sign) => !coverages.some((coverage) => coverage.has(sign.codePointAt(0) ?? 0)));
}

// The compiler puts the template's errors into the code of its error.
function faultOf(error: unknown): string {
	return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

// The same data gives the same bytes.
function paperOf(template: string, data: PdfData, families: readonly string[], archived = false) {
	const inputs = { data: JSON.stringify(data), dir: direction(data.lang), families: JSON.stringify(families) };
	const options = { creationTimestamp: 0, ...(archived && { pdfStandard: 'a-3b' as PdfStandard }) };
	return [{ mainFileContent: prelude + template, inputs }, options] as const;
}

/**
 * A document as PDF: `template` is typst markup, in which `data` holds the fields, all of them text and never markup.
 * An error in the template throws. It is set in this process, which answers nobody else meanwhile: about 40 ms at first, then
 * a few for a short paper, and for a template that tries several layouts as much for each. `archived`: by the standard
 * PDF/A-3b, to which a file can be attached; its template sets the date of the document.
 */
export async function renderPdf(
	template: string,
	data: PdfData & Record<string, unknown>,
	{ archived = false } = {}
): Promise<Buffer> {
	const families = familiesFor(JSON.stringify(data));
	// A compiler with rarely needed fonts is made for this document only.
	const settings = families.length > 0 ? compilerSettings(families) : null;
	const compiler = await (settings ? makeCompiler(settings) : (cached ??= makeCompiler(compilerSettings([]))));
	try {
		return compiler.pdf(...paperOf(template, data, families, archived));
	} catch (error) {
		throw new Error(`This paper cannot be set: ${faultOf(error)}`, { cause: error });
	} finally {
		compiler.evictCache(10);
		if (settings) await rm(settings.workspace, { recursive: true, force: true });
	}
}

// Plain JavaScript, so that it runs the same from source and from a bundle.
const apart = `
const { settings, paper } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
const compiler = require(process.argv[1]).NodeCompiler.create(settings);
try { process.stdout.write(compiler.pdf(...paper)); }
catch (error) { process.exitCode = 1; process.stderr.write(String(error.code ?? error)); }`;

/** The same for a long document: in a separate process, so that it blocks no other request and its memory is freed. */
export async function renderLongPdf(template: string, data: PdfData & Record<string, unknown>): Promise<Buffer> {
	const module = resolve('@myriaddreamin/typst-ts-node-compiler');
	const families = familiesFor(JSON.stringify(data));
	const settings = compilerSettings(families);
	// The process gets no environment, because it needs none of our secrets.
	const child = spawn(process.execPath, ['--input-type=commonjs', '-e', apart, module], { env: {} });
	const [ended, pdf, fault] = [once(child, 'close'), buffer(child.stdout), buffer(child.stderr)];
	child.stdin.on('error', () => undefined).end(JSON.stringify({ settings, paper: paperOf(template, data, families) }));
	const [code] = (await ended) as [number | null];
	await rm(settings.workspace, { recursive: true, force: true });
	if (code !== 0) throw new Error(`This paper cannot be set: ${(await fault).toString() || String(code)}`);
	return pdf;
}
