import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dispositionOf, plainName } from './names.ts';

test.each([
	['Keynote.pdf', 'pdf', 'Keynote.pdf'],
	['Keynote.PDF', 'pdf', 'Keynote.pdf'],
	['photo.JPEG', 'jpg', 'photo.jpg'],
	['C:\\Users\\Somebody\\Desktop\\Plan v1.2.pptx', 'pptx', 'Plan v1.2.pptx'],
	['../../../etc/passwd', 'pdf', 'passwd.pdf'],
	['slides.exe', 'pdf', 'slides.exe.pdf'],
	['slides\u202Efdp.exe', 'pdf', 'slidesfdp.exe.pdf'],
	['a\u0000b\r\nSet-Cookie: x=1.pdf', 'pdf', 'abSet-Cookie: x=1.pdf'],
	['عرض تقديمي.pdf', 'pdf', 'عرض تقديمي.pdf'],
	['Présentation.pdf', 'pdf', 'Présentation.pdf'],
	['', 'pdf', 'file.pdf'],
	['....', 'txt', 'file.txt'],
	['.htaccess', 'csv', 'htaccess.csv'],
	[`${'x'.repeat(500)}.pdf`, 'pdf', `${'x'.repeat(196)}.pdf`]
])('%j that is a %s is shown as %j', (given, extension, shown) => {
	expect(plainName(given, extension)).toBe(shown);
});

test('shows no path, control character or direction change of any name, and ends in its type', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (given) => {
			const shown = plainName(given, 'pptx');
			// The database has the same rule.
			expect(shown).not.toMatch(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c/\\]/u);
			expect(shown.length).toBeLessThanOrEqual(200);
			expect(shown).toMatch(/^[^.\s].*\.pptx$/su);
			expect(shown.isWellFormed()).toBe(true);
			expect(dispositionOf(shown)).toMatch(
				/^attachment; filename="[\x20-\x7e]+"; filename\*=UTF-8''[A-Za-z0-9!#$&+.^_`|~%-]+$/
			);
		})
	);
});

test('escapes a name in a header', () => {
	expect(dispositionOf('a"; filename="x.html.pdf')).toBe(
		`attachment; filename="a__ filename=_x.html.pdf"; filename*=UTF-8''a%22%3B%20filename%3D%22x.html.pdf`
	);
	expect(dispositionOf('عرض.pdf')).toBe(`attachment; filename="file.pdf"; filename*=UTF-8''%D8%B9%D8%B1%D8%B6.pdf`);
});
