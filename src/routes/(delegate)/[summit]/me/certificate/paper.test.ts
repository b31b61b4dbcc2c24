import { expect, test } from 'vitest';
import { drawCode } from '#lib/door/server/picture.ts';
import { renderPdf } from '#lib/files/server/pdf.ts';
import { certificatePaper, certificateTemplate } from '#lib/presence/certificate.ts';
import { readPdf } from '../../../../../../tests/fixtures/pdf.ts';

const summit = {
	name: { original: 'en', en: 'Global Summit 2027' },
	starts_on: '2027-06-09',
	ends_on: '2027-06-11',
	city: { original: 'en', en: 'Lisbon' },
	zone: 'Europe/Lisbon'
};
const head = {
	issuer_name: 'Secretariat of the Summit',
	signatory_name: 'A. Signer',
	signatory_office: 'Director'
};
// As long as one may be.
const statement = 'A word of thanks. '.repeat(23).slice(0, 400);

async function paper(titles: string[], name: string, words: string) {
	const own = {
		kind: 'speaker' as const,
		issued_at: '2027-06-12T09:00:00Z',
		titles: titles.map((title) => ({ original: 'en', en: title })),
		content: { name, locale: 'en' as const, code: '7Q4MXK29BD3F' }
	};
	const { size, path } = drawCode('https://summit.example/certificates/7Q4MXK29BD3F');
	const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}"><path d="${path}"/></svg>`;
	const data = certificatePaper(
		own,
		{ ...head, statement: { original: 'en', en: words } },
		summit,
		'summit.example/certificates/7Q4MXK29BD3F',
		picture
	);
	return readPdf(await renderPdf(certificateTemplate, data));
}
const titlesOf = (count: number, length: number) =>
	Array.from({ length: count }, (_, n) => `Talk ${n} ${'on water and peace '.repeat(20)}`.slice(0, length).trim());

const plain = (text: string) => text.replace(/[\u2068\u2069]/g, '');
const long = 'Wolfeschlegel '.repeat(9).slice(0, 120);

test.each([
	['few sessions', 6, 30, 'Ana Lima', ''],
	['few sessions and a long name', 6, 60, long, ''],
	['a long name and a long statement', 0, 0, long, statement],
	['a session, a long name and a statement', 1, 60, long, statement.slice(0, 200)]
])('%s stand on one page', async (_, count, length, name, words) => {
	const { pages, text } = await paper(titlesOf(count, length), name, words);
	expect(pages).toBe(1);
	for (let n = 0; n < count; n += 1) expect(plain(text)).toContain(`– Talk ${n} on`);
	expect(text).toContain('A. Signer');
});

test.each([
	[6, 200],
	[7, 20],
	[30, 120]
])('all of %i sessions are on it, as on the page that checks its code', async (count, length) => {
	const { text } = await paper(titlesOf(count, length), long, statement);
	const [first = '', ...rest] = plain(text).split('\f');
	expect(first).toContain('The sessions are listed on the next page.');
	expect(first).toContain('A. Signer');
	for (let n = 0; n < count; n += 1) expect(rest.join()).toContain(`– Talk ${n} on`);
});
