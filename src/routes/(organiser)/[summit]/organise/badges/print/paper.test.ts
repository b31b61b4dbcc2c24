import { describe, expect, test } from 'vitest';
import { drawCode } from '#lib/door/server/picture.ts';
import { renderPdf } from '#lib/files/server/pdf.ts';
import { readPdf, missingGlyphs } from '../../../../../../../tests/fixtures/pdf.ts';
import { layoutOf, layouts, type Layout } from '#lib/badges/layouts.ts';
import { bands, paperOf, type CodedBadge } from '#lib/badges/paper.ts';
import { breakable, scriptOf, nameWords } from '#lib/badges/script.ts';
import { badgesTemplate } from '#lib/badges/template.ts';

/** How many badges fit on one sheet. */
const perSheet = ({ page, card, isFolded = false }: Layout) =>
	isFolded ? 1 : Math.floor(page[0] / card[0]) * Math.floor(page[1] / card[1]);

const summit = {
	name: { original: 'en', en: 'Global Summit 2027' },
	city: { original: 'en', en: 'Lisbon' },
	starts_on: '2027-06-09',
	ends_on: '2027-06-11'
};

function badge(display_name: string, rest: Partial<CodedBadge> = {}): CodedBadge {
	const badge_code = rest.badge_code ?? '7Q4MXK29BD3F';
	const code = drawCode(badge_code.padEnd(150, 'x'));
	return {
		badge: '00000000-0000-4000-8000-000000000000',
		badge_code,
		display_name,
		office: 'Director of Programmes',
		affiliation: 'Quiet Harbour Foundation',
		country: null,
		category: 'delegate',
		languages: ['en', 'fr'],
		no_photographs: false,
		line: [],
		code,
		...rest
	};
}

const names: [name: string, country: string | null][] = [
	['María José Ibáñez-Montenegro de la Fuente', 'ES'],
	['عائشة بنت عبد الرحمن الفهري', 'MA'],
	['Александра Вознесенская', 'KZ'],
	['Ελευθερία Παπαδοπούλου', 'GR'],
	['Nguyễn Thị Thuỳ Dương', 'VN'],
	['李明霞', 'CN'],
	['山田 直海', 'JP'],
	['김서연', 'KR']
];

const set = (badges: CodedBadge[], layout: Layout) =>
	renderPdf(badgesTemplate, paperOf(badges, layout, summit, 'en', 'https://summit.example'));
const of = (key: string) => layoutOf(key) as Layout;

describe('a sheet of badges', () => {
	test.each(layouts.map((layout) => [layout.key, layout as Layout]))(
		'%s holds as many as it says',
		async (_, layout) => {
			const badges = Array.from({ length: perSheet(layout) + 1 }, (_, n) => badge(`Somebody ${n}`));
			const { pages, text } = readPdf(await set(badges, layout));
			expect(pages).toBe(2);
			expect(text.split('\f')[1]).toContain('7Q4M XK29 BD3F');
		}
	);

	test.each(names)('%s is printed in its own script', async (name, country) => {
		const { text, pages } = readPdf(await set([badge(name, { country })], of('62x100')));
		expect(pages).toBe(1);
		for (const letter of name.replace(/\s/g, '')) expect(text).toContain(letter);
	});

	test.each(['a6', '62x100'] as const)('has the line of an answer below the office on %s', async (key) => {
		const line = [{ original: 'en', en: 'she/her' }];
		const { text, pages } = readPdf(await set([badge('Ana Lima', { line })], of(key)));
		expect(pages).toBe(1);
		const lines = text.split(/\s*\n\s*/);
		expect(lines[lines.indexOf('Director of Programmes') + 1]).toBe('she/her');
	});

	test('has the expected texts and no others', async () => {
		const { text } = readPdf(await set([badge('Ana Lima', { no_photographs: true, category: 'press' })], of('a6')));
		expect(text.split(/\s*\n\s*/)).toEqual([
			'Global Summit 2027',
			'Lisbon · 9 to 11 June 2027',
			'Ana Lima',
			'Quiet Harbour Foundation',
			'Director of Programmes',
			'ENFR',
			'No photographs',
			'7Q4M XK29 BD3F',
			'Press'
		]);
		const plain = readPdf(await set([badge('Ana Lima', { affiliation: '', office: '', languages: [] })], of('a6')));
		expect(plain.text).not.toContain('photographs');
	});

	test.each([
		['李明霞王小明張偉欣陳美玲林志明黃淑芬吳俊傑劉建宏', 'CN'],
		['さくらこうじろう山田直海田中花子鈴木一郎佐藤健二', 'JP'],
		['김서연박지훈이민준최수빈 정하은강도윤조예린윤시우', 'KR'],
		['Ana 李明霞 عائشة Александра Nguyễn Ελευθερία María José Ibáñez de la Fuente', null],
		['Александра Константиновна Вознесенская-Преображенская де ла Фуэнте и Монтенегро', null],
		['عائشة بنت عبد الرحمن بن محمد بن عبد الله الفهري القرشية المراكشية الأندلسية', 'MA']
	])('the lines of %s keep clear of each other', async (name, country) => {
		for (const key of ['a6', '62x100', 'a4-8']) {
			const { lines, text } = readPdf(await set([badge(name, { country })], of(key)));
			const at = (words: string) => lines.findIndex((line) => line.text.includes(words));
			const own = lines.slice(at('Lisbon') + 1, at('Quiet Harbour'));
			const size = Math.max(...own.map((line) => line.size));
			const feet = [...new Set(own.map(({ y }) => Math.round(y)))].sort((one, other) => other - one);
			// Arabic letters of one line reach a little above and below it.
			const gaps = feet
				.slice(1)
				.map((y, n) => (feet[n] ?? 0) - y)
				.filter((gap) => gap > size / 4);
			expect([key, gaps.length > 0, gaps.filter((gap) => gap < size)]).toEqual([key, true, []]);
			for (const letter of name.replace(/[\s-]/g, '')) expect(text).toContain(letter);
		}
	});

	test('keeps the longest name on its sheet, above the code', async () => {
		const long = `${'Wolfeschlegelsteinhausenbergerdorff '.repeat(3)}X`.slice(0, 120);
		for (const layout of layouts) {
			const { pages, text } = readPdf(
				await set([badge(long, { affiliation: 'M'.repeat(60), office: 'O '.repeat(90) })], layout)
			);
			expect([layout.key, pages]).toEqual([layout.key, 1]);
			expect(text).toContain('7Q4M XK29 BD3F');
		}
	});
});

test('the word of a category contrasts with its colour, and no two have the same', () => {
	const light = (hex: string) => {
		const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
			const part = parseInt(hex.slice(at, at + 2), 16) / 255;
			return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
		});
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	for (const [category, { ground, letter }] of Object.entries(bands)) {
		const [dark = 0, bright = 0] = [light(ground), light(letter)].sort((one, other) => one - other);
		expect([category, (bright + 0.05) / (dark + 0.05) >= 4.5]).toEqual([category, true]);
	}
	expect(new Set(Object.values(bands).map(({ ground }) => ground)).size).toBe(Object.keys(bands).length);
});

test('a name without spaces breaks between words, never inside a letter with marks', () => {
	expect(breakable('ศรีสุดาณอยุธยา').split('\u200b').join('')).toBe('ศรีสุดาณอยุธยา');
	expect(breakable('ศรีสุดาณอยุธยา')).toContain('\u200b');
	const marked = 'ä'.normalize('NFD').repeat(30);
	expect(nameWords(marked)).toEqual([14, 14, 2].map((count) => 'ä'.normalize('NFD').repeat(count)));
});

test.each([
	['ศรีสุดา ณ อยุธยา', 'th', false],
	['မြတ်နိုးသူ', 'my', false],
	['שרה כהן', 'he', true],
	['އައިޝަތު', 'dv', true],
	['ሰላማዊት ተስፋዬ', 'en', false]
])('%s is set as %s', async (name, lang, rtl) => {
	expect(scriptOf(name, null)).toMatchObject({ lang, rtl });
	for (const key of ['a6', '62x100', 'a4-8']) {
		const pdf = await set([badge(name, { affiliation: name, office: name })], of(key));
		expect([key, readPdf(pdf).pages, missingGlyphs(pdf)]).toEqual([key, 1, 0]);
	}
});

test('a word that is longer than any line may be broken, others are not', () => {
	expect(breakable('Anna-Lena Wolfeschlegel')).toBe('Anna-Lena Wolfeschlegel');
	expect(nameWords('X'.repeat(30))).toEqual(['X'.repeat(14), 'X'.repeat(14), 'XX']);
	expect(nameWords('李明霞 Anna-Lena')).toEqual(['Anna', 'Lena']);
});

test('a character that differs in China, Japan and Korea follows the country', () => {
	expect(scriptOf('直海', 'JP').lang).toBe('ja');
	expect(scriptOf('直海', 'CN').lang).toBe('zh');
	expect(scriptOf('なおみ', null).lang).toBe('ja');
	expect(scriptOf('김', null).lang).toBe('ko');
	expect(scriptOf('عائشة', null)).toMatchObject({ lang: 'ar', rtl: true });
});
