import { expect, test } from 'vitest';
import type { CommitmentPage } from '#lib/database/answers/commitments.ts';
import { renderPdf } from '#lib/files/server/pdf.ts';
import { locales, type Locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { withLocale } from '#lib/i18n/server/request-locale.ts';
import { missingGlyphs, readPdf } from '../../../../../../../tests/fixtures/pdf.ts';
import { commitmentPaper, commitmentTemplate, firstFit } from '#lib/commitments/paper.ts';

const address = 'https://summit.example/community/commitments/7Q4MXK29';

/** A sentence in each language. */
const sentences: Record<Locale, string> = {
	en: 'Every hotline assesses a report within one day and says so to who sent it. ',
	fr: 'Chaque ligne d’assistance évalue un signalement en un jour et le dit à son auteur. ',
	es: 'Cada línea de ayuda evalúa una denuncia en un día y lo comunica a quien la envió. ',
	ar: 'يقيّم كل خط مساعدة البلاغ خلال يوم واحد ويُعلم بذلك من أرسله. ',
	ru: 'Каждая горячая линия оценивает сообщение в течение дня и отвечает отправителю. ',
	zh: '每条热线在一天之内评估举报，并告知举报人。',
	pt: 'Cada linha de ajuda avalia uma denúncia num dia e comunica-o a quem a enviou. '
};

/** A commitment, each of its texts as long as `most` and the form allow. */
function commitment(language: Locale, sentence: string, most = Infinity): CommitmentPage {
	const words = (length: number) => {
		const long = Math.min(length, most);
		return sentence
			.repeat(Math.ceil(long / sentence.length))
			.slice(0, long)
			.trim();
	};
	const map = (length: number) => ({ original: language, [language]: words(length) });
	const member = (n: number) => ({
		id: String(n),
		code: `M${String(n)}`,
		name: words(200),
		sector: 'government' as const,
		country: 'PT',
		region: 'Europe'
	});
	const few = most < Infinity;
	return {
		id: '1',
		code: '7Q4MXK29',
		number: 3,
		title: map(200),
		summary: map(3000),
		beneficiaries: map(1000),
		indicator: map(200),
		unit: map(80),
		baseline: -900_000_000_000_000,
		target: 900_000_000_000_000,
		due_on: '2099-12-31',
		theme: { slug: 'theme', name: map(100) },
		countries: Array.from({ length: few ? 3 : 250 }, (_, n) => ['CD', 'VC', 'PS', 'BA', 'CF'][n % 5] ?? 'CD'),
		budget: 1_000_000_000_000_000,
		currency: 'EUR',
		audience: 'public',
		summit: { slug: 'montevideo', name: map(200) },
		member: member(0),
		partners: Array.from({ length: few ? 2 : 30 }, (_, n) => member(n + 1)),
		session: null,
		status: 'withdrawn',
		is_verified: true,
		announced_at: '2027-06-09T12:00:00Z',
		value: 900_000_000_000_000,
		reported_at: '2028-06-09T12:00:00Z',
		withdrawn_at: '2029-06-09T12:00:00Z',
		withdrawn_reason: words(2000),
		versions: [],
		reports: [
			{
				id: '1',
				member: words(200),
				progress: 'at_risk',
				value: 1,
				body: map(3000),
				links: [],
				files: [],
				adds_files: false,
				written_at: '2028-06-09T12:00:00Z',
				verified_at: null,
				verified_by: null
			}
		],
		comments: null,
		acts: [],
		comments_as: [],
		verifies: false
	};
}

const paper = (language: Locale, one: CommitmentPage, to = address) =>
	withLocale(language, async () => {
		const pdf = await renderPdf(commitmentTemplate, commitmentPaper(one, to));
		return {
			...readPdf(pdf),
			links: pdf.toString('latin1'),
			missing: missingGlyphs(pdf),
			note: m.commitments_paper_shortened()
		};
	});

// The page without its margins, in points: nothing may be beyond.
const millimetre = 72 / 25.4;
const top = (297 - 20) * millimetre;
const foot = 22 * millimetre;
const left = 22 * millimetre;
const right = (210 - 22) * millimetre;

/** That there is one page, and every line of it is on it. */
function expectOnePage({ pages, lines, missing }: Awaited<ReturnType<typeof paper>>): void {
	expect([pages, missing]).toEqual([1, 0]);
	expect(lines.length).toBeGreaterThan(10);
	const outside = lines.filter(
		({ y, x, end, size }) =>
			y > top ||
			y < foot - 0.5 ||
			x < left - 1 ||
			// The space or the comma at the end of a line may hang over.
			end > right + size
	);
	expect(outside).toEqual([]);
}

const letters = (words: string) => words.replace(/[^\p{L}\p{N}]/gu, '');

test.each(locales)('the longest commitment stands on one page that says where the whole is: %s', async (language) => {
	const one = await paper(language, commitment(language, sentences[language]));
	expectOnePage(one);
	expect(one.text.split('\n')).toContain(address);
	expect(one.links).toContain(`/URI (${address})`);
	if (language !== 'ar') expect(letters(one.text)).toContain(letters(one.note));
});

test.each(locales)('a long one is set smaller, and stays whole: %s', async (language) => {
	const one = await paper(language, commitment(language, sentences[language], language === 'zh' ? 150 : 330));
	expectOnePage(one);
	if (language !== 'ar') expect(letters(one.text)).not.toContain(letters(one.note));
	expect(one.text).not.toContain('…');
	expect(Math.max(...one.lines.map(({ size }) => size))).toBeGreaterThan(12);
});

test.each([
	['one word', 'Donaudampfschifffahrtsgesellschaft'],
	['one Arabic word', 'والمستشفيات'],
	['empty lines', 'a\n\n'],
	['wide signs', '国']
])('texts of %s without end stay on the page', async (_, sentence) => {
	expectOnePage(await paper('en', commitment('en', sentence)));
});

test('a short one has letters of the usual size', async () => {
	const one = await paper('en', commitment('en', sentences.en, 80));
	expectOnePage(one);
	expect(one.lines.some(({ size }) => size === 10.5)).toBe(true);
});

test.each(['en', 'ar'] as const)(
	'an address that is longer than a line breaks after a slash, and gains no sign: %s',
	async (language) => {
		const long = `https://global-summit.example${'/child-safety.online'.repeat(8)}/7Q4MXK29`;
		const { text } = await paper(language, commitment(language, sentences[language], 80), long);
		const lines = text.split('\n');
		const [first, second] = lines.slice(lines.findIndex((line) => line.startsWith('https://')));
		expect([`${first ?? ''}${second ?? ''}`, first?.at(-1)]).toEqual([long, '/']);
	}
);

test('of nineteen tries at most six are laid out, and the first that fits is taken', async () => {
	const template = `${firstFit}
		#let found = range(20).map(fit => {
			let fits(n) = if fit < 6 { n >= fit } else { n >= fit and n >= 6 }
			first-fit(6, 13, fits)
		})
		#found.map(((at, asked)) => str(at) + ":" + str(asked)).join(" ")`;
	const { text } = readPdf(await renderPdf(template, { lang: 'en', title: 'Tries' }));
	const found = text
		.trim()
		.split(/\s+/)
		.map((pair) => pair.split(':').map(Number));
	expect(found.map(([at]) => at)).toEqual([...Array(19).keys(), 18]);
	expect(found[0]).toEqual([0, 1]);
	expect(Math.max(...found.map(([, asked]) => asked ?? Infinity))).toBe(6);
});
