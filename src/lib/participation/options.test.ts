import { expect, test } from 'vitest';
import { choicesFrom } from '#lib/logistics/choices.ts';
import { optionLines } from './server/acting.ts';
import * as v from 'valibot';

// Browsers send the lines of a text area with CRLF, and a list from a spreadsheet has tabs.
const sent = 'One\r\n Two\tand a half \r\n\r\nThree';

test('reads the options of a poll and the choices of a question one a line, in any line format', () => {
	expect(v.parse(optionLines, sent)).toEqual(['One', 'Two and a half', 'Three']);
	expect(choicesFrom('a = First\tone\r\nb = Second\r\n', [], 'en')?.map(({ label }) => label['en'])).toEqual([
		'First one',
		'Second'
	]);
});
