import { expect, test } from 'vitest';
import { familiesFor } from './scripts.ts';
import { missingSigns, renderPdf } from './server/pdf.ts';
import { missingGlyphs } from '../../../tests/fixtures/pdf.ts';

// One name in the script of each member country that our first fonts do not cover.
const names: [script: string, name: string][] = [
	['Armenian', 'Անահիտ Հովհաննիսյան'],
	['Bengali', 'শর্মিষ্ঠা চট্টোপাধ্যায়'],
	['Devanagari', 'श्रेया ज्ञवाली'],
	['Ethiopic', 'ሰላማዊት ተስፋዬ'],
	['Georgian', 'ქეთევან ჭავჭავაძე'],
	['Gujarati', 'જ્યોત્સના ત્રિવેદી'],
	['Gurmukhi', 'ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ'],
	['Hebrew', 'שׁוֹשַׁנָּה כֹּהֵן'],
	['Kannada', 'ಲಕ್ಷ್ಮೀ ಹೆಗಡೆ'],
	['Khmer', 'ស្រីមុំ ភិរម្យ'],
	['Lao', 'ພອນສະຫວັນ ຄຳມະນີ'],
	['Malayalam', 'ശ്രീലക്ഷ്മി നമ്പ്യാർ'],
	['Mongolian as written today', 'Оюунчимэг Бат-Эрдэнэ'],
	['Myanmar', 'မြတ်နိုးသူ ခင်'],
	['Oriya', 'ଜ୍ୟୋତିର୍ମୟୀ ମହାନ୍ତି'],
	['Sinhala', 'ශ්‍රීමතී ජයවර්ධන'],
	['Tamil', 'ஸ்ரீதேவி சுப்பிரமணியம்'],
	['Telugu', 'జ్యోత్స్న రెడ్డి'],
	['Thaana', 'އައިޝަތު މުހައްމަދު'],
	['Thai', 'ศรีสุดา ณ อยุธยา'],
	['Tibetan', 'རྡོ་རྗེ་དབང་མོ'],
	['Vietnamese', 'Nguyễn Thị Thuỳ Dương'],
	['Chinese, Japanese and Korean', '李明霞 山田なおみ 김서연']
];

const template = '#for line in data.lines [#line \\ ]';

test.each(names)('%s: every character of %s is drawn', async (_script, name) => {
	expect(await missingSigns(name)).toEqual([]);
	expect(missingGlyphs(await renderPdf(template, { lang: 'en', title: 'T', lines: [name] }))).toBe(0);
});

test('names a character that no font has, which would be a box', async () => {
	expect(await missingSigns('Ana 🦄 Lima\u200d\u{FE0F} 𓀀')).toEqual(['🦄', '𓀀']);
	expect(missingGlyphs(await renderPdf(template, { lang: 'en', title: 'T', lines: ['Ana 🦄 Lima'] }))).toBeGreaterThan(
		0
	);
});

test('adds only the fonts that a text needs', () => {
	expect(familiesFor('Ana Lima Александра عائشة 李明霞')).toEqual([]);
	expect(familiesFor('ศรีสุดา Ana שרה')).toEqual(['Noto Sans Hebrew', 'Noto Sans Thai']);
});
