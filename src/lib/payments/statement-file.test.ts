/* Files as banks export them; the people and accounts in them are fictional. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readStatementFile } from './statement-file.ts';
import type { DateOrder } from './statement.ts';

const folder = new URL('../../../tests/fixtures/statements/', import.meta.url);
function read(name: string, order: DateOrder = 'day_first', currency = 'EUR') {
	return readStatementFile(readFileSync(new URL(name, folder)), { currency, order, today: '2026-11-28' });
}
/** The incoming payments, without their line numbers. */
function rowsOf(name: string, order?: DateOrder, currency?: string) {
	const file = read(name, order, currency);
	if (!file.ok) throw new Error(file.fault.code);
	return {
		rows: file.rows.map(({ booked_on, amount, currency: code, words, returned, reference }) =>
			[
				booked_on,
				amount,
				code,
				words,
				...(returned ? [`returned ${returned}`] : []),
				...(reference ? [reference] : [])
			].join(' | ')
		),
		left: file.left.map(({ why }) => why)
	};
}

describe('tables of the common banks', () => {
	test.each<[string, DateOrder, string, { rows: string[]; left: string[] }]>([
		[
			'revolut-business.csv',
			'day_first',
			'EUR',
			{
				rows: [
					'2026-11-27 | 45000 | EUR | Money added from NOOR EXAMPLE · INV-2026-0001 | 6568a1c2-0001-4a00-8000-000000000001'
				],
				left: ['pending', 'outgoing', 'pending']
			}
		],
		[
			'deutsche-bank.csv',
			'day_first',
			'EUR',
			{
				rows: [
					'2026-11-27 | 145000 | EUR | Jürgen Müller-Beispiel · INV-2026-0001 Teilnahme',
					'2026-11-28 | 45000 | EUR | Jürgen Müller-Beispiel · Rückgabe INV-2026-0009 vom 20.11. | returned out'
				],
				left: ['outgoing']
			}
		],
		[
			'dkb.csv',
			'day_first',
			'EUR',
			{
				rows: ['2026-11-27 | 45000 | EUR | Noor Beispiel · INV-2026-0001'],
				left: ['pending', 'outgoing']
			}
		],
		[
			'ing.csv',
			'day_first',
			'EUR',
			{
				rows: ['2026-11-27 | 45000 | EUR | Zoë Beispiel · Gutschrift · INV-2026-0001'],
				left: ['outgoing']
			}
		],
		[
			'ing-nl.csv',
			'day_first',
			'USD',
			{
				rows: ['2026-11-27 | 45000 | EUR | Noor Voorbeeld · Naam: Noor Voorbeeld Omschrijving: INV-2026-0001'],
				left: ['outgoing']
			}
		],
		[
			'banque-postale.csv',
			'day_first',
			'EUR',
			{
				rows: ['2026-11-27 | 45000 | EUR | VIREMENT DE MME NOOR EXEMPLE INV-2026-0001'],
				left: ['outgoing']
			}
		],
		[
			'bnp-paribas.csv',
			'day_first',
			'EUR',
			{
				rows: [
					'2026-11-27 | 45000 | EUR | Virements reçus · Virement reçu · VIR SEPA RECU /DE NOOR EXEMPLE /MOTIF INV-2026-0001 /REF'
				],
				left: ['outgoing']
			}
		],
		[
			'bnp-paribas-head.csv',
			'day_first',
			'EUR',
			{
				rows: ['2026-11-27 | 145000 | EUR | VIR RECU · VIR SEPA RECU /DE NOOR EXEMPLE /MOTIF INV-2026-0001'],
				left: ['outgoing']
			}
		],
		[
			'chase.csv',
			'month_first',
			'USD',
			{
				rows: [
					'2026-11-27 | 45000 | USD | CREDIT · ORIG CO NAME:NOOR EXAMPLE ENTRY DESCR:INV-2026-0001',
					'2026-11-25 | 145000 | USD | DSLIP · DEPOSIT ID NUMBER 12345 INV-2026-0004'
				],
				left: ['outgoing']
			}
		],
		[
			'bofa.csv',
			'month_first',
			'USD',
			{
				rows: ['2026-11-27 | 145000 | USD | WIRE TYPE:INTL IN DATE:261127 ORIG:NOOR EXAMPLE PMT DET:INV-2026-0001'],
				left: ['outgoing']
			}
		],
		[
			'hsbc.csv',
			'day_first',
			'GBP',
			{
				rows: ['2026-11-27 | 145000 | GBP | NOOR EXAMPLE INV-2026-0001 CR'],
				left: ['outgoing']
			}
		],
		[
			'hsbcnet.csv',
			'day_first',
			'EUR',
			{
				rows: ['2026-11-27 | 145000 | GBP | NOOR EXAMPLE INV-2026-0001'],
				left: ['outgoing']
			}
		],
		[
			'paypal.csv',
			'day_first',
			'EUR',
			{
				rows: [
					'2026-11-27 | 145000 | EUR | Noor Example · INV-2026-0001 | 4AB00000000000001',
					'2026-11-28 | 45000 | EUR | Kim Fictional · INV-2026-0003 | returned out | 4AB00000000000003'
				],
				left: ['pending', 'outgoing']
			}
		],
		[
			'soll-haben.csv',
			'day_first',
			'EUR',
			{
				rows: [
					'2026-11-27 | 45000 | EUR | Noor Beispiel INV-2026-0001',
					'2026-11-27 | 45000 | EUR | Storno INV-2026-0002 | returned out'
				],
				left: ['outgoing']
			}
		]
	])('%s', (name, order, currency, expected) => {
		expect(rowsOf(name, order, currency)).toEqual(expected);
	});

	test('reads days in the other order where the named order reads fewer of them', () => {
		expect(rowsOf('chase.csv', 'day_first', 'USD')).toEqual(rowsOf('chase.csv', 'month_first', 'USD'));
	});
});

const camt = [
	'2026-11-27 | 45000 | EUR | Noor Beispiel · INV-2026-0001 · E2E-1 | DE02120300000000202051 2026112700001',
	'2026-11-27 | 40000 | EUR | Alex Beispiel · INV-2026-0002 | DE02120300000000202051 2026112700002/A1',
	'2026-11-27 | 50000 | EUR | Kim Beispiel · INV-2026-0003 | DE02120300000000202051 2026112700002/A2',
	'2026-11-27 | 45000 | EUR | Noor Beispiel · INV-2026-0009 | returned out | DE02120300000000202051 2026112700003'
];

describe('CAMT.053', () => {
	test('reads .02: the parts of a batch, a reversal, and without pending or ten years old entries', () => {
		expect(rowsOf('camt.053.001.02.xml')).toEqual({ rows: camt, left: ['outgoing', 'pending', 'far'] });
	});

	test('reads .08, with a returned payment of ours', () => {
		expect(rowsOf('camt.053.001.08.xml')).toEqual({
			rows: [
				...camt,
				'2026-11-27 | 12000 | EUR | Global Summit · OUR-12 · Account closed | returned in | DE02120300000000202051 2026112700007'
			],
			left: ['pending']
		});
	});

	const changed = (change: (xml: string) => string) => {
		const xml = readFileSync(new URL('camt.053.001.02.xml', folder), 'utf8');
		return readStatementFile(new TextEncoder().encode(change(xml)), {
			currency: 'EUR',
			order: 'day_first',
			today: '2026-11-28'
		});
	};

	test('keeps a batch as one row whose parts do not add up', () => {
		const read = changed((xml) => xml.replace('>500.00<', '>499.00<'));
		expect(read.ok && read.rows.map(({ amount, words }) => [amount, words])).toContainEqual([
			90000,
			'Alex Beispiel · INV-2026-0002 · Kim Beispiel · INV-2026-0003'
		]);
	});

	test('reads prefixed names the same way, and refuses other messages, broken ones and document types', () => {
		const prefixed = changed((xml) => xml.replaceAll(/<(\/?)([A-Z])/g, '<$1n:$2').replace('xmlns=', 'xmlns:n='));
		expect(prefixed.ok && prefixed.rows.length).toBe(4);
		expect(changed((xml) => xml.replaceAll('BkToCstmrStmt', 'BkToCstmrAcctRpt')).ok).toBe(false);
		expect(changed((xml) => xml.slice(0, -40)).ok).toBe(false);
		expect(changed((xml) => xml.replace('?>', '?><!DOCTYPE Document [<!ENTITY a "b">]>')).ok).toBe(false);
		expect(changed((xml) => xml.replace('<Stmt>', `<Stmt>${'<a>'.repeat(50)}${'</a>'.repeat(50)}`)).ok).toBe(false);
	});
});

describe('CAMT.054', () => {
	const notice = (change: (xml: string) => string = (xml) => xml) => {
		const xml = readFileSync(new URL('camt.054.001.08.xml', folder), 'utf8');
		return readStatementFile(new TextEncoder().encode(change(xml)), {
			currency: 'EUR',
			order: 'day_first',
			today: '2026-11-28'
		});
	};

	test('gives bookings the numbers that the statement gives them, and parts that of their batch', () => {
		expect(rowsOf('camt.054.001.08.xml')).toEqual({ rows: camt.slice(0, 3), left: ['outgoing'] });
		const read = notice();
		expect(read.ok && read.rows.map(({ batch }) => batch)).toEqual([
			undefined,
			{ reference: 'DE02120300000000202051 2026112700002', amount: 90_000 },
			{ reference: 'DE02120300000000202051 2026112700002', amount: 90_000 }
		]);
	});

	test('leaves out what is no amount of its currency', () => {
		const why = (change: (xml: string) => string) => {
			const read = notice(change);
			return read.ok ? read.left.map((one) => one.why) : read.fault.code;
		};
		expect(why((xml) => xml.replace('>450.00<', '>-450.00<'))).toEqual(['amount', 'outgoing']);
		expect(why((xml) => xml.replace('>450.00<', '>0.00<'))).toEqual(['amount', 'outgoing']);
		expect(why((xml) => xml.replace('>450.00<', '>450.001<'))).toEqual(['amount', 'outgoing']);
		expect(why((xml) => xml.replace('>450.00<', '>1e9<'))).toEqual(['amount', 'outgoing']);
		expect(why((xml) => xml.replace('>450.00<', '>99999999999.00<'))).toEqual(['amount', 'outgoing']);
		expect(why((xml) => xml.replace('Ccy="EUR">450', 'Ccy="€">450'))).toEqual(['currency', 'outgoing']);
		expect(why((xml) => xml.replace('<Sts><Cd>BOOK', '<Sts><Cd>INFO'))).toEqual(['pending', 'outgoing']);
	});

	test('refuses bombs, foreign entities, depth and floods', () => {
		const bomb = `<!DOCTYPE x [<!ENTITY a "${'x'.repeat(50)}"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`;
		expect(notice((xml) => xml.replace('?>', `?>${bomb}`).replace('INV-2026-0001', '&b;')).ok).toBe(false);
		expect(notice((xml) => xml.replace('INV-2026-0001', '&b;')).ok).toBe(false);
		const outside = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>';
		expect(notice((xml) => xml.replace('?>', `?>${outside}`).replace('INV-2026-0001', '&f;')).ok).toBe(false);
		expect(notice((xml) => xml.replace('<Ntfctn>', `<Ntfctn>${'<a>'.repeat(500)}${'</a>'.repeat(500)}`)).ok).toBe(
			false
		);
		const [entry = ''] =
			/<Ntry>[\s\S]*?<\/Ntry>/.exec(readFileSync(new URL('camt.054.001.08.xml', folder), 'utf8')) ?? [];
		expect(notice((xml) => xml.replace('<Ntry>', `${entry.repeat(5001)}<Ntry>`)).ok).toBe(false);
		const [part = ''] = /<TxDtls>[\s\S]*?<\/TxDtls>/.exec(entry) ?? [];
		const long = notice((xml) => xml.replace('<Ustrd>INV-2026-0001', `<Ustrd>${'long '.repeat(100_000)}`));
		expect(long.ok && long.rows[0]?.words.length).toBeLessThanOrEqual(1000);
		// Parts that do not add up are one row.
		const flood = notice((xml) => xml.replace(part, part.repeat(5000)));
		expect(flood.ok && flood.rows.length).toBe(3);
		expect(notice((xml) => xml.replace('</Document>', `<!--${'x'.repeat(4_000_000)}--></Document>`)).ok).toBe(false);
	});
});

describe('MT940', () => {
	test('reads structured information, reversals, a booking without a number, and the year of a booking day', () => {
		expect(rowsOf('mt940.sta')).toEqual({
			rows: [
				'2026-11-27 | 45000 | EUR | Noor Beispiel · E2E-1 INV-2026-0001 Teilnahme · GUTSCHRIFT | 12030000/0000202051 2026112700001',
				'2026-11-27 | 45000 | EUR | Noor Beispiel · INV-2026-0009 · RUECKBUCHUNG | returned out | 12030000/0000202051 2026112700003'
			],
			left: ['outgoing', 'far']
		});
	});

	test('reads information by names', () => {
		expect(rowsOf('mt940-rabo.sta')).toEqual({
			rows: ['2026-11-27 | 45000 | EUR | Noor Voorbeeld · INV-2026-0001 · E2E-1 | NL20INGB0001234567 EUR 0001'],
			left: ['outgoing']
		});
	});
});

test('refuses any other format', () => {
	const fault = (text: string) => {
		const read_ = readStatementFile(new TextEncoder().encode(text), {
			currency: 'EUR',
			order: 'day_first',
			today: '2026-11-28'
		});
		return read_.ok ? null : read_.fault.code;
	};
	expect(fault('Name,Town\nA,B\n')).toBe('no_table');
	expect(fault('<html></html>')).not.toBeNull();
	expect(fault('')).toBe('empty');
});
