import { minorDigits } from '#lib/i18n/currency.ts';
import type { CsvTable } from '#lib/files/csv.ts';

/** One row of a bank statement on which money came in. Amount in minor units, day ISO. */
export interface StatementRow {
	line: number;
	booked_on: string;
	amount: number;
	currency: string;
	words: string;
}

/** Why a row was left out. */
export interface LeftOut {
	line: number;
	why: 'date' | 'amount' | 'currency' | 'outgoing';
}

export type DateOrder = 'day_first' | 'month_first';

/** What a statement's table holds, or that its columns are not known: `missing` names what was not found. */
export type ReadStatement =
	{ ok: true; rows: StatementRow[]; left: LeftOut[] } | { ok: false; missing: ('date' | 'amount')[] };

// As banks head their columns in the languages that we have met; compared without accents, in small letters.
const heads = {
	date: [
		'booking date',
		'booked on',
		'date',
		'transaction date',
		'value date',
		'buchungstag',
		'buchungsdatum',
		'valuta',
		'datum',
		'date operation',
		'date de l operation',
		'date comptable',
		'fecha',
		'fecha operacion',
		'fecha valor',
		'data'
	],
	amount: [
		'amount',
		'credit',
		'credit amount',
		'paid in',
		'money in',
		'betrag',
		'umsatz',
		'haben',
		'montant',
		'credit eur',
		'importe',
		'abono',
		'haber',
		'valor',
		'montante'
	],
	debit: ['debit', 'debit amount', 'paid out', 'money out', 'soll', 'debe', 'cargo'],
	currency: ['currency', 'wahrung', 'waehrung', 'devise', 'divisa', 'moneda', 'moeda'],
	words: [
		'description',
		'details',
		'reference',
		'narrative',
		'text',
		'message',
		'memo',
		'particulars',
		'remarks',
		'remittance information',
		'payment reference',
		'purpose',
		'verwendungszweck',
		'buchungstext',
		'name',
		'payer',
		'debtor',
		'counterparty',
		'beguenstigter/zahlungspflichtiger',
		'auftraggeber',
		'libelle',
		'motif',
		'communication',
		'donneur d ordre',
		'concepto',
		'descripcion',
		'referencia',
		'ordenante',
		'descricao'
	]
} as const;

function plain(head: string): string {
	return head
		.normalize('NFD')
		.replace(/\p{M}/gu, '')
		.toLowerCase()
		.replace(/[^a-z0-9/]+/g, ' ')
		.trim();
}

function columnsOf(header: string[]) {
	const names = header.map(plain);
	// The better known name wins over the order in the file.
	const first = (known: readonly string[]) => known.map((name) => names.indexOf(name)).find((at) => at >= 0) ?? -1;
	const known = {
		date: first(heads.date),
		amount: first(heads.amount),
		debit: first(heads.debit),
		currency: first(heads.currency)
	};
	const words = names.flatMap((name, at) => ((heads.words as readonly string[]).includes(name) ? [at] : []));
	// Without a column that we know for it, the reference may stand in any other.
	const others = names.flatMap((_, at) => (Object.values(known).includes(at) ? [] : [at]));
	return { ...known, words: words.length > 0 ? words : others };
}

/** A day as written: ISO, or with the day or the month first; null when it is none. */
export function readDay(text: string, order: DateOrder): string | null {
	const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})/.exec(text);
	const other = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})$/.exec(text);
	const parts = iso
		? [iso[1], iso[2], iso[3]]
		: other && (order === 'day_first' ? [other[3], other[2], other[1]] : [other[3], other[1], other[2]]);
	if (!parts) return null;
	const [year = '', month = '', day = ''] = parts;
	const full = `${year.length === 2 ? `20${year}` : year}-${month?.padStart(2, '0')}-${day?.padStart(2, '0')}`;
	const date = new Date(`${full}T00:00:00Z`);
	return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(full) ? full : null;
}

/** An amount as written ("1.234,56", "1,234.56", "1 234.5 CR") in minor units; null when it is none or finer than the currency. */
export function readAmount(text: string, currency: string): number | null {
	const bare = text.replace(/[\s\u00a0\u202f'’]|[A-Z]{3}|[€$£]/g, '').replace(/(CR|DR)$/i, '');
	const negative = /^[-−(]|-$|DR\s*$/i.test(text.trim()) || bare.startsWith('-');
	const figures = bare.replace(/[-+−()]/g, '');
	if (!/^\d[\d.,]*$/.test(figures)) return null;
	const last = Math.max(figures.lastIndexOf('.'), figures.lastIndexOf(','));
	const digits = minorDigits(currency);
	const sign = figures[last];
	const repeated = last >= 0 && figures.indexOf(sign as string) !== last;
	const mixed = figures.includes('.') && figures.includes(',');
	// Three figures behind a single sign are thousands, unless the currency has three itself.
	const isDecimal = last >= 0 && !repeated && (mixed || figures.length - last - 1 !== 3 || digits === 3);
	const whole = (isDecimal ? figures.slice(0, last) : figures).replace(/[.,]/g, '');
	const part = isDecimal ? figures.slice(last + 1) : '';
	if (part.length > digits && /[1-9]/.test(part.slice(digits))) return null;
	const minor = Number(whole + part.slice(0, digits).padEnd(digits, '0'));
	return Number.isSafeInteger(minor) && minor <= 2_147_483_647 ? (negative ? -minor : minor) : null;
}

/** Reads the rows on which money came in; a row without a currency of its own is in the account's. */
export function readStatement(table: CsvTable, currency: string, order: DateOrder): ReadStatement {
	const at = columnsOf(table.header);
	const missing = (['date', 'amount'] as const).filter((name) => at[name] < 0);
	if (missing.length > 0) return { ok: false, missing };
	const rows: StatementRow[] = [];
	const left: LeftOut[] = [];
	for (const { line, cells } of table.rows) {
		const code = (cells[at.currency] || currency).toUpperCase();
		const booked_on = readDay(cells[at.date] ?? '', order);
		const amount = readAmount(cells[at.amount] ?? '', code);
		const outgoing = at.debit >= 0 && !cells[at.amount] && Boolean(cells[at.debit]);
		const why =
			outgoing || (amount !== null && amount <= 0)
				? 'outgoing'
				: !/^[A-Z]{3}$/.test(code)
					? 'currency'
					: booked_on === null
						? 'date'
						: amount === null
							? 'amount'
							: null;
		if (why) left.push({ line, why });
		else if (booked_on !== null && amount !== null)
			rows.push({
				line,
				booked_on,
				amount,
				currency: code,
				words: at.words
					.map((n) => cells[n])
					.filter(Boolean)
					.join(' · ')
			});
	}
	return { ok: true, rows, left };
}
