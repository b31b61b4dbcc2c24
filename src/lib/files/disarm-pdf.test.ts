import { deflateSync } from 'node:zlib';
import { PDFiumLibrary } from '@hyzyla/pdfium';
import { expect, test } from 'vitest';
import { pdf } from '../../../tests/fixtures/documents.ts';
import { disarmPdf } from './disarm-pdf.ts';
import { renderPdf } from './server/pdf.ts';

function disarmed(bytes: Buffer): Buffer | null {
	const patches = disarmPdf(bytes);
	if (!patches) return null;
	const copy = Buffer.from(bytes);
	for (const patch of patches) copy.set(patch.bytes, patch.at);
	return copy;
}

const file = (...objects: string[]) =>
	Buffer.from(
		`%PDF-1.7\n${objects.map((body, at) => `${at + 1} 0 obj\n${body}\nendobj\n`).join('')}trailer<</Root 1 0 R>>\n%%EOF`,
		'latin1'
	);
const packed = (inside: string, more = '') => {
	const bytes = deflateSync(Buffer.from(inside));
	return `<</Type/ObjStm/N 1/First 4/Filter/FlateDecode${more}/Length ${bytes.length}>>stream\n${bytes.toString('latin1')}\nendstream`;
};

test('disables what acts in a PDF, and leaves all else unchanged', () => {
	const catalogue =
		'<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>/AA 5 0 R/Names<</EmbeddedFiles 6 0 R>>>>';
	const link = '<</Subtype/Link/A<</S/URI/URI(https://example.org/JS)>>/Dest[3 0 R/Fit]>>';
	const obscured = '<</S/J#61vaScript/J#53(x)>>';
	const text = disarmed(
		file(catalogue, link, obscured, '<</S/Launch/F(x.exe)>>', '<</S/SubmitForm/F(https://evil.example)>>')
	)?.toString('latin1');
	expect(text).toContain(
		'<</Type/Catalog/XXXXXXXXXX<</S/XXXXXXXXXX/XX(app.alert\\(1\\))>>/XX 5 0 R/Names<</XXXXXXXXXXXXX 6 0 R>>>>'
	);
	expect(text).toContain(link);
	expect(text).toContain('<</S/XXXXXXXXXXXX/XXXX(x)>>');
	expect(text).toContain('<</S/XXXXXX/F(x.exe)>>');
	expect(text).toContain('<</S/XXXXXXXXXX/F(https://evil.example)>>');
});

test('disables it among packed objects too, at the same length', () => {
	const before = file('<<>>', packed(`1 0 <</S/JavaScript/JS(app.alert(1))>> ${'x '.repeat(200)}`));
	const after = disarmed(before);
	expect(after?.length).toBe(before.length);
	expect(after?.equals(before)).toBe(false);
	expect(disarmPdf(after ?? Buffer.alloc(0))).toEqual([]);
	expect(disarmPdf(file(packed('1 0 <</S/URI>>')))).toEqual([]);
});

test('refuses what is hidden from sequential reading, or is encrypted', () => {
	const hidden = '9 0 obj <</S/JavaScript/JS(x)>> endobj';
	for (const body of [
		`<</Length ${hidden.length}>>stream\n${hidden}\nendstream`,
		`(${hidden})`,
		`<<>> % ${hidden}`,
		`< ${hidden} >`,
		'(never ends'
	])
		expect(disarmPdf(file(body))).toBeNull();
	expect(disarmPdf(file(packed('x').replace('/FlateDecode', '/LZWDecode')))).toBeNull();
	expect(
		disarmPdf(file('<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length 9>>stream\nencrypted\nendstream'))
	).toBeNull();
	expect(disarmPdf(file(packed('1 0 x', '/DecodeParms<</Predictor 12>>')))).toBeNull();
});

test('leaves an ordinary PDF unchanged, and keeps a disarmed one readable', async () => {
	expect(disarmPdf(pdf())).toEqual([]);
	const paper = await renderPdf('= Title\n#link("https://example.org")[A link]\n#lorem(800)', {
		lang: 'en',
		title: 'A paper'
	});
	expect(disarmPdf(paper)).toEqual([]);
	const acting = Buffer.from(
		paper.toString('latin1').replace('/Type /Catalog', '/OpenAction 1 0 R /Type /Catalog'),
		'latin1'
	);
	const library = await PDFiumLibrary.init();
	const opened = await library.loadDocument(disarmed(acting) ?? Buffer.alloc(0));
	expect(opened.getPageCount()).toBeGreaterThan(0);
	library.destroy();
});

// With work that grows with the square of the size, this would not end.
test('reads a large one', () => {
	const stream = `<</Length 20000000>>stream\n${'\u0001'.repeat(20_000_000)}\nendstream`;
	expect(disarmPdf(file(stream, ...Array.from({ length: 20_000 }, () => '<</A[1 2 3]/B(text)>>')))).toEqual([]);
});
