import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readCamt } from './camt.ts';

const notice = readFileSync(new URL('../../../tests/fixtures/statements/camt.054.001.08.xml', import.meta.url), 'utf8');

/** The bank's numbers of the parts of the batch, whose own are these. */
function numbersWith(first: string, second: string): (string | undefined)[] {
	const xml = notice.replace('>A1<', `>${first}<`).replace('>A2<', `>${second}<`);
	const read = readCamt(xml, '2026-11-28');
	return read.ok ? read.rows.filter(({ batch }) => batch).map(({ reference }) => reference) : [];
}

test.each([
	['numbers of their own', 'A1', 'A2', ['A1', 'A2']],
	['the number of the batch', '2026112700002', '2026112700002', ['1', '2']],
	['one number for all', 'A1', 'A1', ['1', '2']],
	['a number for one alone', 'A1', 'NOTPROVIDED', ['1', '2']]
])('parts of a batch with %s are told apart', (_, first, second, ends) => {
	const numbers = numbersWith(first, second);
	expect(numbers.map((number) => number?.split('/')[1])).toEqual(ends);
});
