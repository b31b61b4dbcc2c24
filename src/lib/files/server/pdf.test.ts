import { expect, test } from 'vitest';
import { readPdf } from '../../../../tests/fixtures/pdf.ts';
import { renderLongPdf, renderPdf } from './pdf.ts';

const letter = `= #data.title
#for line in data.lines [#line #parbreak()]
#if data.second != "" [#pagebreak() #text(weight: 600)[#data.second]]`;

test('a paper says what its data says, on as many pages as it needs', async () => {
	const pdf = await renderPdf(letter, {
		lang: 'en',
		title: 'Invoice 2027-0001',
		lines: ['Ministry of Justice', '450.00'],
		second: 'Page two'
	});
	const read = readPdf(pdf);
	expect(read).toMatchObject({ pages: 2, lang: 'en' });
	expect(read.text.split(/[\n\f]/)).toEqual(['Invoice 2027-0001', 'Ministry of Justice', '450.00', 'Page two']);
});

test.each([
	['fr', 'Échéance : à réception, œuvre n° 1'],
	['es', 'Factura número 3, señor Núñez'],
	['el', 'Υπουργείο Δικαιοσύνης'],
	['ru', 'Министерство юстиции']
])('letters of %s are all there', async (lang, line) => {
	const { text, pages } = readPdf(await renderPdf(letter, { lang, title: 'T', lines: [line], second: '' }));
	expect({ text, pages }).toEqual({ text: `T\n${line}`, pages: 1 });
});

test('Arabic runs from the right, with its letters joined and its figures in order', async () => {
	const read = readPdf(
		await renderPdf(letter, { lang: 'ar', title: 'فاتورة', lines: ['المبلغ 450.25 EUR'], second: '' })
	);
	expect(read.lang).toBe('ar');
	for (const sign of 'المبلغفاتورة') expect(read.text).toContain(sign);
	expect(read.text).toContain('450.25');
	expect(read.text).toContain('EUR');
});

test('markup in the data stays text', async () => {
	const line = '#read("/etc/passwd") *not bold* $x$ @ref \\ <a>';
	const { text } = readPdf(await renderPdf(letter, { lang: 'en', title: 'T', lines: [line], second: '' }));
	expect(text).toBe(`T\n${line}`);
});

test('a template reads no file and says its own fault', async () => {
	const data = { lang: 'en', title: 'T' };
	await expect(renderPdf('#read("../../../../etc/passwd")', data)).rejects.toThrow('This paper cannot be set');
	await expect(renderPdf('#nothing', data)).rejects.toThrow('unknown variable: nothing');
});

test('the same data gives the same bytes', async () => {
	const data = { lang: 'es', title: 'T', lines: ['a'], second: '' };
	expect(await renderPdf(letter, data)).toEqual(await renderPdf(letter, data));
});

test('a long paper is set apart, with the same bytes and its faults', async () => {
	const data = { lang: 'en', title: 'T', lines: ['a'], second: 'b' };
	expect(await renderLongPdf(letter, data)).toEqual(await renderPdf(letter, data));
	await expect(renderLongPdf('#nothing', data)).rejects.toThrow('unknown variable: nothing');
});
