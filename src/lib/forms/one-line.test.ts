import { globSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as v from 'valibot';
import { optionalLines, optionalText, requiredLines, requiredText } from './fields.ts';
import { oneLine, severalLines, withoutBreaks } from './one-line.ts';

test.each([
	['Opening\r\nEND:VEVENT', 'Opening END:VEVENT'],
	['  Opening \t of  the\u2028Summit\u0085 ', 'Opening of the Summit'],
	['invoice\u202efdp.exe', 'invoicefdp.exe'],
	['\u2066Wren\u2069 Alder\ufeff', 'Wren Alder'],
	['می\u200cخواهم हिन्दी\u200d \u200fعربي', 'می\u200cخواهم हिन्दी\u200d \u200fعربي'],
	['\u0000\u001b\u007f\u009f', '']
])('%j in a field of one line is %j', (sent, expected) => {
	expect(v.parse(optionalText(), sent)).toBe(expected);
	expect(v.safeParse(requiredText(), sent).success).toBe(expected !== '');
});

// As private.is_one_line of the database.
const isOneLine = (text: string) => !/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(text);

test('any text becomes one line, and stays the same when folded again', () => {
	const wild = fc.string({ unit: 'binary', maxLength: 80 });
	fc.assert(
		fc.property(wild, (text) => {
			const line = oneLine(text);
			expect([isOneLine(line), oneLine(line)]).toEqual([true, line]);
			expect(withoutBreaks(text)).toMatch(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u);
			expect(severalLines(text)).toMatch(/^(?:[^\p{Cc}\p{Zl}\p{Zp}]|[\t\r\n])*$/u);
		})
	);
});

test('a field of several lines keeps line breaks and no other control character', () => {
	const sent = ' One\r\n\r\n\tTwo\u2029Three\u0007\u202e ';
	expect(v.parse(optionalLines(), sent)).toBe('One\r\n\r\n\tTwo\nThree');
	expect(v.safeParse(requiredLines(), '\u0007\r\n').success).toBe(false);
});

// Fields of one line that are called as a field of several lines is called elsewhere.
const others = [
	// Why a warning is accepted: one line in the panel.
	'src/lib/agenda/server/check-actions.ts reason',
	// What changed in a version of a commitment.
	'src/lib/commitments/forms.ts note',
	// An announcement from the stage, beside several lines to those backstage.
	'src/lib/stage/server/desk.ts words',
	// What changed in a version of a document.
	'src/lib/library/forms.ts note',
	// Why a text is hidden, and why minutes are corrected.
	'src/routes/(organiser)/[summit]/organise/surveys/[survey]/results/[collection]/+page.server.ts reason',
	'src/routes/(community)/community/groups/[group]/meetings/[meeting]/minutes/+page.server.ts reason',
	// Why a released report is corrected.
	'src/lib/impact/forms.ts reason',
	// The subject of a message to a group.
	'src/lib/groups/group.ts subject',
	// The address of a venue, and of the site of a late link.
	'src/lib/summits/general-form.ts address',
	'src/routes/(organiser)/[summit]/organise/proposals/call/+page.server.ts note'
];

test('no schema folds the value of a text area into one line', () => {
	const files = globSync('src/**/*.{svelte,ts}').map((name) => ({ name, text: readFileSync(name, 'utf8') }));
	const areas = new Set(
		files.flatMap(({ text }) => [...text.matchAll(/<TextArea\b[^>]*?\bname="(\w+)"/g)].map(([, name]) => name ?? ''))
	);
	const folding = files
		.filter(({ name }) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
		.flatMap(({ name, text }) =>
			[...text.matchAll(/\b(\w+)(?::|\s*=)\s*(?:v\.pipe\(\s*)?(?:requiredText|optionalText)\(/g)]
				.filter(([, field = '']) => areas.has(field))
				.map(([, field]) => `${name} ${field}`)
		);
	expect(areas.size).toBeGreaterThan(15);
	expect(folding.filter((one) => !others.includes(one))).toEqual([]);
});
